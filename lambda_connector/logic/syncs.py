"""Starting, following and cancelling a sync."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .clock import Clock
from .model.connection import CONNECTED
from .model.feed import SYNC_FINISHED, FeedEntry
from .model.sync import (
    CANCELLED,
    FAILED,
    QUEUED,
    RUNNING,
    WAITING,
    Hint,
    LogEntry,
    Step,
    Sync,
)
from .ports import ConnectionStore, HintQueue, SyncStore
from .problems import CODES, Problem
from .resources import RESOURCES

FULL, INCREMENTAL = "full", "incremental"
MAX_NUDGES = 3
RECENT = 50


def hint_for(sync: Sync) -> Hint:
    return Hint(sync.instance, sync.connection, sync.id, sync.version)


@dataclass(frozen=True)
class Syncs:
    store: SyncStore
    connections: ConnectionStore
    queue: HintQueue
    clock: Clock
    stuck_after: timedelta

    def start(
        self, instance: str, connection: str, resources: Sequence[str], mode: str
    ) -> tuple[Sync, bool]:
        """Queue a sync; where one is live, that one (False). The message is sent in
        both cases: should the first have been lost, the click mends it."""
        held = self.connections.get(instance, connection)
        if not held:
            raise Problem("not_found")
        if held.state != CONNECTED:
            raise Problem("reconnect_needed")
        now = self.clock.now()
        marks = self.store.watermarks(instance, connection)
        made = Sync(
            instance=instance,
            connection=connection,
            id=_new_id(connection, now),
            version=1,
            mode=mode,
            state=QUEUED,
            steps=_steps(resources, mode, marks),
            created_at=now,
            wake_at=now + self.stuck_after,
        )
        live = self.store.start(made)
        if live.state != WAITING:
            self.queue.send(hint_for(live))
        return live, live.id == made.id

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

    def nudge(self, due: Sync) -> str:
        """Send for a sync that waits or is stuck; says what was done."""
        now = self.clock.now()
        sync = self.store.get(due.instance, due.id)
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


_NUDGES = {
    "wait_over": "The wait is over; the sync goes on.",
    "no_progress": "There was no progress for a while; the sync is sent for again.",
}


def finish_entry(ended: Sync, now: datetime) -> FeedEntry:
    return FeedEntry(
        kind=SYNC_FINISHED,
        sync=ended.id,
        created_at=now,
        state=ended.state,
        code=ended.code,
        detail=ended.detail,
    )


def _steps(
    resources: Sequence[str], mode: str, marks: dict[str, datetime]
) -> tuple[Step, ...]:
    """In the order of the table. Without a watermark everything is read."""
    steps = []
    for name, resource in RESOURCES.items():
        if name not in resources:
            continue
        incremental = mode == INCREMENTAL and resource.incremental
        since = marks.get(name) if incremental else None
        steps.append(
            Step(
                resource=name,
                state=RUNNING if not steps else WAITING,
                mode=INCREMENTAL if since else FULL,
                since=since,
            )
        )
    return tuple(steps)


def _new_id(connection: str, now: datetime) -> str:
    """Begins with its connection, so that it finds its partition, and sorts by age."""
    age = int(now.timestamp() * 1000)
    return f"{connection}-{age:012x}{secrets.token_hex(3)}"
