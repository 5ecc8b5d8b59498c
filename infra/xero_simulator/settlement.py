"""What settles a document: payments, and credits that are allocated to invoices.

A credit is a credit note, an overpayment or a prepayment. Its `Allocations` say when
how much of it went to which invoice; the invoice names the credit with that amount.
All sums of both follow from there: `AmountDue = Total - AmountPaid - AmountCredited`
and `RemainingCredit = Total - allocations - refunds`.
"""

from decimal import Decimal

from infra.xero_simulator.store import Collection
from infra.xero_simulator.values import (
    ZERO,
    Record,
    amount,
    dated,
    member,
    milliseconds,
    parts,
    xero_date,
)

CREDITS = ("CreditNotes", "Prepayments", "Overpayments")
CLOSED = ("VOIDED", "DELETED")
# Kinds of which Xero does not say when nothing was left of them.
_UNDATED = {"OverpaymentID", "PrepaymentID"}
# How Xero writes the invoice of an allocation: its lists are always empty.
_NO_DETAILS = {
    "Payments": [],
    "CreditNotes": [],
    "Prepayments": [],
    "Overpayments": [],
    "HasErrors": False,
    "IsDiscounted": False,
    "LineItems": [],
}


def payment(payment_id: str, day: int, paid: Decimal, rate: Decimal) -> Record:
    """A payment of a day (in ms) as it is nested in a document."""
    return {
        "PaymentID": payment_id,
        "Date": xero_date(day),
        "Amount": paid,
        "CurrencyRate": rate,
        "HasAccount": False,
        "HasValidationErrors": False,
    }


def paid(document: Record, made: Record) -> Record:
    """A document with one more payment: of an invoice, or refunded of a credit."""
    return resettled(document | {"Payments": [*parts(document, "Payments"), made]})


def unpaid(document: Record, payment_id: str) -> Record:
    """A document without one of its payments, as if it had not been made."""
    left = [p for p in parts(document, "Payments") if p.get("PaymentID") != payment_id]
    return resettled(document | {"Payments": left})


def allocate(
    kind: Collection, credit: Record, invoice: Record, allocation: Record
) -> tuple[Record, Record]:
    """The credit and the invoice after an allocation, see `allocation`."""
    allocations = [*parts(credit, "Allocations"), allocation]
    return _agreeing(kind, credit | {"Allocations": allocations}, invoice)


def deallocate(
    kind: Collection, credit: Record, invoice: Record, allocation_id: str
) -> tuple[Record, Record]:
    """Both as if the allocation had not been made."""
    left = [
        each
        for each in parts(credit, "Allocations")
        if each.get("AllocationID") != allocation_id
    ]
    return _agreeing(kind, credit | {"Allocations": left}, invoice)


def allocation(
    allocation_id: str, invoice: Record, day: int, applied: Decimal
) -> Record:
    """So much of a credit, given to an invoice on a day (in ms)."""
    named = {name: invoice.get(name) for name in ("InvoiceID", "InvoiceNumber")}
    return {
        "AllocationID": allocation_id,
        "Amount": applied,
        "Date": xero_date(day),
        "Invoice": named | _NO_DETAILS,
    }


def allocations_to(credit: Record, invoice_id: str) -> list[Record]:
    """Those of a credit's allocations that went to an invoice."""
    return [
        each
        for each in parts(credit, "Allocations")
        if member(each, "Invoice.InvoiceID") == invoice_id
    ]


def resettled(document: Record, day: int = 0) -> Record:
    """An invoice or a credit with the sums and the status that follow from what
    settles it, on a day (in ms) the last of it."""
    if "InvoiceID" not in document:
        sums = {"RemainingCredit": remaining(document)}
        return _with_status(document | sums, sums["RemainingCredit"], day)
    paid_so_far = _sum(parts(document, "Payments"), "Amount")
    credits = [each for plural in CREDITS for each in parts(document, plural)]
    credited = _sum(credits, "AppliedAmount")
    due = ZERO
    if document.get("Status") not in CLOSED:
        due = amount(document, "Total") - paid_so_far - credited
    sums = {"AmountDue": due, "AmountPaid": paid_so_far, "AmountCredited": credited}
    return _with_status(document | sums, due, day)


def remaining(credit: Record) -> Decimal:
    """What is neither allocated nor refunded; nothing of what was voided."""
    if credit.get("Status") in CLOSED:
        return ZERO
    spent = [*parts(credit, "Allocations"), *parts(credit, "Payments")]
    return amount(credit, "Total") - _sum(spent, "Amount")


def _agreeing(
    kind: Collection, credit: Record, invoice: Record
) -> tuple[Record, Record]:
    """The credit, and the invoice naming it with what was allocated to it."""
    identifier = credit[kind.key]
    given = allocations_to(credit, invoice["InvoiceID"])
    named = [
        each for each in parts(invoice, kind.plural) if each.get(kind.key) != identifier
    ]
    if given:
        named.append(_applied(kind, credit, _sum(given, "Amount")))
    day = max((milliseconds(each.get("Date")) for each in given), default=0)
    return resettled(credit), resettled(invoice | {kind.plural: named}, day)


def _applied(kind: Collection, credit: Record, applied: Decimal) -> Record:
    """A credit as an invoice names it; `Date` is the credit's own."""
    is_note = kind.plural == "CreditNotes"
    return {
        kind.key: credit[kind.key],
        **({"CreditNoteNumber": credit.get("CreditNoteNumber")} if is_note else {}),
        "ID": credit[kind.key],
        **({"HasErrors": False} if is_note else {}),
        "AppliedAmount": applied,
        **dated("Date", milliseconds(credit.get("Date"))),
        "LineItems": [],
        "Total": credit["Total"],
    }


def _with_status(document: Record, left: Decimal, day: int) -> Record:
    """AUTHORISED while something is left, then PAID, and since when."""
    after = {k: v for k, v in document.items() if k != "FullyPaidOnDate"}
    if document.get("Status") not in ("AUTHORISED", "PAID"):
        return after
    after["Status"] = "AUTHORISED" if left else "PAID"
    if not left and not _UNDATED & after.keys():
        spent = [*parts(document, "Payments"), *parts(document, "Allocations")]
        days = [day, *(milliseconds(each.get("Date")) for each in spent)]
        on = max(days) or milliseconds(document.get("Date"))
        after["FullyPaidOnDate"] = xero_date(on)
    return after


def _sum(records: list[Record], name: str) -> Decimal:
    return sum((amount(each, name) for each in records), ZERO)
