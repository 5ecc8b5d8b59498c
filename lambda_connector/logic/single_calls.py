"""Single calls of Xero about an organisation, while somebody waits for the answer.

They may use the calls of the day that syncs leave over (see `budget`), and what Xero
says of its limits counts for the syncs too.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .admission import admit
from .budget import Budgets
from .clock import Clock
from .connections import Connections
from .faults import (
    OrganisationGone,
    ReconnectNeeded,
    Refused,
    ScopeMissing,
    Throttled,
    TokenRejected,
    TooLarge,
    Unreadable,
    XeroFault,
)
from .model.connection import Connection
from .ports import Document, DocumentRequest, TokenSetStore, XeroApi
from .problems import Problem
from .reactions import THROTTLED_DAY, throttled
from .records import Record, read_rows
from .tokens import Tokens

PATIENCE = timedelta(seconds=5)
"""How long a limit of Xero's is waited out; after that the person is told."""
MAX_BYTES = 2_000_000
"""Of an answer with records, unpacked: as JSON it fits what a function may answer."""

Ask = Callable[[str], Document]
"""One call of Xero, with an access token."""


@dataclass(frozen=True)
class SingleCalls:
    connections: Connections
    token_sets: TokenSetStore
    tokens: Tokens
    api: XeroApi
    budgets: Budgets
    clock: Clock
    random: Callable[[], float] = secrets.SystemRandom().random

    def admit(
        self, instance: str, connection: str, scopes: Sequence[str]
    ) -> Connection:
        store = self.connections.store
        return admit(store, self.token_sets, instance, connection, scopes)

    def hold(self, held: Connection, automatic: bool = False) -> None:
        """Refuse what would use up the day's calls: for a person the last of them,
        for what nobody waits for those that are kept for people."""
        spent = self.budgets.hold(held)
        if spent and (automatic or spent.code == THROTTLED_DAY):
            raise come_again(spent.seconds)

    def fetch(
        self, held: Connection, scopes: Sequence[str], request: DocumentRequest
    ) -> Document:
        def ask(token: str) -> Document:
            return self.api.document(token, held.organisation, request)

        return self.answer(held, scopes, ask)

    def records(
        self,
        held: Connection,
        scopes: Sequence[str],
        path: str,
        key: str,
        **parameters: str,
    ) -> tuple[list[Record], datetime]:
        """The records that Xero answers with, none where it knows none; and when it
        answered, by its own clock."""
        request = DocumentRequest(path, MAX_BYTES, parameters=parameters)
        try:
            came = self.fetch(held, scopes, request)
            return read_rows(came.body, key), came.answered_at or self.clock.now()
        except Unreadable as fault:
            raise Problem("xero_answer_unreadable") from fault
        except Problem as problem:
            if problem.code == "record_unknown":
                return [], self.clock.now()
            raise

    def answer(self, held: Connection, scopes: Sequence[str], ask: Ask) -> Document:
        """What Xero answers, with a valid token and some patience. Raises Problem."""
        try:
            document = self._patiently(held, ask)
        except XeroFault as fault:
            raise _problem(fault, scopes) from fault
        self.budgets.heard(held, document)
        return document

    def _patiently(self, held: Connection, ask: Ask) -> Document:
        give_up = self.clock.now() + PATIENCE
        while True:
            try:
                return self._asked(held, ask)
            except Throttled as fault:
                wait = throttled(fault, 0, 0.5 + self.random())
                if wait.code == THROTTLED_DAY:
                    self.budgets.refused(held, wait)
                if self.clock.now() + timedelta(seconds=wait.seconds) > give_up:
                    raise come_again(wait.seconds) from fault
                self.clock.sleep(wait.seconds)

    def _asked(self, held: Connection, ask: Ask) -> Document:
        def within(token: str) -> Document:
            try:
                return ask(token)
            except OrganisationGone as fault:
                raise self.connections.shut_out(held, token) from fault

        return self.tokens.call(held.instance, held.token_set, within)


def come_again(seconds: float) -> Problem:
    return Problem("throttled", retry_after=max(1, math.ceil(seconds)))


def _problem(fault: XeroFault, scopes: Sequence[str]) -> Problem:
    """What a fault is to the person who waits. Whether the connection has to be made
    again is for the next sync to find, which meets the same."""
    match fault:
        case ReconnectNeeded():
            return Problem(fault.code)
        case TokenRejected():
            return Problem("reconnect_needed")
        case ScopeMissing():
            return Problem("scope_missing", missing=list(scopes))
        case TooLarge():
            return Problem("document_too_large")
        case Unreadable():
            return Problem("xero_answer_unreadable")
        case Refused(status=404):
            return Problem("record_unknown")
        case Refused():
            return Problem("xero_refused")
    return Problem("xero_unavailable")
