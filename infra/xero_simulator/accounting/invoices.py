"""`/Invoices`: sales invoices and bills, listed in three shapes, and a single one.

Source: developer.xero.com/documentation/api/accounting/invoices and the schema
Invoice of Xero's OpenAPI description.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting.documents import (
    listed,
    unit_places,
    whole,
    with_short_contact,
)
from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.accounting.invoice_documents import (
    get_online_invoice,
    get_pdf,
)
from infra.xero_simulator.accounting.listing import (
    Listing,
    Page,
    answer_list,
    is_true,
    one_of,
    without,
)
from infra.xero_simulator.accounting.where import Fields, Test
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.values import Record

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


def list_invoices(exchange: Exchange) -> Response:
    """`Statuses` and `summaryOnly` page the list though no page is asked for."""
    args = exchange.request.args
    summary = is_true(args.get("summaryOnly"))
    absent = _ABSENT_SUMMARY if summary else set()
    places = unit_places(exchange.request)
    listing = Listing(
        exchange.tenant.invoices,
        {name: kind for name, kind in FIELDS.items() if name not in absent},
        _conditions(exchange),
        lambda page: [_shape(each, page, summary, places) for each in page.records],
        paged=summary or "Statuses" in args or None,
    )
    return answer_list(exchange, listing)


def get_invoice(exchange: Exchange, invoice: str) -> Response:
    """One invoice by its InvoiceID or InvoiceNumber, with all of its contact; as a
    PDF if that is asked for."""
    found = _found(exchange, invoice)
    if "pdf" in exchange.request.headers["Accept"]:
        return get_pdf(exchange, found)
    if found is None:
        return refusals.not_found()
    shown = whole(exchange.tenant, found, unit_places(exchange.request))
    return answer(exchange, "Invoices", [shown])


def get_invoice_as_pdf(exchange: Exchange, invoice: str) -> Response:
    return get_pdf(exchange, _found(exchange, invoice))


def get_invoice_online(exchange: Exchange, invoice: str) -> Response:
    return get_online_invoice(exchange, _found(exchange, invoice))


def _found(exchange: Exchange, name: str) -> Record | None:
    invoices = exchange.tenant.invoices
    return invoices.get(name) or invoices.find(
        lambda record: record.get("InvoiceNumber") == name
    )


def _conditions(exchange: Exchange) -> list[Test]:
    args = exchange.request.args
    conditions = one_of(
        exchange.request,
        {
            "IDs": "InvoiceID",
            "InvoiceNumbers": "InvoiceNumber",
            "ContactIDs": "Contact.ContactID",
            "Statuses": "Status",
        },
    )
    if term := args.get("searchTerm", "").casefold():
        conditions.append(lambda invoice: _mentions(invoice, term))
    if is_true(args.get("createdByMyApp")):
        app, made_by = exchange.client_id, exchange.tenant.made_by
        conditions.append(lambda invoice: made_by.get(invoice["InvoiceID"]) == app)
    return conditions


def _mentions(invoice: Record, term: str) -> bool:
    texts = (invoice.get("InvoiceNumber"), invoice.get("Reference"))
    return any(term in str(text or "").casefold() for text in texts)


def _shape(invoice: Record, page: Page, summary: bool, places: Decimal) -> Record:
    if summary:
        return with_short_contact(without(invoice, _ABSENT_SUMMARY))
    return listed(invoice, page, places)


_SINGLE = "/api.xro/2.0/Invoices/{invoice}"
ROUTES = [
    Route("GET", "/api.xro/2.0/Invoices", list_invoices, READ),
    Route("GET", _SINGLE, get_invoice, READ, speaks=("json", "pdf")),
    Route("GET", f"{_SINGLE}/pdf", get_invoice_as_pdf, READ, speaks=("pdf",)),
    Route("GET", f"{_SINGLE}/OnlineInvoice", get_invoice_online, READ),
]
