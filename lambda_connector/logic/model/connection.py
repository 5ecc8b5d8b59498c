"""One Xero organisation joined to one Odoo instance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

CONNECTED, RECONNECT, DISCONNECTED = "connected", "reconnect", "disconnected"


@dataclass(frozen=True)
class Connection:
    """`organisation` is Xero's tenant id; `xero_id` the id of Xero's own connection
    row, which disconnecting needs. `state_code` says why a reconnect is needed.
    """

    instance: str
    id: str
    version: int
    organisation: str
    organisation_name: str
    xero_id: str
    token_set: str
    state: str
    connected_at: datetime
    state_code: str | None = None

    def in_state(self, state: str, code: str | None = None) -> Connection:
        """The same connection, in that state, one version on."""
        return replace(self, state=state, state_code=code, version=self.version + 1)


@dataclass(frozen=True)
class Budget:
    """What Xero said is left of the limits, when it last said so."""

    day_remaining: int | None = None
    minute_remaining: int | None = None
    as_of: datetime | None = None
    until: datetime | None = None
    """The day's calls are used up, and no sync calls before this."""
