"""Members of a record as they are sent: their types, and how long they may be.

What is null counts as not sent. Lengths: Xero's OpenAPI description.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from infra.xero_simulator.values import Record, dated, day_of, milliseconds, number
from infra.xero_simulator.writes.body import invalid_data

LARGEST = Decimal(10) ** 12
# What XML cannot hold, in which Xero keeps what it gets.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CURRENCY = re.compile("[A-Z]{3}")

Lengths = Mapping[str, int | None]
"""The members that hold text, and how long it may be; None where nothing says so."""


def texts(sent: Record, lengths: Lengths) -> Record:
    """Those members of a record that are sent, as text. Raises ApiRefused."""
    return {name: _text(name, sent[name]) for name in lengths if _is_sent(sent, name)}


def too_long(fields: Record, lengths: Lengths, where: str = "") -> Iterator[str]:
    """A message for each text that is longer than it may be."""
    for name, longest in lengths.items():
        if longest is not None and len(fields.get(name, "")) > longest:
            yield f"{where}{name} must not be longer than {longest} characters."


def choice(sent: Record, name: str, values: tuple[str, ...]) -> Record:
    """A member that holds one of some values; nothing if it is not sent.

    Raises ApiRefused for any other value: Xero then reads nothing of the call.
    """
    if not _is_sent(sent, name):
        return {}
    if sent[name] not in values:
        raise invalid_data(f"Error converting value {sent[name]!r} to type '{name}'.")
    return {name: sent[name]}


def currency(sent: Record, name: str) -> Record:
    """A member that holds a currency; blank text is none. Raises ApiRefused."""
    held = texts(sent, {name: None})
    if held.get(name) and not _CURRENCY.fullmatch(held[name]):
        raise invalid_data(f"Error converting value {held[name]!r} to type '{name}'.")
    return held


def decimals(sent: Record, names: Iterable[str]) -> dict[str, Decimal]:
    """Those members that are sent, as numbers; text that spells one is one.

    Amounts have at most 18 digits, 4 or 6 of them after the point: what is larger
    than a million millions is not calculated with.
    """
    found = {}
    for name in names:
        if _is_sent(sent, name):
            value = number(sent[name])
            if value is None or abs(value) > LARGEST:
                raise invalid_data(f"Could not convert {name} to decimal.")
            found[name] = value
    return found


def dates(sent: Record, names: Iterable[str]) -> dict[str, str]:
    """Those members that are sent, as calendar days like `2026-11-20`.

    What Xero reads of a date and time is the day.
    """
    found = {}
    for name, text in texts(sent, dict.fromkeys(names)).items():
        day = milliseconds(text) if text.startswith("/Date(") else day_of(text[:10])
        if day is None:
            raise invalid_data(f"Could not convert {name} to DateTime: {text}")
        found[name] = dated(name, day)[f"{name}String"][:10]
    return found


def guid(text: str) -> str:
    """The text of an id, as Xero writes it."""
    try:
        return str(UUID(text))
    except ValueError:
        raise invalid_data(f"Could not convert string to Guid: {text}") from None


def objects(sent: Record, name: str) -> list[Record]:
    """The objects in a member that holds a list; none if it is not sent."""
    held = sent.get(name)
    if held is None:
        return []
    if not isinstance(held, list) or not all(isinstance(each, dict) for each in held):
        raise invalid_data(f"{name} has to be a list of objects")
    return held


def part(sent: Record, name: str) -> Record | None:
    """The object in a member; None if it is not sent."""
    held = sent.get(name)
    if held is not None and not isinstance(held, dict):
        raise invalid_data(f"{name} has to be an object")
    return held


def _is_sent(sent: Record, name: str) -> bool:
    return sent.get(name) is not None


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise invalid_data(f"{name} has to be text")
    if found := _UNWRITABLE.search(text := str(value)):
        code = ord(found.group())
        raise invalid_data(f"hexadecimal value 0x{code:02X}, is an invalid character.")
    return text
