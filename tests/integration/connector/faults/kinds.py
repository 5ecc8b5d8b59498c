"""What can befall a call. Each kind strikes one call; the life around it is whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

import urllib3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    ReadTimeoutError,
)
from moto.core.botocore_stubber import MockRawResponse

from .edge import Call, Exchange, answer

CONNECTING, READING = 3.0, 10.0
"""Seconds until boto3 gives up, as `handlers.services` sets it."""
OUTAGE = timedelta(minutes=30)
_ENDPOINT = "https://aws.example"


class Surroundings(Protocol):
    """What a fault may do to the world around the call."""

    def passes(self, seconds: float) -> None:
        """Time passes; a function whose time is up is killed."""

    def dies(self) -> None:
        """The function is killed by its time-out."""

    def meanwhile(self) -> None:
        """Twenty minutes, in which the others go on."""

    def deliver_again(self, body: str) -> None:
        """SQS delivers the message twice."""


@dataclass(frozen=True)
class Kind:
    """`says` is for the reader of docs/faults.md. `strike` is asked for each attempt
    that is made at the struck call, `after` for every later call to that service. `of`
    is where it happens: `aws`, `xero` or `all`."""

    name: str
    says: str
    befalls: Callable[[Call], bool]
    strike: Callable[[Exchange, Surroundings], Any]
    after: Callable[[Exchange, timedelta], Any] | None = None
    of: str = "aws"


# AWS


def _fails(exchange: Exchange, around: Surroundings) -> Any:
    code = "InternalError" if _is(exchange, "s3") else "InternalServerError"
    return _refusal(exchange, 500, code)


def _throttled(exchange: Exchange, around: Surroundings) -> Any:
    code = {
        "dynamodb": "ProvisionedThroughputExceededException",
        "s3": "SlowDown",
        "sqs": "RequestThrottled",
        "kms": "ThrottlingException",
    }[exchange.call.service]
    return _refusal(exchange, 503 if code == "SlowDown" else 400, code)


def _refused(exchange: Exchange, around: Surroundings) -> Any:
    code = {"s3": "AccessDenied", "kms": "DisabledException"}
    return _refusal(
        exchange,
        403 if _is(exchange, "s3") else 400,
        code.get(exchange.call.service, "AccessDeniedException"),
    )


def _conflict(exchange: Exchange, around: Surroundings) -> Any:
    if not exchange.call.operation.endswith("TransactWriteItems"):
        return _refusal(exchange, 400, "TransactionConflictException")
    items = json.loads(exchange.request.body)["TransactItems"]
    reasons = [{"Code": "None"} for _ in items]
    reasons[-1] = {"Code": "TransactionConflict", "Message": "is ongoing"}
    return _refusal(
        exchange, 400, "TransactionCanceledException", CancellationReasons=reasons
    )


def _times_out(exchange: Exchange, around: Surroundings) -> Any:
    around.passes(CONNECTING)
    raise ConnectTimeoutError(endpoint_url=_ENDPOINT)


def _answer_lost(exchange: Exchange, around: Surroundings) -> Any:
    came = exchange.perform()
    if exchange.attempt == 1:
        raise ConnectionClosedError(endpoint_url=_ENDPOINT)
    return came


def _answer_replayed(exchange: Exchange, around: Surroundings) -> Any:
    """As AWS does it with the ClientRequestToken that boto3 fills in by itself."""
    if exchange.attempt == 1:
        exchange.perform()
        raise ConnectionClosedError(endpoint_url=_ENDPOINT)
    return _aws_answer(exchange, 200, b"{}")


def _answers_lost(exchange: Exchange, around: Surroundings) -> Any:
    exchange.perform()
    around.passes(READING)
    raise ReadTimeoutError(endpoint_url=_ENDPOINT)


def _late(exchange: Exchange, around: Surroundings) -> Any:
    came = exchange.perform()
    around.meanwhile()
    return came


def _twice(exchange: Exchange, around: Surroundings) -> Any:
    first = exchange.perform()
    if _is(exchange, "sqs"):
        around.deliver_again(json.loads(exchange.request.body)["MessageBody"])
    else:
        exchange.request.reset_stream()
        exchange.perform()
    return first


def _killed_before(exchange: Exchange, around: Surroundings) -> Any:
    around.dies()


def _killed_after(exchange: Exchange, around: Surroundings) -> Any:
    exchange.perform()
    around.dies()


def _is(exchange: Exchange, service: str) -> bool:
    return exchange.call.service == service


def _refusal(exchange: Exchange, status: int, code: str, **more: Any) -> AWSResponse:
    if _is(exchange, "s3"):
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
    else:
        body = json.dumps({"__type": code, "message": "no", **more}).encode()
    return _aws_answer(exchange, status, body)


def _aws_answer(exchange: Exchange, status: int, body: bytes) -> AWSResponse:
    headers = {"content-type": "application/x-amz-json-1.0"}
    url = exchange.request.url
    return AWSResponse(url, status, headers, MockRawResponse(body))


# Xero


def _unreachable(exchange: Exchange, around: Surroundings) -> Any:
    around.passes(READING)
    raise urllib3.exceptions.ConnectTimeoutError(None, "no connection")


def _connection_lost(exchange: Exchange, around: Surroundings) -> Any:
    exchange.perform()
    raise urllib3.exceptions.ProtocolError("connection reset", ConnectionResetError())


def _too_slow(exchange: Exchange, around: Surroundings) -> Any:
    exchange.perform()
    timeout = exchange.request["timeout"]
    around.passes(timeout.read_timeout)
    raise urllib3.exceptions.ReadTimeoutError(None, None, "read timed out")


def _second_answer(exchange: Exchange, around: Surroundings) -> Any:
    exchange.perform()
    return exchange.perform()


def _cut_short(exchange: Exchange, around: Surroundings) -> Any:
    came = exchange.perform()
    body = came.data
    return answer(came.status, dict(came.headers), body[: len(body) // 2])


def _answers(status: int, body: Any, **headers: str) -> Callable[..., Any]:
    """An answer without anything done."""
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "application/json" if not isinstance(body, str) else "text/html"
    sent = {name.replace("_", "-"): value for name, value in headers.items()}

    def strike(exchange: Exchange, *_: Any) -> Any:
        return answer(status, {"Content-Type": kind, **sent}, text.encode())

    return strike


def _problem(status: int, title: str, detail: str) -> Callable[..., Any]:
    body = {"Type": None, "Title": title, "Status": status, "Detail": detail}
    return _answers(status, body)


_unavailable = _answers(503, "<html><body><h1>503 Service Unavailable</h1></body>")


def _outage(exchange: Exchange, since: timedelta) -> Any:
    return _unavailable(exchange) if since < OUTAGE else exchange.perform()


def _aws(call: Call) -> bool:
    return call.service != "xero"


def _writes(call: Call) -> bool:
    return _aws(call) and not call.reads


def _changes(call: Call) -> bool:
    return not call.reads


def _table_writes(call: Call) -> bool:
    return call.service == "dynamodb" and not call.reads


def _transactions(call: Call) -> bool:
    return call.operation == "dynamodb.TransactWriteItems"


def _xero(call: Call) -> bool:
    return call.service == "xero"


def _any(call: Call) -> bool:
    return True


AWS_KINDS = (
    Kind("fails", "answers 500, however often boto3 asks", _aws, _fails),
    Kind("throttled", "throttles for longer than boto3 retries", _writes, _throttled),
    Kind("refused", "refuses once (no permission, key disabled)", _aws, _refused),
    Kind(
        "conflict",
        "refuses once because another transaction touches the row",
        _table_writes,
        _conflict,
    ),
    Kind("times_out", "is not reached; nothing happened", _aws, _times_out),
    Kind(
        "answer_lost",
        "does it, the answer is lost, and boto3 has it done again",
        _writes,
        _answer_lost,
    ),
    Kind(
        "answer_replayed",
        "does it, the answer is lost, and AWS repeats it when boto3 asks again",
        _transactions,
        _answer_replayed,
    ),
    Kind(
        "answers_lost",
        "does it, and no answer ever comes",
        _writes,
        _answers_lost,
    ),
    Kind("twice", "does it twice", _writes, _twice),
)
XERO_KINDS = (
    Kind("unreachable", "is not reached; nothing happened", _xero, _unreachable),
    Kind("answer_lost", "does it, and the answer is lost", _xero, _connection_lost),
    Kind("too_slow", "does it and takes too long to answer", _xero, _too_slow),
    Kind("twice", "does it twice; the second answer comes", _xero, _second_answer),
    Kind("cut_short", "answers, and the body breaks off", _xero, _cut_short),
    Kind("not_json", "answers 200 with a page of HTML", _xero, _answers(200, "<p>")),
    Kind(
        "error_500",
        "answers 500",
        _xero,
        _problem(500, "An error occurred", "An error occurred in Xero."),
    ),
    Kind("unavailable", "answers 503 with a page of HTML", _xero, _unavailable),
    Kind(
        "outage",
        "answers 503 to everything for half an hour",
        _xero,
        _unavailable,
        _outage,
    ),
    Kind(
        "throttled",
        "answers 429 and says how long to wait",
        _xero,
        _answers(429, "", Retry_After="30", X_Rate_Limit_Problem="minute"),
    ),
    Kind(
        "throttled_day",
        "answers 429 for two hours: the day's calls are used up",
        _xero,
        _answers(429, "", Retry_After="7200", X_Rate_Limit_Problem="day"),
    ),
    Kind(
        "throttled_silently",
        "answers 429 and does not say how long",
        _xero,
        _answers(429, "", X_Rate_Limit_Problem="concurrent"),
    ),
    Kind(
        "unauthorized",
        "answers 401",
        _xero,
        _problem(401, "Unauthorized", "AuthenticationUnsuccessful"),
    ),
    Kind(
        "forbidden",
        "answers 403",
        _xero,
        _problem(403, "Forbidden", "AuthenticationUnsuccessful"),
    ),
    Kind(
        "not_found",
        "answers 404",
        _xero,
        _answers(404, "The resource you're looking for cannot be found"),
    ),
)
KINDS = (
    *AWS_KINDS,
    *(replace(one, of="xero") for one in XERO_KINDS),
    Kind(
        "late", "answers after 20 minutes, others having gone on", _any, _late, of="all"
    ),
    Kind(
        "killed_before",
        "is not asked: the function is killed",
        _changes,
        _killed_before,
        of="all",
    ),
    Kind(
        "killed_after",
        "does it, and the function is killed",
        _any,
        _killed_after,
        of="all",
    ),
)
KILLED = "killed_after"
"""At every call; the other kinds at one of those that come from one place."""
DENIALS = ("forbidden", "not_found")
"""Xero says that there is nothing of ours."""
