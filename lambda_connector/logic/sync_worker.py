"""One message: one page from Xero into the spool and the feed, then the next message.

The page is put in the spool under its content's name before the row moves, and the
row moves in one transaction with the feed. Killed before it, the page is fetched
again; killed after it, the janitor sends the message that was not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from . import balances, walk
from .clock import Clock
from .connections import Connections
from .faults import Unreadable
from .model.connection import CONNECTED
from .model.feed import FeedEntry
from .model.sync import DONE, FAILED, Hint, Sync, Watermark
from .page_reader import PageReader
from .pages import Page, halved, parts_of
from .ports import HintQueue, Spool, SyncStore
from .progress import after_page, part_entries, watermarks_after
from .reactions import Fail, Halve, Wait
from .resources import missing_scopes, resource_of, scopes_of
from .syncs import Syncs, finish_entry, hint_for
from .turn import Outcome, Turn


@dataclass(frozen=True)
class SyncWorker:
    syncs: Syncs
    store: SyncStore
    connections: Connections
    reader: PageReader
    spool: Spool
    queue: HintQueue
    clock: Clock
    stuck_after: timedelta
    follow: Callable[[Sync], None] = lambda ended: None
    """Told of a sync that is done, after it was saved."""

    def work(self, hint: Hint, seconds_left: Callable[[], float]) -> Outcome:
        """Do what the hint says, if the row still says so too."""
        sync = self.store.get(hint.instance, hint.sync)
        if not sync or not sync.is_live or sync.version != hint.version:
            return Outcome("stale", hint.sync)
        connection = self.connections.get(hint.instance, hint.connection)
        turn = Turn(sync, connection, self.clock, seconds_left, self.clock.now())
        if connection.state != CONNECTED:
            return self._fail(turn, Fail(connection.state_code or "reconnect_needed"))
        got = self.reader.read(turn)
        if isinstance(got, Page):
            return self._keep(turn, got)
        if isinstance(got, Halve):
            return self._halve(turn, got)
        if isinstance(got, Wait):
            return self._park(turn, got)
        return self._fail(turn, got)

    def _keep(self, turn: Turn, page: Page) -> Outcome:
        sync = turn.sync
        if walk.repeats(sync.step, page):
            return self._fail(turn, Fail("paging_loop"))
        try:
            entries = self._spool(turn, page)
        except Unreadable:
            return self._fail(turn, Fail("xero_answer_unreadable"))
        now = self.clock.now()
        kept, read = balances.after_batch(sync) or walk.after(sync.step, page)
        turn.tell_page(page, kept, read)
        moved = after_page(sync, read, page, turn.calls, turn.began_at, now)
        moved, marks = self._moved_on(turn, moved)
        if moved.state == DONE:
            turn.tell("info", "sync_done", "The sync is done.")
            entries.append(finish_entry(moved, now))
        size = sum(entry.bytes or 0 for entry in entries)
        if not self.store.save(moved, turn.log, entries, marks):
            return turn.outcome("overtaken")
        if moved.is_live:
            self.queue.send(hint_for(moved))
        else:
            self.follow(moved)
        kind = "page" if moved.is_live else "done"
        return turn.outcome(kind, None, len(page.records), size)

    def _moved_on(
        self, turn: Turn, sync: Sync
    ) -> tuple[Sync, dict[str, Watermark] | None]:
        """The row at its next page, at its contacts that are read again, or at its end
        with the watermarks that it moves."""
        now = self.clock.now()
        if not sync.is_read:
            return balances.at_once(sync).sent(now, self.stuck_after), None
        held = self.store.watermarks(sync.instance, sync.connection)
        if sync.touches and not self._may_read_contacts(turn, held):
            sync = replace(sync, touched=(), touched_all=False)
        again = balances.next_step(sync, held, now)
        if again:
            more = replace(sync, steps=(*sync.steps, again))
            return more.sent(now, self.stuck_after), None
        marks = watermarks_after(sync, held)
        return sync.ended(now, DONE, None, None), marks

    def _may_read_contacts(self, turn: Turn, marks: Mapping[str, Watermark]) -> bool:
        """A user who came later may have granted documents only."""
        if not balances.reads_contacts(turn.sync, marks):
            return False
        held = turn.connection
        tokens = self.reader.tokens.get(held.instance, held.token_set)
        granted = tokens.scopes if tokens else ()
        return not missing_scopes(scopes_of(["contacts"]), granted)

    def _spool(self, turn: Turn, page: Page) -> list[FeedEntry]:
        sync = turn.sync
        spooled = [
            (part, self.spool.put(sync.instance, sync.connection, part.data))
            for part in parts_of(page)
        ]
        return part_entries(sync, page, spooled, self.clock.now())

    def _halve(self, turn: Turn, halve: Halve) -> Outcome:
        step = turn.sync.step
        half = halved(resource_of(step.resource), step) or step
        turn.tell_halved(halve, half)
        smaller = turn.sync.with_step(half)
        smaller = replace(smaller, calls=smaller.calls + turn.calls)
        sent = smaller.sent(self.clock.now(), self.stuck_after)
        if self.store.save(sent, turn.log):
            self.queue.send(hint_for(sent))
        return turn.outcome("halved", halve.code)

    def _park(self, turn: Turn, wait: Wait) -> Outcome:
        turn.tell_wait(wait)
        until = self.clock.now() + timedelta(seconds=wait.seconds)
        counted = replace(
            turn.sync,
            calls=turn.sync.calls + turn.calls,
            attempts=turn.sync.attempts + turn.failures + wait.counts,
        )
        self.store.save(counted.parked(until, wait.code, wait.message), turn.log)
        return turn.outcome("waiting", wait.code)

    def _fail(self, turn: Turn, fail: Fail) -> Outcome:
        if fail.note:
            turn.tell("warning", fail.code, fail.note)
        if fail.stops:
            self.connections.stop(turn.connection, fail.stops)
        counted = replace(turn.sync, calls=turn.sync.calls + turn.calls)
        self.syncs.end(counted, FAILED, fail.code, turn.log)
        return turn.outcome("failed", fail.code)
