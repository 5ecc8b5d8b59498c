"""Xero at the connector's port: a few organisations, and faults when told to."""

from __future__ import annotations

import json
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from lambda_connector.logic.clock import Clock
from lambda_connector.logic.faults import (
    ClientRefused,
    GrantRefused,
    OrganisationGone,
    TokenRejected,
)
from lambda_connector.logic.pages import pack
from lambda_connector.logic.ports import (
    Answer,
    Consent,
    Document,
    DocumentRequest,
    Grant,
    PageRequest,
    Tenant,
    WriteRequest,
)

from .fake_books import Books

ALL_SCOPES = (
    "offline_access",
    "accounting.settings.read",
    "accounting.contacts.read",
)
SALES_SCOPES = ("accounting.invoices.read", "accounting.payments.read")
REPORT_SCOPES = ("accounting.reports.aged.read",)
WRITE_SCOPES = ("accounting.contacts", "accounting.invoices")
EVERY_SCOPE = (*ALL_SCOPES, *SALES_SCOPES, *REPORT_SCOPES, *WRITE_SCOPES)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n%%EOF\n"


@dataclass
class FakeXero:
    """Both ports of Xero. `faults` strike the next reads, `identity_faults` the next
    token calls, `lost` those whose answer gets lost after Xero has acted."""

    clock: Clock
    client: tuple[str, str] = ("client", "secret")
    known: bool | None = True
    user: str = "user-1"
    scopes: tuple[str, ...] = ALL_SCOPES
    tenants_of_consent: list[Tenant] = field(default_factory=list)
    tenants_of_user: list[Tenant] = field(default_factory=list)
    names_consents: bool = True
    contacts: list[dict[str, Any]] = field(default_factory=list)
    sales: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Items and documents, by the path of their list."""
    documents: dict[str, bytes] = field(default_factory=dict)
    """Single documents, by path, in place of those that every record has."""
    books: Books = field(default_factory=Books)
    """What is read and written one by one."""
    written: list[WriteRequest] = field(default_factory=list)
    max_page_size: int = 1000
    day_remaining: int | None = 1000
    """What is left of the day's calls, as the answers say."""
    faults: deque[Exception | None] = field(default_factory=deque)
    identity_faults: deque[Exception | None] = field(default_factory=deque)
    lost: deque[Exception | None] = field(default_factory=deque)
    reads: list[PageRequest] = field(default_factory=list)
    refreshes: int = 0
    disconnected: list[str] = field(default_factory=list)
    fetched: list[DocumentRequest] = field(default_factory=list)
    asked: list[Consent] = field(default_factory=list)
    exchanged: list[tuple[Any, ...]] = field(default_factory=list)
    verifiers: set[str | None] = field(default_factory=set)
    """Of consents whose code was taken: each is good for once."""
    access: dict[str, datetime] = field(default_factory=dict)
    refresh_tokens: dict[str, datetime | None] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    """Whose each token is."""
    removed: list[tuple[str, str]] = field(default_factory=list)
    """Users and the rows of /connections that they removed."""
    ignores_page: bool = False
    """Every page holds all rows, as the `order` of one endpoint once did."""
    distort: Callable[[dict[str, Any], PageRequest], None] | None = None
    """Changes the envelope of a paged answer before it is sent."""
    before_read: Callable[[PageRequest], None] | None = None
    gone: bool = False
    """Xero refuses every organisation of this user."""

    # Identity

    def authorize_url(self, consent: Consent) -> str:
        self.asked.append(consent)
        return f"https://login.example/authorize?state={consent.state}"

    def recognises(self, client_id: str, client_secret: str) -> bool | None:
        return self.known

    def exchange(
        self,
        client_id: str,
        client_secret: str,
        code: str,
        redirect_uri: str,
        verifier: str | None,
    ) -> Grant:
        self._identity(client_id, client_secret)
        self.exchanged.append((code, redirect_uri, verifier))
        if code != "good-code" or redirect_uri != self.asked[-1].redirect_uri:
            raise GrantRefused("invalid_grant")
        if verifier in self.verifiers:
            raise GrantRefused("invalid_grant")
        self.verifiers.add(verifier)
        return self.grant()

    def refresh(self, client_id: str, client_secret: str, token: str) -> Grant:
        self._identity(client_id, client_secret)
        if token not in self.refresh_tokens:
            raise GrantRefused("invalid_grant")
        replaced = self.refresh_tokens[token]
        if replaced and replaced + timedelta(minutes=30) <= self.clock.now():
            raise GrantRefused("invalid_grant")
        self.refreshes += 1
        self.refresh_tokens[token] = replaced or self.clock.now()
        grant = self.grant(self.users[token])
        self._strike(self.lost)
        return grant

    def grant(self, user: str | None = None) -> Grant:
        """New tokens of that user, or of whoever is at the consent page."""
        user = user or self.user
        access, refresh = f"a-{uuid.uuid4()}", f"r-{uuid.uuid4()}"
        self.users[access] = self.users[refresh] = user
        self.access[access] = self.clock.now() + timedelta(minutes=30)
        self.refresh_tokens[refresh] = None
        return Grant(access, refresh, 1800, self.scopes, user, "event-1")

    def _identity(self, client_id: str, client_secret: str) -> None:
        self._strike(self.identity_faults)
        if (client_id, client_secret) != self.client:
            raise ClientRefused

    # API

    def tenants(self, token: str, event: str | None) -> list[Tenant]:
        self._check(token)
        self._strike(self.faults)
        if event:
            return list(self.tenants_of_consent) if self.names_consents else []
        return list(self.tenants_of_user or self.tenants_of_consent)

    def disconnect(self, token: str, xero_id: str) -> None:
        self._check(token)
        self._strike(self.faults)
        self.disconnected.append(xero_id)
        self.removed.append((self.users[token], xero_id))

    def read(self, token: str, organisation: str, request: PageRequest) -> Answer:
        self.reads.append(request)
        self._check(token)
        self._strike(self.faults)
        if self.before_read:
            self.before_read(request)
        if self.gone:
            raise OrganisationGone
        envelope = self._envelope(organisation, request)
        now = self.clock.now()
        envelope = {
            "Id": str(uuid.uuid4()),
            "Status": "OK",
            "DateTimeUTC": f"/Date({int(now.timestamp() * 1000)})/",
            **envelope,
        }
        body = json.dumps(envelope).encode()
        if self.day_remaining:
            self.day_remaining -= 1
        return Answer(body, pack(body), now, self.day_remaining, 50)

    def document(
        self, token: str, organisation: str, request: DocumentRequest
    ) -> Document:
        self.fetched.append(request)
        self._check(token)
        self._strike(self.faults)
        if self.gone:
            raise OrganisationGone
        if self.day_remaining:
            self.day_remaining -= 1
        body = self.documents.get(request.path) or self._document(request)
        return self._came(body)

    def write(self, token: str, organisation: str, request: WriteRequest) -> Document:
        self.written.append(request)
        self._check(token)
        self._strike(self.faults)
        if self.gone:
            raise OrganisationGone
        body = self.books.write(request, self.clock.now())
        self._strike(self.lost)
        return self._came(body)

    def _came(self, body: bytes) -> Document:
        return Document(body, self.day_remaining, 50, self.clock.now())

    def _document(self, request: DocumentRequest) -> bytes:
        if request.path.endswith("/pdf"):
            return PDF
        if request.path.endswith("/OnlineInvoice"):
            address = "https://in.xero.com/abcdefgh"
            return json.dumps(
                {"OnlineInvoices": [{"OnlineInvoiceUrl": address}]}
            ).encode()
        if not request.path.startswith("Reports/"):
            return self.books.read(request)
        titles = [request.parameters["contactId"], request.parameters["date"]]
        return json.dumps({"Reports": [{"ReportTitles": titles}]}).encode()

    def _envelope(self, organisation: str, request: PageRequest) -> dict[str, Any]:
        if request.path == "Organisation":
            return {"Organisations": [{"OrganisationID": organisation}]}
        if request.path == "ContactGroups":
            return {"ContactGroups": []}
        rows = self.contacts
        if request.path != "Contacts":
            rows = self.sales.get(request.path, [])
        if "order" not in request.parameters:
            return {request.path: rows}
        rows = sorted(rows, key=itemgetter(request.parameters["order"]))
        if request.since:
            rows = [row for row in rows if row["updated"] >= request.since.isoformat()]
        if "IDs" in request.parameters:
            wanted = request.parameters["IDs"].split(",")
            rows = [row for row in rows if row["ContactID"].lower() in wanted]
        page = int(request.parameters["page"])
        size = min(int(request.parameters["pageSize"]), self.max_page_size)
        shown = rows if self.ignores_page else rows[(page - 1) * size : page * size]
        paging = {
            "page": page,
            "pageSize": size,
            "pageCount": -(-len(rows) // size),
            "itemCount": len(rows),
        }
        envelope = {"pagination": paging, request.path: shown}
        if self.distort:
            self.distort(envelope, request)
        return envelope

    def _check(self, token: str) -> None:
        if self.access.get(token, self.clock.now()) <= self.clock.now():
            raise TokenRejected

    def _strike(self, faults: deque[Exception | None]) -> None:
        fault = faults.popleft() if faults else None
        if fault:
            raise fault

    def expire_access(self) -> None:
        self.access.clear()

    def fill(self, count: int) -> None:
        """So many contacts, last changed now."""
        changed = self.clock.now().isoformat()
        self.contacts = [
            {"ContactID": f"{n:08d}", "Name": f"Contact {n}", "updated": changed}
            for n in range(count)
        ]
