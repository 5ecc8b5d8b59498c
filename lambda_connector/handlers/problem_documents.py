"""Problem details (RFC 9457): every refusal of the API in one form."""

from __future__ import annotations

import json

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)

from ..logic.problems import Problem
from .answers import ProblemDocument
from .observability import count, logger

CONTENT_TYPE = "application/problem+json"


def problem_response(
    problem: Problem, request_id: str, headers: dict[str, str] | None = None
) -> Response:
    status = problem.status or 500
    body: ProblemDocument = {
        "type": "about:blank",
        "title": problem.title,
        "status": status,
        "detail": problem.detail,
        "code": problem.code,
        "request_id": request_id,
        "correlation_id": logger.get_correlation_id() or "",
        **problem.extra,
    }
    if problem.code == "instance_key_invalid":
        headers = {"WWW-Authenticate": "Bearer"}
    if "retry_after" in problem.extra:
        headers = {"Retry-After": str(problem.extra["retry_after"])}
    sent = {"Cache-Control": "no-store", **(headers or {})}
    return Response(status, CONTENT_TYPE, json.dumps(body), headers=sent)


def answer_problems(app: APIGatewayHttpResolver) -> None:
    """Map our refusals, powertools' own, and whatever nobody expected."""

    def respond(problem: Problem, headers: dict[str, str] | None = None) -> Response:
        return problem_response(problem, request_id(app), headers)

    @app.exception_handler(RequestValidationError)
    def invalid(error: RequestValidationError) -> Response:
        return respond(Problem("request_invalid", errors=_errors(error)))

    @app.exception_handler(RequestUnsupportedContentType)
    def not_json(error: RequestUnsupportedContentType) -> Response:
        return respond(Problem("body_unreadable"))

    @app.not_found
    def unknown(error: NotFoundError) -> Response:
        methods = _methods_of(app)
        if methods:
            allow = {"Allow": ", ".join(sorted(methods))}
            return respond(Problem("method_not_allowed"), allow)
        return respond(Problem("route_unknown"))

    @app.exception_handler(Exception)
    def refused(error: Exception) -> Response:
        return respond(problem_of(error))


def problem_of(error: Exception) -> Problem:
    """The refusal itself, or that something went wrong which nobody expected."""
    if isinstance(error, Problem):
        logger.info("Refused", code=error.code)
        return error
    # The message may quote what was sent; the stack tells where it happened.
    logger.error("An unexpected error", error=type(error).__name__, stack=_stack(error))
    count("UnexpectedError")
    return Problem("internal_error")


def request_id(app: APIGatewayHttpResolver) -> str:
    return app.current_event.request_context.request_id or ""


def route_of(app: APIGatewayHttpResolver, path: str) -> str:
    """The path as the route has it, without ids."""
    return next((route.path for route in _routes_of(app, path)), "unknown")


def _methods_of(app: APIGatewayHttpResolver) -> set[str]:
    """The methods that this path takes, by the routes that are registered."""
    return {route.method for route in _routes_of(app, app.current_event.path)}


def _routes_of(app: APIGatewayHttpResolver, path: str) -> list[Route]:
    routes = app._static_routes + app._dynamic_routes
    return [route for route in routes if route.rule.match(path)]


def _errors(error: RequestValidationError) -> list[dict[str, str]]:
    """Where and why, never what was sent: that may be a secret."""
    return [
        {
            "location": ".".join(str(part) for part in one.get("loc", ())),
            "message": str(one.get("msg", "")),
        }
        for one in error.errors()
    ]


def _stack(error: Exception) -> list[str]:
    lines = []
    frame = error.__traceback__
    while frame:
        code = frame.tb_frame.f_code
        lines.append(f"{code.co_filename}:{frame.tb_lineno} {code.co_name}")
        frame = frame.tb_next
    return lines[-12:]
