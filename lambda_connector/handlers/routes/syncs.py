"""Syncs of a connection: start, follow, stop, read the log."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ..answers import LogAnswer, SyncAnswer, SyncsAnswer
from ..documentation import leads_to_sync, refuses
from ..inputs import Id, LogPosition, SyncBody
from ..observability import logger
from ..presenting import log_json, sync_json
from ..services import Services
from .request import Request

_STARTED: dict[int, Any] = {
    202: {"description": "A new sync.", "links": leads_to_sync("")},
    200: {
        "description": "The sync that is alive already.",
        "links": leads_to_sync(""),
    },
}
_LISTED: dict[int, Any] = {
    200: {"description": "Newest first.", "links": leads_to_sync("/syncs/0")}
}


def sync_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()

    @router.post("/v1/connections/<connection>/syncs", responses=_STARTED)
    @refuses(
        "not_found",
        "reconnect_needed",
        "organisation_gone",
        "user_removed",
        "demo_company_reset",
        "scope_missing",
        "xero_client_invalid",
    )
    def start_sync(
        connection: Id, body: Annotated[SyncBody, Body()]
    ) -> tuple[SyncAnswer, int]:
        """Start reading the organisation.

        By `features`, an incremental sync reads what is due of them and a full one all;
        by `resources` exactly these are read. While a sync is alive it is the answer,
        unless a full one is asked for and that one is incremental: it is cancelled
        (`superseded`) and the full one begins.
        """
        sync, is_new = services.syncs.start(
            request.instance,
            connection,
            body.mode,
            features=body.features,
            resources=body.resources,
            correlation=request.correlation,
        )
        # One that is alive already bears what it was started by.
        logger.info(
            "A sync was asked for",
            sync_id=sync.id,
            is_new=is_new,
            sync_correlation=sync.correlation,
        )
        return sync_json(sync), 202 if is_new else 200

    @router.get("/v1/connections/<connection>/syncs", responses=_LISTED)
    @refuses("not_found")
    def list_syncs(connection: Id) -> SyncsAnswer:
        """The latest syncs, newest first, at most 50."""
        recent = services.syncs.recent(request.instance, connection)
        return {"syncs": [sync_json(sync) for sync in recent]}

    @router.get("/v1/syncs/<sync>")
    @refuses("not_found")
    def get_sync(sync: Id) -> SyncAnswer:
        """One sync: how far it is, or how it ended."""
        return sync_json(services.syncs.get(request.instance, sync))

    @router.post("/v1/syncs/<sync>/cancel")
    @refuses("not_found")
    def cancel_sync(sync: Id) -> SyncAnswer:
        """Stop a sync.

        What came before stays in the feed, followed by the end. One that has ended is
        answered as it is.
        """
        return sync_json(services.syncs.cancel(request.instance, sync))

    @router.get("/v1/syncs/<sync>/log")
    @refuses("not_found")
    def get_log(sync: Id, after: LogPosition = 0) -> LogAnswer:
        """The log of a sync, from the entry after `after`, at most 500 entries."""
        held = services.syncs.get(request.instance, sync)
        entries = services.syncs.store.log(held, after)
        return {
            "correlation": held.correlation,
            "entries": [log_json(entry) for entry in entries],
        }

    return router
