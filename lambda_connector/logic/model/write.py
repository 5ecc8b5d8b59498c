"""What is known of one write to Xero, by the key that Odoo gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KEPT = timedelta(days=30)
"""How long a key is known. Odoo's outbox tries at least once an hour."""

CREATED, UPDATED, FOUND, UNKNOWN = "created", "updated", "found", "unknown"


@dataclass(frozen=True)
class KeyedWrite:
    """The row of an Idempotency-Key. Nothing of what was sent is in it.

    `request` is the SHA-256 of what is to be written, `record` Xero's id of what came
    of it, `code` why the last try was refused.
    """

    instance: str
    connection: str
    key: str
    version: int
    request: str
    begun_at: datetime
    leased_until: datetime | None = None
    is_open: bool = True
    """Xero may have done it without our knowing: while it is sent, and where the
    answer was lost."""
    refusals: int = 0
    """Refusals and errors that Xero answered with. It repeats them for six minutes to
    the same Idempotency-Key, so that each makes a new one of ours to Xero."""
    outcome: str | None = None
    record: str | None = None
    code: str | None = None

    def is_forgotten(self, now: datetime) -> bool:
        return self.begun_at + KEPT <= now


@dataclass(frozen=True)
class Written:
    """What came of a write. `record` is Xero's, None where its answer was lost: then
    the same key asks again after `retry_after` seconds."""

    outcome: str
    record: dict[str, Any] | None = None
    read_at: datetime | None = None
    """When Xero answered, by its own clock."""
    retry_after: int | None = None
