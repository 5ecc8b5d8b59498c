"""The connector's ports in memory: each method one atomic step, as on AWS."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lambda_connector.logic.model.app import App
from lambda_connector.logic.model.authorization import Authorization
from lambda_connector.logic.model.connection import RECONNECT, Budget, Connection
from lambda_connector.logic.model.dirty import Dirty
from lambda_connector.logic.model.feed import Feed, FeedEntry
from lambda_connector.logic.model.instance import Instance, InstanceKey
from lambda_connector.logic.model.probe import Answer as ProbeAnswer
from lambda_connector.logic.model.sync import Hint, LogEntry, Sync, Watermark
from lambda_connector.logic.model.token_set import TokenSet
from lambda_connector.logic.model.webhook import Heard, Hook, Post
from lambda_connector.logic.model.write import KeyedWrite
from lambda_connector.logic.ports import Due


class MovableClock:
    """Stands still until it is moved; sleeping moves it and is remembered."""

    def __init__(self, start: datetime) -> None:
        self.time = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)

    def advance(self, **by: float) -> None:
        self.time += timedelta(**by)


def _due(rows: Mapping[Due, Any], now: datetime) -> list[Due]:
    return [key for key, row in rows.items() if row.wake_at and row.wake_at <= now]


@dataclass
class MemoryInstances:
    instances: dict[str, Instance] = field(default_factory=dict)
    held: dict[tuple[str, str], InstanceKey] = field(default_factory=dict)
    touches: int = 0

    def create(self, instance: Instance, key: InstanceKey) -> None:
        self.save(instance)
        self.save_key(key)

    def save(self, instance: Instance) -> None:
        self.instances[instance.id] = instance

    def get(self, instance: str) -> Instance | None:
        return self.instances.get(instance)

    def all(self) -> list[Instance]:
        return list(self.instances.values())

    def keys(self, instance: str) -> list[InstanceKey]:
        return [key for key in self.held.values() if key.instance == instance]

    def key(self, instance: str, digest: str) -> InstanceKey | None:
        return self.held.get((instance, digest))

    def save_key(self, key: InstanceKey) -> None:
        self.held[key.instance, key.digest] = key

    def touch_key(self, key: InstanceKey, at: datetime) -> None:
        self.touches += 1
        self.save_key(replace(key, last_used_at=at))


@dataclass
class MemoryApps:
    rows: dict[str, App] = field(default_factory=dict)
    hooks: dict[str, str] = field(default_factory=dict)
    heard: dict[str, Heard] = field(default_factory=dict)

    def get(self, instance: str) -> App | None:
        return self.rows.get(instance)

    def save(self, app: App, previous: App | None, hook: str) -> bool:
        for other in self.rows.values():
            if other.client_id == app.client_id and other.instance != app.instance:
                return False
        self.rows[app.instance] = app
        self.hooks[hook] = app.instance
        if previous and previous.client_id != app.client_id:
            self.heard.pop(app.instance, None)
        return True

    def delete(self, app: App, hook: str) -> None:
        self.rows.pop(app.instance, None)
        self.heard.pop(app.instance, None)


@dataclass
class MemoryHooks:
    apps: MemoryApps

    def get(self, hook: str) -> Hook | None:
        app = self.apps.get(self.apps.hooks.get(hook, ""))
        if not app or not app.webhook_key:
            return None
        return Hook(hook, app.instance, app.webhook_key)

    def heard(self, instance: str) -> Heard:
        return self.apps.heard.get(instance, Heard())

    def confirm(self, instance: str, at: datetime) -> None:
        self.apps.heard[instance] = replace(self.heard(instance), confirmed_at=at)

    def receive(self, instance: str, at: datetime) -> None:
        self.apps.heard[instance] = replace(self.heard(instance), received_at=at)


@dataclass
class MemoryDirty:
    clock: MovableClock
    rows: dict[tuple[str, str], Dirty] = field(default_factory=dict)

    def get(self, instance: str, connection: str) -> Dirty | None:
        return self.rows.get((instance, connection))

    def save(self, changed: Dirty) -> bool:
        held = self.get(changed.instance, changed.connection)
        if (held.version if held else 0) != changed.version - 1:
            return False
        self.rows[changed.instance, changed.connection] = changed
        return True

    def due(self, now: datetime) -> list[Due]:
        return _due(self.rows, now)

    def end(self, sync: Sync) -> None:
        """What the transaction that ends a sync does to the marks."""
        held = self.get(sync.instance, sync.connection)
        if held and held.marks:
            assert self.save(held.after(sync, self.clock.now()))


@dataclass
class MemoryAuthorizations:
    rows: dict[tuple[str, str], Authorization] = field(default_factory=dict)

    def create(self, authorization: Authorization) -> None:
        self.rows[authorization.instance, authorization.id] = authorization

    def get(self, instance: str, authorization: str) -> Authorization | None:
        return self.rows.get((instance, authorization))

    def replace(self, changed: Authorization) -> bool:
        held = self.get(changed.instance, changed.id)
        if not held or held.version != changed.version - 1:
            return False
        self.rows[changed.instance, changed.id] = changed
        return True

    def due(self, now: datetime) -> list[Due]:
        return [
            key
            for key, row in self.rows.items()
            if (row.code or row.verifier) and row.valid_until <= now
        ]


@dataclass
class MemoryTokenSets:
    rows: dict[tuple[str, str], TokenSet] = field(default_factory=dict)

    def get(self, instance: str, token_set: str) -> TokenSet | None:
        return self.rows.get((instance, token_set))

    def save(self, changed: TokenSet) -> bool:
        held = self.get(changed.instance, changed.id)
        if (held.version if held else 0) != changed.version - 1:
            return False
        self.rows[changed.instance, changed.id] = changed
        return True

    def delete(self, held: TokenSet) -> bool:
        if self.get(held.instance, held.id) != held:
            return False
        del self.rows[held.instance, held.id]
        return True

    def due(self, now: datetime) -> list[Due]:
        return _due(self.rows, now)


@dataclass
class MemoryFeeds:
    rows: dict[tuple[str, str], Feed] = field(default_factory=dict)
    held: dict[tuple[str, str], dict[int, FeedEntry]] = field(default_factory=dict)
    watched: dict[tuple[str, str], datetime] = field(default_factory=dict)
    marks: dict[tuple[str, str], dict[str, Watermark]] = field(default_factory=dict)

    def get(self, instance: str, connection: str) -> Feed | None:
        return self.rows.get((instance, connection))

    def entries(
        self, instance: str, connection: str, after: int, limit: int
    ) -> list[FeedEntry]:
        rows = self.held.get((instance, connection), {})
        return [rows[n] for n in sorted(rows) if n > after][:limit]

    def claim(self, feed: Feed, consumer: str) -> bool:
        held = self.rows[feed.instance, feed.connection]
        if held.consumer != feed.consumer:
            return False
        self._put(replace(held, consumer=consumer))
        return True

    def acknowledge(self, feed: Feed, n: int, stamp: str) -> None:
        held = self.rows[feed.instance, feed.connection]
        if held.acknowledged < n <= held.head and held.floor <= n:
            self._put(replace(held, acknowledged=n, floor=n, floor_stamp=stamp))

    def expire(self, feed: Feed, through: FeedEntry) -> None:
        held = self.rows[feed.instance, feed.connection]
        if held.floor < through.n:
            self._put(replace(held, floor=through.n, floor_stamp=through.stamp))
            self.marks.pop((feed.instance, feed.connection), None)

    def due(self, now: datetime) -> list[Due]:
        return [key for key, at in self.watched.items() if at <= now]

    def watch(self, feed: Feed, wake_at: datetime | None) -> None:
        key = feed.instance, feed.connection
        if wake_at:
            self.watched[key] = wake_at
        elif self.rows[key].head == feed.head:
            self.watched.pop(key, None)

    def append(self, sync: Sync, entries: Sequence[FeedEntry], kept: timedelta) -> None:
        if not entries:
            return
        key = sync.instance, sync.connection
        feed = self.rows[key]
        self.watched.setdefault(key, entries[0].created_at + kept)
        for n, entry in enumerate(entries, start=feed.head + 1):
            assert n not in self.held.setdefault(key, {})
            self.held[key][n] = replace(entry, n=n)
        head = feed.head + len(entries)
        self._put(replace(feed, head=head, head_stamp=entries[-1].stamp))

    def _put(self, feed: Feed) -> None:
        self.rows[feed.instance, feed.connection] = feed


@dataclass
class MemoryConnections:
    authorizations: MemoryAuthorizations
    feeds: MemoryFeeds
    rows: dict[tuple[str, str], Connection] = field(default_factory=dict)
    organisations: dict[tuple[str, str], str] = field(default_factory=dict)
    budgets: dict[tuple[str, str], Budget] = field(default_factory=dict)

    def get(self, instance: str, connection: str) -> Connection | None:
        return self.rows.get((instance, connection))

    def list(self, instance: str) -> list[Connection]:
        return [row for row in self.rows.values() if row.instance == instance]

    def holder(self, instance: str, organisation: str) -> str | None:
        return self.organisations.get((instance, organisation))

    def connect(
        self, connection: Connection, authorization: Authorization, epoch: str
    ) -> bool:
        taken = connection.instance, connection.organisation
        if self.organisations.get(taken, connection.id) != connection.id:
            return False
        before = self.authorizations.get(authorization.instance, authorization.id)
        if not before or before.version != authorization.version - 1:
            return False
        if not self.replace(connection):
            return False
        self.authorizations.replace(authorization)
        self.organisations[taken] = connection.id
        key = connection.instance, connection.id
        self.feeds.rows.setdefault(key, Feed(*key, epoch))
        return True

    def replace(self, changed: Connection) -> bool:
        held = self.get(changed.instance, changed.id)
        if (held.version if held else 0) != changed.version - 1:
            return False
        self.rows[changed.instance, changed.id] = changed
        return True

    def disconnect(self, changed: Connection) -> bool:
        if not self.replace(changed):
            return False
        self.organisations.pop((changed.instance, changed.organisation), None)
        return True

    def stopped(self, now: datetime) -> int:
        return sum(row.state == RECONNECT for row in self.rows.values())

    def budget(self, instance: str, connection: str) -> Budget:
        return self.budgets.get((instance, connection), Budget())

    def set_budget(self, instance: str, connection: str, budget: Budget) -> None:
        self.budgets[instance, connection] = budget


@dataclass
class MemorySyncs:
    feeds: MemoryFeeds
    dirty: MemoryDirty
    feed_retention: timedelta
    rows: dict[tuple[str, str], Sync] = field(default_factory=dict)
    live_ids: dict[tuple[str, str], str] = field(default_factory=dict)
    logs: dict[str, list[LogEntry]] = field(default_factory=dict)

    def start(self, sync: Sync) -> Sync:
        key = sync.instance, sync.connection
        if key in self.live_ids:
            return self.rows[sync.instance, self.live_ids[key]]
        self.live_ids[key] = sync.id
        self.rows[sync.instance, sync.id] = sync
        return sync

    def get(self, instance: str, sync: str) -> Sync | None:
        return self.rows.get((instance, sync))

    def live(self, instance: str, connection: str) -> Sync | None:
        sync = self.live_ids.get((instance, connection))
        return self.get(instance, sync) if sync else None

    def recent(self, instance: str, connection: str, limit: int) -> list[Sync]:
        of = [row for row in self.rows.values() if row.connection == connection]
        of = [row for row in of if row.instance == instance]
        return sorted(of, key=lambda row: row.id, reverse=True)[:limit]

    def watermarks(self, instance: str, connection: str) -> dict[str, Watermark]:
        return dict(self.feeds.marks.get((instance, connection), {}))

    def save(
        self,
        changed: Sync,
        log: Sequence[LogEntry] = (),
        entries: Sequence[FeedEntry] = (),
        watermarks: Mapping[str, Watermark] | None = None,
    ) -> bool:
        held = self.get(changed.instance, changed.id)
        if not held or held.version != changed.version - 1:
            return False
        key = changed.instance, changed.connection
        lines = self.logs.setdefault(changed.id, [])
        lines += [replace(line, n=len(lines) + k) for k, line in enumerate(log, 1)]
        self.feeds.append(changed, entries, self.feed_retention)
        if not changed.is_live:
            assert self.live_ids.pop(key) == changed.id
            self.dirty.end(changed)
        if watermarks:
            self.feeds.marks.setdefault(key, {}).update(watermarks)
        self.rows[changed.instance, changed.id] = replace(changed, log_head=len(lines))
        return True

    def log(self, sync: Sync, after: int) -> list[LogEntry]:
        return [line for line in self.logs.get(sync.id, []) if line.n > after]

    def due(self, now: datetime) -> list[Due]:
        return _due(self.rows, now)


@dataclass
class MemoryWrites:
    rows: dict[tuple[str, str, str], KeyedWrite] = field(default_factory=dict)

    def get(self, instance: str, connection: str, key: str) -> KeyedWrite | None:
        return self.rows.get((instance, connection, key))

    def save(self, changed: KeyedWrite) -> bool:
        where = changed.instance, changed.connection, changed.key
        held = self.rows.get(where)
        if (held.version if held else 0) != changed.version - 1:
            return False
        self.rows[where] = changed
        return True


@dataclass
class MemoryProbes:
    asked: set[str] = field(default_factory=set)
    answered: dict[tuple[str, str], ProbeAnswer] = field(default_factory=dict)

    def answer(self, answer: ProbeAnswer) -> None:
        self.answered[answer.probe, answer.function] = answer

    def due(self, now: datetime) -> list[Due]:
        return [("probe", probe) for probe in self.asked]

    def done(self, probe: str) -> None:
        self.asked.discard(probe)


@dataclass
class MemorySpool:
    objects: dict[tuple[str, str, str], bytes] = field(default_factory=dict)

    def put(self, instance: str, connection: str, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self.objects[instance, connection, name] = data
        return name

    def get(self, instance: str, connection: str, sha256: str) -> bytes | None:
        return self.objects.get((instance, connection, sha256))


@dataclass
class MemoryQueue:
    """Messages lie here until a test delivers, doubles or loses them."""

    messages: list[Hint] = field(default_factory=list)

    def send(self, hint: Hint) -> None:
        self.messages.append(hint)


@dataclass
class MemoryPosts:
    """The second queue."""

    messages: list[Post] = field(default_factory=list)

    def send(self, post: Post) -> None:
        self.messages.append(post)


@dataclass
class FakeOdoo:
    """Hears nudges, or is not to be reached."""

    nudges: list[tuple[str, str]] = field(default_factory=list)
    correlations: list[str] = field(default_factory=list)
    is_there: bool = True

    def nudge(self, origin: str, connection: str, correlation: str) -> bool:
        self.nudges.append((origin, connection))
        self.correlations.append(correlation)
        return self.is_there


@dataclass
class FakeProbe:
    """The public address, seen from outside; without `answer` nothing is there."""

    answer: Callable[[bytes, str], int] | None = None
    posted: list[tuple[str, bytes, str]] = field(default_factory=list)

    def post(self, address: str, body: bytes, signature: str) -> int | None:
        self.posted.append((address, body, signature))
        return self.answer(body, signature) if self.answer else None


class MemoryVault:
    """Opens only in the context that it was sealed for."""

    def seal(self, secret: str, context: Mapping[str, str]) -> bytes:
        return json.dumps([secret[::-1], sorted(context.items())]).encode()

    def open(self, sealed: bytes, context: Mapping[str, str]) -> str:
        secret, bound = json.loads(sealed)
        if bound != [list(pair) for pair in sorted(context.items())]:
            raise PermissionError("another encryption context")
        return secret[::-1]
