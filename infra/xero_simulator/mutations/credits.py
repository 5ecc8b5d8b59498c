"""Changes of credits: `{"action": …, "<kind>": {…}}` with what the action needs.

`allocate` takes `"invoice": id`, and like `refund` an `"amount"` and a `"date"` (all
that is possible, today); `deallocate` an `"allocation": id` (the latest). What an
allocation does to the invoice dates the invoice too.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.ledger import settle, side_of
from infra.xero_simulator.mutations.change import (
    Change,
    MutationRefused,
    check_new,
    known,
)
from infra.xero_simulator.mutations.documents import (
    APPROVED,
    UNAPPROVED,
    amount_of,
    base_of,
    check_fields,
    check_payment,
    check_update,
    chosen,
    day_of_change,
    is_settled,
    payment_of,
    put_dated,
    typed,
    with_totals,
)
from infra.xero_simulator.settlement import (
    allocate,
    allocation,
    deallocate,
    paid,
    resettled,
)
from infra.xero_simulator.store import Collection, Tenant
from infra.xero_simulator.values import Record, amount, dated, member, parts
from infra.xero_simulator.zones import today

ACTIONS = ("add", "update", "allocate", "deallocate", "refund", "void")
_OF_BOTH = ("Contact.ContactID", "CurrencyCode")


@dataclass(frozen=True)
class CreditChanges:
    """The changes of one kind of credit.

    :param name: the kind, as a change names its record
    :param collection: where a tenant keeps them
    :param new: what is particular to a new one, which has this number
    """

    name: str
    collection: str
    new: Callable[[int], Record]

    def check(self, tenant: Tenant, change: Change) -> None:
        fields, action = change.get(self.name) or {}, change["action"]
        check_fields(tenant, change, fields)
        kind = tenant.collections[self.collection]
        if action == "add":
            return check_new(kind, fields)
        credit = known(kind, fields.get(kind.key))
        match action:
            case "update":
                check_update(credit, fields)
            case "allocate":
                _check_allocation(tenant, credit, change)
            case "refund":
                check_payment(credit, "RemainingCredit", change)
            case "deallocate":
                _chosen_allocation(tenant, credit, change)
            case "void" | "delete":
                _check_end(credit, action)
        return None

    def carry_out(self, tenant: Tenant, clock: Clock, change: Change) -> Record:
        """The credit after the change."""
        kind = tenant.collections[self.collection]
        fields = typed(tenant, change.get(self.name) or {})
        if change["action"] == "add":
            before: Record = {}
            after = with_totals(self._new(tenant, clock, kind) | fields)
        else:
            before = known(kind, fields.pop(kind.key))
            after = _changed(tenant, clock, kind, before, fields, change)
        after = put_dated(kind, after, clock)
        parties = {member(each, "Contact.ContactID") for each in (before, after)}
        settle(tenant, today(tenant, clock), parties)
        return after

    def _new(self, tenant: Tenant, clock: Clock, kind: Collection) -> Record:
        identifier = str(uuid.uuid4())
        return {
            kind.key: identifier,
            "ID": identifier,
            **base_of(tenant),
            **self.new(len(kind) + 1),
            "Allocations": [],
            **dated("Date", today(tenant, clock)),
        }


def _changed(
    tenant: Tenant,
    clock: Clock,
    kind: Collection,
    before: Record,
    fields: Record,
    change: Change,
) -> Record:
    match change["action"]:
        case "allocate":
            return _allocated(tenant, clock, kind, before, change)
        case "deallocate":
            return _deallocated(tenant, clock, kind, before, change)
        case "refund":
            refund = payment_of(tenant, clock, before, "RemainingCredit", change)
            return paid(before, refund)
        case "void":
            return resettled(before | {"Status": "VOIDED"})
        case "delete":
            return resettled(before | {"Status": "DELETED"})
    after = before | fields
    return with_totals(after) if "LineItems" in fields else resettled(after)


def _check_allocation(tenant: Tenant, credit: Record, change: Change) -> None:
    invoice = known(tenant.invoices, change.get("invoice"))
    check_payment(credit, "RemainingCredit", change)
    check_payment(invoice, "AmountDue", change)
    if any(member(credit, path) != member(invoice, path) for path in _OF_BOTH):
        raise MutationRefused("the invoice has another contact or currency")
    if side_of(credit)[0] != side_of(invoice)[0]:
        raise MutationRefused("a sale's credit is no bill's, nor the other way round")


def _check_end(credit: Record, action: str) -> None:
    status = credit.get("Status")
    if status not in (APPROVED if action == "void" else UNAPPROVED):
        raise MutationRefused(f"cannot {action} what is {status}")
    if is_settled(credit):
        raise MutationRefused(f"cannot {action} what was allocated or refunded")


def _allocated(
    tenant: Tenant, clock: Clock, kind: Collection, credit: Record, change: Change
) -> Record:
    invoice = known(tenant.invoices, change["invoice"])
    day = day_of_change(tenant, clock, change)
    made = allocation(str(uuid.uuid4()), invoice, day, _most(credit, invoice, change))
    after, invoice = allocate(kind, credit, invoice, made)
    put_dated(tenant.invoices, invoice, clock)
    return after


def _most(credit: Record, invoice: Record, change: Change) -> Decimal:
    left = amount(credit, "RemainingCredit"), amount(invoice, "AmountDue")
    return amount_of(change, min(left))


def _deallocated(
    tenant: Tenant, clock: Clock, kind: Collection, credit: Record, change: Change
) -> Record:
    chosen_id, invoice = _chosen_allocation(tenant, credit, change)
    after, invoice = deallocate(kind, credit, invoice, chosen_id)
    put_dated(tenant.invoices, invoice, clock)
    return after


def _chosen_allocation(
    tenant: Tenant, credit: Record, change: Change
) -> tuple[str, Record]:
    """The id of an allocation, and its invoice."""
    made = parts(credit, "Allocations")
    chosen_id = chosen(made, "AllocationID", change.get("allocation"))
    (found,) = (each for each in made if each.get("AllocationID") == chosen_id)
    return chosen_id, known(tenant.invoices, member(found, "Invoice.InvoiceID"))
