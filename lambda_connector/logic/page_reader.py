"""One page from Xero, or what to do instead once waiting in place is used up."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from . import balances
from .budget import Budgets
from .clock import Clock
from .connections import Connections
from .faults import OrganisationGone, TokenRejected, XeroFault
from .pages import Page, halved, read_page, request_for
from .ports import XeroApi
from .reactions import THROTTLED_DAY, Reaction, Wait, react
from .resources import resource_of
from .tokens import Tokens
from .turn import Turn

_SPARE_SECONDS = 25.0
"""A token refresh, the spool and the table, beside the call to Xero itself."""


@dataclass(frozen=True)
class PageReader:
    connections: Connections
    tokens: Tokens
    api: XeroApi
    budgets: Budgets
    clock: Clock
    wait_in_place: timedelta
    call_seconds: float
    random: Callable[[], float] = secrets.SystemRandom().random

    def read(self, turn: Turn) -> Page | Reaction:
        while True:
            got = self.budgets.hold(turn.connection) or self._tried(turn)
            if not isinstance(got, Wait) or not self._may_wait(turn, got):
                return got
            turn.tell_wait(got)
            self.clock.sleep(got.seconds)
            turn.waited += got.seconds
            turn.failures += got.counts
            turn.throttles += not got.counts

    def _tried(self, turn: Turn) -> Page | Reaction:
        try:
            try:
                return self._page(turn)
            except TokenRejected:
                if turn.rejected:
                    raise
                turn.tell_rejected()
                turn.rejected, turn.token = turn.token, None
                return self._page(turn)
        except XeroFault as fault:
            return self._reaction(turn, fault)

    def _page(self, turn: Turn) -> Page:
        connection, step = turn.connection, turn.sync.step
        resource = resource_of(step.resource)
        if not turn.token:
            turn.token = self.tokens.access(
                connection.instance, connection.token_set, turn.rejected
            )
        turn.calls += 1
        ids = balances.batch(turn.sync) if balances.is_by_ids(step) else ()
        request = request_for(resource, step, ids)
        try:
            answer = self.api.read(turn.token, connection.organisation, request)
        except OrganisationGone as fault:
            raise self.connections.shut_out(connection, turn.token) from fault
        self.budgets.heard(connection, answer)
        return read_page(resource, answer, self.clock.now())

    def _reaction(self, turn: Turn, fault: XeroFault) -> Reaction:
        step = turn.sync.step
        halvable = halved(resource_of(step.resource), step) is not None
        failures = turn.sync.attempts + turn.failures
        reaction = react(fault, failures, turn.throttles, halvable, self.random)
        if isinstance(reaction, Wait) and reaction.code == THROTTLED_DAY:
            self.budgets.refused(turn.connection, reaction)
        return reaction

    def _may_wait(self, turn: Turn, wait: Wait) -> bool:
        """Nothing is waited for that would not leave time for one more call."""
        allowed = self.wait_in_place.total_seconds() - turn.waited
        needed = wait.seconds + self.call_seconds + _SPARE_SECONDS
        return wait.seconds <= allowed and needed <= turn.seconds_left()
