"""Single documents of an organisation, fetched while a person waits.

Nothing of them is kept. They may use the calls of the day that syncs leave over (see
`budget`), and what Xero says of its limits counts for the syncs too.
"""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

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
from .resources import FEATURES, RESOURCES
from .tokens import Tokens

MAX_PDF_BYTES = 4_500_000
"""In base64 it fits the 6 MB that a function may answer."""
MAX_JSON_BYTES = 2_000_000
"""As text within text: most characters of other alphabets take three times as much."""
PATIENCE = timedelta(seconds=5)
"""How long a limit of Xero's is waited out; after that the person is told."""
INVOICES = (RESOURCES["invoices"].scope,)
REPORT = FEATURES["report"].scopes
"""The scopes that reading an invoice and the report needs."""


@dataclass(frozen=True)
class Documents:
    connections: Connections
    token_sets: TokenSetStore
    tokens: Tokens
    api: XeroApi
    budgets: Budgets
    clock: Clock
    random: Callable[[], float] = secrets.SystemRandom().random

    def invoice_pdf(self, instance: str, connection: str, invoice: str) -> bytes:
        """The invoice as Xero draws it now."""
        request = DocumentRequest(
            f"Invoices/{invoice}/pdf", MAX_PDF_BYTES, "application/pdf"
        )
        held = self._admit(instance, connection, INVOICES)
        body = self._fetch(held, INVOICES, request)
        if not body.startswith(b"%PDF-"):
            raise Problem("xero_answer_unreadable")
        return body

    def online_url(self, instance: str, connection: str, invoice: str) -> str | None:
        """The page at Xero where the customer sees the invoice; None where there is
        none, as of a draft, for which Xero answers that it does not know it."""
        request = DocumentRequest(f"Invoices/{invoice}/OnlineInvoice", MAX_JSON_BYTES)
        held = self._admit(instance, connection, INVOICES)
        try:
            body = self._fetch(held, INVOICES, request)
        except Problem as problem:
            if problem.code == "record_unknown":
                return None
            raise
        return _online_url(_list(body, "OnlineInvoices"))

    def aged_receivables(
        self, instance: str, connection: str, contact: str, day: date
    ) -> bytes:
        """Xero's report of what a contact owes as of a day, in Xero's JSON."""
        request = DocumentRequest(
            "Reports/AgedReceivablesByContact",
            MAX_JSON_BYTES,
            parameters={"contactId": contact, "date": day.isoformat()},
        )
        held = self._admit(instance, connection, REPORT)
        try:
            body = self._fetch(held, REPORT, request)
        except Problem as problem:
            # So Xero refuses a user whose role in the organisation has no reports. One
            # who was removed from it is met by the next sync.
            if problem.code in ("user_removed", "scope_missing"):
                raise Problem("report_not_allowed") from problem
            raise
        if not _list(body, "Reports"):
            raise Problem("xero_answer_unreadable")
        return body

    def _admit(
        self, instance: str, connection: str, scopes: Sequence[str]
    ) -> Connection:
        store = self.connections.store
        return admit(store, self.token_sets, instance, connection, scopes)

    def _fetch(
        self, held: Connection, scopes: Sequence[str], request: DocumentRequest
    ) -> bytes:
        spent = self.budgets.hold(held)
        if spent and spent.code == THROTTLED_DAY:
            raise _come_again(spent.seconds)
        try:
            document = self._patiently(held, request)
        except XeroFault as fault:
            raise _problem(fault, scopes) from fault
        self.budgets.heard(held, document)
        return document.body

    def _patiently(self, held: Connection, request: DocumentRequest) -> Document:
        give_up = self.clock.now() + PATIENCE
        while True:
            try:
                return self._asked(held, request)
            except Throttled as fault:
                wait = throttled(fault, 0, 0.5 + self.random())
                if wait.code == THROTTLED_DAY:
                    self.budgets.refused(held, wait)
                if self.clock.now() + timedelta(seconds=wait.seconds) > give_up:
                    raise _come_again(wait.seconds) from fault
                self.clock.sleep(wait.seconds)

    def _asked(self, held: Connection, request: DocumentRequest) -> Document:
        def ask(token: str) -> Document:
            try:
                return self.api.document(token, held.organisation, request)
            except OrganisationGone as fault:
                raise self.connections.shut_out(held, token) from fault

        return self.tokens.call(held.instance, held.token_set, ask)


def _come_again(seconds: float) -> Problem:
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


def _list(body: bytes, key: str) -> list[Any]:
    """The list under a key of Xero's answer."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem("xero_answer_unreadable") from error
    rows = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise Problem("xero_answer_unreadable")
    return rows


def _online_url(rows: list[Any]) -> str | None:
    first = rows[0] if rows and isinstance(rows[0], dict) else {}
    url = first.get("OnlineInvoiceUrl")
    if not url:
        return None
    if not isinstance(url, str) or not _is_at_xero(url):
        raise Problem("xero_answer_unreadable")
    return url


def _is_at_xero(url: str) -> bool:
    """Whether a browser may be sent there: https, at Xero and nowhere else."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    at_xero = host == "xero.com" or host.endswith(".xero.com")
    plain = parts.username is None and port is None and "\\" not in url
    return parts.scheme == "https" and at_xero and plain and url.isprintable()
