"""What the books of an organisation must say, worked out anew from the documents.

Nothing of the simulator is used but its records: amounts are added up here, days
compared here.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record

CENT = Decimal("0.01")
KEYS = {
    "CreditNotes": "CreditNoteID",
    "Overpayments": "OverpaymentID",
    "Prepayments": "PrepaymentID",
}
_SIDES = ("AccountsReceivable", "AccountsPayable")


def faults(tenant: Tenant, today: int) -> list[str]:
    """What does not agree, in words; nothing where all of it does."""
    return [
        *_invoice_faults(tenant),
        *_credit_faults(tenant),
        *_balance_faults(tenant, today),
    ]


def credits(tenant: Tenant) -> Iterator[tuple[str, Record]]:
    for collection in (tenant.credit_notes, tenant.overpayments, tenant.prepayments):
        for credit in collection.records():
            yield collection.plural, credit


def _invoice_faults(tenant: Tenant) -> Iterator[str]:
    for invoice in tenant.invoices.records():
        name = invoice["InvoiceNumber"]
        paid = sum(payment["Amount"] for payment in invoice["Payments"])
        named = [each for plural in KEYS for each in invoice[plural]]
        credited = sum(each["AppliedAmount"] for each in named)
        if invoice["AmountPaid"] != paid or invoice["AmountCredited"] != credited:
            yield f"{name}: {invoice['AmountPaid']} paid, {credited} credited"
        due = invoice["Total"] - paid - credited
        if invoice["Status"] in ("VOIDED", "DELETED"):
            due = 0
        if invoice["AmountDue"] != due:
            yield f"{name}: {invoice['AmountDue']} due instead of {due}"
        if (invoice["Status"] == "PAID") != ("FullyPaidOnDate" in invoice):
            yield f"{name}: {invoice['Status']}, dated otherwise"
        if invoice["Status"] == "PAID" and due:
            yield f"{name}: paid, but {due} is due"
        for plural, key in KEYS.items():
            for each in invoice[plural]:
                given = _given(tenant, plural, each[key], invoice["InvoiceID"])
                if each["AppliedAmount"] != given:
                    yield f"{name}: {each['AppliedAmount']} of a credit's {given}"


def _given(tenant: Tenant, plural: str, credit_id: str, invoice_id: str) -> Decimal:
    held = dict(CreditNotes=tenant.credit_notes, Overpayments=tenant.overpayments)
    credit = held.get(plural, tenant.prepayments).get(credit_id)
    return sum(
        allocation["Amount"]
        for allocation in credit["Allocations"]
        if allocation["Invoice"]["InvoiceID"] == invoice_id
    )


def _credit_faults(tenant: Tenant) -> Iterator[str]:
    for plural, credit in credits(tenant):
        name = f"{plural} {credit[KEYS[plural]]}"
        spent = sum(e["Amount"] for e in [*credit["Allocations"], *credit["Payments"]])
        left = credit["Total"] - spent
        if credit["Status"] in ("VOIDED", "DELETED"):
            left = 0
        if credit["RemainingCredit"] != left or left < 0 <= credit["Total"]:
            yield f"{name}: {credit['RemainingCredit']} left instead of {left}"
        if credit["Status"] == "PAID" and left:
            yield f"{name}: used up, but {left} is left"
        for allocation in credit["Allocations"]:
            invoice = tenant.invoices.get(allocation["Invoice"]["InvoiceID"])
            named = [each for each in invoice[plural] if each["ID"] == credit["ID"]]
            if [(e["Date"], e["Total"]) for e in named] != [
                (credit["Date"], credit["Total"])
            ]:
                yield f"{name}: its invoice names it as {named}"
            if invoice["Contact"]["ContactID"] != credit["Contact"]["ContactID"]:
                yield f"{name}: went to another contact's invoice"


def _balance_faults(tenant: Tenant, today: int) -> Iterator[str]:
    for contact in tenant.contacts.records():
        for side in _SIDES:
            expected = _balance(tenant, contact["ContactID"], side, today)
            held = contact.get("Balances", {}).get(side)
            found = (held["Outstanding"], held["Overdue"]) if held else (0, 0)
            if found != expected:
                yield f"{contact['Name']}, {side}: {found} instead of {expected}"


def _balance(
    tenant: Tenant, contact_id: str, side: str, today: int
) -> tuple[Decimal, Decimal]:
    outstanding = overdue = Decimal(0)
    for invoice in tenant.invoices.records():
        if _counts(invoice, contact_id, side):
            amount = _base(invoice["AmountDue"], invoice)
            outstanding += amount
            overdue += amount if _day(invoice["DueDate"]) < today else 0
    for _, credit in credits(tenant):
        if _counts(credit, contact_id, side):
            outstanding -= _base(credit["RemainingCredit"], credit)
    return outstanding, overdue


def _counts(document: Record, contact_id: str, side: str) -> bool:
    receivable = document["Type"].startswith(("ACCREC", "RECEIVE", "AR"))
    return (
        document["Contact"]["ContactID"] == contact_id
        and document["Status"] == "AUTHORISED"
        and receivable == (side == "AccountsReceivable")
    )


def _base(amount: Decimal, document: Record) -> Decimal:
    return (amount / document["CurrencyRate"]).quantize(CENT, ROUND_HALF_UP)


def _day(date: str) -> int:
    return int(date.removeprefix("/Date(").partition("+")[0])
