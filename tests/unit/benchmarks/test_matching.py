"""Which way round the ratios of matching are, and what its two sides hold."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from benchmarks.match_sides import CUSTOMERS_FOR_EACH, KNOWN, write_sides
from benchmarks.matching import AGAIN, FLOOR, OURS, TRIGRAM, absolute, ratios
from benchmarks.rounds import Run

RUNS = {
    OURS: [Run(10.0, 0.1, 1000, 90)],
    AGAIN: [Run(0.5, 0.1, 1000, 90)],
    FLOOR: [Run(1.0, 0.1, 1000, 90)],
    TRIGRAM: [Run(3.0, 0.1, 1000, 90)],
}


def test_a_slower_peer_gives_a_ratio_above_one() -> None:
    floor, trigram, again = ratios(RUNS)
    assert (floor.value, floor.met) == (10.0, True)
    assert (trigram.value, trigram.met) == (3.0, True)
    assert again.value == 20.0
    told = {figure.what: figure.value for figure in absolute(RUNS)}
    assert told["suggestions, time"] == 10


def test_some_are_on_both_sides(tmp_path: Path) -> None:
    folder = tmp_path / "sides"
    write_sides(folder, 1200)
    parts = sorted(folder.glob("*.json.gz"))
    pages = [json.loads(gzip.decompress(part.read_bytes())) for part in parts]
    contacts = [contact for page in pages for contact in page["Contacts"]]
    customers = json.loads((folder / "customers.json").read_text())
    assert (len(contacts), len(customers)) == (1200, 1200 * CUSTOMERS_FOR_EACH)
    names = {contact["Name"] for contact in contacts}
    same = sum(customer[0] in names for customer in customers[: int(KNOWN * 1200)])
    assert 300 < same < KNOWN * 1200
