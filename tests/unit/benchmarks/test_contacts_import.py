"""Which way round the ratios of the import are, and what its pages hold."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.contact_pages import write_pages
from benchmarks.contacts_import import (
    AGAIN,
    CREATE,
    LEAST,
    LOAD,
    OURS,
    flat_figures,
    persons_figures,
)
from benchmarks.figures import Figure
from benchmarks.parts import WARM_UP
from benchmarks.rounds import Run

RUNS = {
    OURS: [Run(2.0, 1.0, 1000, 90)],
    LOAD: [Run(4.0, 3.0, 1000, 90)],
    LEAST: [Run(3.0, 2.0, 1000, 90)],
    CREATE: [Run(1.6, 1.5, 1000, 90)],
    AGAIN: [Run(0.1, 0.1, 1000, 90)],
}


def named(figures: list[Figure]) -> dict[str, Figure]:
    return {figure.what: figure for figure in figures}


def test_a_slower_peer_gives_a_ratio_above_one() -> None:
    found = named(flat_figures(RUNS))
    beside_load = found["companies, pace beside load()"]
    assert (beside_load.value, beside_load.met) == (2.0, True)
    beside_create = found["companies, pace beside bare create"]
    assert (beside_create.value, beside_create.met) == (0.8, True)
    again = found["the same pages again, beside the first time"]
    assert (again.value, again.met) == (20.0, True)
    assert found["companies, bare create beside load()"].value == 2.5
    assert found["companies, the import"].value == 500


def test_persons_have_a_bar_of_their_own() -> None:
    found = named(persons_figures(RUNS))
    assert found["with persons, pace beside load()"].at_least == 2


@pytest.mark.parametrize("persons", [True, False])
def test_pages_hold_what_their_names_say(tmp_path: Path, persons: bool) -> None:
    write_pages(tmp_path / "pages", 1500, persons=persons)
    parts = sorted((tmp_path / "pages").iterdir())
    pages = [json.loads(gzip.decompress(part.read_bytes())) for part in parts]
    counts = [len(page["Contacts"]) for page in pages]
    assert counts == [WARM_UP, 1000, 500]
    assert [int(part.name[5:].split(".")[0]) for part in parts] == counts
    contacts = [contact for page in pages for contact in page["Contacts"]]
    assert len({contact["ContactID"] for contact in contacts}) == 1500 + WARM_UP
    people = {len(contact["ContactPersons"]) for contact in contacts}
    assert people == ({1, 2} if persons else {0})
    assert {bool(contact["LastName"]) for contact in contacts} == {persons}
