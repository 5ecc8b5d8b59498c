"""The feed: its head, and its entries by number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..logic.model.feed import Feed, FeedEntry
from .codec import from_item, to_item
from .table import ABSENT, Item, Table, Write, connection_pk, due, epoch, expires

FEED = "FEED"
_DUE = "FEED"
_LAST = 10**12
_KEPT = timedelta(days=7)
"""Past the retention, so that the table's broom never comes before the code."""

WATERMARKS = "WATERMARKS"


def _sk(n: int) -> str:
    return f"FEED#{n:012d}"


def append_writes(
    feed: Feed, entries: Sequence[FeedEntry], retention: timedelta
) -> list[Write]:
    """The writes that put the entries behind the head, if it still is the head."""
    pk = connection_pk(feed.instance, feed.connection)
    first = entries[0].created_at + retention
    moved = Write(
        pk,
        FEED,
        update=(
            "SET head = :head, head_stamp = :stamp, due_pk = :due,"
            " due_at = if_not_exists(due_at, :due_at)"
        ),
        condition="head = :before AND epoch = :epoch",
        values={
            ":head": feed.head + len(entries),
            ":stamp": entries[-1].stamp,
            ":before": feed.head,
            ":epoch": feed.epoch,
            ":due": _DUE,
            ":due_at": epoch(first),
        },
    )
    return [moved] + [
        Write(pk, _sk(n), _entry_item(entry, n, retention), condition=ABSENT)
        for n, entry in enumerate(entries, start=feed.head + 1)
    ]


def _entry_item(entry: FeedEntry, n: int, retention: timedelta) -> Item:
    numbered = replace(entry, n=n)
    return {**to_item(numbered), **expires(entry.created_at, retention + _KEPT)}


@dataclass(frozen=True)
class DynamoFeeds:
    table: Table

    def get(self, instance: str, connection: str) -> Feed | None:
        item = self.table.get(connection_pk(instance, connection), FEED)
        return item and from_item(Feed, item)

    def entries(
        self, instance: str, connection: str, after: int, limit: int
    ) -> list[FeedEntry]:
        pk = connection_pk(instance, connection)
        items = self.table.query(pk, _sk(after + 1), _sk(_LAST), limit)
        return [from_item(FeedEntry, item) for item in items]

    def claim(self, feed: Feed, consumer: str) -> bool:
        condition, values = "attribute_not_exists(consumer)", {":consumer": consumer}
        if feed.consumer:
            condition = "consumer = :held"
            values[":held"] = feed.consumer
        return self._update(feed, "SET consumer = :consumer", condition, values)

    def acknowledge(self, feed: Feed, n: int, stamp: str) -> None:
        changed = self._update(
            feed,
            "SET acknowledged = :n, floor = :n, floor_stamp = :stamp",
            "acknowledged < :n AND floor <= :n AND head >= :n",
            {":n": n, ":stamp": stamp},
        )
        if changed and n == feed.head:
            self.watch(feed, None)

    def expire(self, feed: Feed, through: FeedEntry) -> None:
        pk = connection_pk(feed.instance, feed.connection)
        self.table.write(
            Write(
                pk,
                FEED,
                update="SET floor = :n, floor_stamp = :stamp",
                condition="floor < :n",
                values={":n": through.n, ":stamp": through.stamp},
            ),
            Write(pk, WATERMARKS),
        )

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        return self.table.due(_DUE, now)

    def watch(self, feed: Feed, wake_at: datetime | None) -> None:
        """Not where an entry came meanwhile: it brought its own time."""
        values = {":head": feed.head}
        if not wake_at:
            self._update(feed, "REMOVE due_pk, due_at", "head = :head", values)
            return
        row = due(_DUE, wake_at)
        change = "SET due_pk = :pk, due_at = :at"
        times = {":pk": row["due_pk"], ":at": row["due_at"]}
        self._update(feed, change, "head >= :head", {**values, **times})

    def _update(self, feed: Feed, change: str, condition: str, values: Item) -> bool:
        pk = connection_pk(feed.instance, feed.connection)
        write = Write(pk, FEED, update=change, condition=condition, values=values)
        return self.table.write(write) is None
