"""Makes the connection in the template with the contacts and items that the invoices
name, and what the peers are given: the values and the rows that the mirror then has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from odoo import api, sql_db

from benchmarks.importers.database import Job, copied, job, opened
from benchmarks.importers.invoices.mirror import TABLES, bring, fresh_spool, lay, parts
from benchmarks.importers.spool import Spool, connect, take

# What the ORM makes itself, or what is not a column.
_NOT_GIVEN = {"id", "display_name", "create_uid", "create_date", "write_uid"}


def main() -> None:
    wanted = job()
    with opened(wanted.template, wanted.data) as env:
        if not env["xero.connection"].search([]):
            connect(env)
            env["xero.connection"].search([]).base_currency = "NZD"
            # Nothing but the mirror is measured.
            env["xero.import.profile"].search([]).auto_run = False
            env.cr.commit()
        spool = Spool()
        for resource in ("contacts", "items"):
            lay(spool, parts(wanted, resource), resource, resource)
        take(env, spool)
    sql_db.close_all()
    # In a copy: what was rolled back would lie in the template as dead rows.
    with copied(wanted) as env:
        _write_peers(env, wanted)


def _write_peers(env: api.Environment, wanted: Job) -> None:
    """For each part its rows as COPY writes them, and their values as `create` takes
    them."""
    folder = Path(wanted.folder)
    for number, part in enumerate(parts(wanted)):
        first = [_last_id(env, table) for table in TABLES]
        spool = fresh_spool(env)
        lay(spool, [part], f"prepare {number}")
        bring(env, spool)
        values = []
        for table, after in zip(TABLES, first, strict=True):
            _copy_out(env, table, after, folder / f"{number:04}-{table}.copy")
            values.append(_values(env, table, after))
        (folder / f"{number:04}-values.json").write_text(json.dumps(values))


def _last_id(env: api.Environment, table: str) -> int:
    env.cr.execute(f"SELECT COALESCE(max(id), 0) FROM {table}")
    return env.cr.fetchone()[0]


def _copy_out(env: api.Environment, table: str, after: int, path: Path) -> None:
    with path.open("w") as file:
        env.cr._obj.copy_expert(
            f"COPY (SELECT * FROM {table} WHERE id > {after} ORDER BY id) TO STDOUT",
            file,
        )


def _values(env: api.Environment, table: str, after: int) -> list[dict[str, Any]]:
    """Without what is empty; `_id` is the row's own, so that others can name it."""
    model = env[table.replace("_", ".")]
    names = [
        name
        for name, field in model._fields.items()
        if field.store and field.column_type and name not in _NOT_GIVEN
    ]
    rows = model.search([("id", ">", after)], order="id").read(names, load=None)
    return [
        {
            ("_id" if name == "id" else name): value
            for name, value in row.items()
            if value not in (False, None)
        }
        for row in json.loads(json.dumps(rows, default=str))
    ]
