"""Syncs, their logs and watermarks, and the one transaction that moves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..logic.clock import Clock
from ..logic.model.feed import FeedEntry
from ..logic.model.sync import LogEntry, Sync, Watermark
from .codec import from_item, to_item
from .dirty import DynamoDirty, dirty_write
from .feeds import WATERMARKS, DynamoFeeds, append_writes
from .table import (
    ABSENT,
    TTL_ATTRIBUTE,
    Item,
    Table,
    Write,
    connection_pk,
    due,
    epoch,
    expires,
    replacement,
)

_DUE = "SYNC"
_LIVE = "LIVE"
_SAVE_TRIES = 5
_START_TRIES = 5
_LOG_LIMIT = 500


def _pk(sync: Sync) -> str:
    return connection_pk(sync.instance, sync.connection)


def _sk(sync: str) -> str:
    return f"SYNC#{sync}"


def _log_sk(sync: str, n: int) -> str:
    return f"LOG#{sync}#{n:08d}"


@dataclass(frozen=True)
class DynamoSyncs:
    table: Table
    feeds: DynamoFeeds
    dirty: DynamoDirty
    clock: Clock
    log_retention: timedelta
    feed_retention: timedelta

    def start(self, sync: Sync) -> Sync:
        pk = _pk(sync)
        for _ in range(_START_TRIES):
            failed = self.table.write(
                Write(pk, _LIVE, {"sync": sync.id}, condition=ABSENT),
                Write(pk, _sk(sync.id), self._item(sync), condition=ABSENT),
            )
            if failed is None:
                return sync
            live = self.live(sync.instance, sync.connection)
            if live:
                return live
        raise LookupError(f"connection {sync.connection} has a live sync and has not")

    def get(self, instance: str, sync: str) -> Sync | None:
        connection = sync.partition("-")[0]
        item = self.table.get(connection_pk(instance, connection), _sk(sync))
        return from_item(Sync, item) if item and not self._expired(item) else None

    def live(self, instance: str, connection: str) -> Sync | None:
        item = self.table.get(connection_pk(instance, connection), _LIVE)
        return self.get(instance, item["sync"]) if item else None

    def recent(self, instance: str, connection: str, limit: int) -> list[Sync]:
        pk = connection_pk(instance, connection)
        items = self.table.query(pk, "SYNC#", limit=limit, newest_first=True)
        return [from_item(Sync, item) for item in items if not self._expired(item)]

    def watermarks(self, instance: str, connection: str) -> dict[str, Watermark]:
        item = self.table.get(connection_pk(instance, connection), WATERMARKS) or {}
        marks = item.get("marks", {})
        return {name: from_item(Watermark, mark) for name, mark in marks.items()}

    def save(
        self,
        changed: Sync,
        log: Sequence[LogEntry] = (),
        entries: Sequence[FeedEntry] = (),
        watermarks: Mapping[str, Watermark] | None = None,
    ) -> bool:
        own = self._own_writes(changed, log, watermarks)
        for _ in range(_SAVE_TRIES):
            beside = self._feed_writes(changed, entries) + self._dirty_writes(changed)
            failed = self.table.write(*own, *beside)
            if failed is None:
                return True
            if failed < len(own):
                return False
            # Only what others write too stood elsewhere: the feed's head, or the marks.
        return False

    def log(self, sync: Sync, after: int) -> list[LogEntry]:
        begin, end = _log_sk(sync.id, after + 1), _log_sk(sync.id, 10**8 - 1)
        items = self.table.query(_pk(sync), begin, end, _LOG_LIMIT)
        return [from_item(LogEntry, item) for item in items if not self._expired(item)]

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        return self.table.due(_DUE, now)

    def _item(self, sync: Sync) -> Item:
        ended = sync.finished_at
        kept = expires(ended, self.log_retention) if ended else {}
        return {**to_item(sync), **due(_DUE, sync.wake_at), **kept}

    def _expired(self, item: Item) -> bool:
        """The table's own expiry comes days late."""
        ends = item.get(TTL_ATTRIBUTE, float("inf"))
        return ends <= epoch(self.clock.now())

    def _own_writes(
        self,
        changed: Sync,
        log: Sequence[LogEntry],
        watermarks: Mapping[str, Watermark] | None,
    ) -> list[Write]:
        pk = _pk(changed)
        first = changed.log_head + 1
        changed = replace(changed, log_head=changed.log_head + len(log))
        writes = [replacement(pk, _sk(changed.id), self._item(changed))]
        for n, entry in enumerate(log, start=first):
            item = to_item(replace(entry, n=n))
            item |= expires(entry.at, self.log_retention)
            writes.append(Write(pk, _log_sk(changed.id, n), item))
        if not changed.is_live:
            values = {":sync": changed.id}
            writes.append(Write(pk, _LIVE, condition="sync = :sync", values=values))
        if watermarks:
            marks = self.watermarks(changed.instance, changed.connection)
            marks.update(watermarks)
            items = {name: to_item(mark) for name, mark in marks.items()}
            writes.append(Write(pk, WATERMARKS, {"marks": items}))
        return writes

    def _dirty_writes(self, sync: Sync) -> list[Write]:
        """What the end of this sync leaves of the marks. Those that come without a row
        to be seen here are their own maker's to go on with."""
        held = not sync.is_live and self.dirty.get(sync.instance, sync.connection)
        if not held or not held.marks:
            return []
        return [dirty_write(held.after(sync, self.clock.now()))]

    def _feed_writes(self, sync: Sync, entries: Sequence[FeedEntry]) -> list[Write]:
        if not entries:
            return []
        feed = self.feeds.get(sync.instance, sync.connection)
        if not feed:
            raise LookupError(f"connection {sync.connection} has no feed")
        return append_writes(feed, entries, self.feed_retention)
