"""The addon: from the spool's parts to committed documents, lines and payments."""

from __future__ import annotations

from benchmarks.importers.database import copied, job
from benchmarks.importers.invoices.mirror import bring, fresh_spool, lay, parts
from benchmarks.readers.measured import report


def main() -> None:
    wanted = job()
    first, *pages = parts(wanted)
    with copied(wanted) as env:
        spool = fresh_spool(env)

        def warm_up() -> None:
            lay(spool, [first], "warm-up")
            bring(env, spool)
            lay(spool, pages, "first")

        report(warm_up, lambda: bring(env, spool))
