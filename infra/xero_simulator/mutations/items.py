"""Changes of items: `{"action": …, "item": {…}}`.

A deleted item leaves no trace, as at Xero; lines go on naming it.
"""

import uuid

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.mutations.change import (
    Change,
    MutationRefused,
    check_new,
    known,
    put_changed,
)
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, number

NAME = "item"
ACTIONS = ("add", "update", "delete")

_DETAILS = ("SalesDetails", "PurchaseDetails")


def check(tenant: Tenant, change: Change) -> None:
    fields = change.get(NAME) or {}
    _check_details(fields)
    if change["action"] == "add":
        return check_new(tenant.items, fields)
    known(tenant.items, fields.get("ItemID"))
    return None


def carry_out(tenant: Tenant, clock: Clock, change: Change) -> Record:
    """The item after the change; of a deleted one how it was."""
    fields = dict(change.get(NAME) or {})
    for name in _DETAILS:
        if name in fields:
            fields[name] = _typed(fields[name])
    if change["action"] == "add":
        return put_changed(tenant.items, _new(tenant) | fields, clock)
    item = known(tenant.items, fields.get("ItemID"))
    if change["action"] == "delete":
        tenant.items.remove(item["ItemID"])
        return item
    return put_changed(tenant.items, item | fields, clock)


def _new(tenant: Tenant) -> Record:
    return {
        "ItemID": str(uuid.uuid4()),
        "Code": f"N{len(tenant.items) + 1:04d}",
        "PurchaseDetails": {},
        "SalesDetails": {},
        "IsTrackedAsInventory": False,
        "IsSold": True,
        "IsPurchased": False,
    }


def _check_details(fields: Record) -> None:
    for name in _DETAILS:
        details = fields.get(name, {})
        if not isinstance(details, dict):
            raise MutationRefused(f"{name} has to be an object")
        if number(details.get("UnitPrice", 0)) is None:
            raise MutationRefused("UnitPrice has to be a number")


def _typed(details: Record) -> Record:
    if "UnitPrice" not in details:
        return details
    return details | {"UnitPrice": number(details["UnitPrice"])}
