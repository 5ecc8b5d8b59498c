"""The feed of a connection: what waits, the parts, how far Odoo has come."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ..inputs import (
    AcknowledgementBody,
    Consumer,
    ConsumerBody,
    Epoch,
    Id,
    Number,
    Position,
    Stamp,
)
from ..presenting import feed_json
from ..services import Services
from .connections import ConnectionView
from .request import Request

_FEED = "/v1/connections/<connection>/feed"


def feed_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()
    view = ConnectionView(services)

    @router.get(_FEED)
    def read(
        connection: Id,
        epoch: Epoch,
        after: Position,
        consumer: Consumer,
        stamp: Stamp = "",
    ) -> dict[str, Any]:
        feed, entries = services.feeds.entries(
            request.instance, connection, epoch, after, stamp, str(consumer)
        )
        return feed_json(feed, entries)

    @router.get(f"{_FEED}/<n>")
    def part(connection: Id, n: Number, epoch: Epoch, consumer: Consumer):
        entry, data = services.feeds.part(
            request.instance, connection, epoch, n, str(consumer)
        )
        headers = {"X-Content-SHA256": entry.sha256 or "", "Cache-Control": "no-store"}
        return Response(200, "application/gzip", data, headers=headers)

    @router.post(f"{_FEED}/acknowledgement")
    def acknowledge(
        connection: Id, body: Annotated[AcknowledgementBody, Body()]
    ) -> dict[str, Any]:
        reached = services.feeds.acknowledge(
            request.instance,
            connection,
            body.epoch,
            body.n,
            body.stamp,
            str(body.consumer),
        )
        return {"acknowledged": reached}

    @router.put(f"{_FEED}/consumer")
    def take_over(
        connection: Id, body: Annotated[ConsumerBody, Body()]
    ) -> dict[str, Any]:
        held = services.connections.get(request.instance, connection)
        services.feeds.take_over(request.instance, connection, str(body.consumer))
        return view.json(held)

    return router
