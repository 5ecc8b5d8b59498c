"""What documents say of their contact: its balances and its role.

As at Xero all of it is in the base currency. A remaining credit lessens what is
outstanding and not what is overdue: in Xero's own examples more is overdue than
outstanding.
"""

from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal

from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import (
    CENT,
    ZERO,
    Record,
    amount,
    member,
    milliseconds,
    number,
)

_WIDE = Context(prec=60)
_SIDES = {
    "AccountsReceivable": "IsCustomer",
    "AccountsPayable": "IsSupplier",
}
RECEIVABLE, PAYABLE = _SIDES
# On whose side a document stands, and whether it is owed (1) or a credit (-1).
_TYPES = {
    "ACCREC": (RECEIVABLE, 1),
    "ACCRECCREDIT": (RECEIVABLE, -1),
    "RECEIVE-OVERPAYMENT": (RECEIVABLE, -1),
    "AROVERPAYMENT": (RECEIVABLE, -1),
    "RECEIVE-PREPAYMENT": (RECEIVABLE, -1),
    "ARPREPAYMENT": (RECEIVABLE, -1),
    "ACCPAY": (PAYABLE, 1),
    "ACCPAYCREDIT": (PAYABLE, -1),
    "SPEND-OVERPAYMENT": (PAYABLE, -1),
    "SPEND-PREPAYMENT": (PAYABLE, -1),
    "APPREPAYMENT": (PAYABLE, -1),
}
_NEITHER = ("", 0)


def keep_up(tenant: Tenant, today: int) -> None:
    """On another day than before, something else is overdue."""
    if tenant.balanced_on in (None, today):
        return
    with tenant.changing:
        if tenant.balanced_on != today:
            settle(tenant, today)
            tenant.balanced_on = today


def settle(tenant: Tenant, today: int, contact_ids: Some[str] | None = None) -> None:
    """Bring balances and roles of contacts (default: all) in line with the documents.

    Overdue is what was due before `today`, in ms. `UpdatedDateUTC` of the contacts
    does not move.
    """
    books: dict[str, list[Record]] = defaultdict(list)
    for document in documents(tenant):
        contact_id = member(document, "Contact.ContactID")
        if contact_ids is None or contact_id in contact_ids:
            books[contact_id].append(document)
    if contact_ids is None:
        contact_ids = [contact["ContactID"] for contact in tenant.contacts.records()]
    for contact_id in contact_ids:
        # Only the ids are held meanwhile: not each contact twice.
        contact = tenant.contacts.get(contact_id or "")
        if contact:
            after = contact | _standing(contact, books.pop(contact_id, []), today)
            if after != contact:
                tenant.contacts.put(after)


def documents(tenant: Tenant) -> Iterator[Record]:
    """Invoices, then all that can be set off against them."""
    for collection in (tenant.invoices, *tenant.credits):
        yield from collection.records()


def _standing(contact: Record, documents: list[Record], today: int) -> Record:
    traded = {side_of(document)[0] for document in documents}
    standing: Record = {
        role: bool(contact.get(role)) or side in traded for side, role in _SIDES.items()
    }
    if any(standing.values()):
        standing["Balances"] = {
            side: _balance([d for d in documents if side_of(d)[0] == side], today)
            for side in _SIDES
        }
    return standing


def side_of(document: Record) -> tuple[str, int]:
    """The contact's balance that a document is in, and with which sign."""
    kind = document.get("Type")
    return _TYPES.get(kind, _NEITHER) if isinstance(kind, str) else _NEITHER


def _balance(documents: list[Record], today: int) -> dict[str, Decimal]:
    outstanding = overdue = ZERO
    for document in documents:
        if document.get("Status") != "AUTHORISED":
            continue
        if side_of(document)[1] < 0:
            outstanding -= in_base(document, amount(document, "RemainingCredit"))
            continue
        due = in_base(document, amount(document, "AmountDue"))
        outstanding += due
        if milliseconds(document.get("DueDate")) < today:
            overdue += due
    return {"Outstanding": outstanding, "Overdue": overdue}


def in_base(document: Record, value: Decimal) -> Decimal:
    """A document's amount in the base currency: `CurrencyRate` is read as units of
    the document's currency for one of base."""
    rate = number(document.get("CurrencyRate")) or Decimal(1)
    return (value / rate).quantize(CENT, ROUND_HALF_UP, _WIDE)
