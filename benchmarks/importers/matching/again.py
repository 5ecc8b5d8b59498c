"""The addon once more, nothing changed: whether anything did is all it finds out."""

from __future__ import annotations

from odoo.addons.crm_xero_module.services.matching.suggest import refresh_matches

from benchmarks.importers.database import copied, job
from benchmarks.importers.matching.sides import fresh, looked_at
from benchmarks.readers.measured import report


def main() -> None:
    with copied(job()) as env:
        connection = fresh(env)

        def first() -> None:
            refresh_matches(connection)
            env.cr.commit()

        def again() -> int:
            first()
            return looked_at(env)

        report(first, again)
