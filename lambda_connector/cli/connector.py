"""The deployed connector's rows and logic, as the operating commands need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar

import boto3

from ..logic.clock import SystemClock
from ..logic.feed_reader import FeedReader
from ..logic.model.connection import Connection
from ..logic.model.instance import Instance
from ..logic.problems import Problem
from ..logic.syncs import Syncs
from ..storage.connections import DynamoConnections
from ..storage.dirty import DynamoDirty
from ..storage.feeds import DynamoFeeds
from ..storage.hint_queue import SqsHints
from ..storage.instances import DynamoInstances
from ..storage.spool import S3Spool
from ..storage.syncs import DynamoSyncs
from ..storage.token_sets import DynamoTokenSets
from .deployment import Deployment
from .refusals import Refused

T = TypeVar("T")


class Connector:
    """Finds what belongs to an id without knowing the instance: an operator's right."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.clock = SystemClock()
        self.connections = DynamoConnections(deployment.table)

    @cached_property
    def feeds(self) -> FeedReader:
        spool = S3Spool(boto3.client("s3"), self.deployment.need("spool_bucket"))
        store = DynamoFeeds(self.deployment.table)
        return FeedReader(store, spool, self.clock, self._days("feed_retention_days"))

    @cached_property
    def syncs(self) -> Syncs:
        table, clock = self.deployment.table, self.clock
        store = DynamoSyncs(
            table,
            DynamoFeeds(table),
            DynamoDirty(table),
            clock,
            log_retention=self._days("log_retention_days"),
            feed_retention=self._days("feed_retention_days"),
        )
        queue = SqsHints(boto3.client("sqs"), self.deployment.need("sync_queue_url"))
        stuck_after = timedelta(
            seconds=int(self.deployment.need("stuck_after_seconds"))
        )
        tokens = DynamoTokenSets(table)
        return Syncs(store, self.connections, tokens, queue, clock, stuck_after)

    def every_connection(self) -> Iterator[tuple[Instance, Connection]]:
        """All connections of all instances, also those that were disconnected."""
        for instance in DynamoInstances(self.deployment.table).all():
            for connection in self.connections.list(instance.id):
                yield instance, connection

    def connection(self, connection: str) -> Connection:
        found = self.connections.find(connection)
        if not found:
            raise Refused(
                f"There is no connection {connection}. `connections list` shows all."
            )
        return found

    def connection_of(self, sync: str) -> Connection:
        """The connection that a sync's id begins with."""
        return self.connection(sync.partition("-")[0])

    def _days(self, name: str) -> timedelta:
        return timedelta(days=int(self.deployment.need(name)))


def or_refused(thing: str, ask: Callable[[], T]) -> T:
    """What the logic answers; its refusal in the words that Odoo would show."""
    try:
        return ask()
    except Problem as problem:
        if problem.code == "not_found":
            raise Refused(f"There is no {thing}.") from None
        raise Refused(f"{problem.title}: {problem.detail} ({problem.code})") from None


def commands_of(groups: Any, name: str, about: str) -> Callable[..., Any]:
    """Opens a group of commands; gives what adds one to it."""
    commands = groups.add_parser(name, help=about).add_subparsers(
        required=True, metavar="command"
    )

    def command(name: str, run: Callable[..., Any], about: str) -> Any:
        parser = commands.add_parser(name, help=about)
        parser.set_defaults(run=run)
        return parser

    return command
