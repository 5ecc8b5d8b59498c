"""`/Contacts`: the list in its three shapes, and a single contact.

Source: developer.xero.com/documentation/api/accounting/contacts and the schema
Contact of Xero's OpenAPI description.
"""

from collections.abc import Callable

from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.accounting.listing import cut, is_true, select
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.store import Record

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
_ORDERED = {
    "ContactID",
    "UpdatedDateUTC",
    *_SEARCHED,
    "AccountNumber",
    "ContactStatus",
}


def list_contacts(exchange: Exchange) -> Response:
    args = exchange.request.args
    summary = is_true(args.get("summaryOnly"))
    found = select(
        exchange.request, exchange.tenant.contacts, _ORDERED, _filter(exchange)
    )
    page = cut(exchange.request, found, always_paged=summary)
    if summary:
        records = [_without(contact, _ABSENT_SUMMARY) for contact in page.records]
    elif page.pagination is None:
        records = [_unpaged(contact) for contact in page.records]
    else:
        records = [_without(contact, {"Attachments"}) for contact in page.records]
    return answer(exchange, "Contacts", records, page.pagination)


def get_contact(exchange: Exchange, contact: str) -> Response:
    """One contact by its ContactID or ContactNumber, archived ones too."""
    contacts = exchange.tenant.contacts
    found = contacts.get(contact) or contacts.find(
        lambda record: record.get("ContactNumber") == contact
    )
    return answer(exchange, "Contacts", [found]) if found else refusals.not_found()


def _filter(exchange: Exchange) -> Callable[[Record], bool] | None:
    args = exchange.request.args
    archived = is_true(args.get("includeArchived"))
    wanted = {part.strip().lower() for part in args.get("IDs", "").split(",")} - {""}
    term = args.get("searchTerm", "").casefold()
    if archived and not wanted and not term:
        return None

    def keep(contact: Record) -> bool:
        return (
            (archived or contact.get("ContactStatus") != "ARCHIVED")
            and (not wanted or contact["ContactID"].lower() in wanted)
            and (not term or _mentions(contact, term))
        )

    return keep


def _mentions(contact: Record, term: str) -> bool:
    return any(term in str(contact.get(name) or "").casefold() for name in _SEARCHED)


def _unpaged(contact: Record) -> Record:
    return _without(contact, _ABSENT_UNPAGED) | _EMPTY_UNPAGED


def _without(contact: Record, names: set[str]) -> Record:
    return {name: value for name, value in contact.items() if name not in names}


ROUTES = [
    Route("GET", "/api.xro/2.0/Contacts", list_contacts, READ),
    Route("GET", "/api.xro/2.0/Contacts/{contact}", get_contact, READ),
]
