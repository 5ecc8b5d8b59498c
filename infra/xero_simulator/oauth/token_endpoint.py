"""`POST /connect/token`, `POST /connect/revocation` and OpenID Connect's discovery."""

import secrets

from werkzeug.wrappers import Request, Response

from infra.xero_simulator.oauth.registry import App
from infra.xero_simulator.oauth.tokens import OAuthError
from infra.xero_simulator.plain_json import json_response
from infra.xero_simulator.routing import Exchange, Route


def token(exchange: Exchange) -> Response:
    """The token endpoint; every refusal is a 400 with OAuth's error code."""
    try:
        answer = _grant(exchange)
    except OAuthError as error:
        body = {"error": error.code}
        if error.description:
            body["error_description"] = error.description
        return _uncached(json_response(body, 400))
    return _uncached(json_response(answer))


def revocation(exchange: Exchange) -> Response:
    """Revoke a refresh token; an unknown one is no error (RFC 7009)."""
    try:
        app = _authenticated(exchange)
    except OAuthError as error:
        return json_response({"error": error.code}, 400)
    exchange.simulator.tokens.revoke(app, exchange.request.form.get("token", ""))
    return Response(status=200)


def discovery(exchange: Exchange) -> Response:
    base = exchange.simulator.address
    return json_response(
        {
            "issuer": base,
            "authorization_endpoint": f"{base}/identity/connect/authorize",
            "token_endpoint": f"{base}/connect/token",
            "revocation_endpoint": f"{base}/connect/revocation",
            "jwks_uri": f"{base}/.well-known/openid-configuration/jwks",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
    )


def jwks(exchange: Exchange) -> Response:
    return json_response(exchange.simulator.tokens.jwks())


def _grant(exchange: Exchange) -> dict:
    app = _authenticated(exchange)
    form, tokens = exchange.request.form, exchange.simulator.tokens
    match form.get("grant_type"):
        case "authorization_code":
            return tokens.exchange_code(
                app,
                form.get("code", ""),
                form.get("redirect_uri", ""),
                form.get("code_verifier", ""),
            )
        case "refresh_token":
            return tokens.refresh(app, form.get("refresh_token", ""))
        case "client_credentials":
            return tokens.client_credentials(app, form.get("scope", "").split())
    raise OAuthError("unsupported_grant_type")


def _authenticated(exchange: Exchange) -> App:
    client_id, secret = _credentials(exchange.request)
    app = exchange.simulator.registry.apps.get(client_id)
    if app is None or not secrets.compare_digest(
        (app.client_secret or "").encode(), secret.encode()
    ):
        raise OAuthError("invalid_client")
    exchange.client_id = client_id
    return app


def _credentials(request: Request) -> tuple[str, str]:
    """Basic authentication, or the form fields that native apps and SDKs send."""
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        return basic.username or "", basic.password or ""
    return request.form.get("client_id", ""), request.form.get("client_secret", "")


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store, no-cache, max-age=0"
    response.headers["Pragma"] = "no-cache"
    return response


_DISCOVERY = "/.well-known/openid-configuration"

ROUTES = [
    Route("POST", "/connect/token", token),
    Route("POST", "/connect/revocation", revocation),
    Route("GET", _DISCOVERY, discovery),
    Route("GET", f"{_DISCOVERY}/jwks", jwks),
]
