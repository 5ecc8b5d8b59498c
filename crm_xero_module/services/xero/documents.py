# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's sales documents as rows of the mirror: invoices and the three kinds of credit.

Source: Xero's pages on them; the schemas Invoice, CreditNote, Overpayment and
Prepayment of Xero's OpenAPI description.
"""

from dataclasses import dataclass

from .values import ID_LIMIT, day, flag, moment, number, record, rows, text, usable_id


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


def is_sold(kind, document):
    """Whether a document is one of sales. What has no type is taken for one, so that
    it is not passed over unheard."""
    found = text(document.get("Type"))
    return found is None or found in kind.types


def document_row(kind, xero_id, document):
    """The columns of xero.transaction that the document itself decides."""
    contact = record(document.get("Contact"))
    return {
        "xero_id": xero_id,
        "kind": kind.name,
        "number": text(document.get(kind.number_name)),
        "reference": text(document.get("Reference")),
        "status": text(document.get("Status")),
        "contact_xero_id": usable_id(contact.get("ContactID")),
        "contact_name": text(contact.get("Name")),
        "date": _day(document, "Date"),
        "due_date": _day(document, "DueDate"),
        "expected_payment_date": _day(document, "ExpectedPaymentDate"),
        "fully_paid_on": _day(document, "FullyPaidOnDate"),
        "line_amount_types": text(document.get("LineAmountTypes")),
        # Cut, not dropped: without a currency it would be the organisation's own.
        "currency_code": (text(document.get("CurrencyCode")) or "")[:ID_LIMIT] or None,
        "currency_rate": _rate(document),
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


def allocation_rows(kind, xero_id, document):
    """The columns of xero.allocation of what settled the document or came of it."""
    paid = "refund" if kind.is_credit else "payment"
    found = [
        {
            "kind": paid,
            "xero_id": text(payment.get("PaymentID")),
            "invoice_xero_id": None if kind.is_credit else xero_id,
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
            "invoice_xero_id": usable_id(
                record(allocation.get("Invoice")).get("InvoiceID")
            ),
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
    description = line.get("Description")
    return {
        "position": position,
        # Of several lines, as people wrote it.
        "description": description if isinstance(description, str) else None,
        "item_xero_id": usable_id(item.get("ItemID")),
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


def _rate(document):
    """The rate to six decimals, as Xero writes it; None where it cannot be one."""
    found = number(document.get("CurrencyRate"))
    return found if found and 1e-6 <= found <= 1e9 else None


def _day(of, name):
    """A calendar day as text: Xero's `…String` where it is, else the date."""
    found = day(of.get(f"{name}String")) or day(of.get(name))
    return found and found.isoformat()


def _moment_text(document):
    found = moment(document.get("UpdatedDateUTC"))
    found = found or moment(document.get("UpdatedDateUTCString"))
    return found and str(found)
