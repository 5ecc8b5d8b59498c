"""From what Xero told to the sync that reads it.

Marks first, then the start. A start that finds a sync alive leaves the marks to its
end (`follow`); whatever is lost between two writes, the janitor finds by `wake_at`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .apps import Apps
from .budget import Budgets
from .clock import Clock
from .model.app import App
from .model.connection import CONNECTED, DISCONNECTED, Connection
from .model.dirty import Dirty, Mark
from .model.sync import INCREMENTAL, WEBHOOK, Sync
from .model.webhook import Heard, Post
from .pacing import gap
from .ports import ConnectionStore, DirtyStore, HookStore
from .problems import Problem
from .resources import missing_scopes, scopes_of
from .syncs import Syncs

RESOURCE_OF = {
    "CONTACT": "contacts",
    "INVOICE": "invoices",
    "CREDITNOTE": "credit_notes",
    "OVERPAYMENT": "overpayments",
    "PREPAYMENT": "prepayments",
}
"""Xero's categories. An INVOICE may be a bill, which is not read: it does not say."""
LOOK_AGAIN = timedelta(minutes=5)
"""While a sync is alive: its end goes on with the marks, unless it is killed there."""
UNTIL_RECONNECTED = timedelta(hours=1)
HEARD_GRAIN = timedelta(minutes=1)
_TRIES = 8


@dataclass
class Taken:
    """What a batch of posts came to: `failed` are positions in it, `counts` for the
    metrics, `errors` for the log."""

    failed: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[Exception] = field(default_factory=list)


@dataclass(frozen=True)
class Changes:
    store: DirtyStore
    hooks: HookStore
    apps: Apps
    connections: ConnectionStore
    syncs: Syncs
    budgets: Budgets
    clock: Clock
    started: Callable[[timedelta], None] = lambda waited: None
    """Told of each start, and how long ago its first change was heard of."""

    def take(self, posts: Sequence[Post]) -> Taken:
        """Mark what the posts tell and go on with it. What fails takes with it only
        the posts that told of it."""
        taken = Taken()
        by_instance: dict[str, set[int]] = defaultdict(set)
        by_organisation: dict[tuple[str, str], set[int]] = defaultdict(set)
        for number, post in enumerate(posts):
            by_instance[post.instance].add(number)
        for instance, numbers in by_instance.items():
            with _failing(taken, numbers):
                of = [posts[number] for number in numbers]
                if not self._hear(instance, of):
                    taken.counts["of_no_app"] += len(of)
                    continue
                for number in numbers:
                    for change in posts[number].changes:
                        by_organisation[instance, change.organisation].add(number)
        for (instance, organisation), numbers in by_organisation.items():
            with _failing(taken, numbers):
                of = [posts[number] for number in numbers]
                told = _told(of, organisation, taken.counts)
                taken.counts[self._mark(instance, organisation, told)] += 1
        return taken

    def go_on(self, instance: str, connection: str) -> str:
        """Start the sync of what is marked, if it is time and none is alive; says what
        was done."""
        for _ in range(_TRIES):
            held = self.store.get(instance, connection)
            if not held or not held.marks:
                return "clean"
            outcome, then = self._tried(held)
            if self.store.save(then):
                return outcome
        return "overtaken"

    def follow(self, ended: Sync) -> None:
        """A sync has ended: go on with what changed while it read."""
        self.go_on(ended.instance, ended.connection)

    def heard(self, app: App) -> Heard:
        """When Xero last spoke to the app."""
        return self.hooks.heard(app.instance)

    def heard_at(self, instance: str, connection: str) -> datetime | None:
        """When Xero last told of a change in the connection's organisation."""
        held = self.store.get(instance, connection)
        return held.heard_at if held else None

    def _hear(self, instance: str, posts: Sequence[Post]) -> bool:
        """Remember, by the minute, that Xero spoke; False where the app is gone."""
        app = self.apps.get(instance)
        if not app:
            return False
        heard = self.heard(app)
        real = [post for post in posts if not post.is_test]
        confirmed = [post.received_at for post in real if not post.events]
        received = [post.received_at for post in real if post.events]
        known = heard.confirmed_at
        if known and app.webhook_key_set_at and known < app.webhook_key_set_at:
            known = None
        if confirmed and _is_news(known, max(confirmed)):
            self.hooks.confirm(instance, max(confirmed))
        if received and _is_news(heard.received_at, max(received)):
            self.hooks.receive(instance, max(received))
        return True

    def _mark(self, instance: str, organisation: str, told: Collection[Mark]) -> str:
        connection = self.connections.holder(instance, organisation)
        if not connection:
            return "of_another_organisation"
        if not told:
            return "of_nothing_read"
        for _ in range(_TRIES):
            held = self.store.get(instance, connection) or Dirty(instance, connection)
            if self.store.save(held.marked(told, self.clock.now())):
                return self.go_on(instance, connection)
        raise TimeoutError("others mark the same connection all the time")

    def _tried(self, held: Dirty) -> tuple[str, Dirty]:
        """What was done about the marks, and the row after it."""
        now = self.clock.now()
        connection = self.connections.get(held.instance, held.connection)
        if not connection or connection.state == DISCONNECTED:
            return "disconnected", replace(held, marks=()).woken(now)
        if connection.state != CONNECTED:
            return "stopped", held.woken(now + UNTIL_RECONNECTED)
        live = self.syncs.store.live(held.instance, held.connection)
        if live:
            return "left_to_the_live_one", _beside(held, live).woken(now + LOOK_AGAIN)
        readable = self._readable(connection)
        held = held.without({mark.resource for mark in held.marks} - readable)
        if not held.marks:
            return "never_read", held.woken(now)
        at = self._earliest(connection, held, now)
        if at > now:
            return "paced", held.woken(at)
        return self._started(held, now)

    def _started(self, held: Dirty, now: datetime) -> tuple[str, Dirty]:
        first = min(held.marks, key=lambda mark: mark.first_at)
        try:
            sync, is_new = self.syncs.start(
                held.instance,
                held.connection,
                INCREMENTAL,
                resources=[mark.resource for mark in held.marks],
                trigger=WEBHOOK,
                correlation=first.correlation,
                changed_at=min(mark.changed_at or mark.first_at for mark in held.marks),
            )
        except Problem:
            return "stopped", held.woken(now + UNTIL_RECONNECTED)
        then = _beside(held, sync).woken(now + LOOK_AGAIN)
        if not is_new:
            return "left_to_the_live_one", then
        self.started(now - first.first_at)
        return "started", then

    def _readable(self, connection: Connection) -> set[str]:
        """What was read before and still may be. What was never read is read as a
        whole when Odoo asks for it, with all that is marked now."""
        known = self.syncs.store.watermarks(connection.instance, connection.id)
        tokens = self.syncs.token_sets.get(connection.instance, connection.token_set)
        granted = tokens.scopes if tokens else ()
        return {
            name for name in known if not missing_scopes(scopes_of([name]), granted)
        }

    def _earliest(self, connection: Connection, held: Dirty, now: datetime) -> datetime:
        """When the next sync may start. It costs a call for each resource, and one for
        the contacts whose balances its documents moved."""
        times = [now]
        wait = self.budgets.hold(connection)
        if wait:
            times.append(now + timedelta(seconds=wait.seconds))
        if held.not_before:
            times.append(held.not_before)
        if held.started_at:
            budget = self.connections.budget(held.instance, held.connection)
            day_limit = self.apps.day_limit(held.instance)
            pause = gap(budget, day_limit, len(held.marks) + 1, now)
            times.append(held.started_at + pause)
        return max(times)


@contextmanager
def _failing(taken: Taken, numbers: set[int]) -> Iterator[None]:
    """What goes wrong inside fails these posts and no other."""
    try:
        yield
    except Exception as error:
        taken.errors.append(error)
        taken.failed |= numbers


def _is_news(known: datetime | None, said: datetime) -> bool:
    return not known or said - known >= HEARD_GRAIN


def _told(
    posts: Sequence[Post], organisation: str, counts: Counter[str]
) -> Collection[Mark]:
    """The marks that the posts make in this organisation."""
    told: dict[str, Mark] = {}
    for post in posts:
        for change in post.changes:
            if change.organisation != organisation:
                continue
            resource = RESOURCE_OF.get(change.category)
            if not resource:
                counts["of_another_category"] += change.count
                continue
            at = post.received_at
            mark = Mark(resource, at, at, change.earliest, post.correlation)
            told[resource] = mark.joined_with(told.get(resource))
    return told.values()


def _beside(held: Dirty, live: Sync) -> Dirty:
    """The row while that sync is alive: who started it may have died before saying."""
    if live.trigger != WEBHOOK:
        return held
    return replace(held, started_at=live.created_at)
