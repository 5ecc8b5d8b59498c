"""What each kind of fault does to a request that it strikes."""

import socket
import struct
import time
from collections.abc import Callable, Iterator

from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Request, Response

from infra.xero_simulator import refusals
from infra.xero_simulator.faults import Fault
from infra.xero_simulator.idempotency import has_key
from infra.xero_simulator.limits import Refusal
from infra.xero_simulator.plain_json import json_response
from infra.xero_simulator.routing import Exchange

# The server puts its connection here, so that a fault can drop it.
CONNECTION = "xero_simulator.connection"

Proceed = Callable[[], Response]


def strike(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    """Answer a request as the fault has it.

    :param proceed: gives the answer without the fault
    """
    return KINDS[fault.kind](fault, exchange, proceed)


def _slow(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    """Do what was asked, then keep the client waiting."""
    response = proceed()
    time.sleep(fault.seconds)
    return response


def _reset(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    raise _dropped(exchange.request)


def _reset_after_commit(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    proceed()
    raise _dropped(exchange.request)


def _truncated_body(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    """Half of the announced bytes, then the connection is gone."""
    response = proceed()
    body = response.get_data()
    request = exchange.request

    def half() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        raise _dropped(request)

    response.response = half()
    response.headers["Content-Length"] = str(len(body))
    return response


def _dripping(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    """The body in ten parts over `seconds`: no single wait of a client is long."""
    response = proceed()
    body = response.get_data()
    size = len(body) // 10 + 1

    def parts() -> Iterator[bytes]:
        for start in range(0, len(body), size):
            time.sleep(fault.seconds / 10)
            yield body[start : start + size]

    response.response = parts()
    response.headers["Content-Length"] = str(len(body))
    return response


def _truncated_json(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    """A whole answer, whose JSON ends in the middle."""
    return Response(
        b'{\r\n  "Id": "', 200, content_type="application/json; charset=utf-8"
    )


def _not_modified(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    return Response(status=304)


def _error_500(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    """Nothing is done; an `Idempotency-Key` keeps the answer, as at Xero."""
    if not has_key(exchange.request):
        return refusals.server_error()
    exchange.instead = lambda act: refusals.server_error()
    return proceed()


def _error_500_after_commit(
    fault: Fault, exchange: Exchange, proceed: Proceed
) -> Response:
    """All is done, and answered with an error."""

    def done_and_failed(act: Proceed) -> Response:
        act()
        return refusals.server_error()

    exchange.instead = done_and_failed
    return proceed()


def _unavailable_html(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    page = "<html><body><h1>503 Service Unavailable</h1></body></html>"
    return Response(page, 503, content_type="text/html")


def _unavailable_text(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    return Response(
        "The Xero API is temporarily unavailable", 503, content_type="text/plain"
    )


def _offline(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    return Response("The Organisation is offline", 503, content_type="text/plain")


def _rate_limited(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    return refusals.too_many(Refusal(fault.problem, fault.retry_after))


def _token_expired(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    return refusals.token_expired(exchange.simulator.clock.timestamp())


def _tenant_refused(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    return refusals.tenant_refused()


def _scope_missing(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    return refusals.scope_missing()


def _invalid_grant(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    return json_response({"error": "invalid_grant"}, 400)


def _same_page(fault: Fault, exchange: Exchange, proceed: Proceed) -> Response:
    """The first page, whichever was asked for: paging that never ends."""
    request = exchange.request
    request.args = ImmutableMultiDict({**request.args.to_dict(), "page": "1"})
    return proceed()


def _dropped(request: Request) -> ConnectionResetError:
    """Make the server reset the connection, and the error that ends the answer."""
    connection = request.environ.get(CONNECTION)
    if connection is not None:
        connection.close_connection = True
        linger = struct.pack("ii", 1, 0)
        connection.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    return ConnectionResetError("dropped on demand")


KINDS: dict[str, Callable[[Fault, Exchange, Proceed], Response]] = {
    "error_500": _error_500,
    "error_500_after_commit": _error_500_after_commit,
    "unavailable_html": _unavailable_html,
    "unavailable_text": _unavailable_text,
    "offline": _offline,
    "slow": _slow,
    "dripping": _dripping,
    "reset": _reset,
    "reset_after_commit": _reset_after_commit,
    "truncated_body": _truncated_body,
    "truncated_json": _truncated_json,
    "not_modified": _not_modified,
    "rate_limited": _rate_limited,
    "token_expired": _token_expired,
    "tenant_refused": _tenant_refused,
    "scope_missing": _scope_missing,
    "invalid_grant": _invalid_grant,
    "same_page": _same_page,
}
