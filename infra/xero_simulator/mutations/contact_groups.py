"""Changes of contact groups: `{"action": …, "contact_group": {…}}`.

Who belongs to a group is changed on the contacts, where it is kept.
"""

import uuid

from infra.xero_simulator.accounting.contact_groups import members_of
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.mutations.change import Change, check_new, known
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record

NAME = "contact_group"
ACTIONS = ("add", "update", "delete")


def check(tenant: Tenant, change: Change) -> None:
    fields = change.get(NAME) or {}
    if change["action"] == "add":
        check_new(tenant.contact_groups, fields)
    else:
        known(tenant.contact_groups, fields.get("ContactGroupID"))


def carry_out(tenant: Tenant, clock: Clock, change: Change) -> Record:
    """The group after the change. It has no time of change of its own."""
    fields = change.get(NAME) or {}
    if change["action"] == "add":
        group = _new(fields)
    else:
        group = known(tenant.contact_groups, fields.get("ContactGroupID")) | fields
    if change["action"] == "delete":
        group["Status"] = "DELETED"
    tenant.contact_groups.put(group)
    _tell_members(tenant, group)
    return group


def _new(fields: Record) -> Record:
    return {
        "ContactGroupID": str(uuid.uuid4()),
        "Name": "",
        "Status": "ACTIVE",
        "HasValidationErrors": False,
        **fields,
    }


def _tell_members(tenant: Tenant, group: Record) -> None:
    """Contacts name their groups as they are now; a deleted one no longer."""
    group_id, gone = group["ContactGroupID"], group.get("Status") == "DELETED"
    for contact in members_of(tenant, group_id):
        groups = [
            group if each.get("ContactGroupID") == group_id else each
            for each in contact["ContactGroups"]
            if not (gone and each.get("ContactGroupID") == group_id)
        ]
        tenant.contacts.put(contact | {"ContactGroups": groups})
