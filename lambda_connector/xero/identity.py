"""Xero's identity service: where consents begin and tokens come from.

requests-oauthlib builds the authorize address and exchanges the code. Its own refresh
is not used: it would hand out the new tokens before they are stored.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.auth import HTTPBasicAuth

from ..logic.faults import (
    ClientRefused,
    GrantRefused,
    Refused,
    Throttled,
    Unavailable,
    Unreadable,
    XeroFault,
)
from ..logic.observer import Observer
from ..logic.ports import Consent, Grant
from .http import (
    SHORT_CALL_SECONDS,
    Reply,
    call,
    called,
    retry_after,
    unanswered,
)


@dataclass(frozen=True)
class HttpXeroIdentity:
    """`login_url` is https://login.xero.com, `identity_url` the token service;
    `seconds` the most that one call may take."""

    login_url: str
    identity_url: str
    seconds: float
    session: requests.Session = field(default_factory=requests.Session)
    observer: Observer = field(default_factory=Observer)

    def authorize_url(self, consent: Consent) -> str:
        oauth = _oauth(consent.client_id, consent.redirect_uri, consent.scopes)
        challenge = {}
        if consent.verifier:
            challenge = {
                "code_challenge": oauth.client.create_code_challenge(
                    consent.verifier, "S256"
                ),
                "code_challenge_method": "S256",
            }
        base = f"{self.login_url}/identity/connect/authorize"
        url, _ = oauth.session.authorization_url(base, consent.state, **challenge)
        return url

    def recognises(self, client_id: str, client_secret: str) -> bool | None:
        """Ask for a token of the client's own. A web app may not have one, so any
        refusal but `invalid_client` shows that the pair is right."""
        form = {"grant_type": "client_credentials", "scope": "app.connections"}
        try:
            self._token(client_id, client_secret, form)
        except ClientRefused:
            return False
        except GrantRefused:
            return True
        except Refused as fault:
            return bool(fault.reason) or None
        except XeroFault:
            return None
        return True

    def exchange(
        self,
        client_id: str,
        client_secret: str,
        code: str,
        redirect_uri: str,
        verifier: str | None,
    ) -> Grant:
        """Without scopes in the session: Xero's add up over consents, which oauthlib
        would take for tampering. What was granted is compared by the logic."""
        from oauthlib.oauth2 import OAuth2Error

        oauth = _oauth(client_id, redirect_uri, None)
        url, began = f"{self.identity_url}/connect/token", time.monotonic()

        def checked(response: requests.Response) -> requests.Response:
            """Refusals as our faults, before oauthlib makes its own of them."""
            status, headers = response.status_code, response.headers
            self.observer.xero_called(called("POST", url, began, status, headers))
            _members(Reply(status, headers, response.content, gzipped=False))
            return response

        oauth.session.register_compliance_hook("access_token_response", checked)
        proof = {"code_verifier": verifier} if verifier else {}
        try:
            token = oauth.session.fetch_token(
                url,
                code=code,
                auth=HTTPBasicAuth(client_id, client_secret),
                timeout=self._seconds,
                **proof,
            )
        except requests.RequestException as error:
            self.observer.xero_called(unanswered("POST", url, began, error))
            raise Unavailable(type(error).__name__) from None
        except OAuth2Error as error:
            raise Unreadable(type(error).__name__) from None
        grant = _grant(dict(token))
        if not grant.user:
            raise Unreadable("the access token names no user")
        return grant

    def refresh(self, client_id: str, client_secret: str, token: str) -> Grant:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return _grant(self._token(client_id, client_secret, form))

    @property
    def _seconds(self) -> float:
        return min(self.seconds, SHORT_CALL_SECONDS)

    def _token(
        self, client_id: str, client_secret: str, form: dict[str, str]
    ) -> dict[str, Any]:
        reply = call(
            self.session,
            "POST",
            f"{self.identity_url}/connect/token",
            self._seconds,
            observer=self.observer,
            data=form,
            auth=HTTPBasicAuth(client_id, client_secret),
            headers={"Accept": "application/json"},
        )
        return _members(reply)


@dataclass(frozen=True)
class _OAuth:
    client: Any
    session: Any


def _oauth(client_id: str, redirect_uri: str, scopes: tuple[str, ...] | None) -> _OAuth:
    # Imported where they are used: the worker and the janitor do without them.
    from oauthlib.oauth2 import WebApplicationClient
    from requests_oauthlib import OAuth2Session

    client = WebApplicationClient(client_id)
    scope = list(scopes) if scopes else None
    session = OAuth2Session(client=client, redirect_uri=redirect_uri, scope=scope)
    return _OAuth(client, session)


def _members(reply: Reply) -> dict[str, Any]:
    """The answer of the token endpoint, or the fault it stands for."""
    if reply.status == 429:
        raise Throttled("identity", retry_after(reply.headers.get("Retry-After")))
    if reply.status >= 500:
        raise Unavailable(f"status {reply.status}")
    try:
        held = json.loads(reply.body())
    except (ValueError, RecursionError) as error:
        raise Unavailable("no token answer") from error
    if not isinstance(held, dict):
        raise Unavailable("no token answer")
    if reply.status == 200:
        return held
    error = str(held.get("error") or "")
    if error == "invalid_client":
        raise ClientRefused
    if error == "invalid_grant":
        raise GrantRefused
    raise Refused(reply.status, error[:40])


def _grant(token: dict[str, Any]) -> Grant:
    access, refresh = token.get("access_token"), token.get("refresh_token")
    if not _is_token(access) or not _is_token(refresh):
        raise Unreadable("tokens are missing")
    claims = _claims(access)
    return Grant(
        access=access,
        refresh=refresh,
        lifetime=_seconds(token.get("expires_in")),
        scopes=_scopes(token.get("scope") or claims.get("scope")),
        user=str(claims.get("xero_userid") or ""),
        event=str(claims.get("authentication_event_id") or "") or None,
    )


def _is_token(value: Any) -> bool:
    """RFC 6749 appendix A allows printable ASCII; the vault takes 4,096 bytes."""
    return isinstance(value, str) and value.isascii() and 0 < len(value) <= 4096


def _claims(access: str) -> dict[str, Any]:
    """The claims of the access token. It comes from Xero itself over TLS, and nobody
    is let in by it here, so its signature proves nothing more."""
    try:
        payload = access.split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        held = json.loads(base64.urlsafe_b64decode(padded))
    except (IndexError, ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def _scopes(value: Any) -> tuple[str, ...]:
    names = value.split() if isinstance(value, str) else value
    return tuple(map(str, names)) if isinstance(names, list) else ()


def _seconds(value: Any) -> int:
    """Xero says 1800; what it says instead is believed within reason."""
    try:
        return min(max(int(value), 60), 86400)
    except (TypeError, ValueError):
        return 1800
