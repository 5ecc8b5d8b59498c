"""The logic's values as DynamoDB items and back, by the types of their fields.

Times are ISO text in UTC (they sort as they read), tuples are lists, None is left out.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from boto3.dynamodb.types import Binary

T = TypeVar("T")


def to_item(value: Any) -> dict[str, Any]:
    """A dataclass as a plain item."""
    fields = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
    return {name: plain(held) for name, held in fields if held is not None}


def plain(value: Any) -> Any:
    """One value as DynamoDB keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if dataclasses.is_dataclass(value):
        return to_item(value)
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    return value


def from_item(kind: type[T], item: Mapping[str, Any]) -> T:
    """The dataclass that the item holds; attributes it does not know are left."""
    hints = _hints(kind)
    return kind(
        **{
            field.name: typed(hints[field.name], item.get(field.name))
            for field in dataclasses.fields(kind)  # type: ignore[arg-type]
            if field.name in item or field.default is dataclasses.MISSING
        }
    )


def typed(hint: Any, value: Any) -> Any:
    """One value as the logic knows it."""
    if value is None:
        return None
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if dataclasses.is_dataclass(hint):
        return from_item(hint, value)
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, Binary):
        return value.value
    return value


def _tuple(hints: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if len(hints) == 2 and hints[1] is Ellipsis:
        return tuple(typed(hints[0], part) for part in value)
    return tuple(typed(hint, part) for hint, part in zip(hints, value, strict=True))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
