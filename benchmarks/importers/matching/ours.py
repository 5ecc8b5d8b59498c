"""The addon: all suggestions worked out and committed."""

from __future__ import annotations

from odoo.addons.crm_xero_module.services.matching.suggest import refresh_matches

from benchmarks.importers.database import copied, job
from benchmarks.importers.matching.sides import fresh, looked_at
from benchmarks.readers.measured import report


def main() -> None:
    with copied(job()) as env:
        connection = fresh(env)

        def suggest() -> int:
            refresh_matches(connection)
            env.cr.commit()
            return looked_at(env)

        report(lambda: connection.name, suggest)
        env.cr.execute("SELECT count(*) FROM xero_match")
        assert env.cr.fetchone()[0], "nobody was suggested"
