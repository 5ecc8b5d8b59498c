"""The peer: the ORM's `create` of the same values in batches, each committed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from odoo import api

from benchmarks.importers.database import Job, copied, job
from benchmarks.importers.invoices.mirror import count
from benchmarks.readers.measured import report

BATCH = 500


def main() -> None:
    wanted = job()
    with copied(wanted) as env:
        warm_up, *pages = values_of(wanted)

        def create_all() -> int:
            before = count(env)
            for page in pages:
                create(env, *page)
            return count(env) - before

        report(lambda: create(env, *warm_up), create_all)


def values_of(wanted: Job) -> list[list[list[dict[str, Any]]]]:
    """For each part, the values of its documents, lines and payments."""
    found = sorted(Path(wanted.folder).glob("*-values.json"))
    return [json.loads(path.read_text()) for path in found]


def create(
    env: api.Environment,
    documents: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]],
    payments: Sequence[dict[str, Any]],
) -> None:
    """Documents, then their lines and payments, each as one `create`."""
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        made = env["xero.transaction"].create([_given(row) for row in batch])
        ids = {row["_id"]: one.id for row, one in zip(batch, made, strict=True)}
        for name, rows in (("transaction.line", lines), ("allocation", payments)):
            of_batch = [row for row in rows if row["transaction_id"] in ids]
            env[f"xero.{name}"].create([_given(row, ids) for row in of_batch])
        env.cr.commit()
        env.invalidate_all()


def _given(row: dict[str, Any], ids: dict[int, int] | None = None) -> dict[str, Any]:
    """The values of a row, naming the documents that were made here."""
    renamed = ("transaction_id", "invoice_id") if ids else ()
    return {
        name: ids[value] if ids and name in renamed else value
        for name, value in row.items()
        if name != "_id"
    }
