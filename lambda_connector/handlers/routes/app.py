"""`/v1/app`: the administrator's Xero app."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ...logic.model.app import App
from ..answers import AppAnswer
from ..documentation import GONE, refuses
from ..inputs import AppBody
from ..presenting import app_json
from ..services import Services
from .request import Request


def app_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()

    def shown(app: App | None) -> AppAnswer:
        instance = services.instances.get(request.instance)
        return app_json(instance, app, request.redirect_uri)

    @router.get("/v1/app")
    def get_app() -> AppAnswer:
        """The Xero app, or that none is set.

        Answers whenever the key is valid: also the way to try address and key.
        """
        return shown(services.apps.get(request.instance))

    @router.put("/v1/app")
    @refuses("xero_client_invalid", "xero_app_in_use", "app_has_connections")
    def put_app(body: Annotated[AppBody, Body()]) -> AppAnswer:
        """Set the Xero app, or its new secret.

        The pair is tried at Xero. One that Xero clearly does not know is refused; where
        Xero does not answer it is kept with `verified: null`. While organisations are
        connected the client id stays; a new secret revives connections that the old
        one had stopped.
        """
        return shown(
            services.apps.save(
                request.instance, body.client_id, body.client_secret, body.tier
            )
        )

    @router.delete("/v1/app", responses=GONE)
    @refuses("app_has_connections")
    def delete_app():
        """Forget the Xero app and its secret."""
        services.apps.delete(request.instance)
        return Response(204)

    return router
