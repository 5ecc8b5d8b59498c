"""`PUT` and `POST /Contacts`, `POST /Contacts/{ContactID}`.

PUT only creates. POST changes the contact that is named by its ContactID, else by its
ContactNumber, else by its Name, and creates one if none is: who posts by name changes
whatever contact has it.

Source: developer.xero.com/documentation/api/accounting/contacts.
"""

from collections.abc import Callable
from functools import partial

from werkzeug.wrappers import Response

from infra.xero_simulator import mutations, refusals
from infra.xero_simulator.accounting.listing import without
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, parts
from infra.xero_simulator.writes import contact_rules
from infra.xero_simulator.writes.batch import NO_ID, Kind, Refused, write
from infra.xero_simulator.writes.body import invalid_data, read_elements
from infra.xero_simulator.writes.contact_members import merged
from infra.xero_simulator.writes.contact_names import named, numbered
from infra.xero_simulator.writes.members import guid, texts

WRITE = ("accounting.contacts",)

Named = Callable[[Tenant, Record], Record]
"""Which contact a record is about; `{}` if it is a new one. Raises Refused."""


def create_contacts(exchange: Exchange) -> Response:
    return _write(exchange, _nobody)


def update_or_create_contacts(exchange: Exchange) -> Response:
    return _write(exchange, named_contact)


def update_contact(exchange: Exchange, contact: str) -> Response:
    """One contact by its ContactID or ContactNumber, whatever the body names."""
    contacts = exchange.tenant.contacts
    found = contacts.get(contact) or _first(numbered(exchange.tenant, contact))
    if found is None:
        return refusals.not_found()
    if len(read_elements(exchange.request, "Contacts")) > 1:
        raise invalid_data("one contact is expected")
    return _write(exchange, lambda tenant, sent: found)


def save_contact(exchange: Exchange, before: Record, sent: Record) -> Record:
    """The contact after a call gave it these members. Raises Refused."""
    tenant, fields = exchange.tenant, merged(before, sent)
    if messages := list(contact_rules.refusals(tenant, before, fields)):
        raise Refused(*messages)
    action = "update" if before else "add"
    identity = {"ContactID": before["ContactID"]} if before else {}
    change = {"action": action, "contact": fields | identity}
    return mutations.carry_out(tenant, exchange.simulator.clock, "contacts", change)


def named_contact(tenant: Tenant, sent: Record) -> Record:
    """The contact that a record names; `{}` if there is none of that name or number."""
    given = texts(sent, {"ContactID": None, "ContactNumber": None, "Name": None})
    if identifier := given.get("ContactID"):
        found = tenant.contacts.get(guid(identifier))
        if found is None and identifier != NO_ID:
            raise Refused(f"There is no contact with the ContactID {identifier}.")
        if found:
            return found
    number, name = given.get("ContactNumber"), given.get("Name")
    if number and (found := numbered(tenant, number)):
        return found[0]
    if not (name or number):
        raise Refused(contact_rules.NOBODY)
    return _first(named(tenant, name or "")) or {}


def _write(exchange: Exchange, who: Named) -> Response:
    kind = Kind("Contacts", partial(_save, who), partial(_echo, who))
    return write(exchange, kind, read_elements(exchange.request, "Contacts"))


def _save(who: Named, exchange: Exchange, sent: Record) -> Record:
    saved = save_contact(exchange, who(exchange.tenant, sent), sent)
    return without(saved, {"Attachments"})


def _echo(who: Named, exchange: Exchange, sent: Record) -> Record:
    """What was sent, as Xero shows it beside what is wrong with it."""
    try:
        before = who(exchange.tenant, sent)
    except Refused:
        before = {}
    return {
        "ContactID": before.get("ContactID", NO_ID),
        **without(sent, {"ContactID", "ValidationErrors"}),
        "Addresses": _each_valid(sent, "Addresses"),
        "Phones": _each_valid(sent, "Phones"),
        "ContactGroups": [],
        "ContactPersons": _each_valid(sent, "ContactPersons"),
        "HasValidationErrors": True,
    }


def _each_valid(sent: Record, name: str) -> list[Record]:
    return [each | {"ValidationErrors": []} for each in parts(sent, name)]


def _nobody(tenant: Tenant, sent: Record) -> Record:
    return {}


def _first(found: list[Record]) -> Record | None:
    return found[0] if found else None


_ALL = "/api.xro/2.0/Contacts"
ROUTES = [
    Route("PUT", _ALL, create_contacts, WRITE),
    Route("POST", _ALL, update_or_create_contacts, WRITE),
    Route("POST", f"{_ALL}/{{contact}}", update_contact, WRITE),
]
