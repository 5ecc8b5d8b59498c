"""The tokens of one Xero user for one Xero app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TokenSet:
    """Versioned: every write names the version it replaces, so a lease that was lost
    cannot overwrite what its successor stored. `access` and `refresh` are sealed.
    `scopes` are those granted; Xero adds those of each consent of this user up.
    """

    instance: str
    id: str
    version: int
    access: bytes
    refresh: bytes
    scopes: tuple[str, ...]
    access_valid_until: datetime
    refreshed_at: datetime
    wake_at: datetime | None
    """When the janitor looks after it: to keep it alive, or because a lease ended."""
    leased_until: datetime | None = None
    refused: bool = False
    """Xero refused to refresh it: only a new consent helps."""
