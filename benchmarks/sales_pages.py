"""Pages of invented sales invoices with three lines, and whom and what they name."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.parts import sizes, write
from infra.xero_simulator.generator.contacts import ContactMaker
from infra.xero_simulator.generator.countries import COUNTRIES
from infra.xero_simulator.generator.invoices import InvoiceMaker
from infra.xero_simulator.generator.items import ItemMaker

LINES = 3
CONTACTS, ITEMS = 500, 100
# 22 November 2026, in ms.
_LATEST = 1_795_305_600_000


def write_sales(folder: Path, count: int) -> None:
    """Lay `count` invoices into `folder`/invoices, and before them a small page to warm
    up with; their contacts and items into folders of their own."""
    rng, home = Random(1), COUNTRIES[0]
    contacts = list(ContactMaker(rng, home).make(CONTACTS))
    items = list(ItemMaker(rng, home).make(ITEMS))
    maker = InvoiceMaker(rng, home, contacts, items, LINES, _LATEST)
    write(folder / "contacts", "Contacts", [contacts])
    write(folder / "items", "Items", [items])
    # Some of what is made are bills.
    sold = (made for made in maker.make(3 * count + 1000) if made["Type"] == "ACCREC")
    pages = [list(islice(sold, size)) for size in sizes(count)]
    write(folder / "invoices", "Invoices", pages)
