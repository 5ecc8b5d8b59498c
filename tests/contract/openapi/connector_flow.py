"""The connector's real code at a simulated Xero: everything that it ever asks for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import uuid4

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.mutations import carry_out
from infra.xero_simulator.store import Tenant
from lambda_connector.logic import balances, documents
from lambda_connector.logic.resources import (
    FEATURES,
    READ_FEATURES,
    RESOURCES,
    Resource,
)
from lambda_connector.xero.accounting import HttpXeroApi
from lambda_connector.xero.identity import HttpXeroIdentity
from tests.contract.openapi import simulators
from tests.contract.openapi.differences import Verdict, verdict
from tests.contract.openapi.exchange import Exchange
from tests.contract.openapi.identity import is_consent_or_token, token_findings
from tests.contract.openapi.judge import (
    operation_of,
    request_findings,
    scope_findings,
)
from tests.contract.openapi.shapes import API
from tests.unit.connector.fake_xero import FakeXero
from tests.unit.connector.http_events import Answer, Api
from tests.unit.connector.memory import MovableClock
from tests.unit.connector.world import SETTINGS, START, World, memory_ports

SECONDS = 30.0
NEW = {
    "Name": "Rata Bakery",
    "ContactNumber": "ODOO-0a1b2c3d-7",
    "EmailAddress": "rata@bakery.example",
    "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555 1234"}],
    "Addresses": [{"AddressType": "POBOX", "City": "Bluff", "Country": "New Zealand"}],
    "ContactPersons": [{"FirstName": "Ann", "EmailAddress": "ann@bakery.example"}],
}
FULL_PAGE = "pageSize=1000"


@dataclass(frozen=True)
class Watched:
    """A port of the connector, and which of its methods were called."""

    port: Any
    called: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        self.called.add(name)
        return getattr(self.port, name)


IDENTITY_PORT = Watched(
    HttpXeroIdentity(simulators.LOGIN, simulators.IDENTITY, SECONDS)
)
API_PORT = Watched(HttpXeroApi(simulators.API, SECONDS))


class Connector:
    """The connector with its stores in memory, Xero's addresses, and a person who
    allows everything."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        fake = FakeXero(clock)
        ports = replace(
            memory_ports(clock, fake, SETTINGS),
            identity=IDENTITY_PORT,
            api=API_PORT,
        )
        self._world = World.on(SETTINGS, ports, clock, fake)
        self._api = Api(self._world)

    def set_app(self) -> None:
        secret = simulators.APP.client_secret
        body = {"client_id": simulators.APP.client_id, "client_secret": secret}
        assert self._api("PUT", "/v1/app", body).json["verified"] is True

    def connect(self, connection: str | None = None) -> str:
        """Consent to everything; the connection's id."""
        wish = {
            "reference": "1",
            "features": list(FEATURES),
            "connection": connection,
        }
        begun = self._api("POST", "/v1/authorizations", wish).json
        came_back = simulators.allow(begun["authorize_url"])
        landed = self._api("GET", "/oauth/callback", key="", **came_back)
        assert landed.status == 302
        handle = landed.headers["Location"].partition("authorization=")[2]
        path = f"/v1/authorizations/{handle}/completion"
        return self._api("POST", path, {"organisation": None}).json["connection"]["id"]

    def sync(self, connection: str, mode: str) -> str:
        """Read every resource of the table; the state it ended in."""
        return self._synced(connection, {"resources": list(RESOURCES), "mode": mode})

    def poll(self, connection: str) -> str:
        """Read what is due of every feature; the state it ended in."""
        wish = {"features": list(READ_FEATURES), "mode": "incremental"}
        return self._synced(connection, wish)

    def _synced(self, connection: str, wish: dict[str, Any]) -> str:
        path = f"/v1/connections/{connection}/syncs"
        started = self._api("POST", path, wish)
        assert started.status == 202, started.body
        self._world.deliver_all()
        return self._api("GET", f"/v1/syncs/{started.json['id']}").json["state"]

    def look_at_documents(self, connection: str, tenant: Tenant) -> None:
        """What a person opens of an invoice and of its customer."""
        invoice = next(
            record
            for record in tenant.invoices.records()
            if (record["Type"], record["Status"]) == ("ACCREC", "PAID")
        )
        at = f"/v1/connections/{connection}"
        for path in (
            f"{at}/invoices/{invoice['InvoiceID']}/pdf",
            f"{at}/invoices/{invoice['InvoiceID']}/online-url",
        ):
            assert self._api("GET", path).status == 200
        path = f"{at}/contacts/{invoice['Contact']['ContactID']}/aged-receivables"
        assert self._api("GET", path, date="2026-11-02").json["Reports"]

    def write_everything(self, connection: str, tenant: Tenant) -> None:
        """A customer is made, made again after the answer was lost, changed, and gets a
        draft of an invoice; what is taken or changed there already is told."""
        made = self.write("POST", f"{connection}/contacts", contact=NEW).json["contact"]
        again = self.write("POST", f"{connection}/contacts", "made-again", contact=NEW)
        assert again.json["contact"]["ContactID"] == made["ContactID"]
        other = NEW | {"ContactNumber": "ODOO-0a1b2c3d-8"}
        refused = self.write("POST", f"{connection}/contacts", contact=other)
        assert refused.code == "contact_exists"
        at = f"{connection}/contacts/{made['ContactID']}"
        assert self._api("GET", f"/v1/connections/{at}").status == 200
        change, seen = {"LastName": "Partridge"}, made["UpdatedDateUTC"]
        assert self.write("PATCH", at, contact=change, seen=seen).status == 200
        item = next(each for each in tenant.items.records() if each["IsSold"])
        draft = {
            "Contact": {"ContactID": made["ContactID"]},
            "LineItems": [{"ItemCode": item["Code"], "Quantity": 2}],
            "Reference": "ODOO-0a1b2c3d-31-1",
            "Url": "https://crm.example/odoo/crm/31",
            "Date": "2026-11-22",
        }
        path = f"{connection}/invoices"
        first = self.write("POST", path, "draft-once", invoice=draft).json["invoice"]
        again = self.write("POST", path, "draft-once", invoice=draft).json["invoice"]
        assert again["InvoiceID"] == first["InvoiceID"]

    def write(
        self, method: str, path: str, key: str | None = None, **body: Any
    ) -> Answer:
        """Write something, under a key of its own unless one is given."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        at = f"/v1/connections/{path}"
        return self._api(method, at, body, headers=headers)

    def disconnect(self, connection: str) -> None:
        assert self._api("DELETE", f"/v1/connections/{connection}").status == 204

    def wait(self, **units: float) -> None:
        self._clock.advance(**units)


@cache
def connector_exchanges() -> dict[str, list[Exchange]]:
    """What the connector sent to Xero and got, by what it was doing."""
    clock = MovableClock(START)
    tenant = simulators.DATASETS["generated"]()
    xero_clock = Clock(lambda: clock.now().timestamp())
    simulated = simulators.simulator(tenant, xero_clock)
    stages: dict[str, list[Exchange]] = {}
    with simulators.wired(simulated) as wire:
        connector = Connector(clock)

        def during(stage: str, act: Any, *given: Any) -> Any:
            came = act(*given)
            stages[stage] = list(wire.exchanges)
            wire.exchanges.clear()
            return came

        during("setting the app", connector.set_app)
        held = during("connecting", connector.connect)
        assert during("full", connector.sync, held, "full") == "done"
        during("documents", connector.look_at_documents, held, tenant)
        connector.wait(hours=25)
        assert during("incremental", connector.sync, held, "incremental") == "done"
        during("writing", connector.write_everything, held, tenant)
        connector.wait(minutes=15)
        _pay_everything(tenant, xero_clock)
        with patch.object(balances, "pages", lambda count: 9):
            # As if there were more contacts than can be read at once.
            assert during("by ids", connector.sync, held, "incremental") == "done"
        connector.wait(days=8)
        assert during("open ones", connector.poll, held) == "done"
        wire.lost = lambda request: FULL_PAGE in request.url
        assert during("halved", connector.sync, held, "full") == "done"
        wire.lost = lambda request: False
        simulated.registry.disconnect_tenant(tenant)
        assert during("shut out", connector.sync, held, "incremental") == "failed"
        during("reconnecting", connector.connect, held)
        during("disconnecting", connector.disconnect, held)
    return stages


def _pay_everything(tenant: Tenant, clock: Clock) -> None:
    """Something of each sales invoice, which moves the balances of its contact."""
    for invoice in list(tenant.invoices.records()):
        if (invoice["Type"], invoice["Status"]) == ("ACCREC", "AUTHORISED"):
            name = {"InvoiceID": invoice["InvoiceID"]}
            payment = {"action": "pay", "invoice": name, "amount": 1}
            carry_out(tenant, clock, "invoices", payment)


def request_verdict(exchange: Exchange) -> Verdict:
    """On what was sent to Xero; on the token service's answer too."""
    if is_consent_or_token(exchange.request):
        return verdict(token_findings(exchange), exchange)
    return verdict(request_findings(exchange.request), exchange)


def scope_verdict(resource: Resource) -> Verdict:
    """On the one scope that the connector asks for in order to read a resource."""
    exchange = reads("full", resource)[0]
    operation = operation_of(exchange.request)
    return verdict(scope_findings(operation, {resource.scope}), exchange)


def document_verdicts() -> list[Verdict]:
    """On the scopes that the connector checks before it asks for a document."""
    return [
        verdict(
            scope_findings(operation_of(exchange.request), set(scopes)),
            exchange,
        )
        for exchange, scopes in zip(
            connector_exchanges()["documents"],
            (documents.INVOICES, documents.INVOICES, documents.REPORT),
            strict=True,
        )
    ]


def write_verdicts() -> list[Verdict]:
    """On the scopes that the connector checks before it writes."""
    features = {"Contacts": "contacts_write", "Invoices": "invoices_write"}
    return [
        verdict(
            scope_findings(operation_of(exchange.request), set(scopes)),
            exchange,
        )
        for exchange in connector_exchanges()["writing"]
        if exchange.request.method != "GET"
        and (kind := urlsplit(exchange.request.url).path.split("/")[3])
        and (scopes := FEATURES[features[kind]].scopes)
    ]


def reads(stage: str, resource: Resource) -> list[Exchange]:
    """The calls for a resource in a stage."""
    return [
        exchange
        for exchange in connector_exchanges()[stage]
        if urlsplit(exchange.request.url).path == f"{API}/{resource.path}"
    ]
