"""Which way round the ratios of the mirror are, and what its pages hold."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from benchmarks.invoices_mirror import AGAIN, CREATE, FLOOR, OURS, absolute, ratios
from benchmarks.parts import WARM_UP
from benchmarks.rounds import Run
from benchmarks.sales_pages import CONTACTS, ITEMS, LINES, write_sales

RUNS = {
    OURS: [Run(2.0, 1.0, 1000, 90)],
    AGAIN: [Run(0.1, 0.1, 1000, 90)],
    CREATE: [Run(12.0, 8.0, 1000, 90)],
    FLOOR: [Run(1.0, 0.1, 1000, 90)],
}


def test_a_slower_peer_gives_a_ratio_above_one() -> None:
    found = {figure.what: figure for figure in ratios(RUNS)}
    beside_create = found["the mirror, pace beside the ORM's create"]
    assert (beside_create.value, beside_create.met) == (6.0, True)
    assert found["the mirror, pace beside COPY"].value == 0.5
    assert found["the same pages again, beside the first time"].value == 20.0
    processor = found["the ORM's create, Odoo's processor time beside the mirror"]
    assert processor.value == 8.0
    paces = {figure.what: figure.value for figure in absolute(RUNS)}
    assert paces["the mirror, pace"] == 500


def test_pages_hold_invoices_of_contacts_and_items_that_are_there(
    tmp_path: Path,
) -> None:
    write_sales(tmp_path / "sales", 1500)

    def pages(resource: str, key: str) -> list[list[dict]]:
        parts = sorted((tmp_path / "sales" / resource).iterdir())
        return [json.loads(gzip.decompress(part.read_bytes()))[key] for part in parts]

    invoices = pages("invoices", "Invoices")
    assert [len(page) for page in invoices] == [WARM_UP, 1000, 500]
    [contacts], [items] = pages("contacts", "Contacts"), pages("items", "Items")
    assert (len(contacts), len(items)) == (CONTACTS, ITEMS)
    known = {contact["ContactID"] for contact in contacts}
    for invoice in (invoice for page in invoices for invoice in page):
        assert invoice["Type"] == "ACCREC"
        assert len(invoice["LineItems"]) == LINES
        assert invoice["Contact"]["ContactID"] in known
