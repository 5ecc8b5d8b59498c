"""What is known of writes to Xero, by their key."""

from __future__ import annotations

from dataclasses import dataclass

from ..logic.model.write import KEPT, KeyedWrite
from .codec import from_item, to_item
from .table import ABSENT, Table, Write, connection_pk, expires, replacement


@dataclass(frozen=True)
class DynamoWrites:
    table: Table

    def get(self, instance: str, connection: str, key: str) -> KeyedWrite | None:
        item = self.table.get(connection_pk(instance, connection), _sk(key))
        return item and from_item(KeyedWrite, item)

    def save(self, changed: KeyedWrite) -> bool:
        pk = connection_pk(changed.instance, changed.connection)
        item = {**to_item(changed), **expires(changed.begun_at, KEPT)}
        if changed.version == 1:
            first = Write(pk, _sk(changed.key), item, condition=ABSENT)
            return self.table.write(first) is None
        return self.table.write(replacement(pk, _sk(changed.key), item)) is None


def _sk(key: str) -> str:
    return f"WRITE#{key}"
