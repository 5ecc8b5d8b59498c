"""Every change that a person may make in the simulated Xero, at least once."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from infra.xero_simulator import mutations
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record

_LINES = [{"Description": "x", "Quantity": 2, "UnitAmount": 1.5}]


def change_everything(tenant: Tenant) -> set[tuple[str, str]]:
    """Each kind of change; which they were, as collection and action."""
    changer = _Changer(tenant)
    changer.change_contacts()
    changer.change_groups()
    changer.change_items()
    changer.change_invoices()
    for collection in ("credit_notes", "overpayments", "prepayments"):
        changer.change_credits(collection)
    return changer.done


def left_out(tenant: Tenant) -> set[tuple[str, str]]:
    """The changes that the simulator offers and nothing here makes."""
    offered = {
        (collection, action)
        for collection in tenant.collections
        for action in _kind(collection).ACTIONS
    }
    return offered - change_everything(tenant)


def _kind(collection: str) -> ModuleType:
    return getattr(mutations, collection)


class _Changer:
    """Makes changes, and keeps which they were."""

    def __init__(self, tenant: Tenant) -> None:
        self.done: set[tuple[str, str]] = set()
        self._tenant = tenant
        self._clock = Clock()

    def change_contacts(self) -> None:
        self._do("contacts", "add", Name="Newly Made")
        contacts = self._some("contacts", "ContactStatus", "ACTIVE")
        self._act("contacts", "update", next(contacts), EmailAddress="new@mail.example")
        self._act("contacts", "archive", next(contacts))
        self._act("contacts", "restore", next(contacts))
        into = next(contacts)["ContactID"]
        self._act("contacts", "merge", next(contacts), {"into": into})

    def change_groups(self) -> None:
        self._do("contact_groups", "add", Name="Newly Made")
        groups = self._some("contact_groups", "Status", "ACTIVE")
        self._act("contact_groups", "update", next(groups), Name="Renamed")
        self._act("contact_groups", "delete", next(groups))

    def change_items(self) -> None:
        self._do("items", "add", Name="Newly Made", SalesDetails={"UnitPrice": 1.25})
        items = self._some("items", "IsSold", True)
        self._act("items", "update", next(items), Name="Renamed")
        self._act("items", "delete", next(items))

    def change_invoices(self) -> None:
        invoice = self._invoice()
        self._act("invoices", "update", invoice, DueDate="2026-12-01")
        self._act("invoices", "pay", invoice, {"amount": 0.01})
        self._act("invoices", "unpay", invoice)
        self._act("invoices", "void", invoice)
        draft = self._invoice(Status="DRAFT")
        self._act("invoices", "delete", draft)

    def change_credits(self, collection: str) -> None:
        """Each change that this kind has; what is allocated stays so but once."""
        invoice, credit = self._invoice(), self._credit(collection)
        self._act(collection, "update", credit, Reference="Changed")
        given = {"invoice": invoice["InvoiceID"], "amount": 1}
        self._act(collection, "allocate", credit, given)
        self._act(collection, "deallocate", credit)
        self._act(collection, "allocate", credit, given)
        self._act(collection, "refund", self._credit(collection))
        self._act(collection, "void", self._credit(collection))
        if "delete" in _kind(collection).ACTIONS:
            draft = self._credit(collection, Status="DRAFT")
            self._act(collection, "delete", draft)

    def _invoice(self, **fields: Any) -> Record:
        return self._credit("invoices", **fields)

    def _credit(self, collection: str, **fields: Any) -> Record:
        contact = {"ContactID": self._tenant.contacts.records()[0]["ContactID"]}
        return self._do(collection, "add", Contact=contact, LineItems=_LINES, **fields)

    def _some(self, collection: str, name: str, value: Any) -> Iterator[Record]:
        records = self._tenant.collections[collection].records()
        return (each for each in records if each.get(name) == value)

    def _act(
        self,
        collection: str,
        action: str,
        record: Record,
        more: Any = (),
        **fields: Any,
    ) -> Record:
        key = self._tenant.collections[collection].key
        return self._do(collection, action, more, **{key: record[key]}, **fields)

    def _do(
        self, collection: str, action: str, more: Any = (), **fields: Any
    ) -> Record:
        self.done.add((collection, action))
        change = {"action": action, _kind(collection).NAME: fields, **dict(more)}
        return mutations.carry_out(self._tenant, self._clock, collection, change)
