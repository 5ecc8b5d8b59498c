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

    :param contacts: records as Xero has them
    """
    customers = [contact for contact in contacts if is_customer(contact)]
    partners = odoo.search_read(
        "res.partner",
        [("xero_id", "!=", False)],
        ["xero_id", "name"],
        context={"active_test": False},
    )
    reasons = _reasons(odoo)
    found = Comparison(customers=len(customers), partners=len(partners))
    times = Counter(partner["xero_id"] for partner in partners)
    names = {partner["xero_id"]: partner["name"] for partner in partners}
    for contact in customers:
        xero_id, name = contact["ContactID"], plain(contact.get("Name"))
        if xero_id not in names and not name and xero_id in reasons:
            found.reasons += 1
        elif times[xero_id] != 1:
            found.differences.append(f"{name!r} is there {times[xero_id]} times")
        elif plain(names[xero_id]) != name:
            found.differences.append(f"{name!r} is called {names[xero_id]!r}")
    return found


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


def _reasons(odoo: OdooClient) -> set[str]:
    """The ids of the contacts for which Odoo says why they did not come."""
    lines = odoo.search_read(
        "xero.sync.line", [("contact_id", "!=", False)], ["contact_id"]
    )
    ids = [line["contact_id"][0] for line in lines]
    found = odoo.call("xero.contact", "read", ids, ["xero_id"])
    return {contact["xero_id"] for contact in found}
