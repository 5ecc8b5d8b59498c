"""JSON in and out, for the parts that are not the Accounting API."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson
from werkzeug.wrappers import Response

JSON = "application/json; charset=utf-8"


def json_response(document: Any, status: int = 200) -> Response:
    return Response(
        orjson.dumps(document, default=as_written), status, content_type=JSON
    )


def as_written(value: Any) -> orjson.Fragment | list[Any]:
    """Decimals keep their digits: 760.00 stays 760.00."""
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object; raises ValueError for anything else."""
    document = orjson.loads(body)
    if not isinstance(document, dict):
        raise ValueError("a JSON object is expected")
    return document
