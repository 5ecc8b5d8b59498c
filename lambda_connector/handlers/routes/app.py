"""`/v1/app`: the administrator's Xero app."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ...logic.model.app import App
from ..inputs import AppBody
from ..presenting import app_json
from ..services import Services
from .request import Request


def app_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()

    def shown(app: App | None) -> dict[str, Any]:
        instance = services.instances.get(request.instance)
        return app_json(instance, app, request.redirect_uri)

    @router.get("/v1/app")
    def get_app() -> dict[str, Any]:
        return shown(services.apps.get(request.instance))

    @router.put("/v1/app")
    def put_app(body: Annotated[AppBody, Body()]) -> dict[str, Any]:
        return shown(
            services.apps.save(
                request.instance, body.client_id, body.client_secret, body.tier
            )
        )

    @router.delete("/v1/app")
    def delete_app():
        services.apps.delete(request.instance)
        return Response(204)

    return router
