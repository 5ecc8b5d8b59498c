"""Changes of invoices: `{"action": …, "invoice": {…}, "amount": …, "date": …}`.

They move the invoice's `UpdatedDateUTC` and the contact's balances, but not the
contact's `UpdatedDateUTC`. Dates are given as `2026-11-20`, amounts as numbers.
"""

import uuid
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.ledger import payment, settle
from infra.xero_simulator.mutations.change import (
    Change,
    MutationRefused,
    check_new,
    known,
    put_changed,
    today,
)
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import (
    CENT,
    DAY,
    Record,
    dated,
    member,
    milliseconds,
    number,
    utc_string,
)

NAME = "invoice"
ACTIONS = ("add", "update", "pay", "void")

# Xero does not move UpdatedDateUTC for these once a part is paid.
UNSEEN_PART_PAID = {"DueDate", "SentToContact"}

_ZERO = Decimal("0.00")
_DATES = ("Date", "DueDate")
_CLOSED = ("VOIDED", "DELETED")
_PLACES = {"UnitAmount": 4, "Quantity": 4, "LineAmount": 2, "TaxAmount": 2}


def check(tenant: Tenant, change: Change) -> None:
    fields, action = change.get(NAME) or {}, change["action"]
    contact_id = member(fields, "Contact.ContactID")
    if action == "add" or "Contact" in fields:
        known(tenant.contacts, contact_id)
    _check_values(fields)
    if action == "add":
        return check_new(tenant.invoices, fields)
    invoice = known(tenant.invoices, fields.get("InvoiceID"))
    if action in ("pay", "void") and invoice.get("Status") != "AUTHORISED":
        raise MutationRefused(f"cannot {action} what is {invoice.get('Status')}")
    if action == "void" and invoice.get("Payments"):
        raise MutationRefused("cannot void what was paid in part")
    if action == "pay":
        _amount_to_pay(invoice, change)
        _day(change.get("date", "2026-01-01"))
    return None


def carry_out(tenant: Tenant, clock: Clock, change: Change) -> Record:
    """The invoice after the change."""
    fields = _typed(change.get(NAME) or {})
    if "Contact" in fields:
        fields["Contact"] = _named(tenant, fields["Contact"]["ContactID"])
    if change["action"] == "add":
        before: Record = {}
        after = _with_totals(_new(tenant, clock) | fields)
    else:
        before = known(tenant.invoices, fields.pop("InvoiceID"))
        after = _changed(before, fields, clock, change)
    if after.get("Status") in _CLOSED:
        after = after | {"AmountDue": _ZERO}
    if _is_seen(before, fields, change["action"]):
        now = utc_string(clock.milliseconds())
        after = after | {"UpdatedDateUTCString": now}
        after = put_changed(tenant.invoices, after, clock)
    else:
        tenant.invoices.put(after)
    parties = {member(each, "Contact.ContactID") for each in (before, after)}
    settle(tenant, today(clock), parties)
    return after


def _changed(before: Record, fields: Record, clock: Clock, change: Change) -> Record:
    match change["action"]:
        case "pay":
            return _paid(before, clock, change)
        case "void":
            return before | {"Status": "VOIDED"}
    after = before | fields
    return _with_totals(after) if "LineItems" in fields else after


def _is_seen(before: Record, fields: Record, action: str) -> bool:
    part_paid = bool(before.get("Payments")) and before.get("Status") == "AUTHORISED"
    dates = {f"{name}String" for name in _DATES}
    unseen = fields.keys() - dates <= UNSEEN_PART_PAID
    return not (action == "update" and part_paid and unseen)


def _paid(invoice: Record, clock: Clock, change: Change) -> Record:
    amount = _amount_to_pay(invoice, change)
    day = _day(change["date"]) if "date" in change else today(clock)
    rate = number(invoice.get("CurrencyRate")) or Decimal("1.000000")
    made = payment(str(uuid.uuid4()), day, amount, rate)
    paid = (number(invoice.get("AmountPaid")) or _ZERO) + amount
    due = number(invoice["AmountDue"]) - amount
    after = invoice | {
        "Payments": [*(invoice.get("Payments") or []), made],
        "AmountPaid": paid,
        "AmountDue": due,
    }
    if not due:
        after |= {"Status": "PAID", "FullyPaidOnDate": made["Date"]}
    return after


def _amount_to_pay(invoice: Record, change: Change) -> Decimal:
    due = number(invoice.get("AmountDue")) or _ZERO
    amount = number(change.get("amount", due))
    if amount is None or not 0 < amount <= due:
        raise MutationRefused(f"amount has to be a number up to {due}")
    return _rounded(amount, 2)


def _new(tenant: Tenant, clock: Clock) -> Record:
    day = today(clock)
    return {
        "Type": "ACCREC",
        "InvoiceID": str(uuid.uuid4()),
        "InvoiceNumber": f"INV-N{len(tenant.invoices) + 1:05d}",
        "Reference": "",
        "Status": "AUTHORISED",
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "AmountDue": _ZERO,
        "AmountPaid": _ZERO,
        "AmountCredited": _ZERO,
        "SentToContact": False,
        "CurrencyRate": Decimal("1.000000"),
        "HasErrors": False,
        "IsDiscounted": False,
        "HasAttachments": False,
        **dated("Date", day),
        **dated("DueDate", day + 14 * DAY),
        "LineAmountTypes": "Exclusive",
        "LineItems": [],
        "CurrencyCode": tenant.organisation.get("BaseCurrency", "NZD"),
    }


def _with_totals(invoice: Record) -> Record:
    """The sums that follow from the lines, and what is still due."""
    lines = invoice["LineItems"]
    tax = sum((line["TaxAmount"] for line in lines), _ZERO)
    amount = sum((line["LineAmount"] for line in lines), _ZERO)
    total = amount if invoice.get("LineAmountTypes") == "Inclusive" else amount + tax
    settled = sum(
        (number(invoice.get(n)) or _ZERO for n in ("AmountPaid", "AmountCredited")),
        _ZERO,
    )
    return invoice | {
        "SubTotal": total - tax,
        "TotalTax": tax,
        "Total": total,
        "AmountDue": total - settled,
    }


def _named(tenant: Tenant, contact_id: str) -> Record:
    contact = known(tenant.contacts, contact_id)
    return {"ContactID": contact["ContactID"], "Name": contact.get("Name")}


def _check_values(fields: Record) -> None:
    for name in _DATES:
        if name in fields:
            _day(fields[name])
    lines = fields.get("LineItems", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise MutationRefused("LineItems has to be a list of objects")
    for line in lines:
        _line(line)
    if not number(fields.get("CurrencyRate", 1)):
        raise MutationRefused("CurrencyRate has to be a number")


def _typed(fields: Record) -> Record:
    """What was sent as JSON in the types that records have."""
    typed = dict(fields)
    for name in _DATES:
        if name in fields:
            typed |= dated(name, _day(fields[name]))
    if "LineItems" in fields:
        typed["LineItems"] = [_line(line) for line in fields["LineItems"]]
    if "CurrencyRate" in fields:
        typed["CurrencyRate"] = _rounded(number(fields["CurrencyRate"]), 6)
    return typed


def _line(line: Record) -> Record:
    """A line with an id and all of its amounts."""
    amounts = {name: number(line.get(name, _default(name))) for name in _PLACES}
    if "LineAmount" not in line and None not in amounts.values():
        amounts["LineAmount"] = amounts["Quantity"] * amounts["UnitAmount"]
    if None in amounts.values():
        raise MutationRefused(f"{', '.join(_PLACES)} have to be numbers")
    rounded = {name: _rounded(amounts[name], p) for name, p in _PLACES.items()}
    line_id = line.get("LineItemID") or str(uuid.uuid4())
    return {"Tracking": [], **line, **rounded, "LineItemID": line_id}


def _default(name: str) -> int:
    return 1 if name == "Quantity" else 0


def _rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(
        CENT if places == 2 else Decimal(1).scaleb(-places), ROUND_HALF_UP
    )


def _day(value: Any) -> int:
    """A calendar date in ms, from `2026-11-20` or Xero's own form."""
    if isinstance(value, str) and value.startswith("/Date("):
        return milliseconds(value)
    try:
        day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        raise MutationRefused(f"not a date: {value}") from None
    return int(day.timestamp()) * 1000
