"""The floor: COPY of the same rows into the same tables, each part committed."""

from __future__ import annotations

from pathlib import Path

from odoo import api

from benchmarks.importers.database import copied, job
from benchmarks.importers.invoices.mirror import TABLES, count, parts
from benchmarks.readers.measured import report


def main() -> None:
    wanted = job()
    folder = Path(wanted.folder)
    with copied(wanted) as env:

        def copy_all() -> int:
            before = count(env)
            for number in range(1, len(parts(wanted))):
                copy(env, folder, number)
            return count(env) - before

        report(lambda: copy(env, folder, 0), copy_all)


def copy(env: api.Environment, folder: Path, number: int) -> None:
    for table in TABLES:
        with (folder / f"{number:04}-{table}.copy").open() as file:
            env.cr._obj.copy_expert(f"COPY {table} FROM STDIN", file)
    env.cr.commit()
