"""Token sets, sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..logic.model.token_set import TokenSet
from .codec import from_item, to_item
from .table import (
    ABSENT,
    VERSION_BEFORE,
    Table,
    Write,
    due,
    instance_pk,
    replacement,
)

_DUE = "TOKEN"


@dataclass(frozen=True)
class DynamoTokenSets:
    table: Table

    def get(self, instance: str, token_set: str) -> TokenSet | None:
        item = self.table.get(instance_pk(instance), f"TOKEN#{token_set}")
        return item and from_item(TokenSet, item)

    def save(self, changed: TokenSet) -> bool:
        pk, sk = instance_pk(changed.instance), f"TOKEN#{changed.id}"
        item = {**to_item(changed), **due(_DUE, changed.wake_at)}
        if changed.version == 1:
            return self.table.write(Write(pk, sk, item, condition=ABSENT)) is None
        return self.table.write(replacement(pk, sk, item)) is None

    def delete(self, held: TokenSet) -> bool:
        pk, sk = instance_pk(held.instance), f"TOKEN#{held.id}"
        values = {":before": held.version}
        gone = Write(pk, sk, condition=VERSION_BEFORE, values=values)
        return self.table.write(gone) is None

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        return self.table.due(_DUE, now)
