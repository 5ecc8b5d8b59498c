"""What all calls of the control API have in common: JSON, mistakes, organisations."""

from dataclasses import fields
from typing import Any

from werkzeug.wrappers import Response

from infra.xero_simulator.ledger import keep_up
from infra.xero_simulator.plain_json import json_response, read_object
from infra.xero_simulator.routing import Exchange, Handler, Route
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.zones import today

PREFIX = "/_simulator"


def control_route(method: str, path: str, handle: Handler) -> Route:
    """A route under the prefix; a mistake in a request is a 400 that says what is
    wrong."""

    def answered(exchange: Exchange, **values: str) -> Response:
        try:
            return handle(exchange, **values)
        except (KeyError, TypeError, ValueError) as error:
            return json_response({"error": f"{type(error).__name__}: {error}"}, 400)

    return Route(method, PREFIX + path, answered)


def sent(exchange: Exchange) -> dict[str, Any]:
    """The JSON object that was sent. Raises ValueError."""
    return read_object(exchange.request.get_data())


def is_sent(exchange: Exchange) -> bool:
    return bool(exchange.request.get_data(cache=True))


def known_tenant(exchange: Exchange, tenant_id: str) -> Tenant:
    """An organisation as it stands today. Raises ValueError."""
    tenant = exchange.simulator.store.get(tenant_id)
    if tenant is None:
        raise ValueError(f"no organisation {tenant_id}")
    keep_up(tenant, today(tenant, exchange.simulator.clock))
    return tenant


def assign(target: Any, values: dict[str, Any]) -> None:
    """Set fields of a dataclass to values of the same type. Raises ValueError."""
    for name, value in values.items():
        if name not in {each.name for each in fields(target)}:
            raise ValueError(f"unknown: {name}")
        kind = type(getattr(target, name))
        if type(value) is not kind and not (kind is float and type(value) is int):
            raise ValueError(f"{name} has to be of type {kind.__name__}")
    for name, value in values.items():
        setattr(target, name, value)
