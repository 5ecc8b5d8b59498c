"""`/Invoices`: sales invoices and bills, listed in three shapes, and a single one.

Source: developer.xero.com/documentation/api/accounting/invoices and the schema
Invoice of Xero's OpenAPI description.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from werkzeug.wrappers import Request, Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.accounting.listing import (
    Listing,
    Page,
    answer_list,
    csv,
    is_true,
    without,
)
from infra.xero_simulator.accounting.where import Fields, Test
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.values import Record, member, number

READ = ("accounting.invoices", "accounting.invoices.read")

FIELDS: Fields = {
    "Type": str,
    "InvoiceID": UUID,
    "InvoiceNumber": str,
    "Reference": str,
    "Status": str,
    "Contact.ContactID": UUID,
    "Contact.Name": str,
    "Date": datetime,
    "DueDate": datetime,
    "ExpectedPaymentDate": datetime,
    "PlannedPaymentDate": datetime,
    "FullyPaidOnDate": datetime,
    "UpdatedDateUTC": datetime,
    "LineAmountTypes": str,
    "SubTotal": Decimal,
    "TotalTax": Decimal,
    "Total": Decimal,
    "TotalDiscount": Decimal,
    "AmountDue": Decimal,
    "AmountPaid": Decimal,
    "AmountCredited": Decimal,
    "CurrencyCode": str,
    "CurrencyRate": Decimal,
    "SentToContact": bool,
    "IsDiscounted": bool,
    "HasAttachments": bool,
    "BrandingThemeID": UUID,
    "RepeatingInvoiceID": UUID,
    "Url": str,
}
_ABSENT_SUMMARY = {
    "Payments",
    "LineItems",
    "HasAttachments",
    "CISDeduction",
    "Attachments",
}
# How little of its contact an invoice in a list tells.
_NO_DETAILS = {
    "Addresses": [],
    "Phones": [],
    "ContactGroups": [],
    "ContactPersons": [],
    "HasValidationErrors": False,
}


def list_invoices(exchange: Exchange) -> Response:
    """`Statuses` and `summaryOnly` page the list though no page is asked for."""
    args = exchange.request.args
    summary = is_true(args.get("summaryOnly"))
    absent = _ABSENT_SUMMARY if summary else set()
    places = _unit_places(exchange.request)
    listing = Listing(
        exchange.tenant.invoices,
        {name: kind for name, kind in FIELDS.items() if name not in absent},
        _conditions(exchange.request),
        lambda page: [_shape(each, page, summary, places) for each in page.records],
        paged=summary or "Statuses" in args or None,
    )
    return answer_list(exchange, listing)


def get_invoice(exchange: Exchange, invoice: str) -> Response:
    """One invoice by its InvoiceID or InvoiceNumber, with all of its contact."""
    invoices, contacts = exchange.tenant.invoices, exchange.tenant.contacts
    found = invoices.get(invoice) or invoices.find(
        lambda record: record.get("InvoiceNumber") == invoice
    )
    if found is None:
        return refusals.not_found()
    contact = contacts.get(str(member(found, "Contact.ContactID")))
    whole = _with_lines(found, _unit_places(exchange.request))
    if contact:
        whole["Contact"] = contact
    return answer(exchange, "Invoices", [whole])


def _conditions(request: Request) -> list[Test]:
    args = request.args
    conditions: list[Test] = [
        _one_of(path, wanted)
        for name, path in (
            ("IDs", "InvoiceID"),
            ("InvoiceNumbers", "InvoiceNumber"),
            ("ContactIDs", "Contact.ContactID"),
            ("Statuses", "Status"),
        )
        if (wanted := csv(args.get(name)))
    ]
    if term := args.get("searchTerm", "").casefold():
        conditions.append(lambda invoice: _mentions(invoice, term))
    if is_true(args.get("createdByMyApp")):
        # Every invoice here was made in Xero itself.
        conditions.append(lambda invoice: False)
    return conditions


def _one_of(path: str, wanted: set[str]) -> Test:
    return lambda invoice: str(member(invoice, path)).lower() in wanted


def _mentions(invoice: Record, term: str) -> bool:
    texts = (invoice.get("InvoiceNumber"), invoice.get("Reference"))
    return any(term in str(text or "").casefold() for text in texts)


def _shape(invoice: Record, page: Page, summary: bool, places: Decimal) -> Record:
    if summary:
        shown = without(invoice, _ABSENT_SUMMARY)
    elif page.pagination is None:
        shown = without(invoice, {"Attachments"}) | {"LineItems": []}
    else:
        shown = _with_lines(without(invoice, {"Attachments"}), places)
    if isinstance(contact := shown.get("Contact"), dict):
        named = {k: contact[k] for k in ("ContactID", "Name") if k in contact}
        shown["Contact"] = named | _NO_DETAILS
    return shown


def _with_lines(invoice: Record, places: Decimal) -> Record:
    lines = invoice.get("LineItems")
    if not isinstance(lines, Sequence) or isinstance(lines, str):
        return dict(invoice)
    return invoice | {"LineItems": [_rounded(line, places) for line in lines]}


def _rounded(line: Any, places: Decimal) -> Any:
    """A line with its unit amount to so many places; the other amounts are money."""
    amount = line.get("UnitAmount") if isinstance(line, dict) else None
    if not isinstance(amount, Decimal) or number(amount) is None:
        return line
    return line | {"UnitAmount": amount.quantize(places, ROUND_HALF_UP)}


def _unit_places(request: Request) -> Decimal:
    four = request.args.get("unitdp") == "4"
    return Decimal("0.0001") if four else Decimal("0.01")


ROUTES = [
    Route("GET", "/api.xro/2.0/Invoices", list_invoices, READ),
    Route("GET", "/api.xro/2.0/Invoices/{invoice}", get_invoice, READ),
]
