"""The administrator's Xero app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

DAY_LIMITS = {"starter": 1000, "core": 5000}
"""Calls a day for one organisation, by the app's tier (Xero's pricing page)."""


@dataclass(frozen=True)
class App:
    """`secret` is sealed. `verified` None: Xero could not be asked.

    `webhook_key`, sealed, is what Xero signs with when it tells of changes.
    """

    instance: str
    client_id: str
    secret: bytes
    secret_set_at: datetime
    verified: bool | None
    tier: str
    webhook_key: bytes | None = None
    webhook_key_set_at: datetime | None = None

    @property
    def day_limit(self) -> int:
        return DAY_LIMITS[self.tier]
