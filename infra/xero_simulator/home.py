"""The page at `/`, for whoever opens the simulator's address in a browser."""

from werkzeug.wrappers import Response

from infra.xero_simulator.pages import page
from infra.xero_simulator.routing import Exchange, Route


def home(exchange: Exchange) -> Response:
    simulator = exchange.simulator
    tenants = simulator.store.tenants.values()
    return page(
        "home.html",
        now=simulator.clock.now(),
        calls=simulator.log.total,
        organisations=[t for t in tenants if t.tenant_type == "ORGANISATION"],
        apps=simulator.registry.apps.values(),
        users=simulator.registry.users.values(),
    )


ROUTES = [Route("GET", "/", home)]
