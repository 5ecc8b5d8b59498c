"""Connections, who holds which organisation, and what is left of the limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..logic.model.authorization import Authorization
from ..logic.model.connection import RECONNECT, Budget, Connection
from ..logic.model.feed import Feed
from .authorizations import authorization_write
from .codec import from_item, to_item
from .feeds import FEED
from .table import (
    ABSENT,
    Table,
    Write,
    connection_pk,
    due,
    instance_pk,
    replacement,
)

_BUDGET = "BUDGET"
_STOPPED = "STOPPED"


def _organisation_sk(organisation: str) -> str:
    return f"ORG#{organisation}"


@dataclass(frozen=True)
class DynamoConnections:
    table: Table

    def get(self, instance: str, connection: str) -> Connection | None:
        item = self.table.get(instance_pk(instance), f"CONN#{connection}")
        return item and from_item(Connection, item)

    def list(self, instance: str) -> list[Connection]:
        items = self.table.query(instance_pk(instance), "CONN#")
        return [from_item(Connection, item) for item in items]

    def find(self, connection: str) -> Connection | None:
        """By its id alone, whosever it is. For the deployer's command line only."""
        found = next(self.table.scan(f"CONN#{connection}"), None)
        return found and from_item(Connection, found)

    def holder(self, instance: str, organisation: str) -> str | None:
        item = self.table.get(instance_pk(instance), _organisation_sk(organisation))
        return item and item["holder"]

    def connect(
        self, connection: Connection, authorization: Authorization, epoch: str
    ) -> bool:
        pk = instance_pk(connection.instance)
        feed_pk = connection_pk(connection.instance, connection.id)
        writes = [
            authorization_write(authorization),
            self._saved(connection),
            Write(
                pk,
                _organisation_sk(connection.organisation),
                {"holder": connection.id},
                condition="attribute_not_exists(pk) OR holder = :mine",
                values={":mine": connection.id},
            ),
        ]
        if connection.version == 1:
            feed = Feed(connection.instance, connection.id, epoch)
            writes.append(Write(feed_pk, FEED, to_item(feed), condition=ABSENT))
        return self.table.write(*writes) is None

    def replace(self, changed: Connection) -> bool:
        return self.table.write(self._saved(changed)) is None

    def disconnect(self, changed: Connection) -> bool:
        pk = instance_pk(changed.instance)
        freed = Write(pk, _organisation_sk(changed.organisation))
        return self.table.write(self._saved(changed), freed) is None

    def stopped(self, now: datetime) -> int:
        return self.table.count_due(_STOPPED, now)

    def budget(self, instance: str, connection: str) -> Budget:
        item = self.table.get(connection_pk(instance, connection), _BUDGET)
        return from_item(Budget, item) if item else Budget()

    def set_budget(self, instance: str, connection: str, budget: Budget) -> None:
        pk = connection_pk(instance, connection)
        self.table.write(Write(pk, _BUDGET, to_item(budget)))

    def _saved(self, connection: Connection) -> Write:
        pk, sk = instance_pk(connection.instance), f"CONN#{connection.id}"
        needs_person = connection.state == RECONNECT
        waits = due(_STOPPED, connection.connected_at if needs_person else None)
        item = {**to_item(connection), **waits}
        if connection.version == 1:
            return Write(pk, sk, item, condition=ABSENT)
        return replacement(pk, sk, item)
