"""The lowest edge of the connector: botocore's and urllib3's sending of a request.

Everything above it is the product's own: our code, boto3 with its retries, requests.
Below it stand moto and the Xero simulator, in this very process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs

import urllib3
from moto.core.botocore_stubber import BotocoreStubber
from werkzeug.test import Client

from .short_cuts import boto3_without_frills, quick_answer

_CHANGING = {
    *("dynamodb.PutItem", "dynamodb.UpdateItem", "dynamodb.DeleteItem"),
    *("dynamodb.TransactWriteItems", "s3.PutObject", "sqs.SendMessage"),
    *("xero.token:authorization_code", "xero.token:refresh_token"),
    *("xero.token:client_credentials", "xero.connections:DELETE"),
    *("xero.Contacts:PUT", "xero.Contacts/{id}:POST", "xero.Invoices:PUT"),
}
LISTS = "/api.xro/2.0/"
NUDGE = "/xero/nudge"
_ROW = re.compile(r"[A-Z]+")
_stubbed = BotocoreStubber.__call__


class Killed(BaseException):
    """The process is gone. No `except Exception` sees it, as none sees SIGKILL."""


@dataclass(frozen=True)
class Call:
    """One call as our code makes it; botocore's retries of it are the same call.

    `operation` is the service's own name for it, such as `dynamodb.PutItem`,
    `xero.Contacts` or `xero.Contacts:PUT`; `about` the kinds of rows that it names.
    """

    number: int
    step: str
    function: str
    operation: str
    about: str

    @property
    def reads(self) -> bool:
        """Whether nothing is different after it."""
        return self.operation not in _CHANGING

    @property
    def service(self) -> str:
        return self.operation.partition(".")[0]

    @property
    def name(self) -> str:
        return f"{self.operation} {self.about}".strip()

    @property
    def site(self) -> tuple[str, str, str]:
        """What calls have in common that come from one place of one step."""
        return self.step, self.function, self.name


@dataclass
class Exchange:
    """A call under way. `perform` does it for real, as often as it is called."""

    call: Call
    attempt: int
    perform: Callable[[], Any]
    request: Any


Strike = Callable[[Exchange], Any]


@dataclass
class Edge:
    """Sees each call that is made inside `listening`, and lets `strike` answer it."""

    xero: Client
    step: str | None = None
    function: str = ""
    calls: list[Call] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    """Addresses at Xero that were called."""
    asked: int = 0
    """How often a list was asked for there, heard or not."""
    strike: Strike | None = None
    losing: str | None = None
    """Where the next write to Xero is lost, unheard: before it was done, or after."""
    _invocation: str = ""
    _attempt: int = 0

    @contextmanager
    def listening(self, step: str, function: str) -> Iterator[None]:
        before = self.step, self.function
        self.step, self.function = step, function
        try:
            yield
        finally:
            self.step, self.function = before

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """What others do meanwhile is not part of the life."""
        before = self.step, self.strike, self._invocation, self._attempt
        self.step, self.strike = None, None
        try:
            yield
        finally:
            self.step, self.strike, self._invocation, self._attempt = before

    @contextmanager
    def installed(self) -> Iterator[None]:
        edge = self

        def send(stub: Any, event_name: str, request: Any, **named: Any) -> Any:
            def perform() -> Any:
                quick = quick_answer(event_name, request)
                return quick or _stubbed(stub, event_name, request)

            return edge._to_aws(event_name, request, perform)

        def urlopen(pool: Any, method: str, url: str, **named: Any) -> Any:
            if url == NUDGE:
                # Behind all that a call of ours may leave undone; see test_nudges.
                return answer(204, {}, b"")
            return edge._to_xero(pool, method, url, named)

        with ExitStack() as patches:
            for one in (
                patch.object(BotocoreStubber, "__call__", send),
                patch.object(urllib3.HTTPConnectionPool, "urlopen", urlopen),
                *boto3_without_frills(),
            ):
                patches.enter_context(one)
            yield

    def _to_aws(self, event: str, request: Any, perform: Callable[[], Any]) -> Any:
        if self.step is None:
            return perform()
        _, service, operation = event.split(".")
        invocation = str(request.headers["amz-sdk-invocation-id"])
        if invocation != self._invocation:
            self._invocation, self._attempt = invocation, 0
            self._add(f"{service}.{operation}", _rows(request.body))
        self._attempt += 1
        return self._struck(perform, request)

    def _to_xero(self, pool: Any, method: str, url: str, named: dict[str, Any]) -> Any:
        def perform() -> urllib3.HTTPResponse:
            return self._simulated(pool, method, url, named)

        self.asked += url.startswith(LISTS)
        if self.step is None:
            return self._lost(perform) if method == "PUT" else perform()
        self.paths.add(url.partition("?")[0])
        self._add(f"xero.{_endpoint(method, url, named.get('body'))}", "")
        self._attempt = 1
        return self._struck(perform, named)

    def _lost(self, perform: Callable[[], Any]) -> Any:
        losing, self.losing = self.losing, None
        if losing == "before":
            raise urllib3.exceptions.ProtocolError("reset", ConnectionResetError())
        came = perform()
        if losing == "after":
            raise urllib3.exceptions.ProtocolError("reset", ConnectionResetError())
        return came

    def _add(self, operation: str, about: str) -> None:
        number, step = len(self.calls) + 1, self.step or ""
        self.calls.append(Call(number, step, self.function, operation, about))

    def _struck(self, perform: Callable[[], Any], request: Any) -> Any:
        if not self.strike:
            return perform()
        return self.strike(Exchange(self.calls[-1], self._attempt, perform, request))

    def _simulated(
        self, pool: Any, method: str, url: str, named: dict[str, Any]
    ) -> urllib3.HTTPResponse:
        path, _, query = url.partition("?")
        came = self.xero.open(
            path,
            method=method,
            base_url=f"{pool.scheme}://{pool.host}:{pool.port}",
            query_string=query,
            headers=list((named.get("headers") or {}).items()),
            data=named.get("body"),
        )
        return answer(came.status_code, dict(came.headers), came.get_data())


def answer(status: int, headers: dict[str, str], body: bytes) -> urllib3.HTTPResponse:
    """As urllib3 hands an answer over, its body not read yet."""
    return urllib3.HTTPResponse(
        BytesIO(body),
        headers=headers,
        status=status,
        preload_content=False,
        decode_content=False,
    )


def _rows(body: Any) -> str:
    """The kinds of rows that a DynamoDB request names, in its order."""
    try:
        asked = json.loads(body)
    except (TypeError, ValueError):
        return ""
    if "TransactItems" not in asked:
        return _row(asked)
    names = [_row(one) for item in asked["TransactItems"] for one in item.values()]
    return "+".join(dict.fromkeys(names))


def _row(asked: dict[str, Any]) -> str:
    key = asked.get("Key") or asked.get("Item") or {}
    values = asked.get("ExpressionAttributeValues") or {}
    for text in (key.get("sk"), values.get(":begin"), values.get(":kind")):
        if text:
            found = _ROW.match(text["S"])
            due = "due " if text is values.get(":kind") else ""
            return due + (found[0] if found else "") + _phase(asked.get("Item"))
    return ""


def _phase(item: dict[str, Any] | None) -> str:
    """Of a row that a write to Xero is kept in: what is kept just now."""
    if not item or "is_open" not in item:
        return ""
    if "leased_until" not in item:
        return " (over)"
    return " (begun)" if item["version"]["N"] == "1" else " (goes on)"


def _endpoint(method: str, url: str, body: Any) -> str:
    """Xero's name for what is called."""
    path = url.partition("?")[0]
    if path == "/connect/token":
        form = parse_qs(body.decode() if isinstance(body, bytes) else body or "")
        return f"token:{form['grant_type'][0]}"
    if path.startswith("/connections"):
        return f"connections:{method}"
    *_, before, last = path.split("/")
    if before in ("Contacts", "Invoices"):
        last = f"{before}/{{id}}"
    return last if method == "GET" else f"{last}:{method}"
