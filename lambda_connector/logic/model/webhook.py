"""What Xero tells of changes, and what is remembered of its telling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Hook:
    """What the public address may know of an instance: whose it is, and the sealed key
    that Xero signs with."""

    id: str
    instance: str
    key: bytes


@dataclass(frozen=True)
class Heard:
    """When Xero last spoke to an instance. `confirmed_at`: an intent to receive, which
    is a right signature over no event; `received_at`: a change."""

    confirmed_at: datetime | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """So many events of one category in one organisation; `earliest` and `latest` by
    Xero's clock."""

    organisation: str
    category: str
    count: int
    earliest: datetime | None = None
    latest: datetime | None = None


@dataclass(frozen=True)
class Post:
    """One signed post, without what it names. `first` and `last` are the sequence
    numbers of its events; `is_test`: we sent it ourselves; `correlation` is what it is
    found by in the logs."""

    instance: str
    received_at: datetime
    events: int = 0
    changes: tuple[Change, ...] = ()
    first: int | None = None
    last: int | None = None
    is_test: bool = False
    correlation: str = ""
