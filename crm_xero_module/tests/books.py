# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's items and sales documents as the tests write them, and how they land.

The sums of a document follow from its lines and from what settled it, as in Xero:
`AmountDue = Total - AmountPaid - AmountCredited`, and of a credit `RemainingCredit =
Total - allocations - refunds`. Days are `date`s or ISO texts, `paid`, `refunded` and
`allocated` lists of tuples. Without `status`, a document is PAID once nothing of it is
open, else AUTHORISED. Whatever else is given goes over what was worked out.

    invoice(7, 1, [line(price=100), line(price=50, item=item(3))], day="2026-04-01",
            due="2026-04-20", paid=[("2026-04-18", 150)])
    credit_note(2, 1, 80, day="2026-05-01", allocated=[(7, "2026-05-03", 30)],
                refunded=[("2026-05-04", 10)])
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.crm_xero_module.services.mirror.contacts import land_contacts
from odoo.addons.crm_xero_module.services.mirror.items import land_items
from odoo.addons.crm_xero_module.services.mirror.owners import adopt_transactions
from odoo.addons.crm_xero_module.services.mirror.transactions import land_documents
from odoo.addons.crm_xero_module.services.xero.documents import DOCUMENT_KINDS

from .common import READ_AT, XeroCase, xero_id

INVOICE, CREDIT_NOTE, OVERPAYMENT, PREPAYMENT, ITEM, PAYMENT, ALLOCATION = range(1, 8)
_EPOCH = date(1970, 1, 1)


def book_id(kind, number):
    """An id like Xero's of one of the kinds above."""
    return f"{kind}0000000-0000-4000-8000-{number:012d}"


def invoice_id(number):
    return book_id(INVOICE, number)


def xero_day(day, name="Date"):
    """A calendar day as Xero sends it: as `/Date()/` and as text; {} for None."""
    if day is None:
        return {}
    day = date.fromisoformat(day) if isinstance(day, str) else day
    milliseconds = (day - _EPOCH) // timedelta(milliseconds=1)
    return {
        f"{name}String": f"{day.isoformat()}T00:00:00",
        name: f"/Date({milliseconds}+0000)/",
    }


def item(number, *, price=10.0, cost=None, **values):
    """A product or service, sold; with `cost` purchased too."""
    return {
        "ItemID": book_id(ITEM, number),
        "Code": f"P{number:03d}",
        "Name": f"Product {number}",
        "Description": f"Product {number}, as agreed",
        "UpdatedDateUTC": "/Date(1763632800000+0000)/",
        "PurchaseDetails": {} if cost is None else {"UnitPrice": cost},
        "SalesDetails": {"UnitPrice": price, "AccountCode": "200"},
        "IsTrackedAsInventory": False,
        "IsSold": True,
        "IsPurchased": cost is not None,
        **values,
    }


def line(description="Work", *, quantity=1, price=100.0, tax=0, item=None, **values):
    """One of a document's `LineItems`; `tax` in percent, `item` as `item()` makes
    one. The amount is without tax: see `invoice` for documents that include it."""
    amount = _cents(Decimal(str(quantity)) * Decimal(str(price)))
    named = {}
    if item:
        shown = {name: item[name] for name in ("ItemID", "Name", "Code")}
        named = {"ItemCode": item["Code"], "Item": shown}
    return {
        "LineItemID": book_id(9, 0),
        "Description": description,
        "UnitAmount": price,
        "TaxType": "OUTPUT2" if tax else "NONE",
        "TaxAmount": float(_cents(amount * Decimal(str(tax)) / 100)),
        "LineAmount": float(amount),
        "AccountCode": "200",
        "Quantity": quantity,
        **named,
        **values,
    }


def payment(number, day, amount, **values):
    """One of a document's `Payments`."""
    return {
        "PaymentID": book_id(PAYMENT, number),
        **xero_day(day),
        "Amount": float(amount),
        "CurrencyRate": 1.0,
        "HasAccount": False,
        **values,
    }


def allocation(number, invoice_number, day, amount, **values):
    """One of a credit's `Allocations`: so much of it went to an invoice."""
    invoice = {
        "InvoiceID": invoice_id(invoice_number),
        "InvoiceNumber": f"INV-{invoice_number:04d}",
    }
    return {
        "AllocationID": book_id(ALLOCATION, number),
        "Amount": float(amount),
        **xero_day(day),
        "Invoice": invoice,
        **values,
    }


def invoice(
    number,
    contact_number=1,
    lines=100,
    *,
    day="2026-11-01",
    due="2026-11-20",
    paid=(),
    credited=0,
    **values,
):
    """A sales invoice: `lines` are `line()`s, or the amount of the only one; `paid` is
    [(day, amount)], `credited` what credits settled (their allocations say when)."""
    base = _document(contact_number, lines, day, values)
    payments = _payments(1000 * number, paid)
    spent = _sum(payments, "Amount")
    left = base["Total"] - spent - _cents(credited)
    last = max((row[0] for row in paid), default=day)
    paid_on = {} if left else xero_day(last, "FullyPaidOnDate")
    return _finished(
        {
            "Type": "ACCREC",
            "InvoiceID": invoice_id(number),
            "InvoiceNumber": f"INV-{number:04d}",
            **base,
            **xero_day(due, "DueDate"),
            "Payments": payments,
            "CreditNotes": [],
            "Prepayments": [],
            "Overpayments": [],
            "AmountPaid": spent,
            "AmountCredited": _cents(credited),
            "SentToContact": True,
            **paid_on,
        },
        "AmountDue",
        left,
        values,
    )


def credit_note(number, contact_number=1, lines=100, **options):
    """A credit note: `allocated` is [(invoice's number, day, amount)], `refunded`
    [(day, amount)]."""
    head = {
        "CreditNoteID": book_id(CREDIT_NOTE, number),
        "CreditNoteNumber": f"CN-{number:04d}",
        "Type": "ACCRECCREDIT",
    }
    return _credit(CREDIT_NOTE, head, number, contact_number, lines, **options)


def overpayment(number, contact_number=1, lines=100, **options):
    """What a customer paid too much; options as of `credit_note`."""
    head = {
        "OverpaymentID": book_id(OVERPAYMENT, number),
        "Type": "RECEIVE-OVERPAYMENT",
    }
    return _credit(OVERPAYMENT, head, number, contact_number, lines, **options)


def prepayment(number, contact_number=1, lines=100, **options):
    """What a customer paid before its invoice; options as of `credit_note`."""
    head = {"PrepaymentID": book_id(PREPAYMENT, number), "Type": "RECEIVE-PREPAYMENT"}
    return _credit(PREPAYMENT, head, number, contact_number, lines, **options)


def resource_of(document):
    """The connector's resource that a record of this module belongs to."""
    if "ItemID" in document:
        return "items"
    found = [name for name, kind in DOCUMENT_KINDS.items() if kind.id_name in document]
    return found[0] if found else "contacts"


def land(connection, *records, read_at=READ_AT):
    """Bring contacts, items and documents into the mirror, each kind as a part of its
    own, in the order in which they are given."""
    by_resource = {}
    for record in records:
        by_resource.setdefault(resource_of(record), []).append(record)
    for resource, found in by_resource.items():
        if resource == "contacts":
            land_contacts(connection, found, read_at)
            adopt_transactions(connection)
        elif resource == "items":
            land_items(connection, found, read_at)
        else:
            land_documents(connection, DOCUMENT_KINDS[resource], found, read_at)


class BooksCase(XeroCase):
    """An organisation in New Zealand, whose books are kept in NZD and whose year ends
    on 31 March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        currencies = cls.env["res.currency"].with_context(active_test=False)
        for name in ("nzd", "usd", "eur"):
            found = currencies.search([("name", "=", name.upper())])
            found.active = True
            setattr(cls, name, found)
        cls.connection.sudo().write(
            {
                "base_currency": "NZD",
                "timezone": "Pacific/Auckland",
                "financial_year_end_day": 31,
                "financial_year_end_month": 3,
            }
        )

    def land_books(self, *records, read_at=READ_AT):
        """See `land`."""
        land(self.connection.sudo(), *records, read_at=read_at)

    def transaction(self, document):
        """The mirror's row of one of the documents above."""
        kind = DOCUMENT_KINDS[resource_of(document)]
        return self.env["xero.transaction"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("xero_id", "=", document[kind.id_name]),
            ]
        )

    def mirrored_item(self, number):
        """The mirror's row of an item, gone ones too."""
        items = self.env["xero.item"].with_context(active_test=False)
        return items.search([("xero_id", "=", book_id(ITEM, number))])


def _credit(
    kind,
    head,
    number,
    contact_number,
    lines,
    *,
    day="2026-11-01",
    allocated=(),
    refunded=(),
    **values,
):
    base = _document(contact_number, lines, day, values)
    first = 1000 * (100_000 * kind + number)
    payments = _payments(first, refunded)
    allocations = [
        allocation(first + position, *row) for position, row in enumerate(allocated)
    ]
    spent = _sum(payments, "Amount") + _sum(allocations, "Amount")
    return _finished(
        {**head, **base, "Payments": payments, "Allocations": allocations},
        "RemainingCredit",
        base["Total"] - spent,
        values,
    )


def _document(contact_number, lines, day, values):
    """What all kinds have; amounts are still decimals."""
    lines = lines if isinstance(lines, list | tuple) else [line(price=lines)]
    net, tax = _sum(lines, "LineAmount"), _sum(lines, "TaxAmount")
    if values.get("LineAmountTypes") == "Inclusive":
        net -= tax
    return {
        "Reference": "",
        "Contact": {
            "ContactID": xero_id(contact_number),
            "Name": f"Company {contact_number}",
        },
        **xero_day(day),
        "LineAmountTypes": "Exclusive",
        "LineItems": list(lines),
        "SubTotal": net,
        "TotalTax": tax,
        "Total": net + tax,
        "UpdatedDateUTC": "/Date(1763632800000+0000)/",
        "CurrencyCode": "NZD",
        "CurrencyRate": 1.0,
        "HasAttachments": False,
    }


def _payments(first, rows):
    return [payment(first + position, *row) for position, row in enumerate(rows)]


def _finished(document, open_name, left, values):
    """The document with its status and what is open of it, amounts as numbers."""
    status = values.get("Status") or ("AUTHORISED" if left else "PAID")
    closed = status in ("VOIDED", "DELETED")
    document |= {"Status": status, open_name: Decimal() if closed else left, **values}
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in document.items()
    }


def _sum(rows, name):
    return sum((_cents(row[name]) for row in rows), Decimal())


def _cents(amount):
    return Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
