"""The real worker of the addon, fed with parts that lie in a folder: all of a sync but
HTTP."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from odoo import api

from odoo.addons.crm_xero_module.services import worker

from benchmarks.importers.database import records_in

CONNECTION = {
    "id": "bench-connection",
    "organisation": {"id": "bench-tenant", "name": "Bench"},
    "state": "connected",
    "feed": {"epoch": "bench"},
}


class Spool:
    """What `ConnectorClient` has, answered from the parts laid into it."""

    def __init__(self) -> None:
        self._entries: list[dict[str, Any]] = []
        self._bodies: dict[int, bytes] = {}

    def lay(
        self,
        parts: list[Path],
        sync: str,
        resource: str = "contacts",
        key: str = "Contacts",
    ) -> None:
        """These parts of a resource, and the end of the sync that read them."""
        for part in parts:
            number = len(self._entries) + 1
            body = part.read_bytes()
            self._bodies[number] = body
            self._add(
                kind="part",
                sync=sync,
                resource=resource,
                key=key,
                page=number,
                part=1,
                records=records_in(part),
                item_count=None,
                read_at=f"2026-11-22T10:{number // 60:02}:{number % 60:02}Z",
                sha256=hashlib.sha256(body).hexdigest(),
                bytes=len(body),
            )
        self._add(kind="sync_finished", sync=sync, state="done")

    def _add(self, **entry: Any) -> None:
        number = len(self._entries) + 1
        self._entries.append({"n": number, "stamp": f"stamp-{number}", **entry})

    # The calls of the worker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        pass

    def get_feed(self, *, after: int, **_source: Any) -> dict[str, Any]:
        return {"acknowledged": after, "entries": self._entries[after : after + 100]}

    def get_part(self, *, n: int, **_source: Any) -> bytes:
        return self._bodies[n]

    def acknowledge(self, **_source: Any) -> None:
        pass

    def get_connection(self, **_source: Any) -> dict[str, Any]:
        return CONNECTION


def connect(env: api.Environment) -> None:
    """A connection with its usual imports, as an administrator makes it."""
    admin = env.ref("base.user_admin")
    connection = env(user=admin)["xero.connection"].create({})
    connection._set_connected(CONNECTION)
    env.cr.commit()


def take(env: api.Environment, spool: Spool) -> None:
    """Run the worker until nothing is left."""
    connection = env["xero.connection"].search([])
    client = worker.ConnectorClient
    with patch.object(client, "from_env", lambda _env: spool):
        while worker.Worker(connection).run():
            pass


def records_of(parts: list[Path]) -> list[dict[str, Any]]:
    """All contacts of these parts."""
    return [
        contact
        for part in parts
        for contact in worker.load_json(gzip.decompress(part.read_bytes()))["Contacts"]
    ]
