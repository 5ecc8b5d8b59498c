"""The feed of a connection: what waits, the parts, how far Odoo has come."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ..answers import AcknowledgementAnswer, ConnectionAnswer, FeedAnswer
from ..documentation import leads_to_connection, link, refuses
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
_ENTRIES: dict[int, Any] = {
    200: {
        "description": "The entries after the position; none: that is all.",
        "links": {
            "get_part": link(
                "get_part",
                {
                    "connection": "$request.path.connection",
                    "n": "$response.body#/entries/0/n",
                    "epoch": "$response.body#/epoch",
                    "consumer": "$request.query.consumer",
                },
            )
        },
    }
}
_TAKEN: dict[int, Any] = {
    200: {
        "description": "The connection, its feed now read by that database.",
        "links": leads_to_connection(""),
    }
}
_PART: dict[int, Any] = {
    200: {
        "description": "The part's content: Xero's JSON, the records under `key`.",
        "headers": {
            "X-Content-SHA256": {
                "description": "Of these bytes, as the entry's `sha256`.",
                "required": True,
                "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            }
        },
        "content": {"application/gzip": {}},
    }
}


def feed_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()
    view = ConnectionView(services)

    @router.get(_FEED, responses=_ENTRIES)
    @refuses("not_found", "feed_taken", "feed_restart")
    def read_feed(
        connection: Id,
        epoch: Epoch,
        after: Position,
        consumer: Consumer,
        stamp: Stamp = "",
    ) -> FeedAnswer:
        """What follows a position, in order, at most 100 entries.

        The first consumer to come has the feed.
        """
        feed, entries = services.feeds.entries(
            request.instance, connection, epoch, after, stamp, str(consumer)
        )
        return feed_json(feed, entries)

    @router.get(f"{_FEED}/parts/<n>", responses=_PART)
    @refuses("not_found", "feed_taken", "feed_restart")
    def get_part(connection: Id, n: Number, epoch: Epoch, consumer: Consumer):
        """The content of a part, as gzip."""
        entry, data = services.feeds.part(
            request.instance, connection, epoch, n, str(consumer)
        )
        headers = {"X-Content-SHA256": entry.sha256 or "", "Cache-Control": "no-store"}
        return Response(200, "application/gzip", data, headers=headers)

    @router.post(f"{_FEED}/acknowledgement")
    @refuses("not_found", "feed_taken", "feed_restart")
    def acknowledge(
        connection: Id, body: Annotated[AcknowledgementBody, Body()]
    ) -> AcknowledgementAnswer:
        """Say that everything through an entry may be forgotten."""
        reached = services.feeds.acknowledge(
            request.instance,
            connection,
            body.epoch,
            body.n,
            body.stamp,
            str(body.consumer),
        )
        return {"acknowledged": reached}

    @router.put(f"{_FEED}/consumer", responses=_TAKEN)
    @refuses("not_found")
    def take_over(
        connection: Id, body: Annotated[ConsumerBody, Body()]
    ) -> ConnectionAnswer:
        """Take the feed over for another database, as an administrator decides."""
        held = services.connections.get(request.instance, connection)
        services.feeds.take_over(request.instance, connection, str(body.consumer))
        return view.json(held)

    return router
