"""Changes of invoices: `{"action": …, "invoice": {…}, "amount": …, "date": …}`.

They move the invoice's `UpdatedDateUTC` and the contact's balances, but not the
contact's `UpdatedDateUTC`.
"""

import uuid
from itertools import count

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.ledger import settle
from infra.xero_simulator.mutations.change import (
    Change,
    MutationRefused,
    check_new,
    known,
)
from infra.xero_simulator.mutations.documents import (
    APPROVED,
    DATES,
    UNAPPROVED,
    base_of,
    check_fields,
    check_payment,
    check_update,
    chosen,
    is_settled,
    payment_of,
    put_dated,
    typed,
    with_totals,
)
from infra.xero_simulator.settlement import paid, resettled, unpaid
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import DAY, Record, dated, member, parts
from infra.xero_simulator.zones import today

NAME = "invoice"
ACTIONS = ("add", "update", "pay", "unpay", "void", "delete")

# Xero does not move UpdatedDateUTC for these once a part is paid.
UNSEEN_PART_PAID = {"DueDate", "SentToContact"}

# What may happen to an invoice of which status.
_NEEDED = {"void": APPROVED, "delete": UNAPPROVED}


def check(tenant: Tenant, change: Change) -> None:
    fields, action = change.get(NAME) or {}, change["action"]
    check_fields(tenant, change, fields)
    if action == "add":
        return check_new(tenant.invoices, fields)
    invoice = known(tenant.invoices, fields.get("InvoiceID"))
    if invoice.get("Status") not in _NEEDED.get(action, (invoice.get("Status"),)):
        raise MutationRefused(f"cannot {action} what is {invoice.get('Status')}")
    match action:
        case "update":
            check_update(invoice, fields)
        case "void" if is_settled(invoice):
            raise MutationRefused("cannot void what was paid in part")
        case "pay":
            check_payment(invoice, "AmountDue", change)
        case "unpay":
            chosen(parts(invoice, "Payments"), "PaymentID", change.get("payment"))
    return None


def carry_out(tenant: Tenant, clock: Clock, change: Change) -> Record:
    """The invoice after the change. What is null is taken away."""
    fields = typed(tenant, change.get(NAME) or {})
    if change["action"] == "add":
        before: Record = {}
        after = with_totals(_new(tenant, clock) | fields)
    else:
        before = known(tenant.invoices, fields.pop("InvoiceID"))
        after = _changed(tenant, clock, before, fields, change)
    after = {name: value for name, value in after.items() if value is not None}
    if _is_seen(before, fields, change["action"]):
        after = put_dated(tenant.invoices, after, clock)
    else:
        tenant.invoices.put(after)
    parties = {member(each, "Contact.ContactID") for each in (before, after)}
    settle(tenant, today(tenant, clock), parties)
    return after


def _changed(
    tenant: Tenant, clock: Clock, before: Record, fields: Record, change: Change
) -> Record:
    match change["action"]:
        case "pay":
            return paid(before, payment_of(tenant, clock, before, "AmountDue", change))
        case "unpay":
            payments = parts(before, "Payments")
            return unpaid(before, chosen(payments, "PaymentID", change.get("payment")))
        case "void":
            return resettled(before | {"Status": "VOIDED"})
        case "delete":
            return resettled(before | {"Status": "DELETED"})
    after = before | fields
    return with_totals(after) if "LineItems" in fields else resettled(after)


def _is_seen(before: Record, fields: Record, action: str) -> bool:
    part_paid = bool(before.get("Payments")) and before.get("Status") == "AUTHORISED"
    dates = {f"{name}String" for name in DATES}
    unseen = fields.keys() - dates <= UNSEEN_PART_PAID
    return not (action == "update" and part_paid and unseen)


def next_number(tenant: Tenant) -> str:
    """The number of the next sales invoice that comes without one."""
    taken = {each.get("InvoiceNumber") for each in tenant.invoices.records()}
    numbers = (f"INV-N{each:05d}" for each in count(len(tenant.invoices) + 1))
    return next(each for each in numbers if each not in taken)


def _new(tenant: Tenant, clock: Clock) -> Record:
    day = today(tenant, clock)
    return {
        "Type": "ACCREC",
        "InvoiceID": str(uuid.uuid4()),
        "InvoiceNumber": next_number(tenant),
        **base_of(tenant),
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "SentToContact": False,
        "HasErrors": False,
        "IsDiscounted": False,
        **dated("Date", day),
        **dated("DueDate", day + 14 * DAY),
    }
