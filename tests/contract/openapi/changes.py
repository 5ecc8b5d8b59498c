"""Every change that a person may make in the simulated Xero, once."""

from __future__ import annotations

from types import ModuleType

from infra.xero_simulator import mutations
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.mutations.change import Change
from infra.xero_simulator.store import Tenant

_DONE: tuple[tuple[str, Change], ...] = (
    ("contacts", {"action": "add", "contact": {"Name": "Newly Made"}}),
    ("contacts", {"action": "update", "contact": {"EmailAddress": "new@mail.example"}}),
    ("contacts", {"action": "archive", "contact": {}}),
    ("contacts", {"action": "restore", "contact": {}}),
    ("contacts", {"action": "merge", "contact": {}}),
    ("contact_groups", {"action": "add", "contact_group": {"Name": "Newly Made"}}),
    ("contact_groups", {"action": "update", "contact_group": {"Name": "Renamed"}}),
    ("contact_groups", {"action": "delete", "contact_group": {}}),
    (
        "invoices",
        {
            "action": "add",
            "invoice": {
                "LineItems": [{"Description": "x", "Quantity": 2, "UnitAmount": 1.5}]
            },
        },
    ),
    ("invoices", {"action": "update", "invoice": {"DueDate": "2026-12-01"}}),
    ("invoices", {"action": "pay", "invoice": {}, "amount": 0.01}),
    ("invoices", {"action": "void", "invoice": {}}),
)


def change_everything(tenant: Tenant) -> None:
    """Each kind of change, each on a record of its own."""
    clock = Clock()
    for number, (collection, change) in enumerate(_DONE):
        whole = _aimed(tenant, collection, change, number)
        mutations.carry_out(tenant, clock, collection, whole)


def left_out() -> set[tuple[str, str]]:
    """The changes that the simulator offers and nothing here makes."""
    kinds = {
        name: held
        for name, held in vars(mutations).items()
        if isinstance(held, ModuleType) and hasattr(held, "ACTIONS")
    }
    offered = {
        (name, action) for name, held in kinds.items() for action in held.ACTIONS
    }
    return offered - {(name, change["action"]) for name, change in _DONE}


def _aimed(tenant: Tenant, collection: str, change: Change, number: int) -> Change:
    """The change with the ids of the records that it is about."""
    (kind,) = change.keys() - {"action", "amount"}
    held = tenant.collections[collection]
    records = [each for each in held.records() if _may_change(each)]
    fields = dict(change[kind])
    if change["action"] != "add":
        fields[held.key] = records[number % len(records)][held.key]
    elif kind == "invoice":
        contact = tenant.contacts.records()[0]
        fields["Contact"] = {"ContactID": contact["ContactID"]}
    whole = change | {kind: fields}
    if change["action"] == "merge":
        whole["into"] = records[(number + 1) % len(records)][held.key]
    return whole


def _may_change(record: Change) -> bool:
    """An invoice is voided or paid while it is open and nothing of it is paid."""
    is_open = record.get("Status", "ACTIVE") in ("AUTHORISED", "ACTIVE")
    return is_open and not record.get("Payments")
