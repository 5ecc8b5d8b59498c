"""The addon: the same parts once more, of which nothing has changed."""

from __future__ import annotations

from benchmarks.importers.database import copied, job
from benchmarks.importers.invoices.mirror import (
    bring,
    fresh_spool,
    lay,
    parts,
    versions,
)
from benchmarks.readers.measured import report


def main() -> None:
    """:raises AssertionError: a row was written"""
    wanted = job()
    first, *pages = parts(wanted)
    with copied(wanted) as env:
        spool, made = fresh_spool(env), 0

        def first_time() -> None:
            nonlocal made
            lay(spool, [first], "warm-up")
            bring(env, spool)
            lay(spool, pages, "first")
            made = bring(env, spool)
            lay(spool, pages, "again")

        def again() -> int:
            bring(env, spool)
            return made

        first_time()
        before = versions(env)
        report(lambda: None, again)
        assert versions(env) == before, "rows were written, and nothing had changed"
