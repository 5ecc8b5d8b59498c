"""`/Contacts`: the list in its three shapes, and a single contact.

Source: developer.xero.com/documentation/api/accounting/contacts and the schema
Contact of Xero's OpenAPI description.
"""

from datetime import datetime
from decimal import Decimal
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
from infra.xero_simulator.values import Record

READ = ("accounting.contacts", "accounting.contacts.read")

# Without paging these are empty or absent, whatever the contact holds.
_EMPTY_UNPAGED = {"ContactGroups": [], "ContactPersons": [], "HasAttachments": False}
_ABSENT_UNPAGED = {
    "MergedToContactID",
    "Balances",
    "PaymentTerms",
    "Website",
    "BrandingTheme",
    "BatchPayments",
    "Discount",
    "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode",
    "SalesTrackingCategories",
    "PurchasesTrackingCategories",
    "SalesDefaultLineAmountType",
    "PurchasesDefaultLineAmountType",
    "XeroNetworkKey",
    "Attachments",
}
_ABSENT_SUMMARY = {
    "Addresses",
    "Balances",
    "ContactGroups",
    "ContactPersons",
    "IsCustomer",
    "IsSupplier",
    "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode",
    "SalesTrackingCategories",
    "PurchasesTrackingCategories",
    "Attachments",
}
_SEARCHED = (
    "Name",
    "FirstName",
    "LastName",
    "ContactNumber",
    "CompanyNumber",
    "EmailAddress",
)
FIELDS: Fields = {
    "ContactID": UUID,
    "ContactNumber": str,
    "AccountNumber": str,
    "ContactStatus": str,
    "Name": str,
    "FirstName": str,
    "LastName": str,
    "CompanyNumber": str,
    "EmailAddress": str,
    "BankAccountDetails": str,
    "TaxNumber": str,
    "AccountsReceivableTaxType": str,
    "AccountsPayableTaxType": str,
    "DefaultCurrency": str,
    "IsSupplier": bool,
    "IsCustomer": bool,
    "Website": str,
    "Discount": Decimal,
    "MergedToContactID": UUID,
    "HasAttachments": bool,
    "UpdatedDateUTC": datetime,
}


def list_contacts(exchange: Exchange) -> Response:
    summary = is_true(exchange.request.args.get("summaryOnly"))
    absent = _ABSENT_SUMMARY if summary else set()
    listing = Listing(
        exchange.tenant.contacts,
        {name: kind for name, kind in FIELDS.items() if name not in absent},
        _conditions(exchange.request),
        lambda page: [_shape(contact, page, summary) for contact in page.records],
        paged=summary or None,
    )
    return answer_list(exchange, listing)


def get_contact(exchange: Exchange, contact: str) -> Response:
    """One contact by its ContactID or ContactNumber, archived ones too."""
    contacts = exchange.tenant.contacts
    found = contacts.get(contact) or contacts.find(
        lambda record: record.get("ContactNumber") == contact
    )
    return answer(exchange, "Contacts", [found]) if found else refusals.not_found()


def _conditions(request: Request) -> list[Test]:
    args = request.args
    conditions: list[Test] = []
    if not is_true(args.get("includeArchived")):
        conditions.append(lambda contact: contact.get("ContactStatus") != "ARCHIVED")
    if wanted := csv(args.get("IDs")):
        conditions.append(lambda contact: contact["ContactID"].lower() in wanted)
    if term := args.get("searchTerm", "").casefold():
        conditions.append(lambda contact: _mentions(contact, term))
    return conditions


def _mentions(contact: Record, term: str) -> bool:
    return any(term in str(contact.get(name) or "").casefold() for name in _SEARCHED)


def _shape(contact: Record, page: Page, summary: bool) -> Record:
    if summary:
        return without(contact, _ABSENT_SUMMARY)
    if page.pagination is None:
        return without(contact, _ABSENT_UNPAGED) | _EMPTY_UNPAGED
    return without(contact, {"Attachments"})


ROUTES = [
    Route("GET", "/api.xro/2.0/Contacts", list_contacts, READ),
    Route("GET", "/api.xro/2.0/Contacts/{contact}", get_contact, READ),
]
