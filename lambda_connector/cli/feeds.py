"""What waits for Odoo, and which database reads it.

feeds list [--connection CONNECTION]
feeds take-over CONNECTION --consumer UUID
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ..handlers.presenting import moment
from ..logic.model.connection import Connection
from .connector import Connector, commands_of
from .deployment import Deployment

Lines = Iterable[dict[str, Any]]


def add_commands(groups: Any) -> None:
    command = commands_of(groups, "feeds", "what waits for Odoo, and who reads it")
    listing = command("list", _list, "where each feed is, and who reads it")
    listing.add_argument("--connection", help="of this connection only")
    taking = command("take-over", _take_over, "let another database read a feed")
    taking.add_argument("connection")
    taking.add_argument(
        "--consumer",
        required=True,
        type=UUID,
        help="that database's uuid: Odoo's system parameter database.uuid",
    )


def _list(deployment: Deployment, options: argparse.Namespace) -> Lines:
    connector = Connector(deployment)
    if options.connection:
        yield _line(connector, connector.connection(options.connection))
        return
    for _, connection in connector.every_connection():
        yield _line(connector, connection)


def _take_over(deployment: Deployment, options: argparse.Namespace) -> Lines:
    connector = Connector(deployment)
    held = connector.connection(options.connection)
    connector.feeds.take_over(held.instance, held.id, str(options.consumer))
    yield _line(connector, held)


def _line(connector: Connector, connection: Connection) -> dict[str, Any]:
    feed = connector.feeds.head(connection.instance, connection.id)
    return {
        "instance": connection.instance,
        "connection": connection.id,
        "organisation": connection.organisation_name,
        "consumer": feed.consumer,
        "head": feed.head,
        "acknowledged": feed.acknowledged,
        "waiting": feed.head - max(feed.acknowledged, feed.floor),
        "waits_since": moment(connector.feeds.waits_since(feed)),
    }
