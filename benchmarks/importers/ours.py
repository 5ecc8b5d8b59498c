"""The addon: from the spool's parts to committed partners, mirror, links and log."""

from __future__ import annotations

from benchmarks.importers.database import copied, job, partner_count
from benchmarks.importers.spool import Spool, take
from benchmarks.readers.measured import report


def main() -> None:
    wanted = job()
    with copied(wanted) as env:
        spool = Spool()

        def warm_up() -> None:
            spool.lay(wanted.parts[:1], "warm-up")
            take(env, spool)
            spool.lay(wanted.parts[1:], "first")

        def bring() -> int:
            before = partner_count(env)
            take(env, spool)
            return partner_count(env) - before

        report(warm_up, bring)
