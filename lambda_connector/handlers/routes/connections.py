"""`/v1/connections`: organisations, their state, what is left of the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ...logic.model.connection import Connection
from ..answers import ConnectionAnswer, ConnectionsAnswer
from ..documentation import GONE, leads_to_connection, refuses
from ..inputs import Id
from ..presenting import connection_json
from ..services import Services
from .request import Request

_LISTED: dict[int, Any] = {
    200: {
        "description": "In no promised order.",
        "links": leads_to_connection("/connections/0"),
    }
}


@dataclass(frozen=True)
class ConnectionView:
    """A connection with all that belongs to it, as the contract shows it."""

    services: Services

    def json(self, connection: Connection) -> ConnectionAnswer:
        of = self.services
        instance = connection.instance
        feed = of.feeds.head(instance, connection.id)
        return connection_json(
            connection,
            feed,
            of.feeds.waits_since(feed),
            of.connections.store.budget(instance, connection.id),
            of.apps.day_limit(instance),
            of.tokens.get(instance, connection.token_set),
            of.changes.heard_at(instance, connection.id),
        )


def connection_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()
    view = ConnectionView(services)

    @router.get("/v1/connections", responses=_LISTED)
    def list_connections() -> ConnectionsAnswer:
        """All connections of the instance, also those that were disconnected."""
        held = services.connections.list(request.instance)
        return {"connections": [view.json(connection) for connection in held]}

    @router.get("/v1/connections/<connection>")
    @refuses("not_found")
    def get_connection(connection: Id) -> ConnectionAnswer:
        """One connection: its state, what is left of the limits, where the feed is."""
        return view.json(services.connections.get(request.instance, connection))

    @router.delete("/v1/connections/<connection>", responses=GONE)
    @refuses("not_found", "xero_unavailable")
    def disconnect(connection: Id):
        """Disconnect the organisation, here and at Xero.

        Its live sync is cancelled. Other connections of the same Xero user stay, and
        so does what waits in the feed. May be asked again.
        """
        services.connections.disconnect(request.instance, connection)
        return Response(204)

    return router
