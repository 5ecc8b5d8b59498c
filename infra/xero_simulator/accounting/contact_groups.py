"""`/ContactGroups`: the active groups, and one group with its members.

Source: developer.xero.com/documentation/api/accounting/contactgroups and the schema
ContactGroup of Xero's OpenAPI description.
"""

from uuid import UUID

from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting.contacts import READ
from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.accounting.listing import Listing, answer_list
from infra.xero_simulator.accounting.where import Fields
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record

FIELDS: Fields = {"ContactGroupID": UUID, "Name": str, "Status": str}


def list_groups(exchange: Exchange) -> Response:
    listing = Listing(
        exchange.tenant.contact_groups,
        FIELDS,
        [lambda group: group.get("Status") != "DELETED"],
        lambda page: [group | {"Contacts": []} for group in page.records],
        paged=False,
        dated=False,
    )
    return answer_list(exchange, listing)


def get_group(exchange: Exchange, group: str) -> Response:
    found = exchange.tenant.contact_groups.get(group)
    if found is None or found.get("Status") == "DELETED":
        return refusals.not_found()
    members = [
        {"ContactID": contact["ContactID"], "Name": contact.get("Name")}
        for contact in members_of(exchange.tenant, found["ContactGroupID"])
    ]
    return answer(exchange, "ContactGroups", [found | {"Contacts": members}])


def members_of(tenant: Tenant, group_id: str) -> list[Record]:
    """The contacts whose own groups name this one: they are where it is kept."""
    return [
        contact for contact in tenant.contacts.records() if _names(contact, group_id)
    ]


def _names(contact: Record, group_id: str) -> bool:
    groups = contact.get("ContactGroups")
    return isinstance(groups, list) and any(
        isinstance(group, dict) and group.get("ContactGroupID") == group_id
        for group in groups
    )


ROUTES = [
    Route("GET", "/api.xro/2.0/ContactGroups", list_groups, READ),
    Route("GET", "/api.xro/2.0/ContactGroups/{group}", get_group, READ),
]
