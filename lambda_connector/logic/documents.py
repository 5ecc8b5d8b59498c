"""Single documents of an organisation, fetched while a person waits.

Nothing of them is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from .model.connection import Connection
from .ports import DocumentRequest
from .problems import Problem
from .resources import FEATURES, RESOURCES
from .single_calls import SingleCalls

MAX_PDF_BYTES = 4_500_000
"""In base64 it fits the 6 MB that a function may answer."""
MAX_JSON_BYTES = 2_000_000
"""As text within text: most characters of other alphabets take three times as much."""
INVOICES = (RESOURCES["invoices"].scope,)
REPORT = FEATURES["report"].scopes
"""The scopes that reading an invoice and the report needs."""


@dataclass(frozen=True)
class Documents:
    calls: SingleCalls

    def invoice_pdf(self, instance: str, connection: str, invoice: str) -> bytes:
        """The invoice as Xero draws it now."""
        request = DocumentRequest(
            f"Invoices/{invoice}/pdf", MAX_PDF_BYTES, "application/pdf"
        )
        held = self.calls.admit(instance, connection, INVOICES)
        body = self._fetch(held, INVOICES, request)
        if not body.startswith(b"%PDF-"):
            raise Problem("xero_answer_unreadable")
        return body

    def online_url(self, instance: str, connection: str, invoice: str) -> str | None:
        """The page at Xero where the customer sees the invoice; None where there is
        none, as of a draft, for which Xero answers that it does not know it."""
        request = DocumentRequest(f"Invoices/{invoice}/OnlineInvoice", MAX_JSON_BYTES)
        held = self.calls.admit(instance, connection, INVOICES)
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
        held = self.calls.admit(instance, connection, REPORT)
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

    def _fetch(
        self, held: Connection, scopes: Sequence[str], request: DocumentRequest
    ) -> bytes:
        self.calls.hold(held)
        return self.calls.fetch(held, scopes, request).body


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
