"""What Odoo reads: entries in order, parts, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .clock import Clock
from .model.feed import PART, Feed, FeedEntry
from .ports import FeedStore, Spool
from .problems import Problem

MAX_ENTRIES = 100


@dataclass(frozen=True)
class FeedReader:
    store: FeedStore
    spool: Spool
    clock: Clock
    retention: timedelta

    def head(self, instance: str, connection: str) -> Feed:
        feed = self.store.get(instance, connection)
        if not feed:
            raise Problem("not_found")
        return feed

    def waits_since(self, feed: Feed) -> datetime | None:
        """When the oldest entry came that was not acknowledged; None: none waits."""
        known = max(feed.acknowledged, feed.floor)
        if known >= feed.head:
            return None
        waiting = self.store.entries(feed.instance, feed.connection, known, 1)
        return waiting[0].created_at if waiting else None

    def entries(
        self,
        instance: str,
        connection: str,
        epoch: str,
        after: int,
        stamp: str,
        consumer: str,
    ) -> tuple[Feed, list[FeedEntry]]:
        """What follows the position. A position that is not in the feed any more, or
        never was, is answered with the one to begin from."""
        feed = self._claimed(instance, connection, consumer)
        if after < feed.floor or not self._holds(feed, epoch, after, stamp):
            raise self._restart(feed)
        if after == feed.head:
            # What Odoo hears nearly each minute: it costs no look at the entries.
            return feed, []
        entries = self.store.entries(instance, connection, after, MAX_ENTRIES)
        if not self._whole(entries, after):
            raise self._restart(feed)
        return feed, entries

    def part(
        self, instance: str, connection: str, epoch: str, n: int, consumer: str
    ) -> tuple[FeedEntry, bytes]:
        """One part of a page, as gzip."""
        feed = self._claimed(instance, connection, consumer)
        if epoch != feed.epoch or n <= feed.floor:
            raise self._restart(feed)
        found = self.store.entries(instance, connection, n - 1, 1)
        if not found or found[0].n != n or found[0].kind != PART:
            raise Problem("not_found")
        data = self.spool.get(instance, connection, found[0].sha256 or "")
        if data is None:
            raise self._restart(feed)
        return found[0], data

    def acknowledge(
        self,
        instance: str,
        connection: str,
        epoch: str,
        n: int,
        stamp: str,
        consumer: str,
    ) -> int:
        feed = self._claimed(instance, connection, consumer)
        if not self._holds(feed, epoch, n, stamp):
            raise self._restart(feed)
        if n > feed.acknowledged:
            self.store.acknowledge(feed, n, stamp)
        return max(n, feed.acknowledged)

    def take_over(self, instance: str, connection: str, consumer: str) -> Feed:
        while True:
            feed = self.head(instance, connection)
            if feed.consumer == consumer or self.store.claim(feed, consumer):
                return self.head(instance, connection)

    def expire(self, feed: Feed) -> int:
        """Forget entries that nobody fetched in time; how many were forgotten."""
        now = self.clock.now()
        where = feed.instance, feed.connection
        through: FeedEntry | None = None
        watch = None
        while not watch:
            after = through.n if through else feed.floor
            entries = self.store.entries(*where, after, MAX_ENTRIES)
            if not entries:
                break
            for entry in entries:
                if entry.created_at + self.retention > now:
                    watch = entry.created_at + self.retention
                    break
                through = entry
        if through:
            self.store.expire(feed, through)
        self.store.watch(feed, watch)
        return through.n - feed.floor if through else 0

    def _claimed(self, instance: str, connection: str, consumer: str) -> Feed:
        """The feed, if it is this consumer's. The first to come has it."""
        feed = self.head(instance, connection)
        if feed.consumer is None and self.store.claim(feed, consumer):
            return self.head(instance, connection)
        feed = feed if feed.consumer else self.head(instance, connection)
        if feed.consumer != consumer:
            raise Problem("feed_taken", consumer=feed.consumer)
        return feed

    def _holds(self, feed: Feed, epoch: str, n: int, stamp: str) -> bool:
        """Whether entry n of this feed is the one that the consumer knows as n."""
        if epoch != feed.epoch or n > feed.head:
            return False
        known = {0: "", feed.floor: feed.floor_stamp, feed.head: feed.head_stamp}
        if n in known:
            return stamp == known[n]
        found = self.store.entries(feed.instance, feed.connection, n - 1, 1)
        return [(one.n, one.stamp) for one in found] == [(n, stamp)]

    def _whole(self, entries: list[FeedEntry], after: int) -> bool:
        """No gap before the first, and not too old: decided here, because the
        table's own expiry comes days late."""
        if not entries or entries[0].n != after + 1:
            return False
        return entries[0].created_at + self.retention > self.clock.now()

    def _restart(self, feed: Feed) -> Problem:
        return Problem(
            "feed_restart", epoch=feed.epoch, head=feed.head, stamp=feed.head_stamp
        )
