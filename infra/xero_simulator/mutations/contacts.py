"""Changes of contacts: `{"action": …, "contact": {…}, "into": id}`."""

import uuid

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.ledger import settle
from infra.xero_simulator.mutations.change import (
    Change,
    MutationRefused,
    check_new,
    known,
    put_changed,
)
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, member
from infra.xero_simulator.zones import today

NAME = "contact"
ACTIONS = ("add", "update", "archive", "restore", "merge")

# Xero does not move a contact's UpdatedDateUTC when only these change.
UNSEEN = {"Balances", "IsCustomer", "IsSupplier"}


def check(tenant: Tenant, change: Change) -> None:
    fields = change.get(NAME) or {}
    if change["action"] == "add":
        return check_new(tenant.contacts, fields)
    contact = known(tenant.contacts, fields.get("ContactID"))
    if change["action"] == "merge":
        if known(tenant.contacts, change.get("into")) is contact:
            raise MutationRefused("a contact cannot be merged into itself")
    return None


def carry_out(tenant: Tenant, clock: Clock, change: Change) -> Record:
    """The contact after the change; of a merge the one that is archived."""
    fields = change.get(NAME) or {}
    if change["action"] == "add":
        return put_changed(tenant.contacts, _new(fields), clock)
    contact = known(tenant.contacts, fields.get("ContactID"))
    match change["action"]:
        case "update":
            return _update(tenant, clock, contact, fields)
        case "archive":
            fields = {"ContactStatus": "ARCHIVED"}
        case "restore":
            fields = {"ContactStatus": "ACTIVE"}
        case "merge":
            return _merge(
                tenant, clock, contact, known(tenant.contacts, change["into"])
            )
    return put_changed(tenant.contacts, contact | fields, clock)


def _new(fields: Record) -> Record:
    return {
        "ContactID": str(uuid.uuid4()),
        "ContactStatus": "ACTIVE",
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "IsSupplier": False,
        "IsCustomer": False,
        "ContactPersons": [],
        "HasAttachments": False,
        "HasValidationErrors": False,
        **fields,
    }


def _update(tenant: Tenant, clock: Clock, contact: Record, fields: Record) -> Record:
    changed = contact | fields
    if fields.keys() <= UNSEEN | {"ContactID"}:
        tenant.contacts.put(changed)
        return changed
    if changed.get("Name") != contact.get("Name"):
        _hand_documents_over(tenant, contact, changed)
    return put_changed(tenant.contacts, changed, clock)


def _merge(tenant: Tenant, clock: Clock, loser: Record, winner: Record) -> Record:
    """The loser's documents become the winner's; their own time of change stays."""
    _hand_documents_over(tenant, loser, winner)
    archived = {"ContactStatus": "ARCHIVED", "MergedToContactID": winner["ContactID"]}
    put_changed(tenant.contacts, loser | archived, clock)
    settle(tenant, today(tenant, clock), {loser["ContactID"], winner["ContactID"]})
    return known(tenant.contacts, loser["ContactID"])


def _hand_documents_over(tenant: Tenant, before: Record, after: Record) -> None:
    contact = {"ContactID": after["ContactID"], "Name": after.get("Name")}
    for collection in (tenant.invoices, *tenant.credits):
        for document in collection.records():
            if member(document, "Contact.ContactID") == before["ContactID"]:
                collection.put(document | {"Contact": contact})
