"""Odoo's own import: `load()` of the same values, as its Import button calls it.

The file has an External ID for each record, by which Odoo knows it when the file comes
again, and countries by name. States are given by database id: a name may stand for
states of several countries, and Odoo would take the first. A company's persons are the
rows below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from odoo import api

from benchmarks.importers.database import copied, job, partner_count
from benchmarks.readers.measured import report

# The batch of Odoo's own import screen.
BATCH = 2000
_BY_DATABASE_ID = {"country_id": "country_id/.id", "state_id": "state_id/.id"}

Company = dict[str, Any]


def main() -> None:
    run(_with_ids)


def run(prepared: Callable[[api.Environment, Company], Company]) -> None:
    """:param prepared: makes of a company what its rows of the file hold"""
    wanted = job()
    first = wanted.warm_up
    with copied(wanted) as env:
        companies = [prepared(env, company) for company in wanted.companies]

        def bring(companies: Sequence[Company]) -> int:
            before = partner_count(env)
            for start in range(0, len(companies), BATCH):
                _load(env, *as_file(companies[start : start + BATCH]))
            return partner_count(env) - before

        report(lambda: bring(companies[:first]), lambda: bring(companies[first:]))


def _with_ids(env: api.Environment, company: Company) -> Company:
    def named(values: dict[str, Any], key: str) -> dict[str, Any]:
        country = env["res.country"].browse(values.get("country_id")).name
        return {"id": f"xero.{key}"} | _columns(values) | {"country_id": country or ""}

    return {
        "values": named(company["values"], company["values"]["ref"]),
        "persons": [
            named(person, f"person_{person['xero_id']}")
            for person in company["persons"]
        ],
    }


def least(_env: api.Environment, company: Company) -> Company:
    """The least that `load()` can be given: countries by database id, and no External
    IDs, so that the file can't be imported again."""
    persons = [_columns(person, by_id=True) for person in company["persons"]]
    return {"values": _columns(company["values"], by_id=True), "persons": persons}


def _load(env: api.Environment, header: list[str], rows: list[list[str]]) -> None:
    """:raises AssertionError: Odoo refused a row"""
    partners = env["res.partner"].with_context(tracking_disable=True, import_file=True)
    answer = partners.load(header, rows)
    assert answer["ids"], answer["messages"]
    env.cr.commit()
    env.invalidate_all()


def as_file(companies: Sequence[Company]) -> tuple[list[str], list[list[str]]]:
    """Header and rows: a company's first person beside it, the others below."""
    own = sorted({name for company in companies for name in company["values"]})
    people = [person for company in companies for person in company["persons"]]
    theirs = sorted({name for person in people for name in person})
    rows = []
    for company in companies:
        persons = company["persons"] or [{}]
        values = [company["values"]] + [{}] * (len(persons) - 1)
        for one, other in zip(values, persons, strict=True):
            cells = [one.get(name, "") for name in own]
            cells += [other.get(name, "") for name in theirs]
            rows.append([str(cell) for cell in cells])
    return own + [f"child_ids/{name}" for name in theirs], rows


def _columns(values: dict[str, Any], *, by_id: bool = False) -> dict[str, Any]:
    names = _BY_DATABASE_ID if by_id else {"state_id": _BY_DATABASE_ID["state_id"]}
    return {names.get(name, name): value for name, value in values.items()}
