"""API Gateway's events (payload version 2.0), for calls of the API without HTTP."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from lambda_connector import openapi
from lambda_connector.handlers.application import Application
from lambda_connector.handlers.problem_documents import CONTENT_TYPE
from lambda_connector.logic.problems import CODES

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
        answer = answer_of(self.application.answer(event, Context()))
        if answer.headers.get("Content-Type") == CONTENT_TYPE:
            assert answer.code in declared(method, path), (method, path, answer.body)
            assert set(CODES[answer.code].members) <= set(answer.json), answer.body
        return answer


def declared(method: str, path: str) -> set[str]:
    """The codes that the OpenAPI document has for a call of this address."""
    for pattern, operations in _operations():
        if re.fullmatch(pattern, path) and method.lower() in operations:
            return operations[method.lower()]
    return {"instance_key_invalid", "method_not_allowed", "route_unknown"}


@cache
def _operations() -> list[tuple[str, dict[str, set[str]]]]:
    document = openapi.document()
    shared = document["components"]["responses"]

    def codes(answers: dict[str, Any]) -> set[str]:
        whole = [
            shared.get(one.get("$ref", "").rpartition("/")[2], one)
            for one in answers.values()
        ]
        held = [one["content"].get(CONTENT_TYPE, {}) for one in whole]
        return {code for one in held for code in one.get("examples", {})}

    return [
        (
            re.sub(r"{\w+}", "[^/]+", path),
            {method: codes(one["responses"]) for method, one in operations.items()},
        )
        for path, operations in document["paths"].items()
    ]


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
