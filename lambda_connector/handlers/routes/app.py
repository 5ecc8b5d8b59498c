"""`/v1/app`: the administrator's Xero app, and its webhooks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ...logic.model.app import App
from ...logic.model.webhook import Heard
from ..answers import AppAnswer, WebhookTestAnswer
from ..documentation import GONE, refuses
from ..inputs import AppBody, WebhookKeyBody
from ..presenting import app_json, webhooks_json
from ..services import Services
from .request import Request


def app_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()

    def shown(app: App | None) -> AppAnswer:
        instance = services.instances.get(request.instance)
        heard = services.changes.heard(app) if app else Heard()
        webhooks = webhooks_json(app, heard, request.webhook_address(instance.hook))
        return app_json(instance, app, request.redirect_uri, webhooks)

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

    @router.put("/v1/app/webhooks")
    @refuses("app_not_set")
    def put_webhook_key(body: Annotated[WebhookKeyBody, Body()]) -> AppAnswer:
        """Set the key that Xero signs its webhooks with.

        Xero has to confirm the address after that (intent to receive).
        """
        return shown(services.apps.set_webhook_key(request.instance, body.key))

    @router.delete("/v1/app/webhooks", responses=GONE)
    def delete_webhook_key():
        """Forget the key: nothing is taken at the webhooks' address any more."""
        services.apps.forget_webhook_key(request.instance)
        return Response(204)

    @router.post("/v1/app/webhooks/test")
    @refuses("app_not_set")
    def test_webhooks() -> WebhookTestAnswer:
        """Send to the webhooks' address what Xero would send.

        One post rightly signed and one not, both without an event.
        """
        instance = services.instances.get(request.instance)
        address = request.webhook_address(instance.hook)
        return asdict(services.webhook_trial.run(request.instance, address))

    return router
