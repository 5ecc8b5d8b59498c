"""The connector's real code writes to a simulated Xero where all goes wrong that can:
each customer and each draft is there once in the end, whatever was lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.xero_simulator import mutations
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.fault_kinds import KINDS
from infra.xero_simulator.faults import Fault
from infra.xero_simulator.simulator import Simulator
from infra.xero_simulator.values import Record
from tests.contract.openapi import simulators
from tests.contract.openapi.connector_flow import Connector
from tests.unit.connector.http_events import Answer
from tests.unit.connector.memory import MovableClock
from tests.unit.connector.world import START

CUSTOMERS = 3
TRIES = 12
# What takes real time, and what only lists meet.
_ELSEWHERE = {"slow", "dripping", "same_page", "invalid_grant", "not_modified"}
# What ends a connection, so that a person has to act.
_FINAL = {"tenant_refused", "scope_missing"}
FAULTS = sorted(KINDS.keys() - _ELSEWHERE - _FINAL)
DONE = {200, 201}


@dataclass
class Office:
    """A CRM that writes through the connector, and a person who works in Xero."""

    simulated: Simulator
    connector: Connector
    connection: str
    item: str
    ids: dict[int, str] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    drafted: set[int] = field(default_factory=set)
    seen: dict[int, str] = field(default_factory=dict)
    edited: dict[int, Record] = field(default_factory=dict)

    def create(self, number: int) -> Answer:
        self.asked.add(number)
        contact = {"Name": f"Rata Bakery {number}", "ContactNumber": f"ODOO-{number}"}
        path, key = f"{self.connection}/contacts", f"create-{number}"
        answer = self.connector.write("POST", path, key, contact=contact)
        if answer.status in DONE:
            self.ids[number] = answer.json["contact"]["ContactID"]
        return answer

    def draft(self, number: int) -> Answer | None:
        if number not in self.ids:
            return None
        self.drafted.add(number)
        invoice = {
            "Contact": {"ContactID": self.ids[number]},
            "LineItems": [{"ItemCode": self.item, "Quantity": 2}],
            "Reference": f"ODOO-{number}-1",
        }
        path, key = f"{self.connection}/invoices", f"draft-00{number}"
        return self.connector.write("POST", path, key, invoice=invoice)

    def change(self, number: int, email: str = "later@rata.example") -> Answer | None:
        """As an outbox does: what Xero has now is known from the last answer."""
        if number not in self.ids:
            return None
        path, key = f"{self.connection}/contacts/{self.ids[number]}", str(uuid4())
        body = {"contact": {"EmailAddress": email}, "seen": self.seen.get(number, "")}
        answer = self.connector.write("PATCH", path, key, **body)
        if "contact" in answer.json:
            self.seen[number] = answer.json["contact"]["UpdatedDateUTC"]
        return answer

    def edit(self, number: int, fields: Record) -> None:
        """In Xero, where there is something to edit."""
        for contact in self.held(number):
            if "Name" in fields:
                fields = {"Name": f"Renamed {number}"}
            self.edited.setdefault(number, {}).update(fields)
            change = {"action": "update", "contact": fields | _identity(contact)}
            clock = self.simulated.clock
            mutations.carry_out(self.tenant, clock, "contacts", change)

    def fail(self, kind: str, method: str) -> None:
        fault = Fault(kind, "/api.xro/2.0", method, retry_after=3)
        self.simulated.faults.add(fault)

    def wait(self, seconds: float) -> None:
        self.connector.wait(seconds=seconds)

    def held(self, number: int) -> list[Record]:
        return [
            each
            for each in self.tenant.contacts.records()
            if each.get("ContactNumber") == f"ODOO-{number}"
        ]

    def drafts(self, number: int) -> list[Record]:
        return [
            each
            for each in self.tenant.invoices.records()
            if each.get("Reference") == f"ODOO-{number}-1"
        ]

    @property
    def tenant(self) -> Any:
        (tenant,) = self.simulated.store.tenants.values()
        return tenant


@contextmanager
def office() -> Iterator[Office]:
    clock = MovableClock(START)
    tenant = simulators.DATASETS["empty"]()
    item = {"ItemID": "i-1", "Code": "TEA", "Description": "Tea", "IsSold": True}
    tenant.items.put(item)
    simulated = simulators.simulator(tenant, Clock(lambda: clock.now().timestamp()))
    with simulators.wired(simulated):
        connector = Connector(clock)
        connector.set_app()
        yield Office(simulated, connector, connector.connect(), item["Code"])


def _identity(contact: Record) -> Record:
    return {"ContactID": contact["ContactID"]}


def steps() -> st.SearchStrategy[tuple]:
    number = st.integers(0, CUSTOMERS - 1)
    edits = ({"ContactStatus": "ARCHIVED"}, {"Name": "Renamed"}, {"LastName": "Lee"})
    faults = st.tuples(st.sampled_from(FAULTS), st.sampled_from(("PUT", "GET", "")))
    return st.one_of(
        st.tuples(st.just("create"), number),
        st.tuples(st.just("draft"), number),
        st.tuples(st.just("change"), number),
        st.tuples(st.just("edit"), number, st.sampled_from(edits)),
        faults.map(lambda fault: ("fail", *fault)),
        st.tuples(st.just("wait"), st.sampled_from((1, 40, 400, 4000))),
    )


def _until_done(at: Office, act: Any, number: int) -> int:
    """Ask again as an outbox does; how it ended."""
    for _ in range(TRIES):
        status = act(number).status
        if status in DONE:
            return status
        at.wait(400)
    return status


@settings(max_examples=40, deadline=None)
@given(st.lists(steps(), min_size=3, max_size=14))
def test_each_is_there_once_whatever_is_lost_on_the_way(done: list[tuple]) -> None:
    with office() as at:
        for name, *given_ in done:
            getattr(at, name)(*given_)
        at.simulated.faults.clear()
        for number in at.asked:
            _until_done(at, at.create, number)
            assert len(at.held(number)) == 1, at.held(number)
            assert at.ids[number] == at.held(number)[0]["ContactID"]
            _check_changes(at, number)
        for number in at.drafted:
            if at.drafts(number) or at.held(number)[0]["ContactStatus"] == "ACTIVE":
                _until_done(at, at.draft, number)
                assert len(at.drafts(number)) == 1, at.drafts(number)


def _check_changes(at: Office, number: int) -> None:
    """What is written last is there, and so is what the person wrote."""
    if at.held(number)[0]["ContactStatus"] == "ACTIVE":
        email = f"last{number}@rata.example"
        _until_done(at, lambda each: at.change(each, email), number)
        assert at.held(number)[0]["EmailAddress"] == email
    assert at.held(number)[0].items() >= at.edited.get(number, {}).items()
