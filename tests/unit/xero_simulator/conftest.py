"""A simulator inside the test, whose clock stands still until it is moved."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from infra.xero_simulator import demo
from infra.xero_simulator.app import Application
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.oauth.registry import App
from infra.xero_simulator.simulator import Simulator
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record
from infra.xero_simulator.webhooks.payload import sign
from infra.xero_simulator.webhooks.posting import Answer

WEBHOOK = "https://connector.example/webhooks/1"
REDIRECT = "https://connector.example/oauth/callback"
SCOPES = (
    "offline_access accounting.contacts.read accounting.invoices.read "
    "accounting.payments.read accounting.reports.aged.read accounting.settings.read"
)
WRITING = "accounting.contacts accounting.invoices accounting.settings.read"
NOON = 1_795_176_000.0  # 20 November 2026, 12:00 UTC


class Receiver:
    """An app's webhook address: checks signatures, keeps what is well signed.

    `answer` is what it gives instead of 200, `status_of_wrong` instead of 401.
    """

    def __init__(self) -> None:
        self.key = ""
        self.answer = Answer(200, 0.01)
        self.status_of_wrong = 401
        self.bodies: list[bytes] = []

    def __call__(self, address: str, body: bytes, signature: str) -> Answer:
        if sign(self.key, body) != signature:
            return Answer(self.status_of_wrong, 0.01)
        self.bodies.append(body)
        return self.answer

    @property
    def posts(self) -> list[dict]:
        """What came with events in it."""
        documents = [json.loads(body) for body in self.bodies]
        return [each for each in documents if each["events"]]

    @property
    def events(self) -> list[dict]:
        return [event for post in self.posts for event in post["events"]]


class Xero:
    """The simulator, and an app with its credentials."""

    def __init__(
        self, contacts: list[Record] | None = None, **others: list[Record]
    ) -> None:
        self.first = Tenant(
            "aaaaaaaa-0000-4000-8000-000000000001",
            "First Ltd",
            {"OrganisationID": "aaaaaaaa-0000-4000-8000-000000000001"},
        )
        for name, records in {"contacts": contacts or [], **others}.items():
            self.first.collections[name].fill(records)
        self.second = generate(1, 1, 3)
        self.receiver = Receiver()
        self.practice = demo.practice()
        self.simulator = Simulator(
            address="http://localhost:8071",
            tenants=[self.first, self.second, self.practice],
            apps=[
                App("client", "secret", (REDIRECT,)),
                App("other", "word", (REDIRECT,)),
                App("native", None, (REDIRECT,)),
            ],
            users=demo.people([self.first, self.second], [self.practice]),
            clock=Clock(lambda: NOON),
            send=self.receiver,
        )
        self.adviser, self.bookkeeper, self.accountant = (
            self.simulator.registry.users.values()
        )
        self.http = Client(Application(self.simulator))

    def advance(self, **units: float) -> None:
        seconds = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        self.simulator.clock.advance(sum(seconds[u] * n for u, n in units.items()))

    def authorize(self, form: dict | None = None, **query: str | None) -> TestResponse:
        """Open the consent page, or send its form."""
        asked = {
            "response_type": "code",
            "client_id": "client",
            "redirect_uri": REDIRECT,
            "scope": SCOPES,
            "state": "s/1",
            **query,
        }
        asked = {name: value for name, value in asked.items() if value is not None}
        path = "/identity/connect/authorize"
        if form is None:
            return self.http.get(path, query_string=asked)
        return self.http.post(path, query_string=asked, data=form)

    def code(self, form: dict | None = None, **query: str | None) -> str:
        """Consent, and the code that came back."""
        answer = self.authorize({"decision": "allow"} | (form or {}), **query)
        return parse_qs(urlsplit(answer.location).query)["code"][0]

    def token(self, client=("client", "secret"), **form: str) -> TestResponse:
        """Ask the token endpoint."""
        return self.http.post("/connect/token", data=form, auth=client)

    def consent(self, form: dict | None = None, **query: str) -> dict:
        """Consent and exchange the code: the token answer."""
        answer = self.token(
            grant_type="authorization_code",
            code=self.code(form, **query),
            redirect_uri=REDIRECT,
        )
        assert answer.status_code == 200, answer.text
        return answer.json

    def connect(self, **query: str) -> "Caller":
        """Consent to the first organisation, and a caller that reads it."""
        return Caller(self, self.consent(**query)["access_token"], self.first)


class Caller:
    """Calls the API with a token and a tenant."""

    def __init__(self, xero: Xero, access_token: str, tenant: Tenant) -> None:
        self.xero = xero
        self.headers = {
            "Authorization": f"Bearer {access_token}",
            "xero-tenant-id": tenant.tenant_id,
            "Accept": "application/json",
        }

    def get(
        self, path: str, headers: dict | None = None, **query: object
    ) -> TestResponse:
        """A resource of the Accounting API, or with a leading slash any path."""
        path = path if path.startswith("/") else f"/api.xro/2.0/{path}"
        sent = {**self.headers, **(headers or {})}
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.xero.http.get(path, query_string=query, headers=sent)

    def write(
        self,
        method: str,
        path: str,
        body: object,
        headers: dict | None = None,
        **query: object,
    ) -> TestResponse:
        """PUT or POST a resource of the Accounting API."""
        return self.xero.http.open(
            f"/api.xro/2.0/{path}",
            method=method,
            json=body,
            query_string=query,
            headers={**self.headers, **(headers or {})},
        )

    def records(
        self, plural: str, headers: dict | None = None, **query: object
    ) -> list[Record]:
        """What a list holds."""
        answer = self.get(plural, headers, **query)
        assert answer.status_code == 200, answer.text
        return answer.json[plural]

    def contacts(self, headers: dict | None = None, **query: object) -> list[Record]:
        return self.records("Contacts", headers, **query)

    def invoices(self, headers: dict | None = None, **query: object) -> list[Record]:
        return self.records("Invoices", headers, **query)

    def names(self, headers: dict | None = None, **query: object) -> list[str]:
        return [contact["Name"] for contact in self.contacts(headers, **query)]


def contact(number: int, **fields: object) -> Record:
    """A contact whose id and time grow with its number."""
    return {
        "ContactID": f"{number:08d}-0000-4000-8000-000000000000",
        "ContactStatus": "ACTIVE",
        "Name": f"Contact {number}",
        "UpdatedDateUTC": f"/Date({1_795_000_000_000 + number * 1000}+0000)/",
        **fields,
    }


def invoice(number: int, to: int = 1, **fields: object) -> Record:
    """An invoice to the contact of a number, like it in id and time."""
    party = contact(to)
    return {
        "Type": "ACCREC",
        "InvoiceID": f"{number:08d}-1000-4000-8000-000000000000",
        "InvoiceNumber": f"INV-{number}",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": party["ContactID"], "Name": party["Name"]},
        "UpdatedDateUTC": f"/Date({1_795_000_000_000 + number * 1000}+0000)/",
        **fields,
    }


@pytest.fixture
def make_xero():
    return Xero


@pytest.fixture
def make_contact():
    return contact


@pytest.fixture
def make_invoice():
    return invoice


@pytest.fixture
def control(xero: Xero):
    """Calls the control API and gives its JSON."""

    def call(method: str, path: str, expected: int = 200, **sent: object):
        answer = xero.http.open(f"/_simulator{path}", method=method, **sent)
        assert answer.status_code == expected, answer.text
        return answer.json if answer.data else None

    return call


@pytest.fixture
def webhook(xero: Xero, caller: Caller, control):
    """The control API of the app's webhook, after an intent to receive went well."""
    path = "/apps/client/webhook"
    made = control("PUT", path, json={"address": WEBHOOK})
    xero.receiver.key = made["signing_key"]
    assert control("POST", f"{path}/intent")["status"] == "OK"

    def call(method: str, more: str = "", expected: int = 200, **sent: object):
        return control(method, path + more, expected, **sent)

    return call


@pytest.fixture
def burst(xero: Xero, control):
    """Dates so many contacts of the first organisation anew."""
    path = f"/organisations/{xero.first.tenant_id}/burst"
    return lambda events: control("POST", path, json={"events": events})


@pytest.fixture
def change(xero: Xero, control):
    """Changes a record of the first organisation."""

    def call(expected: int = 200, kind: str = "contacts", **body: object):
        path = f"/organisations/{xero.first.tenant_id}/{kind}"
        return control("POST", path, expected, json=body)

    return call


@pytest.fixture
def xero() -> Xero:
    return Xero([contact(number) for number in range(1, 4)])


@pytest.fixture
def caller(xero: Xero) -> Caller:
    return xero.connect()


@pytest.fixture
def writer(xero: Xero) -> Caller:
    """A caller that may write contacts and invoices."""
    return xero.connect(scope=WRITING)
