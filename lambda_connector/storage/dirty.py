"""What Xero told to have changed, one row a connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..logic.model.dirty import Dirty
from .codec import from_item, to_item
from .table import ABSENT, Table, Write, connection_pk, due, replacement

_DIRTY = "DIRTY"


def dirty_write(changed: Dirty) -> Write:
    """The versioned write, which the end of a sync needs in its own transaction."""
    pk = connection_pk(changed.instance, changed.connection)
    item = {**to_item(changed), **due(_DIRTY, changed.wake_at)}
    if changed.version == 1:
        return Write(pk, _DIRTY, item, condition=ABSENT)
    return replacement(pk, _DIRTY, item)


@dataclass(frozen=True)
class DynamoDirty:
    table: Table

    def get(self, instance: str, connection: str) -> Dirty | None:
        item = self.table.get(connection_pk(instance, connection), _DIRTY)
        return item and from_item(Dirty, item)

    def save(self, changed: Dirty) -> bool:
        return self.table.write(dirty_write(changed)) is None

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        return self.table.due(_DIRTY, now)
