"""Every minute: what is due goes on, what lives stays alive, what is old goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .authorizations import Authorizations
from .changes import Changes
from .clock import Clock
from .faults import XeroFault
from .feed_reader import FeedReader
from .model.authorization import Authorization
from .model.dirty import Dirty
from .model.feed import Feed
from .model.token_set import TokenSet
from .ports import (
    AuthorizationStore,
    DirtyStore,
    FeedStore,
    SyncStore,
    TokenSetStore,
)
from .syncs import Syncs
from .tokens import Tokens

Report = Callable[[str, Exception], None]


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
    clock: Clock

    def run(self, report: Report) -> Counter[str]:
        """Do all that is due. What fails is reported and holds up nothing else."""
        now = self.clock.now()
        chores = (
            ("sync", self.sync_store.due, self.syncs.nudge),
            ("changes", self.dirty_store.due, self._go_on),
            ("token", self.token_store.due, self._keep_alive),
            ("authorization", self.authorization_store.due, self._forget),
            ("feed", self.feed_store.due, self._expire),
        )
        done: Counter[str] = Counter()
        for kind, due, chore in chores:
            try:
                rows = due(now)
            except Exception as error:
                report(kind, error)
                done[f"{kind}_error"] += 1
                continue
            for row in rows:
                done[f"{kind}_{_tried(kind, chore, row, report)}"] += 1
        return done

    def _go_on(self, due: Dirty) -> str:
        return self.changes.go_on(due.instance, due.connection)

    def _keep_alive(self, due: TokenSet) -> str:
        held = self.token_store.get(due.instance, due.id)
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

    def _forget(self, due: Authorization) -> str:
        self.authorizations.forget(due)
        return "forgotten"

    def _expire(self, due: Feed) -> str:
        return "expired" if self.feeds.expire(due) else "watched"


def _tried(kind: str, chore: Callable[[Any], str], row: Any, report: Report) -> str:
    try:
        return chore(row)
    except Exception as error:
        report(kind, error)
        return "error"
