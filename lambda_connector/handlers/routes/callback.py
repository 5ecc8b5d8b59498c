"""`/oauth/callback`: where Xero sends the browser back."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BeforeValidator

from ...logic.authorizations import StateInvalid
from ..observability import count
from ..services import Services
from .request import Request

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_PAGE_HEADERS = {
    **_HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Connecting to Xero</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2937; background: #f3f4f6;
       margin: 0; display: grid; min-height: 100vh; place-items: center; }
main { background: #fff; padding: 2rem; margin: 1rem; max-width: 30rem;
       border-radius: 8px; box-shadow: 0 1px 4px rgb(0 0 0 / 12%); }
h1 { font-size: 1.25rem; margin-top: 0; }
</style>
</head>
<body><main>
<h1>This login at Xero cannot be used any more</h1>
<p>It was used before, or it took too long. Nothing was connected and nothing was
changed.</p>
<p>Go back to Odoo, open the connection and press <b>Connect to Xero</b> again.</p>
</main></body>
</html>
"""

_RESPONSES: dict[int, Any] = {
    302: {
        "description": "On to `<return_origin>/xero/return?authorization=<id>-<proof>`",
        "headers": {
            "Location": {"required": True, "schema": {"type": "string"}},
        },
        "content": {},
    },
    400: {
        "description": "The state is unknown, used or expired: a page that says so.",
        "content": {"text/html": {"schema": {"type": "string"}}},
    },
}


def _joined(value: str | list[str]) -> str:
    """What came several times is no valid state; a browser gets the page for that."""
    return value if isinstance(value, str) else ",".join(value)


Once = BeforeValidator(_joined)
State = Annotated[str, Query(description="As it was sent to Xero; good once."), Once]
Code = Annotated[str, Query(description="What the tokens are got with."), Once]
Error = Annotated[str, Query(description="Why there is no code."), Once]


def callback_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()

    @router.get("/oauth/callback", responses=_RESPONSES)
    def return_from_xero(state: State = "", code: Code = "", error: Error = ""):
        """Where Xero sends the browser back, with a code or a refusal.

        Checks the single-use state, keeps the code encrypted for at most five minutes
        and sends the browser on to Odoo, with a proof that it is the one that came
        back. No call of Odoo's; no key is needed.
        """
        try:
            held, handle = services.authorizations.returned(
                state, code or None, error or None
            )
        except StateInvalid:
            count("CallbackRefused")
            return Response(400, "text/html; charset=utf-8", _PAGE, _PAGE_HEADERS)
        origin = services.instances.get(held.instance).return_origin
        location = f"{origin}/xero/return?authorization={handle}"
        return Response(302, "text/plain", "", {**_HEADERS, "Location": location})

    return router
