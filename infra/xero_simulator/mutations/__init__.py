"""Changes as Xero's users make them, in Xero itself: one file for each kind of record.

A change is `{"action": …, "<kind>": {…}}` with what the action needs beside it.
"""

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.mutations import (
    contact_groups,
    contacts,
    credit_notes,
    invoices,
    items,
    overpayments,
    prepayments,
)
from infra.xero_simulator.mutations.change import Change, MutationRefused
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record

_KINDS = {
    "contacts": contacts,
    "contact_groups": contact_groups,
    "items": items,
    "invoices": invoices,
    "credit_notes": credit_notes,
    "overpayments": overpayments,
    "prepayments": prepayments,
}


def carry_out(tenant: Tenant, clock: Clock, collection: str, change: Change) -> Record:
    """Make a change in one of the tenant's collections; the record after it.

    Raises MutationRefused.
    """
    with tenant.changing:
        check(tenant, collection, change)
        return _KINDS[collection].carry_out(tenant, clock, change)


def check(tenant: Tenant, collection: str, change: Change) -> None:
    """Refuse what could not be carried out: a planned change has nobody to tell."""
    kind = _KINDS.get(collection)
    if kind is None:
        raise MutationRefused(f"no {collection}: {', '.join(_KINDS)}")
    if change.get("action") not in kind.ACTIONS:
        raise MutationRefused(
            f"unknown action {change.get('action')}: {', '.join(kind.ACTIONS)}"
        )
    if not isinstance(change.get(kind.NAME) or {}, dict):
        raise MutationRefused(f"{kind.NAME} has to be an object")
    kind.check(tenant, change)
