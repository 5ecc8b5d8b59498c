"""What happens while one message is worked on, and how it is told.

The sync's log is read by people (the message) and programs (the code, the data);
nothing in it comes from a record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from .clock import Clock
from .model.connection import Connection
from .model.sync import DONE, LogEntry, Step, Sync
from .pages import Page
from .reactions import Halve, Wait


@dataclass(frozen=True)
class Outcome:
    """What one message came to, for logs and metrics."""

    kind: str
    sync: str
    code: str | None = None
    calls: int = 0
    records: int = 0
    bytes: int = 0
    waited: float = 0.0
    fresh_after: float | None = None
    """Seconds from the oldest change that the sync was started for to its end."""


@dataclass
class Turn:
    sync: Sync
    connection: Connection
    clock: Clock
    seconds_left: Callable[[], float]
    began_at: datetime
    log: list[LogEntry] = field(default_factory=list)
    calls: int = 0
    waited: float = 0.0
    failures: int = 0
    throttles: int = 0
    token: str | None = None
    rejected: str | None = None

    def outcome(
        self, kind: str, code: str | None = None, records: int = 0, size: int = 0
    ) -> Outcome:
        changed_at, fresh_after = self.sync.changed_at, None
        if kind == "done" and changed_at:
            since = (self.clock.now() - changed_at).total_seconds()
            fresh_after = max(0.0, since)
        return Outcome(
            kind,
            self.sync.id,
            code,
            self.calls,
            records,
            size,
            self.waited,
            fresh_after,
        )

    def tell(self, level: str, code: str, message: str, **data: int) -> None:
        step = self.sync.step
        self.log.append(
            LogEntry(
                at=self.clock.now(),
                level=level,
                code=code,
                message=message,
                resource=step.resource,
                page=step.pages + 1,
                data=tuple(data.items()),
            )
        )

    def tell_wait(self, wait: Wait) -> None:
        seconds = round(wait.seconds)
        message = f"{wait.message} Waiting {seconds} s, then it is tried again."
        self.tell("warning", wait.code, message, wait_seconds=seconds)

    def tell_halved(self, halve: Halve, smaller: Step) -> None:
        message = f"{halve.message} Pages of {smaller.page_size} are asked for now."
        self.tell("warning", halve.code, message, page_size=smaller.page_size)

    def tell_rejected(self) -> None:
        self.tell(
            "info",
            "token_rejected",
            "Xero did not accept the access token; a new one is fetched.",
        )

    def tell_page(self, page: Page, kept: Step, read: Step) -> None:
        """The page, and what it means for the walk: see `walk.after`."""
        count = len(page.records)
        self.tell(
            "info",
            "page_read",
            f"Page {kept.pages} of {kept.resource} was read: {count} records.",
            records=count,
            bytes=len(page.answer.packed),
        )
        if read.walk > kept.walk:
            self._tell_missing(kept, "All pages are read once more.")
        elif read.state == DONE and kept.missing:
            self._tell_missing(kept, "The next full sync brings what may be missing.")

    def _tell_missing(self, kept: Step, then: str) -> None:
        counted = kept.item_count or 0
        self.tell(
            "warning",
            "records_missing",
            f"Xero counted {counted} of {kept.resource}, {kept.came} came. {then}",
            records=kept.came,
            item_count=counted,
        )
