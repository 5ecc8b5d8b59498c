"""The routes on the services, behind the instance key."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from ..logic.problems import Problem
from .observability import count
from .problem_documents import answer_problems, problem_response
from .routes.app import app_routes
from .routes.authorizations import authorization_routes
from .routes.callback import callback_routes
from .routes.connections import connection_routes
from .routes.feed import feed_routes
from .routes.request import Request
from .routes.syncs import sync_routes
from .services import Services

_CONTRACT = "/v1/"
_MAX_BODY_CHARACTERS = 64 * 1024


class Application:
    """One for each process; answers one request at a time, as Lambda asks."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.resolver = APIGatewayHttpResolver(enable_validation=True)
        answer_problems(self.resolver)
        request = Request(self.resolver, services.settings.public_url)
        for routes in (
            app_routes,
            authorization_routes,
            callback_routes,
            connection_routes,
            sync_routes,
            feed_routes,
        ):
            self.resolver.include_router(routes(services, request))

    def answer(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The key comes before anything else, validation included: who has none
        learns nothing about the API."""
        count("ApiRequest")
        asked = APIGatewayProxyEventV2(event)
        try:
            self._admit(asked)
        except Problem as problem:
            request_id = asked.request_context.request_id or ""
            refusal = problem_response(problem, request_id)
            return {
                "statusCode": refusal.status_code,
                "headers": {**refusal.headers, "Content-Type": refusal.content_type},
                "body": refusal.body,
                "isBase64Encoded": False,
            }
        return self.resolver.resolve(event, context)

    def _admit(self, asked: APIGatewayProxyEventV2) -> None:
        if len(asked.body or "") > _MAX_BODY_CHARACTERS:
            raise Problem("body_too_large")
        if asked.path.startswith(_CONTRACT):
            scheme, _, bearer = asked.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer":
                raise Problem("instance_key_invalid")
            instance = self.services.instances.authenticate(bearer.strip())
            self.resolver.append_context(instance=instance)
            _check_text(asked)


def _check_text(asked: APIGatewayProxyEventV2) -> None:
    """Refuse a body that cannot even be parsed far enough to say where it is wrong."""
    try:
        json.loads(asked.decoded_body or "{}")
    except json.JSONDecodeError:
        return
    except (ValueError, RecursionError):
        unreadable = {"location": "body", "message": "JSON decode error"}
        raise Problem("request_invalid", errors=[unreadable]) from None
