"""The routes on the services, behind the instance key."""

from __future__ import annotations

import time
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from ..logic.observer import correlation_of
from ..logic.problems import Problem
from .bodies import check_body
from .observability import begin, count, logger, metrics
from .problem_documents import (
    answer_problems,
    problem_of,
    problem_response,
    route_of,
)
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

CORRELATION_HEADER = "x-correlation-id"
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
        began = time.monotonic()
        asked = APIGatewayProxyEventV2(event)
        begin(correlation_of(asked.headers.get(CORRELATION_HEADER)))
        answer = self._answered(asked, event, context)
        self._tell(asked, answer["statusCode"], time.monotonic() - began)
        return answer

    def _answered(
        self, asked: APIGatewayProxyEventV2, event: dict[str, Any], context: Any
    ) -> dict[str, Any]:
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

    def _tell(self, asked: APIGatewayProxyEventV2, status: int, seconds: float) -> None:
        """One line a request: that of its metrics, where the rest costs next to
        nothing. The route is our own word; what was asked for may be anybody's."""
        count("ApiRequest")
        if status >= 500:
            count("ApiError")
        known = {
            "correlation_id": logger.get_correlation_id(),
            "request_id": asked.request_context.request_id,
            "method": asked.http_method,
            "route": route_of(self.resolver, asked.path),
            "status": status,
            "seconds": round(seconds, 3),
        }
        for name, value in known.items():
            metrics.add_metadata(name, value)
