"""What a request may carry: JSON, of moderate size, that means one thing only."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, NoReturn

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from ..logic.problems import Problem

BODY_METHODS = ("PATCH", "POST", "PUT")
MAX_BYTES = 64 * 1024
_JSON = "application/json"


def check_body(asked: APIGatewayProxyEventV2) -> None:
    """Refuse, for every route alike, what none of them takes.

    A body that two readers may read differently (a member twice, NaN) is refused too:
    what is checked here has to be what the routes see.
    """
    if not asked.body or asked.request_context.http.method not in BODY_METHODS:
        return
    data = _bytes(asked)
    if len(data) > MAX_BYTES:
        raise Problem("body_too_large")
    media_type = asked.headers.get("content-type", "").partition(";")[0].strip()
    if media_type != _JSON:
        raise Problem("body_unreadable")
    try:
        json.loads(
            data.decode(), object_pairs_hook=_members, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        _refuse(f"is not JSON: {error.msg} (character {error.pos})")
    except UnicodeDecodeError:
        _refuse("is not UTF-8")
    except RecursionError:
        _refuse("is nested too deeply")
    except ValueError as error:
        _refuse(str(error) if isinstance(error, _Ambiguous) else "holds a huge number")


class _Ambiguous(ValueError):
    """JSON that readers read differently."""


def _bytes(asked: APIGatewayProxyEventV2) -> bytes:
    if not asked.is_base64_encoded:
        return asked.body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(asked.body, validate=True)
    except (binascii.Error, ValueError):
        _refuse("is not base64")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Ambiguous("names a member twice")
    return members


def _no_constant(_: str) -> NoReturn:
    raise _Ambiguous("holds a number that JSON has not (NaN or Infinity)")


def _refuse(message: str) -> NoReturn:
    """Where and why, never what was sent: that may be a secret."""
    errors = [{"location": "body", "message": message}]
    raise Problem("request_invalid", errors=errors) from None
