# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's sales documents as rows of the mirror: invoices and the three kinds of credit.

Source: xero-api.md sections 3 and 4; the schemas Invoice, CreditNote, Overpayment and
Prepayment of Xero's OpenAPI description.
"""

from dataclasses import dataclass

from .values import ID_LIMIT, day, flag, moment, number, record, rows, text


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """How Xero names what one kind of document has; `types` are those of sales."""

    name: str
    id_name: str
    number_name: str
    types: frozenset
    open_name: str = "RemainingCredit"
    sign: int = -1

    @property
    def is_credit(self):
        return self.sign < 0


# By the connector's resource.
DOCUMENT_KINDS = {
    "invoices": DocumentKind(
        "invoice",
        "InvoiceID",
        "InvoiceNumber",
        frozenset({"ACCREC"}),
        open_name="AmountDue",
        sign=1,
    ),
    "credit_notes": DocumentKind(
        "credit_note",
        "CreditNoteID",
        "CreditNoteNumber",
        frozenset({"ACCRECCREDIT"}),
    ),
    "overpayments": DocumentKind(
        "overpayment",
        "OverpaymentID",
        "InvoiceNumber",
        frozenset({"RECEIVE-OVERPAYMENT", "AROVERPAYMENT"}),
    ),
    "prepayments": DocumentKind(
        "prepayment",
        "PrepaymentID",
        "InvoiceNumber",
        frozenset({"RECEIVE-PREPAYMENT", "ARPREPAYMENT"}),
    ),
}


def id_of(kind, document):
    """The document's id, None where it has none that can be one."""
    xero_id = text(document.get(kind.id_name))
    return xero_id if xero_id and len(xero_id) <= ID_LIMIT else None


def document_row(kind, document):
    """The columns of xero.transaction that the document itself decides."""
    contact = record(document.get("Contact"))
    return {
        "xero_id": id_of(kind, document),
        "kind": kind.name,
        "number": text(document.get(kind.number_name)),
        "reference": text(document.get("Reference")),
        "status": text(document.get("Status")),
        "contact_xero_id": text(contact.get("ContactID")),
        "contact_name": text(contact.get("Name")),
        "date": _day(document, "Date"),
        "due_date": _day(document, "DueDate"),
        "expected_payment_date": _day(document, "ExpectedPaymentDate"),
        "fully_paid_on": _day(document, "FullyPaidOnDate"),
        "line_amount_types": text(document.get("LineAmountTypes")),
        "currency_code": text(document.get("CurrencyCode")),
        "currency_rate": number(document.get("CurrencyRate")),
        "sub_total": number(document.get("SubTotal")) or 0.0,
        "total_tax": number(document.get("TotalTax")) or 0.0,
        "total": number(document.get("Total")) or 0.0,
        "amount_paid": number(document.get("AmountPaid")) or 0.0,
        "amount_credited": number(document.get("AmountCredited")) or 0.0,
        "open_amount": number(document.get(kind.open_name)) or 0.0,
        "sent_to_contact": flag(document.get("SentToContact")),
        "updated_at": _moment_text(document),
    }


def line_rows(document):
    """The columns of xero.transaction.line of each line, in Xero's order."""
    inclusive = text(document.get("LineAmountTypes")) == "Inclusive"
    return [
        _line_row(line, position, inclusive)
        for position, line in enumerate(rows(document.get("LineItems")), start=1)
    ]


def allocation_rows(kind, document):
    """The columns of xero.allocation of what settled the document or came of it."""
    paid = "refund" if kind.is_credit else "payment"
    found = [
        {
            "kind": paid,
            "xero_id": text(payment.get("PaymentID")),
            "invoice_xero_id": None if kind.is_credit else id_of(kind, document),
            "date": _day(payment, "Date"),
            "reference": text(payment.get("Reference")),
            "amount": number(payment.get("Amount")) or 0.0,
        }
        for payment in rows(document.get("Payments"))
        if text(payment.get("Status")) != "DELETED"
    ]
    if not kind.is_credit:
        return found
    return found + [
        {
            "kind": "credit",
            "xero_id": text(allocation.get("AllocationID")),
            "invoice_xero_id": text(record(allocation.get("Invoice")).get("InvoiceID")),
            "date": _day(allocation, "Date"),
            "reference": None,
            "amount": number(allocation.get("Amount")) or 0.0,
        }
        for allocation in rows(document.get("Allocations"))
        if not flag(allocation.get("IsDeleted"))
    ]


def _line_row(line, position, inclusive):
    item = record(line.get("Item"))
    amount = number(line.get("LineAmount")) or 0.0
    tax = number(line.get("TaxAmount")) or 0.0
    return {
        "position": position,
        "description": line.get("Description")
        if isinstance(line.get("Description"), str)
        else None,
        "item_xero_id": text(item.get("ItemID")),
        "item_code": text(line.get("ItemCode")) or text(item.get("Code")),
        "quantity": number(line.get("Quantity")) or 0.0,
        "unit_amount": number(line.get("UnitAmount")) or 0.0,
        "discount_rate": number(line.get("DiscountRate")) or 0.0,
        "account_code": text(line.get("AccountCode")),
        "tax_type": text(line.get("TaxType")),
        "tax_amount": tax,
        "line_amount": amount,
        "net_amount": round(amount - tax, 4) if inclusive else amount,
    }


def _day(of, name):
    """A calendar day as text: Xero's `…String` where it is, else the date."""
    found = day(of.get(f"{name}String")) or day(of.get(name))
    return found and found.isoformat()


def _moment_text(document):
    found = moment(document.get("UpdatedDateUTC"))
    return found and str(found)
