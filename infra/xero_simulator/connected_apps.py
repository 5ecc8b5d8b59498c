"""The page of a Xero user: which apps see which organisation, and demo companies.

What is ended here the app learns at its next call: Xero tells it nothing.
"""

from collections.abc import Iterator

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from infra.xero_simulator.demo import reset_tenant
from infra.xero_simulator.oauth.registry import Connection
from infra.xero_simulator.pages import page
from infra.xero_simulator.routing import Exchange, Route

PATH = "/connected-apps"


def show(exchange: Exchange) -> Response:
    simulator = exchange.simulator
    tenants = simulator.store.tenants.values()
    return page(
        "connected_apps.html",
        connections=simulator.registry.every(),
        organisations=[t for t in tenants if t.tenant_type == "ORGANISATION"],
    )


def disconnect(exchange: Exchange) -> Response:
    """End one connection: 403 from now on, while its tokens go on working."""
    for connection in _named(exchange):
        exchange.simulator.registry.disconnect(connection)
    return redirect(PATH, 303)


def reset(exchange: Exchange) -> Response:
    """Reset a demo company."""
    old = exchange.simulator.store.get(exchange.request.form.get("organisation"))
    if old is not None and old.organisation.get("IsDemoCompany"):
        reset_tenant(exchange.simulator, old)
    return redirect(PATH, 303)


def _named(exchange: Exchange) -> Iterator[Connection]:
    wanted = exchange.request.form.get("connection")
    for connection in exchange.simulator.registry.every():
        if connection.connection_id == wanted:
            yield connection


ROUTES = [
    Route("GET", PATH, show),
    Route("POST", f"{PATH}/disconnect", disconnect),
    Route("POST", f"{PATH}/reset", reset),
]
