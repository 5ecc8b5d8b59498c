"""One message: one page from Xero into the spool and the feed, then the next message.

The page is put in the spool under its content's name before the row moves, and the
row moves in one transaction with the feed. Killed before it, the page is fetched
again; killed after it, the janitor sends the message that was not sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from .clock import Clock
from .connections import Connections
from .faults import OrganisationGone, Throttled, TokenRejected, XeroFault
from .model.connection import CONNECTED, Budget, Connection
from .model.feed import FeedEntry
from .model.sync import DONE, FAILED, Hint, LogEntry, Sync
from .pages import Page, halved, parts_of, read_page, request_for
from .ports import ConnectionStore, HintQueue, Spool, SyncStore, XeroApi
from .progress import after_page, part_entries, watermarks_after
from .reactions import Fail, Halve, Reaction, Wait, react
from .resources import RESOURCES
from .syncs import Syncs, finish_entry, hint_for
from .tokens import Tokens

_SPARE_SECONDS = 25.0
"""A token refresh, the spool and the table, beside the call to Xero itself."""


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


@dataclass
class _Turn:
    """What happens while one message is worked on."""

    sync: Sync
    connection: Connection
    seconds_left: Callable[[], float]
    log: list[LogEntry] = field(default_factory=list)
    calls: int = 0
    waited: float = 0.0
    failures: int = 0
    throttles: int = 0
    token: str | None = None
    rejected: str | None = None


@dataclass(frozen=True)
class SyncWorker:
    syncs: Syncs
    store: SyncStore
    connections: Connections
    connection_store: ConnectionStore
    tokens: Tokens
    api: XeroApi
    spool: Spool
    queue: HintQueue
    clock: Clock
    stuck_after: timedelta
    wait_in_place: timedelta
    call_seconds: float
    random: Callable[[], float] = secrets.SystemRandom().random

    def work(self, hint: Hint, seconds_left: Callable[[], float]) -> Outcome:
        """Do what the hint says, if the row still says so too. Nothing is waited for
        that would not leave time for one more call."""
        sync = self.store.get(hint.instance, hint.sync)
        if not sync or not sync.is_live or sync.version != hint.version:
            return Outcome("stale", hint.sync)
        connection = self.connections.get(hint.instance, hint.connection)
        turn = _Turn(sync, connection, seconds_left)
        if connection.state != CONNECTED:
            return self._fail(turn, Fail(connection.state_code or "reconnect_needed"))
        got = self._page(turn)
        if isinstance(got, Page):
            return self._keep(turn, got)
        if isinstance(got, Halve):
            return self._halve(turn, got)
        if isinstance(got, Wait):
            return self._park(turn, got)
        return self._fail(turn, got)

    # Reading

    def _page(self, turn: _Turn) -> Page | Reaction:
        """The page, or what to do instead once waiting in place is used up."""
        while True:
            try:
                return self._read(turn)
            except TokenRejected as fault:
                if turn.rejected:
                    return self._react(turn, fault)
                turn.rejected, turn.token = turn.token, None
                continue
            except XeroFault as fault:
                reaction = self._react(turn, fault)
            if not isinstance(reaction, Wait) or not self._may_wait(turn, reaction):
                return reaction
            self._log(
                turn, "warning", reaction.code, reaction.message, reaction.seconds
            )
            self.clock.sleep(reaction.seconds)
            turn.waited += reaction.seconds
            turn.failures += reaction.counts
            turn.throttles += not reaction.counts

    def _react(self, turn: _Turn, fault: XeroFault) -> Reaction:
        if isinstance(fault, Throttled) and fault.kind.startswith("da"):
            held = turn.connection
            spent = Budget(0, None, self.clock.now())
            self.connection_store.set_budget(held.instance, held.id, spent)
        step = turn.sync.step
        halvable = halved(RESOURCES[step.resource], step) is not None
        failures = turn.sync.attempts + turn.failures
        return react(fault, failures, turn.throttles, halvable, self.random)

    def _read(self, turn: _Turn) -> Page:
        connection, step = turn.connection, turn.sync.step
        resource = RESOURCES[step.resource]
        if not turn.token:
            turn.token = self.tokens.access(
                connection.instance, connection.token_set, turn.rejected
            )
        turn.calls += 1
        request = request_for(resource, step)
        try:
            answer = self.api.read(turn.token, connection.organisation, request)
        except OrganisationGone as fault:
            raise self.connections.shut_out(connection, turn.token) from fault
        now = self.clock.now()
        budget = Budget(answer.day_remaining, answer.minute_remaining, now)
        self.connection_store.set_budget(connection.instance, connection.id, budget)
        return read_page(resource, answer, now)

    def _may_wait(self, turn: _Turn, wait: Wait) -> bool:
        allowed = self.wait_in_place.total_seconds() - turn.waited
        needed = wait.seconds + self.call_seconds + _SPARE_SECONDS
        return wait.seconds <= allowed and needed <= turn.seconds_left()

    # Recording

    def _keep(self, turn: _Turn, page: Page) -> Outcome:
        sync, step = turn.sync, turn.sync.step
        if page.fingerprint and page.fingerprint in (step.first_print, step.last_print):
            return self._fail(turn, Fail("paging_loop"))
        entries = self._spool(turn, page)
        now = self.clock.now()
        moved = after_page(sync, page, turn.calls, now, self.stuck_after)
        self._log_page(turn, page)
        marks = None
        if moved.state == DONE:
            self._log(turn, "info", "sync_done", "The sync is done.")
            entries.append(finish_entry(moved, now))
            held = self.store.watermarks(moved.instance, moved.connection)
            marks = watermarks_after(moved, held)
        size = sum(entry.bytes or 0 for entry in entries)
        if not self.store.save(moved, turn.log, entries, marks):
            return self._outcome(turn, "overtaken")
        if moved.is_live:
            self.queue.send(hint_for(moved))
        kind = "page" if moved.is_live else "done"
        return self._outcome(turn, kind, None, len(page.records), size)

    def _spool(self, turn: _Turn, page: Page) -> list[FeedEntry]:
        sync = turn.sync
        spooled = [
            (part, self.spool.put(sync.instance, sync.connection, part.data))
            for part in parts_of(page)
        ]
        return part_entries(sync, page, spooled, self.clock.now())

    def _halve(self, turn: _Turn, halve: Halve) -> Outcome:
        self._log(turn, "warning", halve.code, halve.message)
        step = turn.sync.step
        smaller = turn.sync.with_step(halved(RESOURCES[step.resource], step) or step)
        smaller = replace(smaller, calls=smaller.calls + turn.calls)
        sent = smaller.sent(self.clock.now(), self.stuck_after)
        if self.store.save(sent, turn.log):
            self.queue.send(hint_for(sent))
        return self._outcome(turn, "halved", halve.code)

    def _park(self, turn: _Turn, wait: Wait) -> Outcome:
        self._log(turn, "warning", wait.code, wait.message, wait.seconds)
        until = self.clock.now() + timedelta(seconds=wait.seconds)
        counted = replace(
            turn.sync,
            calls=turn.sync.calls + turn.calls,
            attempts=turn.sync.attempts + turn.failures + wait.counts,
        )
        self.store.save(counted.parked(until, wait.code, wait.message), turn.log)
        return self._outcome(turn, "waiting", wait.code)

    def _fail(self, turn: _Turn, fail: Fail) -> Outcome:
        if fail.note:
            self._log(turn, "warning", fail.code, fail.note)
        if fail.stops:
            self.connections.stop(turn.connection, fail.stops)
        counted = replace(turn.sync, calls=turn.sync.calls + turn.calls)
        self.syncs.end(counted, FAILED, fail.code, turn.log)
        return self._outcome(turn, "failed", fail.code)

    # Telling

    def _log_page(self, turn: _Turn, page: Page) -> None:
        step = turn.sync.step
        count = len(page.records)
        self._log(
            turn,
            "info",
            "page_read",
            f"Page {step.pages + 1} of {step.resource} was read: {count} records.",
            records=count,
            bytes=len(page.answer.packed),
        )
        read = step.records + count
        expected = page.item_count
        if page.is_last(step) and expected is not None and read < expected:
            self._log(
                turn,
                "warning",
                "records_missing",
                f"Xero counted {expected} of {step.resource}, {read} came. They changed"
                " while they were read; the next sync brings what is missing.",
            )

    def _log(
        self,
        turn: _Turn,
        level: str,
        code: str,
        message: str,
        wait: float | None = None,
        **data: int,
    ) -> None:
        step = turn.sync.step
        if wait is not None:
            message = f"{message} Waiting {round(wait)} s."
            data["wait_seconds"] = round(wait)
        turn.log.append(
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

    def _outcome(
        self,
        turn: _Turn,
        kind: str,
        code: str | None = None,
        records: int = 0,
        size: int = 0,
    ) -> Outcome:
        return Outcome(kind, turn.sync.id, code, turn.calls, records, size, turn.waited)
