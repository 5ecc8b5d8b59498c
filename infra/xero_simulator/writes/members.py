"""Members of a record as they are sent: their types, and how long they may be.

What is null counts as not sent. Lengths: Xero's OpenAPI description.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from infra.xero_simulator.values import Record
from infra.xero_simulator.writes.body import invalid_data

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
    return str(value)
