"""What changes of invoices and of credits have in common.

Dates are given as `2026-11-20`, amounts as numbers; sums follow from the lines.
"""

import uuid
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.mutations.change import (
    Change,
    MutationRefused,
    known,
    put_changed,
)
from infra.xero_simulator.settlement import CREDITS, payment, resettled
from infra.xero_simulator.store import Collection, Tenant
from infra.xero_simulator.values import (
    CENT,
    ZERO,
    Record,
    amount,
    dated,
    day_of,
    member,
    milliseconds,
    number,
    parts,
    utc_string,
)
from infra.xero_simulator.zones import today

# What can be voided, if nothing settled it (a total of nothing is PAID at once), and
# what can be deleted.
APPROVED, UNAPPROVED = ("AUTHORISED", "PAID"), ("DRAFT", "SUBMITTED")
DATES = ("Date", "DueDate")
_PLACES = {"UnitAmount": 4, "Quantity": 4, "LineAmount": 2, "TaxAmount": 2}
# What cannot change any more once something was settled by it: amounts, and what
# the other side of an allocation says of it.
_SETTLED = {
    "Type",
    "Status",
    "Date",
    "InvoiceNumber",
    "CreditNoteNumber",
    "Total",
    "LineItems",
    "LineAmountTypes",
    "Contact",
    "CurrencyCode",
    "CurrencyRate",
}
# What two documents say of each other changes by actions on both.
_SHARED = {"Allocations", *CREDITS}


def check_fields(tenant: Tenant, change: Change, fields: Record) -> None:
    """Refuse what no document can hold; a new one needs its contact."""
    if shared := _SHARED & fields.keys():
        raise MutationRefused(f"{', '.join(shared)} cannot be set: allocate")
    if change["action"] == "add" or "Contact" in fields:
        known(tenant.contacts, member(fields, "Contact.ContactID"))
    for name in DATES:
        if name in fields and not _is_undated(fields, name):
            day(fields[name])
    lines = fields.get("LineItems", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise MutationRefused("LineItems has to be a list of objects")
    for line in lines:
        _line(line)
    if not number(fields.get("CurrencyRate", 1)):
        raise MutationRefused("CurrencyRate has to be a number")


def check_update(document: Record, fields: Record) -> None:
    """Xero locks the amounts of what is paid or allocated, also in part."""
    if is_settled(document) and (locked := _SETTLED & fields.keys()):
        raise MutationRefused(f"paid or allocated in part: no {', '.join(locked)}")


def is_settled(document: Record) -> bool:
    return any(parts(document, n) for n in ("Payments", "Allocations", *CREDITS))


def typed(tenant: Tenant, fields: Record) -> Record:
    """What was sent as JSON in the types that records have."""
    held = dict(fields)
    for name in DATES:
        if _is_undated(fields, name):
            held[f"{name}String"] = None
        elif name in fields:
            held |= dated(name, day(fields[name]))
    if "LineItems" in fields:
        held["LineItems"] = [_line(line) for line in fields["LineItems"]]
    if "CurrencyRate" in fields:
        held["CurrencyRate"] = rounded(number(fields["CurrencyRate"]), 6)
    if "Contact" in fields:
        contact = known(tenant.contacts, fields["Contact"]["ContactID"])
        held["Contact"] = {name: contact.get(name) for name in ("ContactID", "Name")}
    return held


def _is_undated(fields: Record, name: str) -> bool:
    """Whether a document is to have no such date: it may be due on no day."""
    return name == "DueDate" and fields.get(name, "") is None


def base_of(tenant: Tenant) -> Record:
    """How a document begins that says nothing else."""
    return {
        "Status": "AUTHORISED",
        "CurrencyCode": tenant.organisation.get("BaseCurrency", "NZD"),
        "CurrencyRate": Decimal("1.000000"),
        "HasAttachments": False,
        "Reference": "",
        "LineAmountTypes": "Exclusive",
        "LineItems": [],
        "Payments": [],
    }


def with_totals(document: Record) -> Record:
    """The sums that follow from the lines, and what is left of them."""
    lines = document["LineItems"]
    tax = sum((line["TaxAmount"] for line in lines), ZERO)
    lines_total = sum((line["LineAmount"] for line in lines), ZERO)
    included = document.get("LineAmountTypes") == "Inclusive"
    total = lines_total if included else lines_total + tax
    sums = {"SubTotal": total - tax, "TotalTax": tax, "Total": total}
    return resettled(document | sums)


def put_dated(collection: Collection, document: Record, clock: Clock) -> Record:
    """Keep a document; its last change, in both of its forms, is now."""
    now = {"UpdatedDateUTCString": utc_string(clock.milliseconds())}
    return put_changed(collection, document | now, clock)


def check_payment(document: Record, left: str, change: Change) -> None:
    """Refuse a payment, a refund or an allocation of more than is left."""
    if document.get("Status") != "AUTHORISED":
        raise MutationRefused(f"cannot {change['action']} {document.get('Status')}")
    amount_of(change, amount(document, left))
    day(change.get("date", "2026-01-01"))


def payment_of(
    tenant: Tenant, clock: Clock, document: Record, left: str, change: Change
) -> Record:
    """The payment that a change asks for: all that is left, today."""
    rate = number(document.get("CurrencyRate")) or Decimal("1.000000")
    paid = amount_of(change, amount(document, left))
    return payment(str(uuid.uuid4()), day_of_change(tenant, clock, change), paid, rate)


def chosen(records: list[Record], key: str, identifier: Any) -> str:
    """The id of the one that is asked for, else of the latest."""
    ids = [each.get(key) for each in records]
    if not ids or (identifier is not None and identifier not in ids):
        raise MutationRefused(f"no {key} {identifier or 'at all'}")
    return ids[-1] if identifier is None else identifier


def amount_of(change: Change, most: Decimal) -> Decimal:
    wanted = number(change.get("amount", most))
    if wanted is None or not 0 < rounded(wanted, 2) <= most:
        raise MutationRefused(f"amount has to be a number up to {most}")
    return rounded(wanted, 2)


def day_of_change(tenant: Tenant, clock: Clock, change: Change) -> int:
    return day(change["date"]) if "date" in change else today(tenant, clock)


def day(value: Any) -> int:
    """A calendar date in ms, from `2026-11-20` or Xero's own form."""
    if isinstance(value, str) and value.startswith("/Date("):
        return milliseconds(value)
    found = day_of(value)
    if found is None:
        raise MutationRefused(f"not a date: {value}")
    return found


def rounded(value: Decimal, places: int) -> Decimal:
    step = CENT if places == 2 else Decimal(1).scaleb(-places)
    return value.quantize(step, ROUND_HALF_UP)


def _line(line: Record) -> Record:
    """A line with an id and all of its amounts."""
    amounts = {name: number(line.get(name, _default(name))) for name in _PLACES}
    if "LineAmount" not in line and None not in amounts.values():
        amounts["LineAmount"] = amounts["Quantity"] * amounts["UnitAmount"]
    if None in amounts.values():
        raise MutationRefused(f"{', '.join(_PLACES)} have to be numbers")
    held = {name: rounded(amounts[name], places) for name, places in _PLACES.items()}
    line_id = line.get("LineItemID") or str(uuid.uuid4())
    return {"Tracking": [], **line, **held, "LineItemID": line_id}


def _default(name: str) -> int:
    return 1 if name == "Quantity" else 0
