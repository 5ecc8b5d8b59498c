"""Single records in Xero's answers: read, compared, and what Xero says against them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from .faults import Invalid, Unreadable

Record = dict[str, Any]

MAX_MESSAGES, MAX_MESSAGE = 20, 500
_DEEPEST = 4
"""Errors of a line of an invoice are within the line."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_NO_ID = UUID(int=0)
"""Xero repeats what it did not take with this id."""
_OF_THE_CALL = ("StatusAttributeString", "ValidationErrors", "Warnings")
"""Members that are about the call, not about the record."""


def read_rows(body: bytes, key: str) -> list[Record]:
    """The records under a key of Xero's answer. Raises Unreadable."""
    try:
        # NaN would make our own answer unreadable.
        answer = json.loads(body, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    rows = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise Unreadable(f"no list of {key}")
    return [row for row in rows if isinstance(row, dict)]


def read_written(body: bytes, key: str, record_id: str) -> Record:
    """The one record that was written. Raises Invalid where Xero did not take it,
    Unreadable where it does not say what became of it."""
    rows = read_rows(body, key)
    said = messages(rows)
    if said:
        raise Invalid(said)
    if len(rows) != 1 or rows[0].get("StatusAttributeString") == "ERROR":
        raise Unreadable("not one record")
    if not has_id(rows[0], record_id):
        raise Unreadable("no id")
    return {name: held for name, held in rows[0].items() if name not in _OF_THE_CALL}


def has_id(record: Record, record_id: str) -> bool:
    try:
        return UUID(str(record.get(record_id))) != _NO_ID
    except ValueError:
        return False


def messages(answer: Any) -> tuple[str, ...]:
    """What Xero says is wrong with what was sent, each once, readable."""
    said = dict.fromkeys(_CONTROLS.sub(" ", text).strip() for text in _errors(answer))
    return tuple(text[:MAX_MESSAGE] for text in said if text)[:MAX_MESSAGES]


def _errors(part: Any, depth: int = 0) -> Iterator[str]:
    """Its validation errors, wherever they are. Xero spells their text two ways."""
    if isinstance(part, list):
        for one in part:
            yield from _errors(one, depth)
    if not isinstance(part, dict) or depth > _DEEPEST:
        return
    for name, held in part.items():
        if name == "ValidationErrors" and isinstance(held, list):
            for one in held:
                if isinstance(one, dict):
                    yield str(one.get("Message") or one.get("Description") or "")
        elif isinstance(held, (list, dict)):
            yield from _errors(held, depth + 1)


def holds(record: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether a contact is already as it is to become. A blank is as good as none."""
    return all(
        _same(name, record.get(name), wanted)
        for name, wanted in sent.items()
        if wanted is not None
    )


_TYPES = {"Phones": "PhoneType", "Addresses": "AddressType"}
"""Lists of which Xero merges the rows by this member."""


def _same(name: str, held: Any, wanted: Any) -> bool:
    if name in _TYPES:
        by_type = {row.get(_TYPES[name]): row for row in held or [] if row}
        return all(_row_holds(by_type, _TYPES[name], row) for row in wanted)
    if isinstance(wanted, list):
        return _persons(held or []) == _persons(wanted)
    if isinstance(wanted, bool):
        return bool(held) is wanted
    return str(held or "") == str(wanted or "")


def _row_holds(
    by_type: Mapping[Any, Record], type_name: str, wanted: Mapping[str, Any]
) -> bool:
    kind = wanted[type_name]
    return holds(by_type.get(kind, {type_name: kind}), wanted)


def _persons(rows: list[Any]) -> list[tuple[str, ...]]:
    """Xero keeps no order of them."""
    names = ("FirstName", "LastName", "EmailAddress")
    return sorted(
        (*(str(row.get(name) or "") for name in names), str(bool(row.get(_INCLUDED))))
        for row in rows
        if isinstance(row, dict)
    )


_INCLUDED = "IncludeInEmails"
