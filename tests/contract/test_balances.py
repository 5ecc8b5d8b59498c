"""Balances and flags of contacts, which Xero's incremental reads miss, are right after
each sync all the same; and what that costs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.mutations import carry_out
from infra.xero_simulator.store import Tenant
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.feed import PART
from lambda_connector.logic.model.sync import Sync
from lambda_connector.logic.resources import FEATURES
from lambda_connector.xero.accounting import HttpXeroApi
from lambda_connector.xero.identity import HttpXeroIdentity
from tests.contract.openapi import simulators
from tests.unit.connector.fake_xero import FakeXero
from tests.unit.connector.memory import MovableClock
from tests.unit.connector.world import SETTINGS, START, World, memory_ports

ALL = ["contacts", "items", "sales"]
STANDING = ("Balances", "IsCustomer", "IsSupplier")
SECONDS = 30.0


@dataclass
class Books:
    """An organisation in the simulator, a connector that reads it, and what Odoo's
    mirror would hold: the newest record of each contact."""

    tenant: Tenant
    clock: MovableClock
    xero_clock: Clock
    world: World
    connection: Connection
    mirror: dict[str, dict[str, Any]]
    position: int = 0

    def change(self, collection: str, **change: Any) -> dict[str, Any]:
        self.clock.advance(seconds=1)
        return carry_out(self.tenant, self.xero_clock, collection, change)

    def sale(self, contact: str, kind: str = "ACCREC") -> dict[str, Any]:
        line = {"Description": "Tea", "Quantity": 1, "UnitAmount": 100}
        invoice = {
            "Contact": {"ContactID": contact},
            "Type": kind,
            "Status": "AUTHORISED",
            "LineItems": [line],
        }
        return self.change("invoices", action="add", invoice=invoice)

    def pay(self, invoice: dict[str, Any], amount: int = 40) -> None:
        name = {"InvoiceID": invoice["InvoiceID"]}
        self.change("invoices", action="pay", invoice=name, amount=amount)

    def sync(self, mode: str = "incremental", **wanted: Any) -> Sync:
        self.clock.advance(minutes=15)
        wanted = wanted or {"features": ALL}
        started, _ = self.world.services.syncs.start(
            self.world.instance, self.connection.id, mode, **wanted
        )
        self.world.deliver_all()
        return self.ended(started)

    def ended(self, started: Sync) -> Sync:
        ended = self.world.sync(started)
        assert ended.state == "done", ended
        self.fetch()
        return ended

    def fetch(self) -> None:
        """As Odoo does: in the feed's order, newer answers win."""
        held = self.connection
        entries = self.world.ports.feeds.entries(
            held.instance, held.id, self.position, 10_000
        )
        for entry in entries:
            self.position = entry.n
            if entry.kind == PART and entry.resource == "contacts":
                data = self.world.ports.spool.get(held.instance, held.id, entry.sha256)
                for record in json.loads(gzip.decompress(data))["Contacts"]:
                    self.mirror[record["ContactID"]] = record

    def wrong(self) -> dict[str, Any]:
        """Contacts of which the mirror holds another standing than Xero."""
        truth = {one["ContactID"]: one for one in self.tenant.contacts.records()}
        return {
            name: (_standing(self.mirror.get(name, {})), _standing(record))
            for name, record in truth.items()
            if _standing(self.mirror.get(name, {})) != _standing(record)
        }

    def contacts(self) -> list[str]:
        return [one["ContactID"] for one in self.tenant.contacts.records()]


def _standing(record: dict[str, Any]) -> dict[str, Any]:
    held = {name: record.get(name) for name in STANDING}
    return json.loads(json.dumps(held, default=float))


@contextmanager
def books(contacts: int, invoices: int = 20) -> Iterator[Books]:
    tenant = generate(21, 0, contacts, invoices)
    clock = MovableClock(START)
    xero_clock = Clock(lambda: clock.now().timestamp())
    simulated = simulators.simulator(tenant, xero_clock)
    fake = FakeXero(clock)
    ports = replace(
        memory_ports(clock, fake, SETTINGS),
        identity=HttpXeroIdentity(simulators.LOGIN, simulators.IDENTITY, SECONDS),
        api=HttpXeroApi(simulators.API, SECONDS),
    )
    with simulators.wired(simulated):
        world = World.on(SETTINGS, ports, clock, fake)
        secret = simulators.APP.client_secret
        world.services.apps.save(
            world.instance, simulators.APP.client_id, secret, "core"
        )
        made, url = world.services.authorizations.begin(
            world.instance, "", tuple(FEATURES), None, simulators.REDIRECT
        )
        back = simulators.allow(url)
        world.services.authorizations.returned(back["state"], back["code"], None)
        held = world.services.authorizations.complete(world.instance, made.id, None)
        yield Books(tenant, clock, xero_clock, world, held, {})


def names(sync: Sync) -> list[str]:
    return [step.resource for step in sync.steps]


def test_first_sync_reads_no_contact_twice() -> None:
    with books(60) as kept:
        first = kept.sync("full")
        assert first.calls == len(first.steps) == 8
        assert kept.wrong() == {}


def test_few_contacts_are_read_as_a_whole_where_their_documents_changed() -> None:
    """One call, as for those that changed."""
    with books(60) as kept:
        kept.sync("full")
        invoice = kept.sale(kept.contacts()[3])
        again = kept.sync()
        assert (names(again), again.calls) == (
            ["invoices", "credit_notes", "contacts"],
            3,
        )
        assert again.steps[-1].mode == "full"
        assert kept.wrong() == {}
        kept.pay(invoice)
        assert kept.sync().calls == 3
        assert kept.wrong() == {}
        quiet = kept.sync()
        assert (quiet.calls, quiet.steps[-1].mode) == (3, "incremental")
