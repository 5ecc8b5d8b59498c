"""API Gateway's HTTP API: requests as events of payload format 2.0, answers back.

Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP
APIs in API Gateway".
"""

import base64
import binascii
import json
import re
import time
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request, Response

from infra.local.aws import ACCOUNT
from infra.local.function import Outcome
from infra.local.stack import Route

API_ID = "local"
REQUEST_BYTES = 10 * 1024 * 1024
TEXT = re.compile(
    r"text/.*|application/(json|javascript|xml|[\w.-]+\+json|[\w.-]+\+xml)"
)


def match(
    routes: Sequence[Route], method: str, path: str
) -> tuple[Route, dict[str, str]] | None:
    """The most specific route for the request, with its path parameters.

    Full matches come before greedy ones, and a named method before ANY.
    """
    found = []
    for route in routes:
        if route.method not in ("ANY", method):
            continue
        if parameters := _pattern(route.path).fullmatch(path):
            rank = ("+}" in route.path, route.path.count("{"), route.method == "ANY")
            found.append((rank, route, parameters.groupdict()))
    if not found:
        return None
    _, route, parameters = min(found, key=lambda each: each[0])
    return route, parameters


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(\+?)\}", path)
    pattern = re.escape(parts[0])
    for name, greedy, literal in zip(
        parts[1::3], parts[2::3], parts[3::3], strict=True
    ):
        taken = "(?s:.+)" if greedy else "[^/]+"
        pattern += f"(?P<{name}>{taken})" + re.escape(literal)
    return re.compile(pattern)


def event(
    request: Request, route: Route, path_parameters: dict[str, str]
) -> dict[str, Any]:
    """The event that API Gateway would send for the request."""
    now = time.time()
    raw_query = request.query_string.decode("ascii")
    headers = {name.lower(): value for name, value in request.headers}
    cookies = headers.pop("cookie", None)
    route_key = f"{route.method} {route.path}"
    body, encoded = _body(request)
    made = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": raw_query,
        "cookies": cookies.split("; ") if cookies else None,
        "headers": headers,
        "queryStringParameters": _query(raw_query),
        "pathParameters": path_parameters or None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": request.host,
            "domainPrefix": request.host.split(".")[0].split(":")[0],
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
                "sourceIp": request.remote_addr or "127.0.0.1",
                "userAgent": request.headers.get("User-Agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": route_key,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "body": body,
        "isBase64Encoded": encoded,
    }
    return {name: value for name, value in made.items() if value is not None}


def _query(raw: str) -> dict[str, str] | None:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined or None


def _body(request: Request) -> tuple[str | None, bool]:
    data = request.get_data()
    if not data:
        return None, False
    if TEXT.fullmatch(request.mimetype or "text/plain"):
        try:
            return data.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(data).decode("ascii"), True


def message(status: int, text: str) -> Response:
    """An answer of the gateway itself."""
    return Response(
        json.dumps({"message": text}), status, content_type="application/json"
    )


def response(outcome: Outcome) -> Response:
    """The HTTP response that API Gateway would make of the function's outcome."""
    if outcome.error:
        return message(500, "Internal Server Error")
    answer = outcome.answer
    if not isinstance(answer, dict) or "statusCode" not in answer:
        body = answer if isinstance(answer, str) else json.dumps(answer)
        return Response(body, 200, content_type="application/json")
    try:
        return _explicit(answer)
    except (TypeError, ValueError, AttributeError, binascii.Error):
        return message(500, "Internal Server Error")


def _explicit(answer: dict[str, Any]) -> Response:
    body = answer.get("body") or ""
    if answer.get("isBase64Encoded"):
        body = base64.b64decode(body, validate=True)
    made = Response(body, int(answer["statusCode"]))
    made.headers["Content-Type"] = "text/plain; charset=utf-8"
    for name, value in (answer.get("headers") or {}).items():
        made.headers[name] = str(value)
    for cookie in answer.get("cookies") or []:
        made.headers.add("Set-Cookie", cookie)
    return made
