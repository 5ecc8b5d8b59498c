"""Starting, following and cancelling a sync."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .admission import admit
from .clock import Clock
from .due import due_steps, steps
from .model.feed import SYNC_FINISHED, FeedEntry
from .model.sync import (
    CANCELLED,
    FAILED,
    FULL,
    QUEUED,
    REQUEST,
    RUNNING,
    WAITING,
    Hint,
    LogEntry,
    Step,
    Sync,
    watched_until,
)
from .observer import correlation_of
from .ports import ConnectionStore, HintQueue, SyncStore, TokenSetStore
from .problems import CODES, Problem
from .resources import resource_of, resources_of, scopes_of

MAX_NUDGES = 3
RECENT = 50
_FOLLOWS = "contact_balances"
"""The step that no sync begins with: it comes of what the others brought."""


def hint_for(sync: Sync) -> Hint:
    return Hint(sync.instance, sync.connection, sync.id, sync.version, sync.correlation)


@dataclass(frozen=True)
class Syncs:
    store: SyncStore
    connections: ConnectionStore
    token_sets: TokenSetStore
    queue: HintQueue
    clock: Clock
    stuck_after: timedelta

    def start(
        self,
        instance: str,
        connection: str,
        mode: str,
        *,
        features: Sequence[str] = (),
        resources: Sequence[str] = (),
        trigger: str = REQUEST,
        correlation: str = "",
        changed_at: datetime | None = None,
    ) -> tuple[Sync, bool]:
        """Queue a sync of what is due of the features, or of exactly the resources;
        where one is live, that one (False), with what it lacks, unless a full one has
        to take its place. The message is sent in both cases: should the first have been
        lost, the click mends it."""
        scopes = scopes_of(resources or resources_of(features))
        admit(self.connections, self.token_sets, instance, connection, scopes)
        while True:
            made = replace(
                self._made(instance, connection, mode, features, resources),
                trigger=trigger,
                correlation=correlation_of(correlation),
                changed_at=changed_at,
            )
            live = self.store.start(made)
            if live.id != made.id and mode == FULL and not _reads_all(live):
                self.end(live, CANCELLED, "superseded")
                continue
            if made.trigger == REQUEST and _lacks(live, made):
                self.store.save(_widened(live, made))
                continue
            if live.state != WAITING:
                self.queue.send(hint_for(live))
            return live, live.id == made.id

    def _made(
        self,
        instance: str,
        connection: str,
        mode: str,
        features: Sequence[str],
        resources: Sequence[str],
    ) -> Sync:
        now = self.clock.now()
        marks = {}
        if mode != FULL:
            marks = self.store.watermarks(instance, connection)
        if resources:
            wanted = steps(resources, marks)
        else:
            wanted = due_steps(resources_of(features), marks, now)
        return self._queued(instance, connection, mode, wanted)

    def _queued(
        self, instance: str, connection: str, mode: str, wanted: Sequence[Step]
    ) -> Sync:
        now = self.clock.now()
        first, *rest = wanted
        return Sync(
            instance=instance,
            connection=connection,
            id=_new_id(connection, now),
            version=1,
            mode=mode,
            state=QUEUED,
            steps=(replace(first, state=RUNNING), *rest),
            created_at=now,
            wake_at=watched_until(now, self.stuck_after),
        )

    def replay(self, instance: str, sync: str) -> tuple[Sync, bool]:
        """Queue a sync that reads what that one read or was to read, from the same
        moment on; where one is live, that one (False), as it is."""
        told = self.get(instance, sync)
        wanted = [_anew(step) for step in told.steps if step.resource != _FOLLOWS]
        scopes = scopes_of(step.resource for step in wanted)
        admit(self.connections, self.token_sets, instance, told.connection, scopes)
        made = replace(
            self._queued(instance, told.connection, told.mode, wanted),
            correlation=correlation_of(""),
        )
        live = self.store.start(made)
        if live.id != made.id:
            return live, False
        told_so = LogEntry(made.created_at, "info", "replayed", _REPLAYED)
        begun = replace(made, version=made.version + 1)
        if self.store.save(begun, [told_so]):
            self.queue.send(hint_for(begun))
        return begun, True

    def get(self, instance: str, sync: str) -> Sync:
        found = self.store.get(instance, sync)
        if not found:
            raise Problem("not_found")
        return found

    def recent(self, instance: str, connection: str) -> list[Sync]:
        if not self.connections.get(instance, connection):
            raise Problem("not_found")
        return self.store.recent(instance, connection, RECENT)

    def log(self, instance: str, sync: str, after: int) -> list[LogEntry]:
        return self.store.log(self.get(instance, sync), after)

    def cancel(self, instance: str, sync: str) -> Sync:
        """Stop it. What came before stays in the feed, followed by the end."""
        while True:
            held = self.get(instance, sync)
            if not held.is_live:
                return held
            if self.end(held, CANCELLED, CANCELLED):
                return self.get(instance, sync)

    def cancel_live(self, instance: str, connection: str) -> None:
        live = self.store.live(instance, connection)
        if live:
            self.cancel(instance, live.id)

    def end(
        self, sync: Sync, state: str, code: str, log: Sequence[LogEntry] = ()
    ) -> bool:
        """End a live sync other than by its last page."""
        now = self.clock.now()
        words = CODES[code].sentence
        level = "info" if state == CANCELLED else "error"
        ended = sync.ended(now, state, code, words)
        entry = LogEntry(now, level, code, words)
        return self.store.save(ended, [*log, entry], [finish_entry(ended, now)])

    def nudge(self, instance: str, sync_id: str) -> str:
        """Send for a sync that waits or is stuck; says what was done."""
        now = self.clock.now()
        sync = self.store.get(instance, sync_id)
        if not sync or not sync.is_live or not sync.wake_at or sync.wake_at > now:
            return "moved_on"
        waited = sync.state == WAITING
        if not waited and sync.nudges >= MAX_NUDGES:
            self.end(sync, FAILED, "stuck")
            return "stuck"
        sent = sync.sent(now, self.stuck_after)
        if not waited:
            sent = replace(sent, nudges=sync.nudges + 1)
        code = "wait_over" if waited else "no_progress"
        level = "info" if waited else "warning"
        entry = LogEntry(now, level, code, _NUDGES[code])
        if self.store.save(sent, [entry]):
            self.queue.send(hint_for(sent))
        return code


_REPLAYED = "An operator began it, to read once more what an earlier sync read."
_NUDGES = {
    "wait_over": "The wait is over; the sync goes on.",
    "no_progress": "There was no progress for a while; the sync is sent for again.",
}


def finish_entry(ended: Sync, now: datetime) -> FeedEntry:
    return FeedEntry(
        kind=SYNC_FINISHED,
        sync=ended.id,
        created_at=now,
        correlation=ended.correlation,
        state=ended.state,
        code=ended.code,
        detail=ended.detail,
    )


def _lacks(live: Sync, wanted: Sync) -> bool:
    """Whether who asks for a sync would get less: one that webhooks set going reads
    only what they told of."""
    held = {step.resource for step in live.steps}
    return any(step.resource not in held for step in wanted.steps)


def _widened(live: Sync, wanted: Sync) -> Sync:
    """The live sync, which goes on with the other's steps when its own are done."""
    held = {step.resource for step in live.steps}
    more = [step for step in wanted.steps if step.resource not in held]
    return replace(
        live,
        version=live.version + 1,
        trigger=wanted.trigger,
        steps=(*live.steps, *(replace(step, state=WAITING) for step in more)),
    )


def _anew(read: Step) -> Step:
    """The step before its first page, as this version of the connector reads it."""
    shape = resource_of(read.resource).shape
    return Step(read.resource, shape, WAITING, read.mode, read.since, known=read.known)


def _reads_all(live: Sync) -> bool:
    """Whether all records are still to come by it. Who asks for all of them may have
    come to the feed after its first pages."""
    return live.mode == FULL and not any(step.pages for step in live.steps)


def _new_id(connection: str, now: datetime) -> str:
    """Begins with its connection, so that it finds its partition, and sorts by age."""
    age = int(now.timestamp() * 1000)
    return f"{connection}-{age:012x}{secrets.token_hex(3)}"
