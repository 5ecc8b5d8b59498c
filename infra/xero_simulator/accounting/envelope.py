"""How the Accounting API wraps and writes its answers."""

import struct
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from werkzeug.wrappers import Response

from infra.xero_simulator.plain_json import JSON, as_written
from infra.xero_simulator.routing import Exchange

# A page of 1,000 contacts is 2.4 MB: what gzip gains above level 1 is not worth it.
_GZIP_LEVEL = 1
_ZEROS = bytes(64 * 1024)
_GZIP_HEADER = b"\x1f\x8b\x08" + bytes(5) + b"\x04\xff"


@dataclass(frozen=True)
class Written:
    """The part of an answer that only changes with its records.

    `data` is JSON, or deflated JSON; `size` is that of the JSON, `checksum` its CRC-32
    less that of as many zeros.
    """

    data: bytes
    size: int
    checksum: int


def answer(exchange: Exchange, plural: str, records: Sequence[Any]) -> Response:
    """Records in Xero's envelope."""
    return wrap(exchange, write(plural, records, wants_gzip(exchange)))


def wants_gzip(exchange: Exchange) -> bool:
    return "gzip" in exchange.request.headers.get("Accept-Encoding", "")


def write(plural: str, records: Sequence[Any], gzip: bool) -> Written:
    """The records as they stand in an answer, after whatever comes before them."""
    text = render({plural: records}).removeprefix(b"{")
    data = _deflate(text, zlib.Z_FINISH) if gzip else text
    return Written(data, len(text), zlib.crc32(text) ^ _over_zeros(0, len(text)))


def wrap(
    exchange: Exchange, written: Written, pagination: dict[str, int] | None = None
) -> Response:
    """An answer of this moment, `pagination` (if any) before the records."""
    document = {
        "Id": str(uuid.uuid4()),
        "Status": "OK",
        "ProviderName": exchange.token.app.name,
        "DateTimeUTC": f"/Date({exchange.simulator.clock.milliseconds()})/",
    }
    if pagination is not None:
        document["pagination"] = pagination
    head = render(document).removesuffix(b"\r\n}") + b","
    response = Response(content_type=JSON)
    response.headers["Vary"] = "Accept-Encoding"
    if wants_gzip(exchange):
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(gzipped(head, written))
    else:
        response.set_data(head + written.data)
    return response


def render(document: Any) -> bytes:
    """Indented JSON with CRLF, as Xero's live API writes it."""
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2, default=as_written)
    return text.replace(b"\n", b"\r\n")


def gzipped(head: bytes, written: Written) -> bytes:
    """One gzip stream (RFC 1952) of a head and what was deflated before.

    The checksum of both follows from theirs without the text: a checksum is linear
    in where it starts, so the head's is carried over as many zeros.
    """
    checksum = _over_zeros(zlib.crc32(head), written.size) ^ written.checksum
    size = (len(head) + written.size) & 0xFFFFFFFF
    deflated = _deflate(head, zlib.Z_FULL_FLUSH) + written.data
    return _GZIP_HEADER + deflated + struct.pack("<II", checksum, size)


def _over_zeros(checksum: int, size: int) -> int:
    """A CRC-32 carried on over so many zeros."""
    whole, rest = divmod(size, len(_ZEROS))
    for _ in range(whole):
        checksum = zlib.crc32(_ZEROS, checksum)
    return zlib.crc32(_ZEROS[:rest], checksum)


def _deflate(text: bytes, end: int) -> bytes:
    compress = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compress.compress(text) + compress.flush(end)
