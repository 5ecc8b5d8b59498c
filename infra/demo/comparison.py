"""Does the CRM hold what Xero holds? Read on both sides, by nothing of the product."""

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import requests

from infra.demo.odoo_client import OdooClient

CONTACT_FIELDS = "ContactID,Name,ContactStatus,IsCustomer,IsSupplier"
SHOWN = 20


@dataclass
class Comparison:
    """What was found.

    :param customers: customers at Xero
    :param partners: partners that came from them
    :param reasons: customers that did not come and for which Odoo says why
    :param differences: one line for each customer that is missing, doubled or other
    """

    customers: int = 0
    partners: int = 0
    reasons: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        lines = [
            f"customers at Xero: {self.customers}",
            f"partners in Odoo:  {self.partners}",
            f"not imported, with a reason: {self.reasons}",
            f"differences: {len(self.differences)}",
            *(f"  {line}" for line in self.differences[:SHOWN]),
        ]
        if len(self.differences) > SHOWN:
            lines.append(f"  and {len(self.differences) - SHOWN} more")
        return "\n".join(lines)


def simulated_contacts(simulator: str, organisation: str) -> list[dict[str, Any]]:
    """All contacts that the simulated organisation holds."""
    answer = requests.get(
        f"{simulator}/_simulator/organisations/{organisation}/contacts",
        params={"fields": CONTACT_FIELDS},
        timeout=60,
    )
    answer.raise_for_status()
    return answer.json()["Contacts"]


def compare(contacts: list[dict[str, Any]], odoo: OdooClient) -> Comparison:
    """Compare Xero's contacts with the partners of the database.

    A customer is there when one partner is linked to it and has its name, and when no
    more partners have that name than customers do.

    :param contacts: records as Xero has them
    """
    customers = [contact for contact in contacts if is_customer(contact)]
    crm = _Crm.read(odoo)
    wanted = Counter(plain(contact.get("Name")) for contact in customers)
    linked = [contact["ContactID"] for contact in customers]
    found = Comparison(len(customers), sum(each in crm.names for each in linked))
    for xero_id, contact in zip(linked, customers, strict=True):
        name = plain(contact.get("Name"))
        if xero_id not in crm.names:
            if not name and xero_id in crm.reasons:
                found.reasons += 1
            else:
                found.differences.append(f"{name!r} is not there")
        elif crm.names[xero_id] != name:
            found.differences.append(f"{name!r} is called {crm.names[xero_id]!r}")
        elif crm.times[name] > wanted[name]:
            times = f"{crm.times[name]} times instead of {wanted[name]}"
            found.differences.append(f"{name!r} is there {times}")
    return found


@dataclass
class _Crm:
    """What Odoo holds.

    :param names: the linked partner's name, by Xero's id of the contact
    :param times: how many partners have a name, persons of companies left out
    :param reasons: ids of the contacts for which Odoo says why they did not come
    """

    names: dict[str, str]
    times: Counter[str]
    reasons: set[str]

    @classmethod
    def read(cls, odoo: OdooClient) -> "_Crm":
        every = {"context": {"active_test": False}}
        partners = odoo.search_read("res.partner", [], ["name", "parent_id"], **every)
        names = {partner["id"]: plain(partner["name"] or "") for partner in partners}
        mirror = odoo.search_read(
            "xero.contact", [], ["xero_id", "partner_id"], **every
        )
        ids = {contact["id"]: contact["xero_id"] for contact in mirror}
        has_contact = [("contact_id", "!=", False)]
        lines = odoo.search_read("xero.sync.line", has_contact, ["contact_id"])
        return cls(
            names={
                contact["xero_id"]: names[contact["partner_id"][0]]
                for contact in mirror
                if contact["partner_id"]
            },
            times=Counter(names[p["id"]] for p in partners if not p["parent_id"]),
            reasons={ids[line["contact_id"][0]] for line in lines},
        )


def is_customer(contact: dict[str, Any]) -> bool:
    """A customer, or what Xero takes for neither customer nor supplier."""
    if contact.get("ContactStatus") != "ACTIVE":
        return False
    return bool(contact.get("IsCustomer") or not contact.get("IsSupplier"))


def plain(text: str | None) -> str:
    """The text as a person reads it: no control characters, single blanks."""
    kept = (
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in text or ""
    )
    return " ".join("".join(kept).split())
