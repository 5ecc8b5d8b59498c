"""What Xero wraps around a list of records, read without reading the records.

Only the envelope and each record's id are needed here. Making objects of all the rest
costs most of a page's time and several times its size in memory, so msgspec checks the
records and leaves them as the bytes that Xero wrote: digits, escapes and unknown
fields come to Odoo as they were.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from .faults import Unreadable

Record = bytes | msgspec.Raw
"""One record's own JSON, as a part of the body."""
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Envelope:
    """`time` and the values of `pagination` are as Xero wrote them, of any type."""

    records: list[Record]
    ids: list[str]
    pagination: dict[str, Any]
    time: Any


def read_envelope(body: bytes, key: str, record_id: str) -> Envelope:
    """The list under `key`, and the `record_id` of each record in it; an id that is
    missing is "None", that of what is no object "". Raises Unreadable."""
    try:
        _check_text(body)
        try:
            return _read(body, key, record_id)
        except msgspec.DecodeError:
            return _read_leniently(body, key, record_id)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error


def _read(body: bytes, key: str, record_id: str) -> Envelope:
    try:
        held = _envelope_decoder(key).decode(body)
    except msgspec.ValidationError as error:
        raise Unreadable(f"no list of {key}") from error
    decoder = _id_decoder(record_id)
    ids = [_id(record, decoder) for record in held.records]
    return Envelope(held.records, ids, _mapping(held.pagination), held.time)


def _read_leniently(body: bytes, key: str, record_id: str) -> Envelope:
    """What Python reads and msgspec does not: halves of surrogate pairs, NaN, control
    characters, a byte order mark. All of these have come from real APIs, and none is a
    reason to lose a page."""
    held = json.loads(body, strict=False)
    rows = held.get(key) if isinstance(held, dict) else None
    if not isinstance(rows, list):
        raise Unreadable(f"no list of {key}")
    ids = [str(row.get(record_id)) if isinstance(row, dict) else "" for row in rows]
    records = [json.dumps(row, separators=(",", ":")).encode() for row in rows]
    return Envelope(
        records, ids, _mapping(held.get("pagination")), held.get("DateTimeUTC")
    )


def _check_text(body: bytes) -> None:
    """Raises ValueError for what is no UTF-8, which msgspec does not look at. In
    pieces: as one text, a page with an emoji takes four times its size."""
    if body.isascii():
        return
    pieces = (body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK))
    for _ in codecs.iterdecode(pieces, "utf-8"):
        pass


@cache
def _envelope_decoder(key: str) -> msgspec.json.Decoder[Any]:
    fields = [
        ("records", list[msgspec.Raw]),
        ("pagination", Any, None),
        ("time", Any, None),
    ]
    names = {"records": key, "time": "DateTimeUTC"}
    return msgspec.json.Decoder(msgspec.defstruct("Envelope", fields, rename=names))


@cache
def _id_decoder(record_id: str) -> msgspec.json.Decoder[Any]:
    held = msgspec.defstruct("Record", [("id", Any, None)], rename={"id": record_id})
    return msgspec.json.Decoder(held)


def _id(record: msgspec.Raw, decoder: msgspec.json.Decoder[Any]) -> str:
    try:
        return str(decoder.decode(record).id)
    except msgspec.ValidationError:
        return ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
