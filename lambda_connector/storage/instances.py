"""Instances and the hashes of their keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..logic.model.instance import Instance, InstanceKey
from .codec import from_item, plain, to_item
from .table import ABSENT, Table, Write, instance_pk

_INSTANCE = "INSTANCE"


def _key_sk(digest: str) -> str:
    return f"KEY#{digest}"


@dataclass(frozen=True)
class DynamoInstances:
    table: Table

    def create(self, instance: Instance, key: InstanceKey) -> None:
        pk = instance_pk(instance.id)
        self.table.write(
            Write(pk, _INSTANCE, to_item(instance), condition=ABSENT),
            Write(pk, _key_sk(key.digest), to_item(key), condition=ABSENT),
        )

    def save(self, instance: Instance) -> None:
        self.table.write(Write(instance_pk(instance.id), _INSTANCE, to_item(instance)))

    def get(self, instance: str) -> Instance | None:
        item = self.table.get(instance_pk(instance), _INSTANCE)
        return item and from_item(Instance, item)

    def all(self) -> list[Instance]:
        return [from_item(Instance, item) for item in self.table.scan(_INSTANCE)]

    def keys(self, instance: str) -> list[InstanceKey]:
        items = self.table.query(instance_pk(instance), "KEY#")
        return [from_item(InstanceKey, item) for item in items]

    def key(self, instance: str, digest: str) -> InstanceKey | None:
        item = self.table.get(instance_pk(instance), _key_sk(digest))
        return item and from_item(InstanceKey, item)

    def save_key(self, key: InstanceKey) -> None:
        pk = instance_pk(key.instance)
        self.table.write(Write(pk, _key_sk(key.digest), to_item(key)))

    def touch_key(self, key: InstanceKey, at: datetime) -> None:
        self.table.write(
            Write(
                instance_pk(key.instance),
                _key_sk(key.digest),
                update="SET last_used_at = :at",
                condition="attribute_exists(pk)",
                values={":at": plain(at)},
            )
        )
