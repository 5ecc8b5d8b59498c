"""Changes of contacts as Xero's users make them, in Xero itself."""

import uuid
from typing import Any

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.store import Record, Tenant, xero_date

# Xero does not move a contact's UpdatedDateUTC when only these change.
UNSEEN = {"Balances", "IsCustomer", "IsSupplier"}


ACTIONS = ("add", "update", "archive", "restore", "merge")


class MutationRefused(ValueError):
    """The change makes no sense; the message says why."""


def change_contact(tenant: Tenant, clock: Clock, change: dict[str, Any]) -> Record:
    """Carry out `{"action": …, "contact": {…}, "into": id}`; the contact after it.

    Actions: add, update, archive, restore, merge (`into` the contact that stays).
    """
    check_change(tenant, change)
    fields = change.get("contact") or {}
    if change["action"] == "add":
        return _put(tenant, clock, _new(fields))
    contact = _known(tenant, fields.get("ContactID"))
    match change["action"]:
        case "update":
            return _update(tenant, clock, contact, fields)
        case "archive":
            return _put(tenant, clock, contact | {"ContactStatus": "ARCHIVED"})
        case "restore":
            return _put(tenant, clock, contact | {"ContactStatus": "ACTIVE"})
    loser = {
        "ContactStatus": "ARCHIVED",
        "MergedToContactID": _known(tenant, change["into"])["ContactID"],
    }
    return _put(tenant, clock, contact | loser)


def check_change(tenant: Tenant, change: dict[str, Any]) -> None:
    """Refuse what could not be carried out: a planned change has nobody to tell."""
    action, fields = change.get("action"), change.get("contact") or {}
    if action not in ACTIONS:
        raise MutationRefused(f"unknown action {action}: {', '.join(ACTIONS)}")
    if not isinstance(fields, dict):
        raise MutationRefused("contact has to be an object")
    if action == "add":
        if not isinstance(fields.get("ContactID", ""), str):
            raise MutationRefused("ContactID has to be text")
        return
    contact = _known(tenant, fields.get("ContactID"))
    if action == "merge" and _known(tenant, change.get("into")) is contact:
        raise MutationRefused("a contact cannot be merged into itself")


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
    return _put(tenant, clock, changed)


def _put(tenant: Tenant, clock: Clock, contact: Record) -> Record:
    contact = contact | {"UpdatedDateUTC": xero_date(clock.milliseconds())}
    tenant.contacts.put(contact)
    return contact


def _known(tenant: Tenant, contact_id: Any) -> Record:
    contact = tenant.contacts.get(contact_id) if isinstance(contact_id, str) else None
    if contact is None:
        raise MutationRefused(f"no contact {contact_id}")
    return contact
