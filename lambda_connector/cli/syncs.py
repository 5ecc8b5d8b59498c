"""Syncs of a connection: how they went, and one of them once more.

syncs list CONNECTION
syncs log SYNC
syncs replay SYNC
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from ..handlers.presenting import log_json, sync_json
from .connector import Connector, commands_of, or_refused
from .deployment import Deployment
from .refusals import Refused

Lines = Iterable[dict[str, Any]]


def add_commands(groups: Any) -> None:
    command = commands_of(groups, "syncs", "what was read from Xero, and how it went")
    command("list", _list, "the latest 50, newest first").add_argument("connection")
    command("log", _log, "a sync and all its log, to be kept").add_argument("sync")
    replay = command("replay", _replay, "read once more what a sync read")
    replay.add_argument("sync")


def _list(deployment: Deployment, options: argparse.Namespace) -> Lines:
    connector = Connector(deployment)
    held = connector.connection(options.connection)
    for sync in connector.syncs.recent(held.instance, held.id):
        yield sync_json(sync)


def _log(deployment: Deployment, options: argparse.Namespace) -> Lines:
    connector = Connector(deployment)
    instance = connector.connection_of(options.sync).instance
    syncs = connector.syncs
    yield sync_json(
        or_refused(f"sync {options.sync}", lambda: syncs.get(instance, options.sync))
    )
    after = 0
    while entries := syncs.log(instance, options.sync, after):
        yield from map(log_json, entries)
        after = entries[-1].n


def _replay(deployment: Deployment, options: argparse.Namespace) -> Lines:
    connector = Connector(deployment)
    instance = connector.connection_of(options.sync).instance
    sync, is_new = or_refused(
        f"sync {options.sync}",
        lambda: connector.syncs.replay(instance, options.sync),
    )
    if not is_new:
        raise Refused(
            f"The sync {sync.id} of the same connection is under way. Wait for its end"
            " (`syncs list` shows it), or cancel it in Odoo."
        )
    yield sync_json(sync)
