"""Connected organisations of every instance, and how they are.

connections list [--instance INSTANCE]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from ..handlers.presenting import moment
from ..logic.model.connection import Connection
from ..logic.model.instance import Instance
from ..logic.model.sync import Sync
from .connector import Connector, commands_of
from .deployment import Deployment


def add_commands(groups: Any) -> None:
    command = commands_of(groups, "connections", "connected organisations")
    listing = command("list", _list, "organisations, their state and latest sync")
    listing.add_argument("--instance", help="of this Odoo instance only")


def _list(
    deployment: Deployment, options: argparse.Namespace
) -> Iterable[dict[str, Any]]:
    connector = Connector(deployment)
    for instance, connection in connector.every_connection():
        if options.instance in (None, instance.id):
            yield _line(connector, instance, connection)


def _line(
    connector: Connector, instance: Instance, connection: Connection
) -> dict[str, Any]:
    of = connection.instance, connection.id
    budget = connector.connections.budget(*of)
    latest = next(iter(connector.syncs.store.recent(*of, 1)), None)
    return {
        "instance": instance.id,
        "name": instance.name,
        "connection": connection.id,
        "organisation": connection.organisation_name,
        "state": connection.state,
        "state_code": connection.state_code,
        "day_remaining": budget.day_remaining,
        "as_of": moment(budget.as_of),
        "latest_sync": latest and _ending(latest),
    }


def _ending(sync: Sync) -> dict[str, Any]:
    return {
        "sync": sync.id,
        "state": sync.state,
        "code": sync.code,
        "created_at": moment(sync.created_at),
        "finished_at": moment(sync.finished_at),
    }
