"""The consent page: who the user is, which organisation, allow or cancel."""

import re
import uuid
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from infra.xero_simulator.oauth.registry import App, User
from infra.xero_simulator.oauth.scopes import CONSENT, meaning
from infra.xero_simulator.oauth.tokens import Consent
from infra.xero_simulator.pages import page
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.store import Tenant

_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class BadRequest(Exception):
    """A request that Xero answers on a page of its own, never at the app."""

    def __init__(self, code: str, explanation: str) -> None:
        super().__init__(code)
        self.code = code
        self.explanation = explanation


def show(exchange: Exchange) -> Response:
    """The page on which the user decides."""
    try:
        app = _check(exchange)
    except BadRequest as error:
        return _error_page(error)
    users = list(exchange.simulator.registry.users.values())
    user = exchange.simulator.registry.users.get(
        exchange.request.args.get("user", ""), users[0]
    )
    return page(
        "authorize.html",
        app=app,
        user=user,
        users=users,
        tenants=_choices(exchange, user),
        several=_may_choose_several(exchange),
        meanings=[meaning(scope) for scope in _scopes(exchange)],
        hidden={k: v for k, v in exchange.request.args.items() if k != "user"},
    )


def decide(exchange: Exchange) -> Response:
    """What the page's form sends: `user`, `organisation` (ids), `decision`.

    Without a user the first one is meant, without an organisation that user's
    first one, so that a test can consent with `decision=allow` alone.
    """
    try:
        app = _check(exchange)
        if exchange.request.form.get("decision") != "allow":
            return _back(exchange, error="access_denied")
        consent = _consent(exchange, app)
    except BadRequest as error:
        return _error_page(error)
    args = exchange.request.args
    code = exchange.simulator.tokens.issue_code(
        consent, args["redirect_uri"], args.get("code_challenge")
    )
    return _back(
        exchange, code=code, scope=" ".join(consent.scopes), session_state=uuid.uuid4()
    )


def _consent(exchange: Exchange, app: App) -> Consent:
    registry, form = exchange.simulator.registry, exchange.request.form
    users = list(registry.users.values())
    user = registry.users.get(form["user"]) if "user" in form else users[0]
    if user is None:
        raise BadRequest("access_denied", "There is no such user.")
    event = str(uuid.uuid4())
    withheld = exchange.simulator.settings.withheld_scopes
    granted = [scope for scope in _scopes(exchange) if scope not in withheld]
    registry.connect(app, user, _chosen(exchange, user), event)
    return Consent(app, user, registry.grant(app, user, granted), event)


def _chosen(exchange: Exchange, user: User) -> list[Tenant]:
    choices = _choices(exchange, user)
    asked = exchange.request.form.getlist("organisation")
    chosen = [tenant for tenant in choices if tenant.tenant_id in asked]
    if len(chosen) != len(asked):
        raise BadRequest("access_denied", "This user cannot connect that organisation.")
    if len(chosen) > 1 and not _may_choose_several(exchange):
        raise BadRequest("access_denied", "This app connects one at a time.")
    return chosen or choices[:1]


def _choices(exchange: Exchange, user: User) -> list[Tenant]:
    tenants = exchange.simulator.store.tenants.values()
    return [tenant for tenant in tenants if tenant.tenant_id in user.tenant_ids]


def _may_choose_several(exchange: Exchange) -> bool:
    """Bulk connections: for apps that have them, unless `acr_values` says no."""
    forced_single = "bulk_connect:false" in exchange.request.args.get("acr_values", "")
    return exchange.simulator.settings.bulk_connect and not forced_single


def _check(exchange: Exchange) -> App:
    args = exchange.request.args
    app = exchange.simulator.registry.apps.get(args.get("client_id", ""))
    if app is None:
        raise BadRequest("unauthorized_client", "Unknown client or client not enabled.")
    exchange.client_id = app.client_id
    if args.get("redirect_uri") not in app.redirect_uris:
        raise BadRequest(
            "invalid_request", "The redirect address is not registered for this app."
        )
    if args.get("response_type") != "code":
        raise BadRequest("unsupported_response_type", "response_type has to be code.")
    _check_scopes(exchange)
    _check_pkce(exchange, app)
    return app


def _check_scopes(exchange: Exchange) -> None:
    scopes = _scopes(exchange)
    unknown = [scope for scope in scopes if scope not in CONSENT]
    if unknown or not scopes:
        raise BadRequest(
            "invalid_scope",
            f"Invalid scope for client: {' '.join(unknown) or 'none given'}. "
            "Apps created since March 2026 have granular scopes only.",
        )


def _check_pkce(exchange: Exchange, app: App) -> None:
    challenge = exchange.request.args.get("code_challenge")
    if challenge is None:
        if app.client_secret is None:
            raise BadRequest("invalid_request", "code_challenge is required.")
        return
    if exchange.request.args.get("code_challenge_method") != "S256":
        raise BadRequest("invalid_request", "code_challenge_method has to be S256.")
    if not _CHALLENGE.fullmatch(challenge):
        raise BadRequest("invalid_request", "code_challenge is not well formed.")


def _scopes(exchange: Exchange) -> list[str]:
    return exchange.request.args.get("scope", "").split()


def _back(exchange: Exchange, **values: object) -> Response:
    args = exchange.request.args
    if "state" in args:
        values["state"] = args["state"]
    address = args["redirect_uri"]
    separator = "&" if "?" in address else "?"
    return redirect(f"{address}{separator}{urlencode(values)}", 302)


def _error_page(error: BadRequest) -> Response:
    return page("error.html", 400, code=error.code, explanation=error.explanation)


_PATH = "/identity/connect/authorize"

ROUTES = [Route("GET", _PATH, show), Route("POST", _PATH, decide)]
