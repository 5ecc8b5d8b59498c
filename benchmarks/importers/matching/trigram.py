"""What Odoo's own databases offer: names by the trigram extension's index, one look-up
for each of a tenth of the contacts, and nothing but names."""

from __future__ import annotations

from benchmarks.importers.database import copied, job
from benchmarks.importers.matching.sides import fresh, looked_at
from benchmarks.readers.measured import report

SHARE = 10
_PAIRS = """
    CREATE TABLE bench_pairs AS
    SELECT c.id AS contact, p.id AS customer, similarity(p.name, c.name)
      FROM (SELECT * FROM xero_contact WHERE id %% %s = 0) c
      JOIN res_partner p ON p.name %% c.name
"""


def main() -> None:
    with copied(job()) as env:
        connection = fresh(env)
        env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        env.cr.execute("SET pg_trgm.similarity_threshold = 0.6")

        def join() -> int:
            env.cr.execute("CREATE INDEX ON res_partner USING gin (name gin_trgm_ops)")
            env.cr.execute(_PAIRS, [SHARE])
            env.cr.commit()
            return looked_at(env)

        report(lambda: connection.name, join)
