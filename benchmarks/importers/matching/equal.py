"""The floor: contacts and customers joined by what is exactly equal, an email, a tax
number or a name, and the pairs kept; nothing is similar, and nothing has points."""

from __future__ import annotations

from benchmarks.importers.database import copied, job
from benchmarks.importers.matching.sides import fresh, looked_at
from benchmarks.readers.measured import report

_PAIRS = """
    CREATE TABLE bench_pairs AS
    SELECT c.id AS contact, p.id AS customer
      FROM xero_contact c JOIN res_partner p ON lower(p.email) = lower(c.email)
     UNION
    SELECT c.id, p.id
      FROM xero_contact c
      JOIN res_partner p
        ON regexp_replace(lower(p.vat), '[^0-9a-z]', '', 'g')
         = regexp_replace(lower(c.tax_number), '[^0-9a-z]', '', 'g')
     UNION
    SELECT c.id, p.id
      FROM xero_contact c JOIN res_partner p ON lower(p.name) = lower(c.name)
"""


def main() -> None:
    with copied(job()) as env:
        connection = fresh(env)

        def join() -> int:
            env.cr.execute(_PAIRS)
            env.cr.commit()
            return looked_at(env)

        report(lambda: connection.name, join)
