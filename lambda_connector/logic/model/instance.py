"""An Odoo instance that may use this connector, and its keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Instance:
    """One Odoo, registered by the deployer.

    `return_origin` is the only place a browser is ever sent back to. `hook` is the
    random end of the address that Xero tells of changes.
    """

    id: str
    name: str
    return_origin: str
    hook: str
    created_at: datetime


@dataclass(frozen=True)
class InstanceKey:
    """A bearer key, known by its SHA-256 only. `valid_until` None: without end."""

    instance: str
    digest: str
    created_at: datetime
    valid_until: datetime | None = None
    last_used_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        return self.valid_until is None or now < self.valid_until
