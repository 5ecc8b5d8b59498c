"""The contact of an invoice that is written.

Source: developer.xero.com, invoices: only its ContactID should be sent. Whatever else
is sent changes the contact, and its persons that are not sent are gone.
"""

from infra.xero_simulator.routing import Exchange
from infra.xero_simulator.values import Record
from infra.xero_simulator.writes.batch import Refused
from infra.xero_simulator.writes.contact_members import merged
from infra.xero_simulator.writes.contacts import named_contact, save_contact
from infra.xero_simulator.writes.members import part

NO_CONTACT = "A Contact must be specified for this type of transaction"
UNUSABLE = "The contact {} is archived and cannot be used."

_IDENTITY = ("ContactID", "ContactNumber", "Name")


def contact_of(exchange: Exchange, before: Record, sent: Record) -> Record | None:
    """The contact that an invoice gets, written if more than its identity is sent;
    None if it keeps the one that it has. Raises Refused.
    """
    named = part(sent, "Contact")
    if named is None and before:
        return None
    if not any((named or {}).get(name) for name in _IDENTITY):
        raise Refused(NO_CONTACT)
    found = named_contact(exchange.tenant, named)
    if found.get("ContactStatus", "ACTIVE") != "ACTIVE":
        raise Refused(UNUSABLE.format(found.get("Name")))
    if found and not _changes(found, named):
        return found
    return _written(exchange, found, named)


def _changes(contact: Record, named: Record) -> bool:
    """Whether more is sent of a contact than who it is."""
    fields = merged(contact, named)
    return any(
        name not in _IDENTITY or contact.get(name) != value
        for name, value in fields.items()
    )


def _written(exchange: Exchange, found: Record, named: Record) -> Record:
    written = save_contact(exchange, found, named)
    if found and not named.get("ContactPersons"):
        written = written | {"ContactPersons": []}
        exchange.tenant.contacts.put(written)
    return written
