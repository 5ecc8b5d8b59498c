"""What a writing call carries: records in JSON.

Source: developer.xero.com, requests and responses; the error numbers as public client
libraries have met them.
"""

import json
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Request

from infra.xero_simulator.refusals import ApiRefused
from infra.xero_simulator.values import Record


def read_elements(request: Request, plural: str) -> list[Record]:
    """The records of a body: `{"Contacts": [{…}]}`, a list of them, or a single one.

    Raises ApiRefused for anything else.
    """
    document = _parsed(request.get_data())
    if isinstance(document, dict):
        document = document.get(plural, [document] if document else [])
    if isinstance(document, dict):
        document = [document]
    if not isinstance(document, list) or not all(
        isinstance(each, dict) for each in document
    ):
        raise invalid_data(f"{plural} has to be a list of objects")
    if not document:
        raise ApiRefused(
            17,
            "NoDataProcessedException",
            "No data has been processed for this endpoint. It expects "
            f"{plural} in the body of the request.",
        )
    return document


def invalid_data(message: str) -> ApiRefused:
    """400 for what has not the form of the record, so that nothing of it was read."""
    return ApiRefused(
        14, "PostDataInvalidException", f"JSON for post data was invalid,{message}"
    )


def _parsed(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
        document = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        json.dumps(document, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as error:
        raise invalid_data(str(error)) from None
    return document


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
