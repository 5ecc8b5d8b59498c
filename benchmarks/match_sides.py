"""Invented contacts of Xero and customers of a CRM, of which some are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.parts import PAGE, write
from infra.xero_simulator.generator.contacts import ContactMaker
from infra.xero_simulator.generator.countries import COUNTRIES
from infra.xero_simulator.values import Record

# Of the contacts, those who are customers of the CRM already.
KNOWN = 0.6
CUSTOMERS_FOR_EACH = 5


def write_sides(folder: Path, contacts: int) -> None:
    """Lay pages of so many contacts into `folder`, and beside them `customers.json`:
    five times as many customers, `[name, email, phone, vat, website]` each. Who is both
    is often written otherwise: name, email, phone."""
    rng = Random(1)
    maker = ContactMaker(rng, COUNTRIES[0])
    made = list(maker.make(contacts + contacts * CUSTOMERS_FOR_EACH))
    ours, others = made[:contacts], made[contacts:]
    for contact in ours:
        contact |= {"IsCustomer": True, "IsSupplier": False, "ContactStatus": "ACTIVE"}
    pages = [ours[first : first + PAGE] for first in range(0, contacts, PAGE)]
    write(folder, "Contacts", pages)
    known = list(_written_otherwise(rng, ours[: int(KNOWN * contacts)]))
    customers = known + [_customer(contact) for contact in others]
    customers = customers[: contacts * CUSTOMERS_FOR_EACH]
    (folder / "customers.json").write_text(json.dumps(customers))


def _customer(contact: Record) -> list[str]:
    phones = (phone["PhoneNumber"] for phone in contact["Phones"])
    return [
        contact["Name"],
        contact.get("EmailAddress") or "",
        next(filter(None, phones), ""),
        contact.get("TaxNumber") or "",
        contact.get("Website") or "",
    ]


def _written_otherwise(rng: Random, contacts: list[Record]) -> Iterator[list[str]]:
    for contact in contacts:
        name, email, phone, vat, website = _customer(contact)
        if rng.random() < 0.3:
            name = _with_typo(rng, name)
        if rng.random() < 0.3:
            email = f"office@{email.partition('@')[2]}" if email else ""
        yield [
            name.removesuffix(" Ltd").upper() if rng.random() < 0.2 else name,
            email if rng.random() < 0.7 else "",
            f"+64 {phone}" if phone and rng.random() < 0.5 else "",
            vat.replace("-", "") if rng.random() < 0.5 else "",
            website,
        ]


def _with_typo(rng: Random, name: str) -> str:
    at = rng.randrange(1, len(name))
    return name[:at] + rng.choice("aeiou") + name[at + 1 :]
