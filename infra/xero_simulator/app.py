"""The WSGI application: routing, faults, the log, what all answers carry."""

import time
import uuid
from collections.abc import Iterable
from contextlib import ExitStack

from werkzeug.http import http_date
from werkzeug.wrappers import Request, Response

from infra.xero_simulator import connected_apps, control, home, refusals
from infra.xero_simulator.accounting import api
from infra.xero_simulator.control_calls import PREFIX
from infra.xero_simulator.fault_kinds import strike
from infra.xero_simulator.faults import Fault
from infra.xero_simulator.oauth import authorize, connections, token_endpoint
from infra.xero_simulator.request_log import Entry, query_without_secrets
from infra.xero_simulator.routing import Exchange, Router
from infra.xero_simulator.simulator import Simulator
from infra.xero_simulator.webhooks import control as webhooks_control
from infra.xero_simulator.webhooks import portal

# What is the simulator's own and counts as no call of Xero's.
_OWN = (PREFIX, connected_apps.PATH, portal.PREFIX)


class Application:
    """Answers every request of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._own = Router(
            [
                *home.ROUTES,
                *connected_apps.ROUTES,
                *portal.ROUTES,
                *webhooks_control.ROUTES,
                *control.ROUTES,
            ]
        )
        self._xero = Router(
            [
                *authorize.ROUTES,
                *token_endpoint.ROUTES,
                *connections.ROUTES,
                *api.ROUTES,
            ]
        )

    def __call__(self, environ, start_response) -> Iterable[bytes]:
        request = Request(environ)
        with ExitStack() as held:
            exchange = Exchange(self._simulator, request, held)
            if request.path == "/" or request.path.startswith(_OWN):
                response = _dispatch(self._own, exchange)
            else:
                response = self._as_xero(exchange)
        response.headers["Date"] = http_date(self._simulator.clock.now())
        return response(environ, start_response)

    def _as_xero(self, exchange: Exchange) -> Response:
        started = time.monotonic()
        fault = self._simulator.faults.take(exchange.request)
        response: Response | None = None
        try:
            response = self._struck(exchange, fault)
        finally:
            self._log(exchange, response, fault, time.monotonic() - started)
            self._simulator.schedule.answered(exchange.request.path)
        response.headers["Xero-Correlation-Id"] = str(uuid.uuid4())
        return response

    def _struck(self, exchange: Exchange, fault: Fault | None) -> Response:
        def proceed() -> Response:
            return _dispatch(self._xero, exchange)

        return strike(fault, exchange, proceed) if fault else proceed()

    def _log(
        self,
        exchange: Exchange,
        response: Response | None,
        fault: Fault | None,
        seconds: float,
    ) -> None:
        request, tenant = exchange.request, exchange.tenant
        entry = Entry(
            at=self._simulator.clock.now().isoformat(),
            method=request.method,
            path=request.path,
            query=query_without_secrets(request),
            status=response.status_code if response else 0,
            tenant=tenant.tenant_id if tenant else None,
            client_id=exchange.client_id,
            modified_since=request.headers.get("If-Modified-Since"),
            sent_bytes=(response.content_length or 0) if response else 0,
            seconds=round(seconds, 3),
            fault=fault.kind if fault else None,
            written=exchange.written,
            idempotency_key=request.headers.get("Idempotency-Key"),
            replayed=exchange.replayed,
        )
        self._simulator.log.add(entry)


def _dispatch(router: Router, exchange: Exchange) -> Response:
    path = exchange.request.path.rstrip("/") or "/"
    found = router.find(exchange.request.method, path)
    if found:
        route, values = found
        return route.handle(exchange, **values)
    methods = router.methods(path)
    return refusals.method_not_allowed(methods) if methods else refusals.not_found()
