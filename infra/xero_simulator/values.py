"""Xero's forms of values: dates, numbers, fields in fields."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

Record = dict[str, Any]

DAY = 86_400_000
"""A day in ms."""
CENT = Decimal("0.01")
ZERO = Decimal("0.00")

_DATE = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")


def milliseconds(value: Any) -> int:
    """The instant of Xero's `/Date(ms+zone)/`; 0 for anything else.

    The zone is a display offset only: the number is UTC in any case.
    """
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    return int(found.group(1)) if found else 0


def xero_date(instant: int) -> str:
    """`/Date(ms+0000)/`, as Xero writes a record's time."""
    return f"/Date({instant}+0000)/"


def utc_string(instant: int) -> str:
    """`2019-11-14T18:10:38Z`, as in `UpdatedDateUTCString`."""
    return f"{datetime.fromtimestamp(instant // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def dated(name: str, day: int) -> Record:
    """A calendar date as the two fields in which Xero gives it."""
    date, text = _calendar(day)
    return {f"{name}String": text, name: date}


@lru_cache(5_000)
def _calendar(day: int) -> tuple[str, str]:
    text = f"{datetime.fromtimestamp(day // 1000, UTC):%Y-%m-%dT00:00:00}"
    return xero_date(day), text


def day_of(text: Any) -> int | None:
    """A calendar day such as `2026-11-20` in ms; None for anything else."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None
    return int(day.timestamp()) * 1000


def number(value: Any) -> Decimal | None:
    """The number that a value is or spells; None for anything else.

    What is too large or too small to calculate with is none either.
    """
    try:
        found = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 18 else None


def amount(record: Record, name: str) -> Decimal:
    """The number in a field; nothing where there is none."""
    return number(record.get(name)) or ZERO


def member(record: Record, path: str) -> Any:
    """The value at a path like `Contact.Name`; None where there is none."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def parts(record: Record, name: str) -> list[Record]:
    """The records in a field that holds a list; none where there is no such list."""
    held = record.get(name)
    return [each for each in held if isinstance(each, dict)] if is_list(held) else []


def is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def rank(value: Any) -> tuple[int, Any]:
    """A sort key for values of any type: none, numbers and dates, text."""
    if value is None:
        return 0, 0
    if isinstance(value, bool | int | float | Decimal):
        return 1, value
    text = str(value)
    return (1, milliseconds(text)) if _DATE.fullmatch(text) else (2, text.casefold())
