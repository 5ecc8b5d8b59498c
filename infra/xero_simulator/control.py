"""The simulator's own API under `/_simulator/`, for tests and demonstrations.

Every call takes and gives JSON; a mistake is a 400 `{"error": "…"}`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Response

from infra.xero_simulator import demo, mutations
from infra.xero_simulator.control_calls import (
    assign,
    control_route,
    is_sent,
    known_tenant,
    sent,
)
from infra.xero_simulator.fault_kinds import KINDS
from infra.xero_simulator.faults import Fault
from infra.xero_simulator.oauth.registry import App, User
from infra.xero_simulator.plain_json import json_response
from infra.xero_simulator.routing import Exchange
from infra.xero_simulator.schedule import Planned
from infra.xero_simulator.simulator import Simulator
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, member

_TEN_YEARS = 10 * 366 * 86_400


def state(exchange: Exchange) -> Response:
    simulator = exchange.simulator
    return json_response(
        {
            "now": simulator.clock.now().isoformat(),
            "settings": asdict(simulator.settings),
            "limits": asdict(simulator.limits.rules),
            "peak_concurrent": simulator.limits.peak,
            "apps": [_app(simulator, app) for app in simulator.registry.apps.values()],
            "users": [_user(user) for user in simulator.registry.users.values()],
            "organisations": [_tenant(t) for t in simulator.store.tenants.values()],
            "faults": simulator.faults.waiting(),
            "planned": simulator.schedule.waiting(),
        }
    )


def secrets(exchange: Exchange) -> Response:
    """All that nobody but the app may know: for tests that look for it elsewhere."""
    simulator = exchange.simulator
    apps = [app.client_secret for app in simulator.registry.apps.values()]
    known = {*simulator.tokens.secrets(), *apps} - {None, ""}
    return json_response({"secrets": sorted(known)})


def move_clock(exchange: Exchange) -> Response:
    """`{"advance_seconds": n}`, negative to move it back; at most ten years."""
    seconds = sent(exchange)["advance_seconds"]
    if not isinstance(seconds, int | float) or abs(seconds) > _TEN_YEARS:
        raise ValueError("advance_seconds has to be a number, at most ten years")
    exchange.simulator.clock.advance(seconds)
    return json_response({"now": exchange.simulator.clock.now().isoformat()})


def set_limits(exchange: Exchange) -> Response:
    """Any of `concurrent`, `minute`, `day`, `app_minute`; counting starts anew."""
    assign(exchange.simulator.limits.rules, sent(exchange))
    exchange.simulator.limits.reset()
    return json_response(asdict(exchange.simulator.limits.rules))


def set_settings(exchange: Exchange) -> Response:
    """Any of `bulk_connect` (true or false) and `withheld_scopes` (a list)."""
    assign(exchange.simulator.settings, sent(exchange))
    return json_response(asdict(exchange.simulator.settings))


def add_app(exchange: Exchange) -> Response:
    """`{"client_id", "client_secret" or null, "redirect_uris": [...], "name"?}`"""
    body = sent(exchange)
    app = App(**body | {"redirect_uris": tuple(body["redirect_uris"])})
    exchange.simulator.registry.apps[app.client_id] = app
    return json_response({"client_id": app.client_id}, 201)


def list_faults(exchange: Exchange) -> Response:
    return json_response({"faults": exchange.simulator.faults.waiting()})


def add_fault(exchange: Exchange) -> Response:
    fault = Fault.from_json(sent(exchange))
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
    held = known_tenant(exchange, tenant).collections[collection]
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
    simulator, body = exchange.simulator, sent(exchange)
    found, after = known_tenant(exchange, tenant), body.pop("after", None)

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
    found, user = known_tenant(exchange, tenant), _known_user(exchange)
    user.tenant_ids.discard(found.tenant_id)
    return json_response(_user(user))


def invite_user(exchange: Exchange, tenant: str) -> Response:
    """`{"user": id}`: give the user access to the organisation (again)."""
    found, user = known_tenant(exchange, tenant), _known_user(exchange)
    user.tenant_ids.add(found.tenant_id)
    return json_response(_user(user))


def disconnect(exchange: Exchange, tenant: str) -> Response:
    """As if disconnected in Xero, by everybody or by `{"user": id}`."""
    registry = exchange.simulator.registry
    user = _known_user(exchange) if is_sent(exchange) else None
    ended = registry.disconnect_tenant(known_tenant(exchange, tenant), user)
    return json_response({"disconnected": ended})


def reset(exchange: Exchange, tenant: str) -> Response:
    """What Xero does to a demo company: all as before, under a new tenant id."""
    old = known_tenant(exchange, tenant)
    new = demo.reset_tenant(exchange.simulator, old)
    return json_response(_tenant(new))


def _known_user(exchange: Exchange) -> User:
    return exchange.simulator.registry.users[sent(exchange)["user"]]


def _app(simulator: Simulator, app: App) -> dict[str, Any]:
    webhook = simulator.webhooks.get(app.client_id)
    return {
        "client_id": app.client_id,
        "redirect_uris": app.redirect_uris,
        "webhook": webhook and webhook.status,
    }


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


ROUTES = [
    control_route("GET", "", state),
    control_route("GET", "/secrets", secrets),
    control_route("POST", "/clock", move_clock),
    control_route("PUT", "/limits", set_limits),
    control_route("PUT", "/settings", set_settings),
    control_route("POST", "/apps", add_app),
    control_route("GET", "/faults", list_faults),
    control_route("POST", "/faults", add_fault),
    control_route("DELETE", "/faults", clear_faults),
    control_route("GET", "/requests", show_requests),
    control_route("DELETE", "/requests", clear_requests),
    control_route("POST", "/organisations/{tenant}/disconnect", disconnect),
    control_route("POST", "/organisations/{tenant}/remove_user", remove_user),
    control_route("POST", "/organisations/{tenant}/invite_user", invite_user),
    control_route("POST", "/organisations/{tenant}/reset", reset),
    control_route("GET", "/organisations/{tenant}/{collection}", truth),
    control_route("POST", "/organisations/{tenant}/{collection}", change),
]
