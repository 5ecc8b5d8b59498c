"""`/v1/authorizations`: connecting, from Odoo's side."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ...logic.organisations import Choice
from ..answers import AuthorizationAnswer, ChoiceAnswer, ConnectedAnswer
from ..documentation import leads_to_connection, link, refuses
from ..inputs import AuthorizationBody, CompletionBody, Id
from ..presenting import authorization_json
from ..services import Services
from .connections import ConnectionView
from .request import Request

_BEGUN: dict[int, Any] = {
    201: {
        "description": "Begun: send the browser to `authorize_url`.",
        "links": {
            "complete_authorization": link(
                "complete_authorization", {"authorization": "$response.body#/id"}
            )
        },
    }
}
_DONE: dict[int, Any] = {
    200: {
        "description": "Connected, or organisations to choose from.",
        "links": leads_to_connection("/connection"),
    }
}


def authorization_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()
    view = ConnectionView(services)

    @router.post("/v1/authorizations", status_code=201, responses=_BEGUN)
    @refuses("app_not_set", "not_found")
    def begin_authorization(
        body: Annotated[AuthorizationBody, Body()],
    ) -> AuthorizationAnswer:
        """Begin connecting an organisation.

        Send the browser to `authorize_url`. Xero sends it to `/oauth/callback`, and
        that to `<return_origin>/xero/return?authorization=<id>-<proof>`.
        """
        made, url = services.authorizations.begin(
            request.instance,
            body.reference,
            tuple(body.features),
            body.connection,
            request.redirect_uri,
        )
        return authorization_json(made, url)

    @router.post("/v1/authorizations/<authorization>/completion", responses=_DONE)
    @refuses(
        "not_found",
        "authorization_pending",
        "authorization_used",
        "authorization_expired",
        "consent_denied",
        "scope_missing",
        "code_refused",
        "app_not_set",
        "organisation_none",
        "organisation_different",
        "organisation_taken",
        "demo_company_reset",
        "xero_client_invalid",
        "xero_unavailable",
    )
    def complete_authorization(
        authorization: Id, body: Annotated[CompletionBody, Body()]
    ) -> ConnectedAnswer | ChoiceAnswer:
        """Connect what was allowed at Xero.

        By `<id>-<proof>`, as the browser that came back brings it: by the id alone it
        is pending. Call it in the session of the person who began. Where one consent
        covered several organisations they are offered: call again with one of them.
        The same completion sent again gives the same answer again, as it may have been
        lost.
        """
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
