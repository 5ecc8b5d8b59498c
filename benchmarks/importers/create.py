"""The floor: the ORM's `create` of the same values in batches, each committed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from odoo import api

from benchmarks.importers.database import copied, job, partner_count
from benchmarks.readers.measured import report

BATCH = 500


def main() -> None:
    wanted = job()
    first = wanted.warm_up
    with copied(wanted) as env:

        def bring(companies: Sequence[dict[str, Any]]) -> int:
            before = partner_count(env)
            for start in range(0, len(companies), BATCH):
                create(env, companies[start : start + BATCH])
            return partner_count(env) - before

        warm_up, companies = wanted.companies[:first], wanted.companies[first:]
        report(lambda: bring(warm_up), lambda: bring(companies))


def create(env: api.Environment, companies: Sequence[dict[str, Any]]) -> None:
    """Companies, then their persons; nothing is tracked, as in the import."""
    partners = env["res.partner"].with_context(tracking_disable=True)
    made = partners.create([company["values"] for company in companies])
    partners.create(
        [
            {**person, "parent_id": parent.id}
            for parent, company in zip(made, companies, strict=True)
            for person in company["persons"]
        ]
    )
    env.cr.commit()
    env.invalidate_all()
