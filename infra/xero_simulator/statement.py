"""What a customer owed at the end of a day, document by document."""

from dataclasses import dataclass
from decimal import Decimal

from infra.xero_simulator.ledger import RECEIVABLE, documents, in_base, side_of
from infra.xero_simulator.settlement import CREDITS, allocations_to
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import (
    ZERO,
    Record,
    amount,
    member,
    milliseconds,
    parts,
)


@dataclass(frozen=True)
class Entry:
    """A document in a statement; days in ms, amounts in the base currency, those of
    a credit negative."""

    identifier: str
    number: str
    day: int
    due_day: int
    total: Decimal
    paid: Decimal
    credited: Decimal
    due: Decimal


def statement(tenant: Tenant, contact_id: str, until: int) -> list[Entry]:
    """What a customer owed at the end of a day: its approved sales invoices and
    credits of which something was open then, by their dates.

    :param until: payments and allocations up to this day (in ms) count
    """
    entries = [
        _entry(tenant, document, until)
        for document in documents(tenant)
        if member(document, "Contact.ContactID") == contact_id
        and document.get("Status") in ("AUTHORISED", "PAID")
        and side_of(document)[0] == RECEIVABLE
        and milliseconds(document.get("Date")) <= until
    ]
    return sorted(
        (each for each in entries if each.due),
        key=lambda each: (each.day, each.number, each.identifier),
    )


def _entry(tenant: Tenant, document: Record, until: int) -> Entry:
    total = amount(document, "Total")
    paid = _up_to(until, parts(document, "Payments"))
    is_invoice = side_of(document)[1] > 0
    credited = (
        _credited(tenant, document, until)
        if is_invoice
        else _up_to(until, parts(document, "Allocations"))
    )
    sums = (total, paid, credited, total - paid - credited)
    day = milliseconds(document.get("Date"))
    return Entry(
        _identifier(document),
        _number(document),
        day,
        milliseconds(document.get("DueDate")) or day,
        *(ZERO + side_of(document)[1] * in_base(document, each) for each in sums),
    )


def _credited(tenant: Tenant, invoice: Record, until: int) -> Decimal:
    """What credits took of an invoice up to a day: their allocations say when."""
    total = ZERO
    for collection in tenant.credits:
        for named in parts(invoice, collection.plural):
            credit = collection.get(str(named.get(collection.key)))
            if credit:
                given = allocations_to(credit, invoice["InvoiceID"])
                total += _up_to(until, given)
            elif milliseconds(named.get("Date")) <= until:
                total += amount(named, "AppliedAmount")
    return total


def _up_to(until: int, settlements: list[Record]) -> Decimal:
    early = (s for s in settlements if milliseconds(s.get("Date")) <= until)
    return sum((amount(each, "Amount") for each in early), ZERO)


def _identifier(document: Record) -> str:
    keys = ("InvoiceID", *(f"{plural[:-1]}ID" for plural in CREDITS))
    return next((document[key] for key in keys if key in document), "")


def _number(document: Record) -> str:
    names = ("InvoiceNumber", "CreditNoteNumber", "Reference")
    return next((str(document[name]) for name in names if document.get(name)), "")
