"""Writes to Xero: each once, however often it is asked for.

Odoo names each by a key, of which a row is kept. While a write is under way the row is
leased; where it ended without Xero's answer the row stays open, and Xero is asked what
it has before anything is sent again. Xero itself remembers a key for six minutes only,
and then errors too (developer.xero.com, Idempotent requests).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from .faults import Failed, Invalid, TooLarge, Unavailable, Unreadable, XeroFault
from .model.connection import Connection
from .model.write import FOUND, UNKNOWN, KeyedWrite, Written
from .ports import Document, WriteRequest, WriteStore
from .problems import Problem
from .records import Record, read_written
from .resources import Resource
from .single_calls import MAX_BYTES, SingleCalls

LEASE = timedelta(seconds=30)
"""Longer than a function of the API lives: whoever held it has ended."""
IN_ALL = timedelta(seconds=24)
"""For all that is asked of Xero; the API has 28 seconds."""
LONGEST, SHORTEST = 20.0, 5.0
"""Seconds that Xero has for a write. With less than the shortest none is begun."""
LOST_RETRY_SECONDS, FAILED_RETRY_SECONDS = 15, 5
"""Until the same key is asked again, where Xero did not answer, and where it failed."""


class AnswerLost(Exception):
    """Xero may have done it, or not."""

    def __init__(self, retry_after: int = LOST_RETRY_SECONDS) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


def digest(*parts: Any) -> str:
    """The SHA-256 of what is asked for, whatever the order of its members."""
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Attempt:
    """One try at a write. `row` is what was saved last."""

    calls: SingleCalls
    store: WriteStore
    held: Connection
    scopes: Sequence[str]
    resource: Resource
    row: KeyedWrite
    was_open: bool
    """Whether a try before this one may have come through."""
    began: datetime
    is_first: bool = True
    read_at: datetime = field(init=False)
    """When Xero gave its last answer, by its own clock."""

    def __post_init__(self) -> None:
        self._stays_open = self.was_open

    def begin(self) -> None:
        """From here on nobody else tries it, until the lease is over."""
        self._save(leased_until=self.began + LEASE)

    def read(self, path: str, **parameters: str) -> list[Record]:
        """The records that Xero answers with; none where it knows none."""
        rows, self.read_at = self.calls.records(
            self.held, self.scopes, path, self.resource.key, **parameters
        )
        return rows

    def write(
        self, method: str, path: str, record: Record, **parameters: str
    ) -> Record:
        """The record as Xero has it now. Raises Invalid where Xero did not take it,
        Problem where it was not done, AnswerLost where nobody knows."""
        written: list[Record] = []

        def send(token: str) -> Document:
            request = WriteRequest(
                method,
                path,
                {self.resource.key: [record]},
                self._xero_key(),
                self._seconds_left(),
                MAX_BYTES,
                {"summarizeErrors": "false", **parameters},
            )
            came, made = self._sent(token, request)
            written.append(made)
            return came

        came = self.calls.answer(self.held, self.scopes, send)
        self.read_at = came.answered_at or self.calls.clock.now()
        return written[-1]

    def done(self, outcome: str, record: Record) -> Written:
        """Keep that it was done, and as which record."""
        self._save(
            leased_until=None,
            is_open=False,
            outcome=outcome,
            record=str(record[self.resource.record_id]),
            code=None,
        )
        return Written(outcome, record, self.read_at)

    def refused(self, code: str) -> None:
        """Keep that it was not done, at least not by this try."""
        self._save(leased_until=None, is_open=self._stays_open, code=code)

    def lost(self, retry_after: int) -> Written:
        self._save(leased_until=None, is_open=True, code=None)
        return Written(UNKNOWN, retry_after=retry_after)

    def _sent(self, token: str, request: WriteRequest) -> tuple[Document, Record]:
        try:
            came = self.calls.api.write(token, self.held.organisation, request)
            record_id = self.resource.record_id
            return came, read_written(came.body, self.resource.key, record_id)
        except Failed as fault:
            # It may be done all the same, so that it is looked for; where it is not
            # there, the next try is a new one, to which Xero does not repeat this.
            self._save(refusals=self.row.refusals + 1)
            raise AnswerLost(FAILED_RETRY_SECONDS) from fault
        except (Unavailable, Unreadable, TooLarge) as fault:
            raise AnswerLost from fault
        except Invalid:
            # The answer of an earlier try would have been the same.
            self._stays_open = False
            self._save(refusals=self.row.refusals + 1)
            raise
        except XeroFault:
            self._save(refusals=self.row.refusals + 1)
            raise

    def _xero_key(self) -> str:
        row = self.row
        return digest(row.instance, row.connection, row.key, row.refusals)

    def _seconds_left(self) -> float:
        until = self.began + IN_ALL
        left = (until - self.calls.clock.now()).total_seconds()
        if left < SHORTEST:
            raise Problem("xero_unavailable")
        return min(left, LONGEST)

    def _save(self, **changes: Any) -> None:
        self.row = replace(self.row, version=self.row.version + 1, **changes)
        if not self.store.save(self.row):
            raise _under_way(LEASE)


@dataclass(frozen=True)
class Writes:
    calls: SingleCalls
    store: WriteStore

    def once(
        self,
        held: Connection,
        scopes: Sequence[str],
        resource: Resource,
        key: str,
        request: str,
        act: Callable[[Attempt], Written],
    ) -> Written:
        """Do it, or tell what came of it. `request` is the digest of what is asked."""
        now = self.calls.clock.now()
        row = self.store.get(held.instance, held.id, key)
        known = row if row and not row.is_forgotten(now) else None
        if known:
            _check(known, request, now)
        leased = KeyedWrite(
            held.instance,
            held.id,
            key,
            row.version if row else 0,
            request,
            known.begun_at if known else now,
            refusals=known.refusals if known else 0,
        )
        attempt = Attempt(
            calls=self.calls,
            store=self.store,
            held=held,
            scopes=scopes,
            resource=resource,
            row=leased,
            was_open=bool(known and known.is_open),
            began=now,
            is_first=known is None,
        )
        if known and known.record:
            return _again(attempt, known.record)
        attempt.begin()
        return _tried(attempt, act)


def _tried(attempt: Attempt, act: Callable[[Attempt], Written]) -> Written:
    """What nobody expected leaves the lease to run out, and the row open."""
    try:
        return act(attempt)
    except AnswerLost as lost:
        return attempt.lost(lost.retry_after)
    except Invalid as refusal:
        attempt.refused("xero_validation")
        said = list(refusal.messages)
        raise Problem("xero_validation", messages=said) from refusal
    except Problem as problem:
        attempt.refused(problem.code)
        raise


def _again(attempt: Attempt, record: str) -> Written:
    """It was done before: the record as it is now."""
    rows = attempt.read(f"{attempt.resource.path}/{record}")
    if not rows:
        raise Problem("record_unknown")
    return Written(FOUND, rows[0], attempt.read_at)


def _check(known: KeyedWrite, request: str, now: datetime) -> None:
    """What was refused may be mended under the same key: nothing came of it."""
    if known.leased_until and known.leased_until > now:
        raise _under_way(known.leased_until - now)
    if known.request != request and (known.is_open or known.record):
        raise Problem("idempotency_key_reused")


def _under_way(left: timedelta) -> Problem:
    seconds = max(1, math.ceil(left.total_seconds()))
    return Problem("write_in_progress", retry_after=seconds)
