"""`GET /connections` and `DELETE /connections/{id}`: what the user has connected."""

from datetime import datetime

from werkzeug.wrappers import Response

from infra.xero_simulator.gate import app_call
from infra.xero_simulator.oauth.registry import Connection
from infra.xero_simulator.plain_json import json_response
from infra.xero_simulator.routing import Exchange, Route


def list_connections(exchange: Exchange) -> Response:
    """The rows of the token's user, or of the consent named by `authEventId`."""
    wanted = exchange.request.args.get("authEventId", "").lower()
    return json_response(
        [
            _row(connection)
            for connection in _own(exchange)
            if wanted in ("", connection.auth_event_id)
        ]
    )


def delete_connection(exchange: Exchange, connection: str) -> Response:
    """End one connection; the user's others stay."""
    for own in _own(exchange):
        if own.connection_id == connection.lower():
            exchange.simulator.registry.disconnect(own)
            return Response(status=204)
    return Response(status=404)


def _own(exchange: Exchange) -> list[Connection]:
    token = exchange.token
    return exchange.simulator.registry.connections(token.app, token.user)


def _row(connection: Connection) -> dict[str, str]:
    return {
        "id": connection.connection_id,
        "authEventId": connection.auth_event_id,
        "tenantId": connection.tenant.tenant_id,
        "tenantType": connection.tenant.tenant_type,
        "tenantName": connection.tenant.name,
        "createdDateUtc": _seven_digits(connection.created),
        "updatedDateUtc": _seven_digits(connection.updated),
    }


def _seven_digits(at: datetime) -> str:
    """UTC without a Z and with the 7 digits of .NET's ticks."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}0"


ROUTES = [
    Route("GET", "/connections", app_call(list_connections)),
    Route("DELETE", "/connections/{connection}", app_call(delete_connection)),
]
