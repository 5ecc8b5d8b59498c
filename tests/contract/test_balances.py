"""Balances and flags of contacts, which Xero's incremental reads miss, are right after
each sync all the same; and what that costs."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.mutations import carry_out
from infra.xero_simulator.mutations.change import MutationRefused
from infra.xero_simulator.store import Tenant
from lambda_connector.logic import balances, due
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.feed import PART, FeedEntry
from lambda_connector.logic.model.sync import WEBHOOK, Sync
from lambda_connector.logic.resources import FEATURES
from lambda_connector.xero.accounting import HttpXeroApi
from lambda_connector.xero.identity import HttpXeroIdentity
from tests.contract.openapi import simulators
from tests.unit.connector.disorder import Fate, Killed, mortal_ports
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

    def cancelled(self) -> None:
        """A sync that somebody stops after two pages."""
        self.clock.advance(minutes=15)
        syncs, where = self.world.services.syncs, (self.world.instance,)
        started, _ = syncs.start(
            *where, self.connection.id, "incremental", features=ALL
        )
        for _ in range(2):
            self.world.deliver()
        syncs.cancel(*where, started.id)
        self.world.deliver_all()
        self.fetch()

    def mortally(self, moment: int) -> bool:
        """A sync whose process dies at the n-th call of a port; whether it lived."""
        self.clock.advance(minutes=15)
        world = self.world
        mortal = world.through(mortal_ports(world.ports, Fate(moment)))
        try:
            mortal.syncs.start(
                world.instance, self.connection.id, "incremental", features=ALL
            )
            while world.queue:
                mortal.worker.work(world.queue.pop(0), lambda: 900.0)
        except Killed:
            return False
        return True

    def recover(self) -> None:
        """What the janitor makes of what was left."""
        world = self.world
        for _ in range(9):
            world.deliver_all()
            if not world.ports.syncs.live(world.instance, self.connection.id):
                break
            self.clock.advance(minutes=6)
            world.janitor()
        self.fetch()

    def parts(self, sync: Sync, step: str) -> list[FeedEntry]:
        entries = self.world.entries(self.connection)
        return [one for one in entries if (one.sync, one.step) == (sync.id, step)]

    def records(self, part: FeedEntry) -> list[dict[str, Any]]:
        held = self.connection
        data = self.world.ports.spool.get(held.instance, held.id, part.sha256)
        return json.loads(gzip.decompress(data))[part.key]

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
                for record in self.records(entry):
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
    # Just after midnight in the organisation's time zone: what is overdue stays so.
    clock = MovableClock(START.replace(hour=11, minute=5))
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
        _made, url = world.services.authorizations.begin(
            world.instance, "", tuple(FEATURES), None, simulators.REDIRECT
        )
        back = simulators.allow(url)
        _held, handle = world.services.authorizations.returned(
            back["state"], back["code"], None
        )
        held = world.services.authorizations.complete(world.instance, handle, None)
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


# Many contacts: few are asked for by their ids


def _pages_of_six(records: int | None) -> int:
    return max(1, math.ceil((records or 0) / 6))


@contextmanager
def small_pages() -> Iterator[None]:
    """As if six contacts made a page, and four ids filled an address."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(due, "pages", _pages_of_six)
        patched.setattr(balances, "pages", _pages_of_six)
        patched.setattr(balances, "BATCH", 4)
        yield


@pytest.fixture
def many() -> Iterator[None]:
    with small_pages():
        yield


@pytest.mark.parametrize(
    ("touched", "calls"), [(0, 0), (1, 1), (4, 1), (5, 2), (36, 9), (37, 1)]
)
def test_touched_contacts_cost_a_call_for_each_batch_or_what_all_cost(
    many, touched: int, calls: int
) -> None:
    """Sixty contacts make ten pages here, and one in truth."""
    with books(60) as kept:
        kept.sync("full")
        for name in kept.contacts()[:touched]:
            kept.sale(name)
        again = kept.sync()
        assert again.calls == 3 + calls - (touched == 37)
        assert kept.wrong() == {}


def test_contacts_that_changed_themselves_are_not_read_again(many) -> None:
    with books(60) as kept:
        kept.sync("full")
        names = kept.contacts()[:5]
        for name in names:
            kept.sale(name)
            contact = {"ContactID": name, "AccountNumber": "K-1"}
            kept.change("contacts", action="update", contact=contact)
        assert kept.sync().calls == 3
        assert kept.wrong() == {}


def test_whom_others_are_merged_into_is_read_again(many) -> None:
    with books(60) as kept:
        kept.sync("full")
        loser = next(iter(kept.tenant.invoices.records()))["Contact"]["ContactID"]
        winner = next(name for name in kept.contacts() if name != loser)
        kept.change(
            "contacts", action="merge", contact={"ContactID": loser}, into=winner
        )
        assert kept.sync().calls == 4
        assert kept.wrong() == {}


def test_bills_leave_no_trace_until_all_contacts_are_read(many) -> None:
    """Ten pages of contacts: each day."""
    with books(60) as kept:
        kept.sync("full")
        supplier = kept.contacts()[7]
        kept.sale(supplier, "ACCPAY")
        assert kept.sync().calls == 3
        assert set(kept.wrong()) == {supplier}
        kept.clock.advance(days=1)
        assert kept.sync().steps[-1].mode == "full"
        assert kept.wrong() == {}


def test_due_date_of_an_invoice_paid_in_part_comes_within_a_week(many) -> None:
    with books(60) as kept:
        kept.sync("full")
        invoice = kept.sale(kept.contacts()[7])
        kept.pay(invoice)
        kept.sync()
        changed = {"InvoiceID": invoice["InvoiceID"], "DueDate": "2026-12-24"}
        kept.change("invoices", action="update", invoice=changed)
        assert "open_invoices" not in names(kept.sync())
        kept.clock.advance(days=7)
        week = kept.sync()
        (step,) = (one for one in week.steps if one.resource == "open_invoices")
        truth = [
            one
            for one in kept.tenant.invoices.records()
            if (one["Type"], one["Status"]) == ("ACCREC", "AUTHORISED")
        ]
        assert (step.mode, step.records) == ("full", len(truth))
        (part,) = kept.parts(week, "open_invoices")
        assert part.resource == "invoices"
        (came,) = (
            one
            for one in kept.records(part)
            if one["InvoiceID"] == changed["InvoiceID"]
        )
        assert came["DueDateString"].startswith("2026-12-24")
        assert "open_invoices" not in names(kept.sync())


# Bursts that webhooks tell of


def test_burst_leaves_balances_to_the_next_poll(many) -> None:
    with books(60) as kept:
        kept.sync("full")
        for name in kept.contacts()[:30]:
            kept.sale(name)
        told = kept.sync(resources=["invoices"], trigger=WEBHOOK)
        assert (names(told), told.calls) == (["invoices"], 1)
        assert len(kept.wrong()) == 30
        assert kept.sync().calls == 3 + 8
        assert kept.wrong() == {}


def test_single_change_that_webhooks_tell_of_is_right_at_once(many) -> None:
    with books(60) as kept:
        kept.sync("full")
        kept.sale(kept.contacts()[3])
        told = kept.sync(resources=["invoices"], trigger=WEBHOOK)
        assert (told.calls, kept.wrong()) == (2, {})


def test_burst_without_polls_is_right_within_an_hour(many) -> None:
    """A connection that nobody polls: the next change brings what was left."""
    with books(60) as kept:
        kept.sync("full")
        for name in kept.contacts()[:30]:
            kept.sale(name)
        kept.sync(resources=["invoices"], trigger=WEBHOOK)
        kept.clock.advance(minutes=45)
        kept.sale(kept.contacts()[3])
        told = kept.sync(resources=["invoices"], trigger=WEBHOOK)
        assert told.calls == 1 + 8
        assert kept.wrong() == {}


# Whatever happens

ACTS = ("sale", "pay", "void", "credit", "prepay", "bill", "contact", "merge")
TOLD = ("contacts", *balances.DOCUMENTS)


def _act(kept: Books, act: str, contact: str, number: int) -> None:
    """One change, if Xero allows it now."""
    mine = [one for one in kept.tenant.invoices.records() if one["Type"] == "ACCREC"]
    invoice = {"InvoiceID": mine[number % len(mine)]["InvoiceID"]}
    line = {"Description": "Tea", "Quantity": 1, "UnitAmount": 30}
    document = {
        "Contact": {"ContactID": contact},
        "Status": "AUTHORISED",
        "LineItems": [line],
    }
    changes: dict[str, Any] = {
        "sale": ("invoices", {"action": "add", "invoice": document}),
        "bill": (
            "invoices",
            {"action": "add", "invoice": document | {"Type": "ACCPAY"}},
        ),
        "pay": ("invoices", {"action": "pay", "invoice": invoice, "amount": 5}),
        "void": ("invoices", {"action": "void", "invoice": invoice}),
        "credit": ("credit_notes", {"action": "add", "credit_note": document}),
        "prepay": ("prepayments", {"action": "add", "prepayment": document}),
        "contact": (
            "contacts",
            {"action": "update", "contact": {"ContactID": contact, "FirstName": "A"}},
        ),
        "merge": (
            "contacts",
            {
                "action": "merge",
                "contact": {"ContactID": contact},
                "into": kept.contacts()[number],
            },
        ),
    }
    collection, change = changes[act]
    try:
        kept.change(collection, **change)
    except MutationRefused:
        pass


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    rounds=st.lists(
        st.tuples(
            st.lists(
                st.tuples(
                    st.sampled_from(ACTS), st.integers(0, 29), st.integers(0, 29)
                ),
                max_size=8,
            ),
            st.sampled_from(["poll", "poll", "told", "cancelled"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_standing_of_contacts_is_xeros_after_each_sync(rounds) -> None:
    """But for what bills moved, until the whole pass, and over- and prepayments, which
    are read once an hour."""
    with small_pages(), books(30, 12) as kept:
        kept.sync("full")
        unseen: dict[str, set[str]] = {"bill": set(), "prepay": set()}
        for acts, way in rounds:
            for act, contact, number in acts:
                name = kept.contacts()[contact]
                unseen.setdefault(act, set()).add(name)
                if act == "merge":
                    for of in ("bill", "prepay"):
                        if name in unseen[of]:
                            unseen[of].add(kept.contacts()[number])
                _act(kept, act, name, number)
            if way == "cancelled":
                kept.cancelled()
            elif way == "told":
                kept.sync(resources=TOLD, trigger=WEBHOOK)
            else:
                synced = kept.sync()
                assert set(kept.wrong()) <= unseen["bill"] | unseen["prepay"]
                if "prepayments" in names(synced):
                    unseen["prepay"].clear()
        kept.clock.advance(hours=1)
        kept.sync()
        assert set(kept.wrong()) <= unseen["bill"]
        kept.clock.advance(days=1)
        kept.sync()
        assert kept.wrong() == {}


def test_sync_killed_between_any_two_steps_leaves_nothing_wrong(many) -> None:
    with books(30, 12) as kept:
        kept.sync("full")
        for moment in range(1000):
            for name in kept.contacts()[:6]:
                kept.sale(name)
            survived = kept.mortally(moment)
            kept.recover()
            if not survived:
                kept.sync()
            assert kept.wrong() == {}, moment
            if survived:
                assert moment > 60
                return
