"""Codes and tokens: how long each lives, how often each may be used.

Sources: developer.xero.com/faq/oauth2 (30 minutes, 60 days, 30 minutes of grace for
a refresh token whose answer was lost) and the identity section of the guides.
"""

import base64
import hashlib
import secrets
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.oauth.registry import App, Registry, User
from infra.xero_simulator.oauth.scopes import CLIENT_CREDENTIALS

CODE_SECONDS = 5 * 60
ACCESS_SECONDS = 30 * 60
ID_SECONDS = 5 * 60
REFRESH_SECONDS = 60 * 86_400
GRACE_SECONDS = 30 * 60
KEY_ID = "simulated-xero"
AUDIENCE = "https://identity.xero.com/resources"


class OAuthError(Exception):
    """A refusal of the token endpoint, with OAuth's error code."""

    def __init__(self, code: str, description: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.description = description


class TokenInvalid(Exception):
    """The bearer token is not one of ours."""


class TokenExpired(Exception):
    """The access token's 30 minutes are over; `at` is when, in epoch seconds."""

    def __init__(self, at: float) -> None:
        super().__init__("expired")
        self.at = at


@dataclass(frozen=True)
class Consent:
    """What a user allowed, as every token of that consent remembers it."""

    app: App
    user: User
    scopes: tuple[str, ...]
    auth_event_id: str


@dataclass
class Code:
    """An authorization code, good once."""

    consent: Consent
    redirect_uri: str
    challenge: str | None
    issued_at: float


@dataclass
class RefreshToken:
    """A refresh token; `superseded_at` is when its successor was first issued."""

    consent: Consent
    issued_at: float
    superseded_at: float | None = None


@dataclass(frozen=True)
class AccessToken:
    """A checked bearer token; `user` is None for the app's own token."""

    app: App
    user: User | None
    scopes: tuple[str, ...]


class Tokens:
    """Issues, renews, checks and revokes tokens."""

    def __init__(self, clock: Clock, registry: Registry, issuer: str) -> None:
        self._clock = clock
        self._registry = registry
        self._issuer = issuer
        self._lock = threading.RLock()
        self._key = _signing_key()
        self._codes: dict[str, Code] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._known: list[str] = []

    def secrets(self) -> list[str]:
        """Every code and token that was issued, and every verifier that was shown, so
        that a test can look for them where none should be."""
        return list(self._known)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public key, as OpenID Connect publishes it."""
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    def issue_code(
        self, consent: Consent, redirect_uri: str, challenge: str | None
    ) -> str:
        code = secrets.token_urlsafe(32)
        self._known.append(code)
        self._codes[code] = Code(
            consent, redirect_uri, challenge, self._clock.timestamp()
        )
        return code

    def exchange_code(
        self, app: App, code: str, redirect_uri: str, verifier: str
    ) -> dict:
        """The token answer for a code; raises `invalid_grant`."""
        with self._lock:
            self._known.append(verifier)
            found = self._codes.pop(code, None)
            if (
                found is None
                or found.consent.app is not app
                or found.redirect_uri != redirect_uri
                or self._age(found.issued_at) > CODE_SECONDS
                or not _proves(found.challenge, verifier)
            ):
                raise OAuthError("invalid_grant")
            return self._answer(found.consent, with_id_token=True)

    def refresh(self, app: App, token: str) -> dict:
        """The token answer for a refresh token; raises `invalid_grant`.

        A token that was used already works again for 30 minutes, for a client that
        lost the answer.
        """
        with self._lock:
            found = self._refresh.get(token)
            if found is None or found.consent.app is not app or self._stale(found):
                raise OAuthError("invalid_grant")
            if found.superseded_at is None:
                found.superseded_at = self._clock.timestamp()
            return self._answer(found.consent)

    def client_credentials(self, app: App, scopes: Sequence[str]) -> dict:
        """The app's own token, which belongs to no user and no tenant."""
        if app.client_secret is None:
            raise OAuthError("unauthorized_client")
        if not scopes or not CLIENT_CREDENTIALS.issuperset(scopes):
            raise OAuthError(
                "invalid_scope", "Client credentials scope validation failed"
            )
        return {
            "access_token": self._access_token(app, scopes),
            "expires_in": ACCESS_SECONDS,
            "token_type": "Bearer",
            "scope": " ".join(scopes),
        }

    def revoke(self, app: App, token: str) -> None:
        """Forget a refresh token and with it all the user's connections to the app."""
        with self._lock:
            found = self._refresh.get(token)
            if found is None or found.consent.app is not app:
                return
            user = found.consent.user
            self._refresh = {
                value: other
                for value, other in self._refresh.items()
                if other.consent.app is not app or other.consent.user is not user
            }
        self._registry.forget_user(app, user)

    def read(self, bearer: str) -> AccessToken:
        """Check an access token; raises TokenInvalid or TokenExpired."""
        try:
            claims = jwt.decode(
                bearer,
                self._key.public_key(),
                algorithms=["RS256"],
                audience=AUDIENCE,
                # Expiry is checked below, by the simulator's clock.
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError as error:
            raise TokenInvalid from error
        if claims["exp"] <= self._clock.timestamp():
            raise TokenExpired(claims["exp"])
        app = self._registry.apps.get(claims["client_id"])
        if app is None:
            raise TokenInvalid
        user = self._registry.users.get(claims.get("xero_userid", ""))
        return AccessToken(app, user, tuple(claims["scope"]))

    def _stale(self, token: RefreshToken) -> bool:
        if token.superseded_at is not None:
            return self._age(token.superseded_at) > GRACE_SECONDS
        return self._age(token.issued_at) > REFRESH_SECONDS

    def _age(self, at: float) -> float:
        return self._clock.timestamp() - at

    def _answer(self, consent: Consent, with_id_token: bool = False) -> dict:
        access = self._access_token(
            consent.app, consent.scopes, consent.user, consent.auth_event_id
        )
        answer = {
            "access_token": access,
            "expires_in": ACCESS_SECONDS,
            "token_type": "Bearer",
            "scope": " ".join(consent.scopes),
        }
        if with_id_token and "openid" in consent.scopes:
            answer["id_token"] = self._id_token(consent, access)
        if "offline_access" in consent.scopes:
            answer["refresh_token"] = self._refresh_token(consent)
        return answer

    def _refresh_token(self, consent: Consent) -> str:
        value = secrets.token_urlsafe(32)
        self._known.append(value)
        self._refresh[value] = RefreshToken(consent, self._clock.timestamp())
        return value

    def _access_token(
        self,
        app: App,
        scopes: Sequence[str],
        user: User | None = None,
        auth_event_id: str | None = None,
    ) -> str:
        claims = self._claims(ACCESS_SECONDS) | {
            "aud": AUDIENCE,
            "client_id": app.client_id,
            "jti": secrets.token_hex(16),
            "scope": list(scopes),
        }
        if user is not None:
            claims |= _identity(user) | {"authentication_event_id": auth_event_id}
        return self._sign(claims)

    def _id_token(self, consent: Consent, access: str) -> str:
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = self._claims(ID_SECONDS) | {
            "aud": consent.app.client_id,
            "at_hash": _base64url(half),
            "sid": _session(consent.user),
            "preferred_username": consent.user.email,
            "email": consent.user.email,
            "given_name": consent.user.given_name,
            "family_name": consent.user.family_name,
            "name": consent.user.name,
        }
        return self._sign(claims | _identity(consent.user))

    def _claims(self, seconds: int) -> dict:
        now = int(self._clock.timestamp())
        return {
            "iss": self._issuer,
            "nbf": now,
            "iat": now,
            "auth_time": now,
            "exp": now + seconds,
        }

    def _sign(self, claims: dict) -> str:
        token = jwt.encode(claims, self._key, "RS256", headers={"kid": KEY_ID})
        self._known.append(token)
        return token


@cache
def _signing_key() -> rsa.RSAPrivateKey:
    """One key a process: making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _identity(user: User) -> dict[str, str]:
    return {
        "sub": uuid.UUID(user.user_id).hex,
        "xero_userid": user.user_id,
        "global_session_id": _session(user),
    }


def _session(user: User) -> str:
    return uuid.uuid5(uuid.UUID(user.user_id), "session").hex


def _proves(challenge: str | None, verifier: str) -> bool:
    """Whether a PKCE verifier belongs to the challenge (RFC 7636, S256)."""
    if challenge is None:
        return not verifier
    return secrets.compare_digest(
        challenge, _base64url(hashlib.sha256(verifier.encode()).digest())
    )


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
