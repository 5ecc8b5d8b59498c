"""The answers that the descriptions give as examples, as if Xero had sent them."""

from __future__ import annotations

import json

import requests

from tests.contract.openapi.exchange import Exchange
from tests.contract.openapi.judge import operation_of
from tests.contract.openapi.simulators import API


def example(path: str) -> Exchange:
    """The example of what a GET of a path answers; of a PDF its first bytes."""
    request = requests.Request("GET", API + path).prepare()
    operation = operation_of(request)
    ((media, content),) = operation.described["responses"]["200"]["content"].items()
    shown = content.get("example", "%PDF-1.4")
    response = requests.Response()
    response.status_code = 200
    response.headers["Content-Type"] = media
    text = shown if isinstance(shown, str) else json.dumps(shown)
    response._content = text.encode()
    return Exchange(request, response)
