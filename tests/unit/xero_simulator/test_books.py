"""Whatever is done to documents, in any order: all sums agree, on any day."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from infra.xero_simulator import mutations
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.generator.contacts import LATEST_CHANGE
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.ledger import keep_up
from infra.xero_simulator.mutations import MutationRefused
from infra.xero_simulator.statement import statement
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import DAY, Record
from infra.xero_simulator.zones import today
from tests.unit.xero_simulator.books import faults

NOON = 1_795_176_000.0  # 20 November 2026, 12:00 UTC
FAR = LATEST_CHANGE + 9_000 * DAY
KINDS = ("credit_notes", "overpayments", "prepayments")
NAMES = {
    "invoices": ("invoice", "InvoiceID"),
    "credit_notes": ("credit_note", "CreditNoteID"),
    "overpayments": ("overpayment", "OverpaymentID"),
    "prepayments": ("prepayment", "PrepaymentID"),
}
TYPES = {
    "invoices": ("ACCREC", "ACCPAY"),
    "credit_notes": ("ACCRECCREDIT", "ACCPAYCREDIT"),
    "overpayments": ("RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT"),
    "prepayments": ("RECEIVE-PREPAYMENT", "SPEND-PREPAYMENT"),
}
# What an action is for; of anything else it is refused.
FITTING = {
    "allocate": lambda r: r["Status"] == "AUTHORISED" and r["RemainingCredit"] > 0,
    "deallocate": lambda r: r["Allocations"],
    "refund": lambda r: r["Status"] == "AUTHORISED" and r["RemainingCredit"] > 0,
    "pay": lambda r: r["Status"] == "AUTHORISED" and r["AmountDue"] > 0,
    "unpay": lambda r: r["Payments"],
    "void": lambda r: r["Status"] == "AUTHORISED",
    "delete": lambda r: r["Status"] in ("DRAFT", "SUBMITTED"),
    "update": lambda r: True,
}
SALES = [sale for sale, _ in TYPES.values()]
CENTS = (40_000, 12_345, 5_000, 999, 1, 0, -500)
CURRENCIES = (("NZD", 1), ("NZD", 1), ("USD", 0.587304))
STATUSES = ("AUTHORISED", "AUTHORISED", "AUTHORISED", "DRAFT", "SUBMITTED")
OPENING = {"Contact": {"ContactID": "c0"}, "LineItems": [{"UnitAmount": 400}]}
DAYS = ("2026-10-31", "2026-11-19", "2026-11-21", "2026-12-24")


class Company:
    """Two contacts, and people who change their documents as chance has it.

    What Xero refuses must not be half done.
    """

    def __init__(self) -> None:
        self._rng = Random(0)
        self.done: Counter = Counter()
        self.clock = Clock(lambda: NOON)
        self.tenant = Tenant(
            "t", "T", {"BaseCurrency": "NZD", "Timezone": "NEWZEALANDSTANDARDTIME"}
        )
        self.tenant.balanced_on = self.today
        for number in range(2):
            fields = {"Name": f"Contact {number}", "ContactID": f"c{number}"}
            self._do("contacts", "add", "contact", fields)
        for collection in (*NAMES, *NAMES):
            self._do(collection, "add", NAMES[collection][0], OPENING)

    @property
    def today(self) -> int:
        return today(self.tenant, self.clock)

    def step(self, rng: Random) -> None:
        self._rng = rng
        steps = (self._add, self._add, self._allocate, self._allocate, self._act)
        self._one_of((*steps, self._act, self._act, self._anything, self._wait))()

    def _add(self) -> None:
        collection = self._one_of(("invoices", "invoices", *KINDS))
        kinds = TYPES[collection]
        fields = self._fields() | {"Type": self._one_of((kinds[0], *kinds))}
        if collection == "invoices":
            fields["DueDate"] = self._one_of(DAYS)
        self._do(collection, "add", NAMES[collection][0], fields)

    def _allocate(self) -> None:
        pairs = [
            (kind, credit, invoice)
            for kind in KINDS
            for credit in self._fitting(kind, "allocate")
            for invoice in self._fitting("invoices", "pay")
            if all(
                credit[each] == invoice[each] for each in ("Contact", "CurrencyCode")
            )
        ]
        if pairs:
            kind, credit, invoice = self._one_of(pairs)
            more = {"invoice": invoice["InvoiceID"], "date": self._one_of(DAYS)}
            self._change(kind, "allocate", credit, more | self._amount())

    def _act(self) -> None:
        """Something that there is something for."""
        chances = [
            (collection, action, record)
            for collection in NAMES
            for action in getattr(mutations, collection).ACTIONS
            if action not in ("add", "allocate")
            for record in self._fitting(collection, action)
        ]
        action = self._one_of(sorted({action for _, action, _ in chances}) or ["none"])
        fitting = [each for each in chances if each[1] == action]
        if fitting:
            collection, action, record = self._one_of(fitting)
            self._change(collection, action, record, self._more(action))

    def _anything(self) -> None:
        """An action on whatever there is, or a merge."""
        collection = self._one_of((*NAMES, "contacts"))
        if collection == "contacts":
            fields, into = {"ContactID": self._one_of(("c0", "c1"))}, "c0"
            self._do("contacts", "merge", "contact", fields, {"into": into})
        elif records := self.tenant.collections[collection].records():
            actions = getattr(mutations, collection).ACTIONS[1:]
            action, record = self._one_of(actions), self._one_of(records)
            self._change(collection, action, record, self._more(action))

    def _wait(self) -> None:
        self.clock.advance(self._one_of((0, 1, 11, 30)) * 3600)

    def _more(self, action: str) -> dict:
        if action in ("pay", "refund"):
            return {"date": self._one_of(DAYS), **self._amount()}
        invoices = self.tenant.invoices.records()
        if action == "allocate" and invoices:
            return {"invoice": self._one_of(invoices)["InvoiceID"]}
        return {}

    def _amount(self) -> dict:
        amount = self._one_of((None, None, 0.01, 1, 33.33))
        return {} if amount is None else {"amount": amount}

    def _fields(self) -> dict:
        amount = self._one_of(CENTS) / 100
        currency, rate = self._one_of(CURRENCIES)
        return {
            "Contact": {"ContactID": self._one_of(("c0", "c0", "c1"))},
            "LineItems": [{"UnitAmount": amount, "TaxAmount": round(amount / 7, 2)}],
            "CurrencyCode": currency,
            "CurrencyRate": rate,
            "Status": self._one_of(STATUSES),
        }

    def _change(self, collection: str, action: str, record: Record, more: dict) -> None:
        name, key = NAMES[collection]
        fields = {key: record[key]}
        if action == "update":
            new = self._fields() | {"Date": "2026-11-02"}
            chosen = self._one_of(("LineItems", "Contact", "Status", "Date"))
            fields[chosen] = new[chosen]
        self._do(collection, action, name, fields, more)

    def _fitting(self, collection: str, action: str) -> list[Record]:
        records = self.tenant.collections[collection].records()
        return [each for each in records if FITTING[action](each)]

    def _one_of(self, choices: Sequence) -> Any:
        return self._rng.choice(choices)

    def _do(
        self, collection: str, action: str, name: str, fields: dict, more: Any = ()
    ) -> None:
        before = {k: v.version for k, v in self.tenant.collections.items()}
        change = {"action": action, name: fields, **dict(more)}
        try:
            mutations.carry_out(self.tenant, self.clock, collection, change)
        except MutationRefused:
            held = {k: v.version for k, v in self.tenant.collections.items()}
            assert held == before, f"{action} was refused and half done"
        else:
            self.done[collection, action] += 1

    def check(self) -> None:
        """All sums agree today, and statements end in what is outstanding."""
        keep_up(self.tenant, self.today)
        assert faults(self.tenant, self.today) == []
        for contact in self.tenant.contacts.records():
            owed = sum(e.due for e in statement(self.tenant, contact["ContactID"], FAR))
            balances = contact.get("Balances", {}).get("AccountsReceivable", {})
            assert owed == balances.get("Outstanding", 0)


def _account(document: Record) -> tuple[str, str, bool]:
    """Within which a credit may go to an invoice."""
    is_sale = document["Type"] in SALES
    return document["Contact"]["ContactID"], document["CurrencyCode"], is_sale


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2**32), min_size=15, max_size=60))
def test_books_agree_after_any_changes(steps):
    company = Company()
    for step in steps:
        company.step(Random(step))
        company.check()


def test_the_changes_are_made_and_not_only_refused():
    """Else nothing is proven above: with chance alone every change is reached."""
    done: Counter = Counter()
    for seed in range(40):
        company, rng = Company(), Random(seed)
        for _ in range(40):
            company.step(rng)
        done += company.done
    wanted = {(c, action) for c in NAMES for action in getattr(mutations, c).ACTIONS}
    assert min(done[each] for each in wanted) >= 3, done


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("index", [0, 3])
def test_books_of_an_invented_organisation_agree(seed, index):
    tenant = generate(seed, index, 40, invoices=400)
    assert faults(tenant, LATEST_CHANGE) == []


def test_overdue_follows_the_organisations_midnight():
    """It is the 1st in Auckland 11 hours before it is at Greenwich."""
    # A seed with an invoice that is due on this very day.
    tenant = generate(3, 0, 40, invoices=400)
    clock = Clock(lambda: LATEST_CHANGE / 1000 + 10.9 * 3600)
    assert today(tenant, clock) == LATEST_CHANGE
    clock.advance(3600)
    keep_up(tenant, today(tenant, clock))
    assert tenant.balanced_on == LATEST_CHANGE + DAY
    assert faults(tenant, LATEST_CHANGE + DAY) == []
    assert faults(tenant, LATEST_CHANGE) != []


def test_invented_credits_are_of_every_kind():
    tenant = generate(1, 0, 200, invoices=3_000)
    notes = tenant.credit_notes.records()
    statuses = {"DRAFT", "AUTHORISED", "PAID", "VOIDED", "DELETED"}
    assert {note["Status"] for note in notes} == statuses
    assert {note["Type"] for note in notes} == {"ACCRECCREDIT", "ACCPAYCREDIT"}
    assert max(len(note["Allocations"]) for note in notes) > 1
    for kind in (notes, tenant.overpayments.records(), tenant.prepayments.records()):
        assert any(each["Payments"] for each in kind) or kind is not notes
        assert any(each["Allocations"] for each in kind)
        assert any(each["RemainingCredit"] == each["Total"] for each in kind)
        assert {each["CurrencyCode"] for each in kind} > {"NZD"}


def test_a_foreign_credit_has_a_rate_of_its_own():
    """So that a conversion by the invoice's rate shows."""
    tenant = generate(1, 0, 200, invoices=3_000)
    rates = [
        (credit["CurrencyRate"], invoice["CurrencyRate"])
        for credit in tenant.credit_notes.records()
        for allocation in credit["Allocations"]
        if (invoice := tenant.invoices.get(allocation["Invoice"]["InvoiceID"]))
        and credit["CurrencyCode"] != "NZD"
    ]
    assert any(ours != theirs for ours, theirs in rates)
    assert all(abs(ours / theirs - 1) < Decimal("0.1") for ours, theirs in rates)
