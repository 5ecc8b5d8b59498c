"""How Xero refuses a call: the bodies and headers that clients have to tell apart.

Sources: developer.xero.com, response codes and OAuth troubleshooting; answers seen
live in public client libraries' tests.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Response

from infra.xero_simulator.limits import Refusal
from infra.xero_simulator.oauth.tokens import TokenExpired, TokenInvalid
from infra.xero_simulator.plain_json import json_response

NOT_FOUND = "The resource you're looking for cannot be found"
OUTAGE = (
    "An error occurred in Xero. Check the API Status page "
    "http://status.developer.xero.com for current service status."
)


class ApiRefused(Exception):
    """A call that Xero answers with 400 and an error document.

    :param number: Xero's: 10 validation, 14 data, 16 query, 17 no data, 51 high volume
    :param elements: the records that were not valid, each with what is wrong with it
    """

    def __init__(
        self, number: int, kind: str, message: str, elements: Sequence[Any] = ()
    ) -> None:
        super().__init__(message)
        self.number = number
        self.kind = kind
        self.message = message
        self.elements = elements


def token_expired(at: float) -> Response:
    moment = datetime.fromtimestamp(at, UTC)
    detail = f"TokenExpired: token expired at {moment:%m/%d/%Y %H:%M:%S}"
    return _problem(401, "Unauthorized", detail)


def unauthenticated() -> Response:
    """No bearer token, or one that is not ours."""
    return _problem(401, "Unauthorized", "AuthenticationUnsuccessful")


def bearer_refusal(error: TokenInvalid | TokenExpired) -> Response:
    if isinstance(error, TokenExpired):
        return token_expired(error.at)
    return unauthenticated()


def tenant_refused() -> Response:
    """The tenant is missing, unknown, or no longer connected by this user."""
    return _problem(403, "Forbidden", "AuthenticationUnsuccessful")


def scope_missing() -> Response:
    response = _problem(401, "Unauthorized", "AuthorizationUnsuccessful")
    response.headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
    return response


def too_many(refusal: Refusal) -> Response:
    """429; the concurrent limit comes without `Retry-After`."""
    response = Response(status=429)
    response.headers["X-Rate-Limit-Problem"] = refusal.problem
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def not_found() -> Response:
    """404 is plain text, also where JSON was asked for."""
    return Response(NOT_FOUND, 404, content_type="text/plain; charset=utf-8")


def method_not_allowed(methods: list[str]) -> Response:
    response = Response(status=405)
    response.headers["Allow"] = ", ".join(methods)
    return response


def not_in_xml(spoken: Sequence[str]) -> Response:
    """Xero answers in XML unless told otherwise; the simulator has none."""
    types = " or ".join(f"'Accept: application/{each}'" for each in spoken)
    return Response(
        f"Without {types} Xero answers in XML, which the simulator does not speak.",
        406,
        content_type="text/plain; charset=utf-8",
    )


def api_exception(error: ApiRefused) -> Response:
    body = {
        "ErrorNumber": error.number,
        "Type": error.kind,
        "Message": error.message,
        **({"Elements": error.elements} if error.elements else {}),
    }
    return json_response(body, 400)


def bad_request(detail: str) -> Response:
    """400 of what was not even looked at."""
    return _problem(400, "Bad Request", detail)


def server_error() -> Response:
    return _problem(500, "An error occurred", OUTAGE)


def _problem(status: int, title: str, detail: str) -> Response:
    return json_response(
        {
            "Type": None,
            "Title": title,
            "Status": status,
            "Detail": detail,
            "Instance": str(uuid.uuid4()),
            "Extensions": {},
        },
        status,
    )
