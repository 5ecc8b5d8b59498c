"""`/Organisation`: the tenant's own settings."""

from werkzeug.wrappers import Response

from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.routing import Exchange, Route

READ = ("accounting.settings", "accounting.settings.read")


def get_organisation(exchange: Exchange) -> Response:
    return answer(exchange, "Organisations", [exchange.tenant.organisation])


ROUTES = [Route("GET", "/api.xro/2.0/Organisation", get_organisation, READ)]
