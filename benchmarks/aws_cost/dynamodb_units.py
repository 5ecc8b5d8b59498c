"""Request units of DynamoDB, by its rules for item sizes and capacity.

Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats" and "DynamoDB
read and write operations": a read unit is 4 kB read consistently, a write unit 1 kB; an
eventually consistent read costs half, a write in a transaction twice as much; an index
is written when a row's place in it changes, once to leave the old one and once to enter
the new one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

READ_BYTES, WRITE_BYTES = 4096, 1024
_OF_INDEX = ("due_pk", "due_at")

Item = Mapping[str, Mapping[str, Any]]


def item_bytes(item: Item) -> int:
    """Names and values; `item` as the low-level API writes it."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind == "N":
        return math.ceil(len(held.lstrip("-").replace(".", "")) / 2) + 1
    if kind == "B":
        return len(held)
    if kind == "L":
        return 3 + sum(1 + _value(one) for one in held)
    if kind == "M":
        return 3 + sum(1 + len(k.encode()) + _value(one) for k, one in held.items())
    return 1


def read_units(items: Iterable[Item], consistent: bool) -> float:
    """Of one call; one that finds nothing costs as much as the least that it could."""
    size = sum(item_bytes(item) for item in items)
    units = max(1, math.ceil(size / READ_BYTES))
    return units if consistent else units / 2


def write_units(before: Item | None, after: Item | None, in_transaction: bool) -> float:
    """Of one row, by the larger of its two states."""
    size = max(item_bytes(before or {}), item_bytes(after or {}))
    units = max(1, math.ceil(size / WRITE_BYTES))
    return units * 2 if in_transaction else units


def index_units(before: Item | None, after: Item | None) -> int:
    """Of the janitor's index, which holds keys alone."""
    was, now = _place(before), _place(after)
    return 0 if was == now else (was is not None) + (now is not None)


def _place(item: Item | None) -> tuple[Any, ...] | None:
    if not item or _OF_INDEX[0] not in item:
        return None
    return tuple(next(iter(item[name].values())) for name in _OF_INDEX)
