"""Payments of invoices, and what invoices say of their contact: balances and role."""

from collections import defaultdict
from collections.abc import Collection as Some
from decimal import ROUND_HALF_UP, Context, Decimal

from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import (
    CENT,
    Record,
    member,
    milliseconds,
    number,
    xero_date,
)

_ZERO = Decimal("0.00")
_WIDE = Context(prec=60)
_SIDES = {
    "ACCREC": ("IsCustomer", "AccountsReceivable"),
    "ACCPAY": ("IsSupplier", "AccountsPayable"),
}


def settle(tenant: Tenant, today: int, contact_ids: Some[str] | None = None) -> None:
    """Bring balances and roles of contacts (default: all) in line with the invoices.

    Overdue is what was due before `today`, in ms. As at Xero the balances are in the
    base currency, and `UpdatedDateUTC` of the contacts does not move.
    """
    books: dict[str, list[Record]] = defaultdict(list)
    for invoice in tenant.invoices.records():
        contact_id = member(invoice, "Contact.ContactID")
        if contact_ids is None or contact_id in contact_ids:
            books[contact_id].append(invoice)
    if contact_ids is None:
        contact_ids = [contact["ContactID"] for contact in tenant.contacts.records()]
    for contact_id in contact_ids:
        # Only the ids are held meanwhile: not each contact twice.
        contact = tenant.contacts.get(contact_id or "")
        if contact:
            standing = _standing(contact, books.pop(contact_id, []), today)
            tenant.contacts.put(contact | standing)


def _standing(contact: Record, invoices: list[Record], today: int) -> Record:
    traded = {invoice.get("Type") for invoice in invoices}
    standing: Record = {
        role: bool(contact.get(role)) or kind in traded
        for kind, (role, _) in _SIDES.items()
    }
    if any(standing.values()):
        standing["Balances"] = {
            name: _balance([i for i in invoices if i.get("Type") == kind], today)
            for kind, (_, name) in _SIDES.items()
        }
    return standing


def _balance(invoices: list[Record], today: int) -> dict[str, Decimal]:
    outstanding = overdue = _ZERO
    for invoice in invoices:
        if invoice.get("Status") != "AUTHORISED":
            continue
        amount = in_base_currency(invoice)
        outstanding += amount
        if milliseconds(invoice.get("DueDate")) < today:
            overdue += amount
    return {"Outstanding": outstanding, "Overdue": overdue}


def in_base_currency(invoice: Record) -> Decimal:
    """What is due, by `CurrencyRate` read as units of the currency for one of base."""
    due = number(invoice.get("AmountDue")) or _ZERO
    rate = number(invoice.get("CurrencyRate")) or Decimal(1)
    return (due / rate).quantize(CENT, ROUND_HALF_UP, _WIDE)


def payment(payment_id: str, day: int, amount: Decimal, rate: Decimal) -> Record:
    """A payment of a day (in ms) as it is nested in an invoice."""
    return {
        "PaymentID": payment_id,
        "Date": xero_date(day),
        "Amount": amount,
        "CurrencyRate": rate,
        "HasAccount": False,
        "HasValidationErrors": False,
    }
