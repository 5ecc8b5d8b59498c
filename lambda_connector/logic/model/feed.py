"""What waits for Odoo, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PART, SYNC_FINISHED = "part", "sync_finished"


@dataclass(frozen=True)
class Feed:
    """The head of one connection's feed.

    Entries are numbered from 1. Those through `floor` may be gone: they were
    acknowledged or became too old. A position means something in its epoch only.
    """

    instance: str
    connection: str
    epoch: str
    head: int = 0
    acknowledged: int = 0
    floor: int = 0
    consumer: str | None = None


@dataclass(frozen=True)
class FeedEntry:
    """A part of a page that waits in the spool, or the end of a sync."""

    kind: str
    sync: str
    created_at: datetime
    n: int = 0
    resource: str | None = None
    key: str | None = None
    page: int | None = None
    part: int | None = None
    records: int | None = None
    item_count: int | None = None
    mode: str | None = None
    read_at: datetime | None = None
    sha256: str | None = None
    bytes: int | None = None
    state: str | None = None
    code: str | None = None
    detail: str | None = None
