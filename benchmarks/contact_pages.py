"""Pages of invented contacts, as the connector lays them into the spool."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.parts import sizes, write
from infra.xero_simulator.generator.contacts import ContactMaker
from infra.xero_simulator.generator.countries import COUNTRIES
from infra.xero_simulator.values import Record

_NONE = {"FirstName": "", "LastName": "", "ContactPersons": []}
_BLANK = {"City": "", "Region": "", "PostalCode": "", "Country": ""}


def write_pages(folder: Path, count: int, *, persons: bool) -> None:
    """Lay `count` companies into `folder`, a gzip part for each page, and before them
    a small page to warm up with.

    :param persons: each company with two or three of them, else with none
    """
    companies = _companies(persons)
    pages = [list(islice(companies, size)) for size in sizes(count)]
    write(folder, "Contacts", pages)


def _companies(persons: bool) -> Iterator[Record]:
    rng = Random(1)
    maker = ContactMaker(rng, COUNTRIES[0])
    while True:
        (made,) = maker.make(1)
        if made["ContactStatus"] == "ACTIVE":
            people = _people(rng, made["ContactID"][:8]) if persons else _NONE
            yield made | people | _of_a_customer(made)


def _of_a_customer(made: Record) -> Record:
    """One address: a second one would become a partner of its own."""
    address = next((a for a in made["Addresses"] if a.get("AddressLine1")), _BLANK)
    return {
        "IsCustomer": True,
        "Addresses": [
            {"AddressType": "STREET", **_BLANK},
            {**address, "AddressType": "POBOX"},
        ],
    }


def _people(rng: Random, company: str) -> Record:
    def person(number: int) -> Record:
        return {
            "FirstName": rng.choice(("Ana", "Ben", "Carl", "Dora", "Emma", "Fred")),
            "LastName": f"{rng.choice(('Smith', 'Jones', 'Hale', 'Moe'))} {number}",
            "EmailAddress": f"person{number}@{company}.example",
        }

    further = [
        person(number) | {"IncludeInEmails": False}
        for number in range(1, rng.choice((2, 3)))
    ]
    return {**person(0), "ContactPersons": further}
