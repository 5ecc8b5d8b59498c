"""What lets a call in: its token, its tenant, its scope, and Xero's limits."""

from collections.abc import Callable

from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.ledger import keep_up
from infra.xero_simulator.oauth.tokens import TokenExpired, TokenInvalid
from infra.xero_simulator.routing import Exchange, Handler, Route
from infra.xero_simulator.zones import today


def app_call(handle: Handler) -> Handler:
    """A call that belongs to no tenant: a token, and the app's limit a minute."""

    def guarded(exchange: Exchange, **values: str) -> Response:
        refused = _read_token(exchange)
        if refused:
            return refused
        limits, app = exchange.simulator.limits, exchange.client_id
        refusal = limits.enter_app(app)
        answer = refusals.too_many(refusal) if refusal else handle(exchange, **values)
        answer.headers.update(limits.remaining(app))
        return answer

    return guarded


def tenant_call(route: Route) -> Handler:
    """A call of the Accounting API: one of the route's scopes is needed."""

    def guarded(exchange: Exchange, **values: str) -> Response:
        refused = _read_token(exchange) or _find_tenant(exchange)
        if refused:
            return refused
        if not set(route.scopes) & set(exchange.token.scopes):
            return refusals.scope_missing()
        return _within_limits(exchange, lambda: _spoken(exchange, route, values))

    return guarded


def _read_token(exchange: Exchange) -> Response | None:
    bearer = exchange.request.authorization
    if bearer is None or bearer.type != "bearer" or not bearer.token:
        return refusals.unauthenticated()
    try:
        exchange.token = exchange.simulator.tokens.read(bearer.token)
    except (TokenInvalid, TokenExpired) as error:
        return refusals.bearer_refusal(error)
    exchange.client_id = exchange.token.app.client_id
    return None


def _find_tenant(exchange: Exchange) -> Response | None:
    simulator, token = exchange.simulator, exchange.token
    tenant = simulator.store.get(exchange.request.headers.get("xero-tenant-id"))
    if (
        tenant is None
        or token.user is None
        or tenant.tenant_id not in token.user.tenant_ids
        or not simulator.registry.is_connected(token.app, token.user, tenant)
    ):
        return refusals.tenant_refused()
    exchange.tenant = tenant
    return None


def _within_limits(exchange: Exchange, answer: Callable[[], Response]) -> Response:
    limits = exchange.simulator.limits
    app, tenant = exchange.client_id, exchange.tenant.tenant_id
    refusal = limits.enter(app, tenant)
    if refusal:
        response = refusals.too_many(refusal)
    else:
        exchange.held.callback(limits.leave, app, tenant)
        response = answer()
    response.headers.update(limits.remaining(app, tenant))
    return response


def _spoken(exchange: Exchange, route: Route, values: dict[str, str]) -> Response:
    accepted = exchange.request.headers.get("Accept", "")
    if not any(each in accepted for each in route.speaks):
        return refusals.not_in_xml(route.speaks)
    tenant = exchange.tenant
    keep_up(tenant, today(tenant, exchange.simulator.clock))
    return route.handle(exchange, **values)
