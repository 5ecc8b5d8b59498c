"""How documents are shown: invoices, credit notes, over- and prepayments.

A list tells little of a document's contact, and its lines only page by page; a single
document is shown with all of both.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from werkzeug.wrappers import Request

from infra.xero_simulator.accounting.listing import Page, without
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, is_list, member, number

# How little of its contact a document in a list tells.
_NO_DETAILS = {
    "Addresses": [],
    "Phones": [],
    "ContactGroups": [],
    "ContactPersons": [],
    "HasValidationErrors": False,
}


def listed(document: Record, page: Page, places: Decimal) -> Record:
    """A document in a list; lines only where the list is paged."""
    shown = without(document, {"Attachments"})
    if page.pagination is None:
        shown["LineItems"] = []
    return with_short_contact(with_lines(shown, places))


def with_short_contact(document: Record) -> Record:
    contact = document.get("Contact")
    if not isinstance(contact, dict):
        return document
    named = {k: contact[k] for k in ("ContactID", "Name") if k in contact}
    return document | {"Contact": named | _NO_DETAILS}


def whole(tenant: Tenant, document: Record, places: Decimal) -> Record:
    """A single document."""
    contact = tenant.contacts.get(str(member(document, "Contact.ContactID")))
    shown = with_lines(document, places)
    return shown | {"Contact": contact} if contact else shown


def with_lines(document: Record, places: Decimal) -> Record:
    """A document with its lines' unit amounts to so many places."""
    lines = document.get("LineItems")
    if not is_list(lines):
        return dict(document)
    return document | {"LineItems": [rounded(e, "UnitAmount", places) for e in lines]}


def rounded(record: Any, name: str, places: Decimal) -> Any:
    """A record with one amount to so many places; whatever is none as it is."""
    amount = record.get(name) if isinstance(record, dict) else None
    if not isinstance(amount, Decimal) or number(amount) is None:
        return record
    return record | {name: amount.quantize(places, ROUND_HALF_UP)}


def unit_places(request: Request) -> Decimal:
    """To how many places unit amounts are given: two, or with `unitdp` four."""
    four = request.args.get("unitdp") == "4"
    return Decimal("0.0001") if four else Decimal("0.01")
