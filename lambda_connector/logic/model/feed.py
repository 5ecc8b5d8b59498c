"""What waits for Odoo, in order."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

PART, SYNC_FINISHED = "part", "sync_finished"


@dataclass(frozen=True)
class Feed:
    """The head of one connection's feed.

    Entries are numbered from 1. Those through `floor` may be gone: they were
    acknowledged or became too old. A position means something in its epoch only, and
    together with its entry's stamp: a connector that was restored from a backup has
    the same epoch and soon the same numbers again, for other content.
    """

    instance: str
    connection: str
    epoch: str
    head: int = 0
    head_stamp: str = ""
    acknowledged: int = 0
    floor: int = 0
    floor_stamp: str = ""
    consumer: str | None = None


def new_stamp() -> str:
    return secrets.token_hex(4)


@dataclass(frozen=True)
class FeedEntry:
    """A part of a page that waits in the spool, or the end of a sync. `resource` is
    what its records are of, `step` the sync's step that read them."""

    kind: str
    sync: str
    created_at: datetime
    correlation: str = ""
    n: int = 0
    stamp: str = field(default_factory=new_stamp)
    resource: str | None = None
    step: str | None = None
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
