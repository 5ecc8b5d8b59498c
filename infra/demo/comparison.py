"""Does the CRM hold what Xero holds? Read on both sides, by nothing of the product."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import requests

from infra.demo.odoo_client import OdooClient

Record = dict[str, Any]
CONTACT_FIELDS = (
    "ContactID,ContactNumber,Name,FirstName,LastName,EmailAddress,ContactPersons,"
    "ContactStatus,IsCustomer,IsSupplier,TaxNumber,Phones,Addresses"
)
PARTNER_FIELDS = (
    *("name", "ref", "phone", "vat", "city", "zip", "parent_id", "email", "type"),
    *("street", "street2", "xero_street3"),
    *("xero_first_name", "xero_last_name"),
)
ADDRESS_LINES = ("AddressLine1", "AddressLine2", "AddressLine3", "City", "PostalCode")
ADDRESS_PARTS = (*ADDRESS_LINES, "Region", "Country")
SHOWN = 20


@dataclass
class Comparison:
    """What was found.

    :param customers: customers at Xero
    :param partners: partners that came from them
    :param persons: persons of these partners
    :param reasons: customers that did not come and for which Odoo says why
    :param differences: one line for each customer that is missing, doubled or other
    """

    customers: int = 0
    partners: int = 0
    persons: int = 0
    reasons: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        lines = [
            f"customers at Xero: {self.customers}",
            f"partners in Odoo:  {self.partners}, with {self.persons} persons",
            f"not imported, with a reason: {self.reasons}",
            f"differences: {len(self.differences)}",
            *(f"  {line}" for line in self.differences[:SHOWN]),
        ]
        if len(self.differences) > SHOWN:
            lines.append(f"  and {len(self.differences) - SHOWN} more")
        return "\n".join(lines)


def simulated_contacts(simulator: str, organisation: str) -> list[Record]:
    """All contacts that the simulated organisation holds."""
    answer = requests.get(
        f"{simulator}/_simulator/organisations/{organisation}/contacts",
        params={"fields": CONTACT_FIELDS},
        timeout=60,
    )
    answer.raise_for_status()
    return answer.json()["Contacts"]


def compare(contacts: list[Record], odoo: OdooClient) -> Comparison:
    """Compare Xero's contacts with the partners of the database.

    A customer is there when one partner is linked to it and holds what the two
    ready-made profiles bring, persons included, and when no more partners have its
    name than customers do. What is a supplier only must not be there.

    :param contacts: records as Xero has them
    """
    crm = _Crm.read(odoo)
    customers = [contact for contact in contacts if is_customer(contact)]
    wanted = Counter(plain(contact.get("Name")) for contact in customers)
    found = Comparison(customers=len(customers))
    for contact in customers:
        partner = crm.linked.get(contact["ContactID"])
        if partner is None:
            _absent(contact, crm, found)
            continue
        found.partners += 1
        here = crm.portrait(partner)
        found.persons += here["persons"].total()
        found.differences.extend(_unlike(portrait(contact), here))
        name = plain(contact.get("Name"))
        if crm.times[name] > wanted[name]:
            times = f"{crm.times[name]} times instead of {wanted[name]}"
            found.differences.append(f"{name!r} is there {times}")
    for contact in contacts:
        if is_supplier_only(contact) and contact["ContactID"] in crm.linked:
            found.differences.append(f"{contact.get('Name')!r} is only a supplier")
    return found


def _absent(contact: Record, crm: "_Crm", found: Comparison) -> None:
    name = plain(contact.get("Name"))
    if not name and contact["ContactID"] in crm.reasons:
        found.reasons += 1
    else:
        found.differences.append(f"{name!r} is not there")


def _unlike(xero: Record, crm: Record) -> Iterable[str]:
    for label, value in xero.items():
        if crm[label] != value:
            yield f"{xero['name']!r}: {label} {value!r} is {crm[label]!r}"


def portrait(contact: Record) -> Record:
    """What the CRM should hold of a contact of Xero's."""
    phones = {row.get("PhoneType"): row for row in _rows(contact.get("Phones"))}
    address = _address(contact)
    persons = _persons(contact)
    name = plain(contact.get("Name"))
    is_human = len(persons) == 1 and " ".join(persons[0][:2]).lower() == name.lower()
    return {
        "name": name,
        # The import sets it on the customers that it makes.
        "ref": "" if is_ours(contact) else contact["ContactID"],
        "phone": _number(phones.get("DEFAULT")) or _number(phones.get("DDI")),
        "vat": _letters(contact.get("TaxNumber")),
        "city": plain(address.get("City")),
        "zip": plain(address.get("PostalCode")),
        "persons": Counter(() if is_human else (each for each in persons if each[1])),
        "deliveries": _deliveries(contact),
    }


def _persons(contact: Record) -> list[tuple[str, str, str]]:
    """(first name, last name, email) of everybody; an email alone is nobody."""
    main = [contact] if contact.get("FirstName") or contact.get("LastName") else []
    everybody = [*main, *_rows(contact.get("ContactPersons"))]
    keys = ("FirstName", "LastName", "EmailAddress")
    persons = [tuple(plain(each.get(key)) for key in keys) for each in everybody]
    return [(*names, email.lower()) for *names, email in persons if any(names) or email]


def _address(contact: Record) -> Record:
    kinds = {row.get("AddressType"): row for row in _rows(contact.get("Addresses"))}
    for kind in ("POBOX", "STREET"):
        address = kinds.get(kind, {})
        if any(plain(address[key]) for key in address if key != "AddressType"):
            return address
    return {}


def _deliveries(contact: Record) -> list[tuple[str, ...]]:
    """The street address, where the postal one says something else."""
    kinds = {row.get("AddressType"): row for row in _rows(contact.get("Addresses"))}
    street, postal = (
        tuple(plain(kinds.get(kind, {}).get(part)) for part in ADDRESS_PARTS)
        for kind in ("STREET", "POBOX")
    )
    if not any(street) or not any(postal) or street == postal:
        return []
    return [street[: len(ADDRESS_LINES)]]


def _rows(value: Any) -> list[Record]:
    return [row for row in value or () if isinstance(row, dict)]


def _number(phone: Record | None) -> str:
    """The digits of a phone; an area code without a number is none."""
    if not phone or not plain(phone.get("PhoneNumber")):
        return ""
    keys = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
    return _letters("".join(str(phone.get(key) or "") for key in keys))


def _letters(text: Any) -> str:
    """Letters and digits only: how a number is written is no difference."""
    return re.sub(r"[\W_]", "", str(text or "")).lower()


@dataclass
class _Crm:
    """What Odoo holds.

    :param linked: the linked partner, by Xero's id of the contact
    :param children: persons and delivery addresses of a partner, by its id
    :param times: how many partners have a name, persons of companies left out
    :param reasons: ids of the contacts for which Odoo says why they did not come
    """

    linked: dict[str, Record]
    children: dict[int, list[Record]]
    times: Counter[str]
    reasons: set[str]

    @classmethod
    def read(cls, odoo: OdooClient) -> "_Crm":
        every = {"context": {"active_test": False}}
        partners = odoo.search_read("res.partner", [], PARTNER_FIELDS, **every)
        by_id = {partner["id"]: partner for partner in partners}
        children: dict[int, list[Record]] = {}
        for partner in partners:
            if partner["parent_id"]:
                children.setdefault(partner["parent_id"][0], []).append(partner)
        mirror = odoo.search_read(
            "xero.contact", [], ["xero_id", "partner_id"], **every
        )
        ids = {contact["id"]: contact["xero_id"] for contact in mirror}
        has_contact = [("contact_id", "!=", False)]
        lines = odoo.search_read("xero.sync.line", has_contact, ["contact_id"])
        return cls(
            linked={
                contact["xero_id"]: by_id[contact["partner_id"][0]]
                for contact in mirror
                if contact["partner_id"]
            },
            children=children,
            times=Counter(plain(p["name"]) for p in partners if not p["parent_id"]),
            reasons={ids[line["contact_id"][0]] for line in lines},
        )

    def portrait(self, partner: Record) -> Record:
        """What `portrait` says of a contact, read from its partner."""
        children = self.children.get(partner["id"], [])
        persons = [each for each in children if each["type"] != "delivery"]
        return {
            "name": plain(partner["name"]),
            "ref": plain(partner["ref"]),
            "phone": _letters(partner["phone"]),
            "vat": _letters(partner["vat"]),
            "city": plain(partner["city"]),
            "zip": plain(partner["zip"]),
            "persons": Counter(_person(each) for each in persons),
            "deliveries": [_place(each) for each in children if each not in persons],
        }


def _place(partner: Record) -> tuple[str, ...]:
    keys = ("street", "street2", "xero_street3", "city", "zip")
    return tuple(plain(partner[key]) for key in keys)


def _person(partner: Record) -> tuple[str, str, str]:
    keys = ("xero_first_name", "xero_last_name", "email")
    first, last, email = (plain(partner[key]) for key in keys)
    return first, last, email.lower()


def is_ours(record: Record) -> bool:
    """Whether it came to Xero from the CRM: its number says so."""
    number = record.get("ContactNumber") or record.get("Reference") or ""
    return number.startswith("ODOO-")


def is_customer(contact: Record) -> bool:
    """A customer, or what Xero takes for neither customer nor supplier."""
    if contact.get("ContactStatus") != "ACTIVE":
        return False
    return not is_supplier_only(contact)


def is_supplier_only(contact: Record) -> bool:
    """What Xero takes for a supplier and for no customer."""
    return bool(contact.get("IsSupplier") and not contact.get("IsCustomer"))


def plain(text: Any) -> str:
    """The text as a person reads it: no control characters, single blanks."""
    kept = (
        char
        for char in str(text or "")
        if char in "\t\r\n" or unicodedata.category(char) != "Cc"
    )
    return " ".join("".join(kept).split())
