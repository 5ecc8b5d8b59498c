"""Every minute: what is due goes on, what lives stays alive, what is old goes."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from .authorizations import Authorizations
from .changes import Changes
from .clock import Clock
from .faults import XeroFault
from .feed_reader import FeedReader
from .ports import (
    AuthorizationStore,
    DirtyStore,
    Due,
    FeedStore,
    SyncStore,
    TokenSetStore,
)
from .probes import Probes
from .syncs import Syncs
from .tokens import Tokens

Report = Callable[[str, Exception], None]
Chore = Callable[[str, str], str]
"""Looks after what has this id in that instance; says what was done."""
TURN = 100
"""Rows of one kind that are looked at before the other kinds have their turn."""
_LEFT_OVER = 0.4
"""Of the time that there was, when nothing new is begun: a token refresh is slow."""


@dataclass(frozen=True)
class Janitor:
    syncs: Syncs
    changes: Changes
    tokens: Tokens
    authorizations: Authorizations
    feeds: FeedReader
    sync_store: SyncStore
    dirty_store: DirtyStore
    token_store: TokenSetStore
    authorization_store: AuthorizationStore
    feed_store: FeedStore
    probes: Probes
    clock: Clock

    def run(
        self,
        report: Report,
        seconds_left: Callable[[], float] = lambda: 0.0,
        side_by_side: Callable[..., Iterable[str]] = map,
    ) -> Counter[str]:
        """Do what is due, until nothing is or the time is nearly over: what was put off
        is due in the next round. What fails is reported and holds up nothing else.
        `side_by_side` goes through the rows of a turn, as `map` does."""
        least = seconds_left() * _LEFT_OVER

        def in_time() -> bool:
            return seconds_left() >= least

        done: Counter[str] = Counter()
        turns = deque(self._chores(self.clock.now()))
        while turns:
            kind, rows, chore = turns.popleft()
            try:
                some = list(islice(rows, TURN))
            except Exception as error:
                report(kind, error)
                done[f"{kind}_error"] += 1
                continue
            one = partial(_tried, kind, chore, report, in_time)
            for outcome in side_by_side(one, some):
                done[f"{kind}_{outcome}"] += 1
            if len(some) == TURN and in_time():
                turns.append((kind, rows, chore))
        return done

    def _chores(self, now: datetime) -> Iterator[tuple[str, Iterator[Due], Chore]]:
        for kind, due, chore in (
            ("sync", self.sync_store.due, self.syncs.nudge),
            ("changes", self.dirty_store.due, self.changes.go_on),
            ("token", self.token_store.due, self._keep_alive),
            ("authorization", self.authorization_store.due, self._forget),
            ("feed", self.feed_store.due, self._expire),
            ("probe", self.probes.store.due, self.probes.go_round),
        ):
            yield kind, _asked(due, now), chore

    def _keep_alive(self, instance: str, token_set: str) -> str:
        held = self.token_store.get(instance, token_set)
        if not held or held.refused or not held.wake_at:
            return "moved_on"
        if held.wake_at > self.clock.now():
            return "moved_on"
        if self.tokens.forget_unused(held.instance, held.id):
            return "forgotten"
        try:
            return "refreshed" if self.tokens.refresh(held) else "moved_on"
        except XeroFault:
            return "not_refreshed"

    def _forget(self, instance: str, authorization: str) -> str:
        held = self.authorization_store.get(instance, authorization)
        if not held or held.valid_until > self.clock.now():
            return "moved_on"
        self.authorizations.forget(held)
        return "forgotten"

    def _expire(self, instance: str, connection: str) -> str:
        feed = self.feed_store.get(instance, connection)
        return "expired" if feed and self.feeds.expire(feed) else "watched"


def _asked(due: Callable[[datetime], Iterable[Due]], now: datetime) -> Iterator[Due]:
    """Asked for when its turn comes, and no sooner."""
    yield from due(now)


def _tried(
    kind: str, chore: Chore, report: Report, in_time: Callable[[], bool], row: Due
) -> str:
    if not in_time():
        return "put_off"
    try:
        return chore(*row)
    except Exception as error:
        report(kind, error)
        return "error"
