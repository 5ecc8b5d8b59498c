"""The simulator's own API under `/_simulator/`, for tests and demonstrations.

Every call takes and gives JSON; a mistake is a 400 `{"error": "…"}`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, fields
from typing import Any

from werkzeug.wrappers import Response

from infra.xero_simulator import demo, mutations
from infra.xero_simulator.fault_kinds import KINDS
from infra.xero_simulator.faults import Fault
from infra.xero_simulator.ledger import keep_up
from infra.xero_simulator.oauth.registry import App, User
from infra.xero_simulator.plain_json import json_response, read_object
from infra.xero_simulator.routing import Exchange, Handler, Route
from infra.xero_simulator.schedule import Planned
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, member
from infra.xero_simulator.zones import today

PREFIX = "/_simulator"
_TEN_YEARS = 10 * 366 * 86_400


def state(exchange: Exchange) -> Response:
    simulator = exchange.simulator
    return json_response(
        {
            "now": simulator.clock.now().isoformat(),
            "settings": asdict(simulator.settings),
            "limits": asdict(simulator.limits.rules),
            "peak_concurrent": simulator.limits.peak,
            "apps": [
                {"client_id": app.client_id, "redirect_uris": app.redirect_uris}
                for app in simulator.registry.apps.values()
            ],
            "users": [_user(user) for user in simulator.registry.users.values()],
            "organisations": [_tenant(t) for t in simulator.store.tenants.values()],
            "faults": simulator.faults.waiting(),
            "planned": simulator.schedule.waiting(),
        }
    )


def move_clock(exchange: Exchange) -> Response:
    """`{"advance_seconds": n}`, negative to move it back; at most ten years."""
    seconds = _body(exchange)["advance_seconds"]
    if not isinstance(seconds, int | float) or abs(seconds) > _TEN_YEARS:
        raise ValueError("advance_seconds has to be a number, at most ten years")
    exchange.simulator.clock.advance(seconds)
    return json_response({"now": exchange.simulator.clock.now().isoformat()})


def set_limits(exchange: Exchange) -> Response:
    """Any of `concurrent`, `minute`, `day`, `app_minute`; counting starts anew."""
    _assign(exchange.simulator.limits.rules, _body(exchange))
    exchange.simulator.limits.reset()
    return json_response(asdict(exchange.simulator.limits.rules))


def set_settings(exchange: Exchange) -> Response:
    """Any of `bulk_connect` (true or false) and `withheld_scopes` (a list)."""
    _assign(exchange.simulator.settings, _body(exchange))
    return json_response(asdict(exchange.simulator.settings))


def add_app(exchange: Exchange) -> Response:
    """`{"client_id", "client_secret" or null, "redirect_uris": [...], "name"?}`"""
    body = _body(exchange)
    app = App(**body | {"redirect_uris": tuple(body["redirect_uris"])})
    exchange.simulator.registry.apps[app.client_id] = app
    return json_response({"client_id": app.client_id}, 201)


def list_faults(exchange: Exchange) -> Response:
    return json_response({"faults": exchange.simulator.faults.waiting()})


def add_fault(exchange: Exchange) -> Response:
    fault = Fault.from_json(_body(exchange))
    if fault.kind not in KINDS:
        raise ValueError(f"unknown kind {fault.kind}: one of {', '.join(KINDS)}")
    exchange.simulator.faults.add(fault)
    return json_response(asdict(fault), 201)


def clear_faults(exchange: Exchange) -> Response:
    exchange.simulator.faults.clear()
    exchange.simulator.schedule.clear()
    return Response(status=204)


def show_requests(exchange: Exchange) -> Response:
    """`?path=prefix&method=GET&listed=1000`"""
    args = exchange.request.args
    return json_response(
        exchange.simulator.log.summary(
            args.get("path", ""), args.get("method", ""), int(args.get("listed", 1000))
        )
    )


def clear_requests(exchange: Exchange) -> Response:
    exchange.simulator.log.clear()
    return Response(status=204)


def truth(exchange: Exchange, tenant: str, collection: str) -> Response:
    """Every record that the organisation holds, `?fields=ContactID,Name` of each."""
    names = exchange.request.args.get("fields")
    held = _known(exchange, tenant).collections[collection]
    records = [row.record for row in held.ordered(held.key)]
    if names:
        wanted = names.split(",")
        records = [{name: member(r, name) for name in wanted} for r in records]
    return json_response({"count": len(records), held.plural: records})


def change(exchange: Exchange, tenant: str, collection: str) -> Response:
    """A change as `mutations` take it; at once, or planned.

    With `"after": {"path": prefix, "calls": n}` it happens when n more calls of that
    path have been answered: between two pages.
    """
    simulator, body = exchange.simulator, _body(exchange)
    found, after = _known(exchange, tenant), body.pop("after", None)

    def act() -> Record:
        return mutations.carry_out(found, simulator.clock, collection, body)

    if after is None:
        return json_response(act())
    mutations.check(found, collection, body)
    if not isinstance(after, dict):
        raise ValueError("after has to be an object")
    plural = found.collections[collection].plural
    planned = Planned(
        path=after.get("path", f"/api.xro/2.0/{plural}"),
        calls=int(after.get("calls", 1)),
        act=_if_possible(act),
        description=f"{body['action']} in {collection}",
    )
    simulator.schedule.plan(planned)
    return json_response({"planned": simulator.schedule.waiting()}, 202)


def _if_possible(act: Callable[[], Record]) -> Callable[[], None]:
    """What has become senseless since it was planned does not happen."""

    def acted() -> None:
        with suppress(mutations.MutationRefused):
            act()

    return acted


def remove_user(exchange: Exchange, tenant: str) -> Response:
    """`{"user": id}`: as if removed in Xero; the connection's row stays listed."""
    found, user = _known(exchange, tenant), _known_user(exchange)
    user.tenant_ids.discard(found.tenant_id)
    return json_response(_user(user))


def invite_user(exchange: Exchange, tenant: str) -> Response:
    """`{"user": id}`: give the user access to the organisation (again)."""
    found, user = _known(exchange, tenant), _known_user(exchange)
    user.tenant_ids.add(found.tenant_id)
    return json_response(_user(user))


def disconnect(exchange: Exchange, tenant: str) -> Response:
    """As if disconnected in Xero, by everybody or by `{"user": id}`."""
    registry = exchange.simulator.registry
    user = _known_user(exchange) if _has_body(exchange) else None
    ended = registry.disconnect_tenant(_known(exchange, tenant), user)
    return json_response({"disconnected": ended})


def reset(exchange: Exchange, tenant: str) -> Response:
    """What Xero does to a demo company: all as before, under a new tenant id."""
    old = _known(exchange, tenant)
    new = demo.reset_tenant(exchange.simulator, old)
    return json_response(_tenant(new))


def _known(exchange: Exchange, tenant_id: str) -> Tenant:
    tenant = exchange.simulator.store.get(tenant_id)
    if tenant is None:
        raise ValueError(f"no organisation {tenant_id}")
    keep_up(tenant, today(tenant, exchange.simulator.clock))
    return tenant


def _known_user(exchange: Exchange) -> User:
    return exchange.simulator.registry.users[_body(exchange)["user"]]


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.user_id,
        "name": user.name,
        "email": user.email,
        "organisations": sorted(user.tenant_ids),
    }


def _tenant(tenant: Tenant) -> dict[str, Any]:
    return {
        "id": tenant.tenant_id,
        "name": tenant.name,
        "type": tenant.tenant_type,
        **{name: len(held) for name, held in tenant.collections.items()},
    }


def _has_body(exchange: Exchange) -> bool:
    return bool(exchange.request.get_data(cache=True))


def _body(exchange: Exchange) -> dict[str, Any]:
    return read_object(exchange.request.get_data())


def _assign(target: Any, values: dict[str, Any]) -> None:
    """Set fields of a dataclass to values of the same type."""
    for name, value in values.items():
        if name not in {each.name for each in fields(target)}:
            raise ValueError(f"unknown: {name}")
        kind = type(getattr(target, name))
        if type(value) is not kind:
            raise ValueError(f"{name} has to be of type {kind.__name__}")
    for name, value in values.items():
        setattr(target, name, value)


def _answering(handle: Handler) -> Handler:
    """Turn a mistake in a request into a 400 that says what is wrong."""

    def answered(exchange: Exchange, **values: str) -> Response:
        try:
            return handle(exchange, **values)
        except (KeyError, TypeError, ValueError) as error:
            return json_response({"error": f"{type(error).__name__}: {error}"}, 400)

    return answered


def _route(method: str, path: str, handle: Handler) -> Route:
    return Route(method, PREFIX + path, _answering(handle))


ROUTES = [
    _route("GET", "", state),
    _route("POST", "/clock", move_clock),
    _route("PUT", "/limits", set_limits),
    _route("PUT", "/settings", set_settings),
    _route("POST", "/apps", add_app),
    _route("GET", "/faults", list_faults),
    _route("POST", "/faults", add_fault),
    _route("DELETE", "/faults", clear_faults),
    _route("GET", "/requests", show_requests),
    _route("DELETE", "/requests", clear_requests),
    _route("POST", "/organisations/{tenant}/disconnect", disconnect),
    _route("POST", "/organisations/{tenant}/remove_user", remove_user),
    _route("POST", "/organisations/{tenant}/invite_user", invite_user),
    _route("POST", "/organisations/{tenant}/reset", reset),
    _route("GET", "/organisations/{tenant}/{collection}", truth),
    _route("POST", "/organisations/{tenant}/{collection}", change),
]
