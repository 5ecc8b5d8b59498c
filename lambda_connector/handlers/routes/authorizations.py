"""`/v1/authorizations`: connecting, from Odoo's side."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ...logic.authorizations import Choice
from ..inputs import AuthorizationBody, CompletionBody, Id
from ..presenting import authorization_json
from ..services import Services
from .connections import ConnectionView
from .request import Request


def authorization_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()
    view = ConnectionView(services)

    @router.post("/v1/authorizations")
    def begin(body: Annotated[AuthorizationBody, Body()]) -> tuple[dict[str, Any], int]:
        made, url = services.authorizations.begin(
            request.instance,
            body.reference,
            tuple(body.features),
            body.connection,
            request.redirect_uri,
        )
        return authorization_json(made, url), 201

    @router.post("/v1/authorizations/<authorization>/completion")
    def complete(
        authorization: Id, body: Annotated[CompletionBody, Body()]
    ) -> dict[str, Any]:
        came = services.authorizations.complete(
            request.instance, authorization, body.organisation
        )
        if isinstance(came, Choice):
            offered = [
                {"id": tenant.organisation, "name": tenant.name}
                for tenant in came.organisations
            ]
            return {"status": "choose", "organisations": offered}
        return {"status": "connected", "connection": view.json(came)}

    return router
