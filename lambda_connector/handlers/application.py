"""The routes on the services, behind the instance key."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from ..logic.problems import Problem
from .bodies import check_body
from .observability import count
from .problem_documents import answer_problems, problem_of, problem_response
from .routes.app import app_routes
from .routes.authorizations import authorization_routes
from .routes.callback import callback_routes
from .routes.connections import connection_routes
from .routes.documents import document_routes
from .routes.feed import feed_routes
from .routes.request import Request
from .routes.schedule import schedule_routes
from .routes.syncs import sync_routes
from .routes.writes import write_routes
from .services import Services

CONTRACT = "/v1/"
"""Below this, nothing is answered without an instance key."""


class Application:
    """One for each process; answers one request at a time, as Lambda asks."""

    def __init__(self, services: Services) -> None:
        self.services = services
        # An answer that is not what its type says is an error of ours, not of the
        # request, for which powertools would take it.
        self.resolver = APIGatewayHttpResolver(
            enable_validation=True, response_validation_error_http_code=500
        )
        answer_problems(self.resolver)
        request = Request(self.resolver, services.settings.public_url)
        for routes in (
            app_routes,
            authorization_routes,
            callback_routes,
            connection_routes,
            sync_routes,
            schedule_routes,
            feed_routes,
            document_routes,
            write_routes,
        ):
            self.resolver.include_router(routes(services, request))

    def answer(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The key comes before anything else, validation included: who has none
        learns nothing about the API."""
        count("ApiRequest")
        asked = APIGatewayProxyEventV2(event)
        try:
            self._admit(asked)
        except Exception as error:
            request_id = asked.request_context.request_id or ""
            refusal = problem_response(problem_of(error), request_id)
            return {
                "statusCode": refusal.status_code,
                "headers": {**refusal.headers, "Content-Type": refusal.content_type},
                "body": refusal.body,
                "isBase64Encoded": False,
            }
        return self.resolver.resolve(event, context)

    def _admit(self, asked: APIGatewayProxyEventV2) -> None:
        if not asked.path.startswith(CONTRACT):
            return
        scheme, _, bearer = asked.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Problem("instance_key_invalid")
        instance = self.services.instances.authenticate(bearer.strip())
        check_body(asked)
        self.resolver.append_context(instance=instance)
