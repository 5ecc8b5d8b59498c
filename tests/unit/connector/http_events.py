"""API Gateway's events (payload version 2.0), for calls of the API without HTTP."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from lambda_connector.handlers.application import Application

from .world import World


class Context:
    """As much of Lambda's context as powertools reads."""

    function_name = "api"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:api"
    aws_request_id = "request-1"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The problem's code; the answer has to be a whole problem document."""
        held = self.json
        assert self.headers["Content-Type"] == "application/problem+json"
        assert held["status"] == self.status
        assert held["type"] == "about:blank"
        assert held["title"] and held["detail"] and held["request_id"]
        return held["code"]


class Api:
    """The API of a world, asked with its instance key."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.application = Application(world.services)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        raw: str | None = None,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Answer:
        key = self.world.key if key is None else key
        sent = {"content-type": "application/json", **(headers or {})}
        if key:
            sent.setdefault("authorization", f"Bearer {key}")
        text = raw if raw is not None else json.dumps(body) if body else ""
        event = http_event(method, path, query, sent, text)
        return answer_of(self.application.answer(event, Context()))


def http_event(
    method: str, path: str, query: dict[str, Any], headers: dict[str, str], body: str
) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": urlencode(query),
        "queryStringParameters": {name: str(value) for name, value in query.items()},
        "headers": headers,
        "requestContext": {
            "requestId": "request-1",
            "domainName": "gateway.example",
            "stage": "$default",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "test",
            },
        },
        "body": body,
        "isBase64Encoded": False,
    }


def answer_of(answer: dict[str, Any]) -> Answer:
    headers = {**answer.get("headers", {})}
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers[name] = values[0]
    body = answer.get("body") or ""
    encoded = answer.get("isBase64Encoded")
    data = base64.b64decode(body) if encoded else body.encode()
    return Answer(answer["statusCode"], headers, data)
