"""How the Accounting API wraps and writes its answers."""

import gzip
import uuid
from collections.abc import Sequence
from typing import Any

import orjson
from werkzeug.wrappers import Response

from infra.xero_simulator.plain_json import JSON, as_written
from infra.xero_simulator.routing import Exchange

# A page of 1,000 contacts is 2.4 MB: what gzip gains above level 1 is not worth it.
_GZIP_LEVEL = 1


def answer(
    exchange: Exchange,
    plural: str,
    records: Sequence[Any],
    pagination: dict[str, int] | None = None,
) -> Response:
    """Records in Xero's envelope, `pagination` (if any) before them."""
    document = {
        "Id": str(uuid.uuid4()),
        "Status": "OK",
        "ProviderName": exchange.token.app.name,
        "DateTimeUTC": f"/Date({exchange.simulator.clock.milliseconds()})/",
    }
    if pagination is not None:
        document["pagination"] = pagination
    document[plural] = records
    return _compressed(exchange, render(document))


def render(document: Any) -> bytes:
    """Indented JSON with CRLF, as Xero's live API writes it."""
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2, default=as_written)
    return text.replace(b"\n", b"\r\n")


def _compressed(exchange: Exchange, body: bytes) -> Response:
    response = Response(content_type=JSON)
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" in exchange.request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(body)
    return response
