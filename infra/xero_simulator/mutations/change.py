"""What all changes have in common."""

from typing import Any

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.store import Collection
from infra.xero_simulator.values import Record, xero_date

Change = dict[str, Any]


class MutationRefused(ValueError):
    """The change makes no sense; the message says why."""


def known(collection: Collection, identifier: Any) -> Record:
    found = collection.get(identifier) if isinstance(identifier, str) else None
    if found is None:
        raise MutationRefused(f"no {collection.key} {identifier}")
    return found


def check_new(collection: Collection, fields: Record) -> None:
    identifier = fields.get(collection.key, "")
    if not isinstance(identifier, str):
        raise MutationRefused(f"{collection.key} has to be text")


def put_changed(collection: Collection, record: Record, clock: Clock) -> Record:
    """Keep a record with the time of now as its last change; apps are told of it."""
    changed = record | {"UpdatedDateUTC": xero_date(clock.milliseconds())}
    collection.change(changed)
    return changed
