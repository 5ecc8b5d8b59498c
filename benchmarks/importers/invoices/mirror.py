"""The mirror's three tables of documents, and the worker that fills them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

from odoo import api

from odoo.addons.crm_xero_module.services.worker import Worker

from benchmarks.importers.database import Job
from benchmarks.importers.spool import Spool, take

TABLES = ("xero_transaction", "xero_transaction_line", "xero_allocation")
KINDS = {"contacts": "Contacts", "items": "Items", "invoices": "Invoices"}


def parts(job: Job, resource: str = "invoices") -> list[Path]:
    return sorted((Path(job.folder) / resource).glob("*.json.gz"))


def lay(spool: Spool, found: list[Path], sync: str, resource: str = "invoices") -> None:
    spool.lay(found, sync, resource, KINDS[resource])


def fresh_spool(env: api.Environment) -> Spool:
    """An empty spool, of which the connection has read nothing yet."""
    connection = env["xero.connection"].search([])
    connection.write({"feed_position": 0, "feed_stamp": False})
    env.cr.commit()
    return Spool()


def bring(env: api.Environment, spool: Spool) -> int:
    """Let the worker take what lies in the spool; how many documents that made.

    What is worked out of the mirror afterwards, figures and snapshots, is left out.
    """
    before = count(env)
    nothing = {name: lambda *_arguments: False for name in ("_sales", "_end_of_sync")}
    with patch.multiple(Worker, **nothing):
        take(env, spool)
    return count(env) - before


def count(env: api.Environment) -> int:
    env.cr.execute("SELECT count(*) FROM xero_transaction")
    return env.cr.fetchone()[0]


def versions(env: api.Environment) -> list[Any]:
    """What any write changes: each row's place and transaction."""
    found = []
    for table in TABLES:
        env.cr.execute(
            "SELECT md5(string_agg(format('%s %s %s', id, xmin, ctid), ','"
            f" ORDER BY id)) FROM {table}"
        )
        found.append(env.cr.fetchone())
    return found
