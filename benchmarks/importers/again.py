"""The addon: the same parts once more, of which nothing has changed."""

from __future__ import annotations

from odoo import api

from benchmarks.importers.database import copied, job, partner_count
from benchmarks.importers.spool import Spool, take
from benchmarks.readers.measured import report


def main() -> None:
    """:raises AssertionError: a partner was written"""
    wanted = job()
    with copied(wanted) as env:
        spool, made = Spool(), 0

        def first_time() -> None:
            nonlocal made
            spool.lay(wanted.parts[:1], "warm-up")
            take(env, spool)
            before = partner_count(env)
            spool.lay(wanted.parts[1:], "first")
            take(env, spool)
            made = partner_count(env) - before
            spool.lay(wanted.parts[1:], "again")

        def again() -> int:
            take(env, spool)
            return made

        first_time()
        before = versions(env)
        report(lambda: None, again)
        assert versions(env) == before, "partners were written, and nothing had changed"


def versions(env: api.Environment) -> str:
    """What any write to res_partner changes: each row's place and transaction."""
    env.cr.execute(
        "SELECT md5(string_agg(format('%s %s %s', id, xmin, ctid), ',' ORDER BY id))"
        " FROM res_partner"
    )
    return env.cr.fetchone()[0]
