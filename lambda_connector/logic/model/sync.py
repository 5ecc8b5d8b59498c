"""One run through resources of an organisation. Its row is the truth.

Every write of the row raises its version; the queue's message names the version that
it was sent for, so a message that comes twice, late or never changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

QUEUED, RUNNING, WAITING = "queued", "running", "waiting"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
LIVE_STATES = (QUEUED, RUNNING, WAITING)
FULL, INCREMENTAL = "full", "incremental"
PAGE_SIZE = 1000
"""The most records that Xero gives in one answer."""
REQUEST, WEBHOOK = "request", "webhook"
"""What a sync was started by: Odoo, or changes that Xero told of."""


OVERLAP = timedelta(minutes=5)
"""Records that Xero was still writing when the run began are read twice, not never."""


@dataclass(frozen=True)
class Watermark:
    """How far a resource has been read: by a run that began at `moment` (Xero's clock,
    less an overlap) and asked for `shape`, see `Resource.shape`. `whole_at` and
    `records`: when all of it was last read, likewise, and how much that was."""

    moment: datetime
    shape: str
    whole_at: datetime | None = None
    records: int | None = None


@dataclass(frozen=True)
class Step:
    """One resource of a sync. `page` and `page_size` are the next page to ask for.

    `pages` and `records` count all that was put in the feed. The rest is of this walk:
    `reached` the places in Xero's list that were asked for without a gap, `came` the
    records that lay there, `item_count` the most that Xero counted, `prints` the
    pages' fingerprints, `empty` that the latest page had no record. `since` is None
    where everything is read. `began_at`, by our own clock, lies before the first call:
    what changed earlier is read, what changes later may be missed. `known` is how many
    there were when all was last read.
    """

    resource: str
    shape: str
    state: str
    mode: str
    since: datetime | None = None
    page: int = 1
    page_size: int = PAGE_SIZE
    pages: int = 0
    records: int = 0
    item_count: int | None = None
    walk: int = 1
    reached: int = 0
    came: int = 0
    prints: tuple[str, ...] = ()
    empty: bool = False
    began_at: datetime | None = None
    known: int | None = None

    @property
    def missing(self) -> int:
        """How many fewer came than Xero counted."""
        return max(0, (self.item_count or 0) - self.came)


@dataclass(frozen=True)
class Sync:
    """`attempts` counts failures in a row at the same page, `nudges` how often the
    janitor sent for it without progress, `log_head` the log entries written.
    `touched` are contacts whose documents it brought and that it has not read since,
    `touched_all` that there are too many to name: see `balances`.
    """

    instance: str
    connection: str
    id: str
    version: int
    mode: str
    state: str
    steps: tuple[Step, ...]
    created_at: datetime
    wake_at: datetime | None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    xero_started_at: datetime | None = None
    """Xero's clock at the first answer: where the next run's reading begins."""
    code: str | None = None
    detail: str | None = None
    calls: int = 0
    attempts: int = 0
    nudges: int = 0
    log_head: int = 0
    trigger: str = REQUEST
    correlation: str = ""
    """What everything that follows from the same click is found by, in all logs."""
    changed_at: datetime | None = None
    """When the oldest change that it was started for was made, as far as Xero said."""
    touched: tuple[str, ...] = ()
    touched_all: bool = False

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def is_read(self) -> bool:
        """Whether no step is left."""
        return all(step.state == DONE for step in self.steps)

    @property
    def touches(self) -> bool:
        """Whether contacts are left to be read again."""
        return self.touched_all or bool(self.touched)

    @property
    def step(self) -> Step:
        """The resource being read."""
        return next(step for step in self.steps if step.state != DONE)

    def with_step(self, changed: Step) -> Sync:
        """The same sync with the step being read replaced."""
        current = self.step
        steps = tuple(changed if step is current else step for step in self.steps)
        return replace(self, steps=steps)

    def sent(self, now: datetime, stuck_after: timedelta) -> Sync:
        """One version on, and watched by the janitor from now."""
        return replace(
            self,
            version=self.version + 1,
            state=RUNNING,
            wake_at=watched_until(now, stuck_after),
            started_at=self.started_at or now,
            code=None,
            detail=None,
        )

    def parked(self, until: datetime, code: str, detail: str) -> Sync:
        """Left to the janitor until then. Not a failure, however long it lasts."""
        return replace(
            self,
            version=self.version + 1,
            state=WAITING,
            wake_at=until,
            code=code,
            detail=detail,
        )

    def ended(
        self, now: datetime, state: str, code: str | None, detail: str | None
    ) -> Sync:
        """Over. Contacts that it leaves are found again by their documents."""
        return replace(
            self,
            version=self.version + 1,
            state=state,
            wake_at=None,
            finished_at=now,
            code=code,
            detail=detail,
            touched=(),
            touched_all=False,
        )


def watched_until(now: datetime, stuck_after: timedelta) -> datetime:
    """When a sync is sent for that makes no progress: at most so long after now. Pages
    that follow each other within a fifth of it have it in common, so that the janitor's
    list of what is due is not written with each of them."""
    begun = now.timestamp() % (stuck_after.total_seconds() / 5)
    return now + stuck_after - timedelta(seconds=begun)


@dataclass(frozen=True)
class LogEntry:
    """One line of a sync's log: words for a person, a code for a program."""

    at: datetime
    level: str
    code: str
    message: str
    n: int = 0
    resource: str | None = None
    page: int | None = None
    data: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Hint:
    """The message that says a sync may go on."""

    instance: str
    connection: str
    sync: str
    version: int
    correlation: str = ""
