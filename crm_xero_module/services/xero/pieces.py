# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A page of Xero's taken apart without being parsed.

Most of what comes is known already, byte for byte: what the mirror has is told by a
digest of each record's own bytes, and only the others are parsed.
"""

import json
import re
from dataclasses import dataclass
from hashlib import blake2b

from .values import ID_LIMIT, load_json, record

_BLANKS = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """One record of a page: its bytes, and what tells them from any others."""

    body: bytes
    digest: str


def pieces_of(page, key, id_name, count):
    """{id: Piece} of the records in the list `key` of a page, which has `count`.

    None where that is not certain, and the page must be read whole: records that do
    not begin with their id (after their type), have none or have one twice, or that are
    not `count`.

    :raise ValueError: it is no page
    """
    starts, ids = _starts(page, id_name)
    if not count or len(set(ids)) != count or len(ids) != count:
        return None
    last = page[starts[-1] :].decode()
    end = starts[-1] + len(last[: _end_of_object(last)].encode())
    # What is around the records must be a page, with nothing else in its list.
    if record(load_json(page[: starts[0]] + page[end:])).get(key) != []:
        return None
    bodies = [
        page[start:stop].rstrip(_BLANKS)
        for start, stop in zip(starts, starts[1:], strict=False)
    ]
    if not all(body.endswith(b",") for body in bodies):
        return None
    bodies = [body[:-1].rstrip(_BLANKS) for body in bodies] + [page[starts[-1] : end]]
    return {
        xero_id: Piece(body, _digest(body))
        for xero_id, body in zip(ids, bodies, strict=True)
    }


def parse(pieces):
    """The records of these pieces, in their order."""
    return load_json(b"[%s]" % b",".join(piece.body for piece in pieces))


def _starts(page, id_name):
    """Where objects begin whose first field is the id, and these ids. Xero writes the
    type of an invoice before its id.

    No text of JSON can look like this: there, its quotes would be escaped.
    """
    begin = re.compile(
        rb'\{\s*(?:"Type"\s*:\s*"[A-Z-]*"\s*,\s*)?'
        rb'"%s"\s*:\s*"([^"\\\s\x00-\x1f\x7f-\xff]{1,%d})"'
        % (id_name.encode(), ID_LIMIT)
    )
    found = list(begin.finditer(page))
    return [match.start() for match in found], [match[1].decode() for match in found]


def _end_of_object(text):
    """:raise ValueError: there is no whole object"""
    _value, end = json.JSONDecoder(strict=False).raw_decode(text)
    return end


def digest_of(found):
    """What tells a record, which has no bytes of its own, from any other."""
    return _digest(json.dumps(found, sort_keys=True).encode())


def _digest(body):
    return blake2b(body, digest_size=16).hexdigest()
