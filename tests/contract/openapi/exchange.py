"""HTTP between `requests` and a simulator inside this process, and a record of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from werkzeug.test import Client, TestResponse

from infra.xero_simulator.app import Application
from infra.xero_simulator.simulator import Simulator


@dataclass(frozen=True)
class Exchange:
    """A request as it was sent to Xero's own address, and the answer to it."""

    request: requests.PreparedRequest
    response: requests.Response


@dataclass
class Wire:
    """Takes the place of the network, at the point where all of `requests` meets.

    `lost` names requests whose answer does not come in time.
    """

    simulator: Simulator
    exchanges: list[Exchange] = field(default_factory=list)
    lost: Callable[[requests.PreparedRequest], bool] = lambda request: False

    def send(
        self, adapter: HTTPAdapter, request: requests.PreparedRequest, **_: Any
    ) -> requests.Response:
        if self.lost(request):
            raise requests.ReadTimeout("the answer is lost")
        try:
            answer = self._ask(request)
            answer.get_data()
        except ConnectionResetError as error:
            raise requests.ConnectionError("the connection was dropped") from error
        self.exchanges.append(Exchange(request, _response(request, answer)))
        return _response(request, answer)

    def _ask(self, request: requests.PreparedRequest) -> TestResponse:
        client = Client(Application(self.simulator))
        headers = list(request.headers.items())
        return client.open(
            request.path_url,
            base_url=request.url.removesuffix(request.path_url),
            method=request.method,
            headers=headers,
            data=request.body,
        )


def _response(
    request: requests.PreparedRequest, answer: TestResponse
) -> requests.Response:
    raw = urllib3.HTTPResponse(
        body=io.BytesIO(answer.get_data()),
        headers=list(answer.headers.items()),
        status=answer.status_code,
        preload_content=False,
        request_method=request.method,
    )
    return HTTPAdapter().build_response(request, raw)
