"""Syncs of a connection: start, follow, stop, read the log."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ..inputs import Id, LogPosition, SyncBody
from ..presenting import log_json, sync_json
from ..services import Services
from .request import Request


def sync_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()

    @router.post("/v1/connections/<connection>/syncs")
    def start(
        connection: Id, body: Annotated[SyncBody, Body()]
    ) -> tuple[dict[str, Any], int]:
        sync, is_new = services.syncs.start(
            request.instance,
            connection,
            body.mode,
            features=body.features or (),
            resources=body.resources or (),
        )
        return sync_json(sync), 202 if is_new else 200

    @router.get("/v1/connections/<connection>/syncs")
    def list_syncs(connection: Id) -> dict[str, Any]:
        recent = services.syncs.recent(request.instance, connection)
        return {"syncs": [sync_json(sync) for sync in recent]}

    @router.get("/v1/syncs/<sync>")
    def get_sync(sync: Id) -> dict[str, Any]:
        return sync_json(services.syncs.get(request.instance, sync))

    @router.post("/v1/syncs/<sync>/cancel")
    def cancel(sync: Id) -> dict[str, Any]:
        return sync_json(services.syncs.cancel(request.instance, sync))

    @router.get("/v1/syncs/<sync>/log")
    def log(sync: Id, after: LogPosition = 0) -> dict[str, Any]:
        entries = services.syncs.log(request.instance, sync, after)
        return {"entries": [log_json(entry) for entry in entries]}

    return router
