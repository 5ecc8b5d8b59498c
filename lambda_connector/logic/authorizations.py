"""Connecting: from the wish in Odoo to a connected organisation.

Odoo asks for an authorization; the browser goes to Xero and comes back to
`returned`; Odoo, having seen that it is the same person's session, calls `complete`.
Only then is the code exchanged, so a stolen redirect connects nothing.

The browser that comes back is given a proof of it. Without it, who began could let
somebody else log in, by a link that is passed on, and complete it alone.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from .apps import Apps
from .clock import Clock
from .faults import (
    ClientRefused,
    GrantRefused,
    OrganisationGone,
    ReconnectNeeded,
    Refused,
    TokenRejected,
    XeroFault,
)
from .joining import Joining
from .model.app import App
from .model.authorization import (
    CONSENT_TIME,
    EXCHANGED,
    PENDING,
    REFUSED,
    RETURNED,
    USED,
    Authorization,
)
from .model.connection import Connection
from .organisations import Choice
from .ports import (
    AuthorizationStore,
    ConnectionStore,
    Consent,
    Grant,
    Vault,
    XeroIdentity,
)
from .problems import Problem
from .resources import OFFLINE_ACCESS, missing_scopes, scopes_for
from .tokens import Tokens

CODE_TIME = timedelta(minutes=5)
"""Xero's codes live that long (Xero's OAuth 2.0 pages)."""
_MAX_CODE = 2048
_STATE = re.compile(r"([0-9a-f]{12})\.([0-9a-f]{16})\.([0-9A-Za-z_-]{43})")
_REFUSALS = {
    "access_denied": "consent_denied",
    "invalid_scope": "scope_missing",
    "unauthorized_client": "xero_client_invalid",
}


class StateInvalid(Exception):
    """The browser came back with a state that is unknown, used or expired."""


@dataclass(frozen=True)
class Authorizations:
    store: AuthorizationStore
    connections: ConnectionStore
    apps: Apps
    tokens: Tokens
    joining: Joining
    identity: XeroIdentity
    vault: Vault
    clock: Clock
    pkce: bool

    def begin(
        self,
        instance: str,
        reference: str,
        features: tuple[str, ...],
        connection: str | None,
        redirect_uri: str,
    ) -> tuple[Authorization, str]:
        """A new authorization and the address to send the browser to."""
        app = self.apps.required(instance)
        if connection and not self.connections.get(instance, connection):
            raise Problem("not_found")
        now, name = self.clock.now(), secrets.token_hex(8)
        state = f"{instance}.{name}.{secrets.token_urlsafe(32)}"
        verifier = secrets.token_urlsafe(48) if self.pkce else None
        made = Authorization(
            instance=instance,
            id=name,
            version=1,
            status=PENDING,
            state_digest=_digest(state),
            reference=reference,
            scopes=scopes_for(features),
            redirect_uri=redirect_uri,
            created_at=now,
            valid_until=now + CONSENT_TIME,
            connection=connection,
            verifier=self._seal(instance, name, "verifier", verifier),
        )
        self.store.create(made)
        asked = Consent(app.client_id, redirect_uri, made.scopes, state, verifier)
        return made, self.identity.authorize_url(asked)

    def returned(
        self, state: str, code: str | None, error: str | None
    ) -> tuple[Authorization, str]:
        """The browser is back from Xero: the consent, and what it is completed by.
        The state is good for once."""
        matched = _STATE.fullmatch(state)
        held = matched and self.store.get(matched[1], matched[2])
        if not held or not hmac.compare_digest(held.state_digest, _digest(state)):
            raise StateInvalid
        now = self.clock.now()
        if held.status != PENDING or now >= held.valid_until:
            raise StateInvalid
        if len(code or "") > _MAX_CODE:
            code, error = None, "code too long"
        proof = secrets.token_hex(16)
        changed = replace(
            held,
            version=held.version + 1,
            status=RETURNED if code else REFUSED,
            code=self._seal(held.instance, held.id, "code", code),
            proof_digest=_digest(proof),
            refusal=None if code else (error or "unknown")[:40],
            valid_until=now + CODE_TIME,
        )
        if not self.store.replace(changed):
            raise StateInvalid
        return changed, f"{held.id}-{proof}"

    def complete(
        self, instance: str, authorization: str, organisation: str | None
    ) -> Connection | Choice:
        """Connect the organisation of this consent.

        Asked again after a lost answer, it gives the same connection again.

        :param authorization: as the browser that came back was given it: id and proof
        """
        name, _, proof = authorization.partition("-")
        held = self.store.get(instance, name)
        if not held:
            raise Problem("not_found")
        if held.status in (RETURNED, EXCHANGED, USED) and not _is_proof(held, proof):
            raise Problem("not_found" if proof else "authorization_pending")
        if held.status == USED:
            return self.joining.joined(held, organisation)
        if self.clock.now() >= held.valid_until:
            raise Problem("authorization_expired")
        if held.status == PENDING:
            raise Problem("authorization_pending")
        if held.status == REFUSED:
            raise _refusal(held)
        app = self.apps.required(instance)
        try:
            if held.status == RETURNED:
                held = self._exchange(app, held)
            return self.joining.join(held, organisation)
        except XeroFault as fault:
            raise _problem(fault) from fault

    def forget(self, held: Authorization) -> None:
        """Drop the secrets of a consent whose time has passed."""
        self.store.replace(
            replace(held, version=held.version + 1, code=None, verifier=None)
        )

    def _exchange(self, app: App, held: Authorization) -> Authorization:
        grant = self._grant(app, held)
        missing = missing_scopes(held.scopes, (OFFLINE_ACCESS, *grant.scopes))
        if missing:
            raise self._scopes_refused(held, missing)
        kept = self.tokens.keep(held.instance, app.client_id, grant)
        changed = replace(
            held,
            version=held.version + 1,
            status=EXCHANGED,
            code=None,
            verifier=None,
            token_set=kept,
            consent_event=grant.event,
            valid_until=self.clock.now() + CONSENT_TIME,
        )
        if not self.store.replace(changed):
            raise Problem("authorization_used")
        return changed

    def _scopes_refused(self, held: Authorization, missing: tuple[str, ...]) -> Problem:
        """The code is spent: whoever asks again is told the same."""
        refused = replace(
            held,
            version=held.version + 1,
            status=REFUSED,
            refusal="invalid_scope",
            missing=missing,
            code=None,
            verifier=None,
        )
        self.store.replace(refused)
        return _refusal(refused)

    def _grant(self, app: App, held: Authorization) -> Grant:
        code = self._open(held, "code", held.code)
        if not code:
            raise Problem("authorization_expired")
        verifier = self._open(held, "verifier", held.verifier)
        secret = self.apps.secret(app)
        try:
            grant = self.identity.exchange(
                app.client_id, secret, code, held.redirect_uri, verifier
            )
        except Refused as fault:
            raise GrantRefused(str(fault)) from fault
        # An answer that names no scopes grants what was asked for (RFC 6749, 5.1).
        return replace(grant, scopes=grant.scopes or held.scopes)

    def _seal(
        self, instance: str, name: str, purpose: str, secret: str | None
    ) -> bytes | None:
        return secret and self.vault.seal(secret, _context(instance, name, purpose))

    def _open(
        self, held: Authorization, purpose: str, sealed: bytes | None
    ) -> str | None:
        context = _context(held.instance, held.id, purpose)
        return self.vault.open(sealed, context) if sealed else None


def _context(instance: str, authorization: str, purpose: str) -> dict[str, str]:
    return {
        "instance": instance,
        "authorization": authorization,
        "purpose": purpose,
    }


def _refusal(held: Authorization) -> Problem:
    code = _REFUSALS.get(held.refusal or "", "code_refused")
    if code == "scope_missing":
        return Problem(code, missing=list(held.missing or held.scopes))
    return Problem(code)


def _problem(fault: XeroFault) -> Problem:
    """What a fault of Xero's means to the person who is connecting."""
    match fault:
        case ClientRefused() | ReconnectNeeded(code="xero_client_invalid"):
            return Problem("xero_client_invalid")
        case GrantRefused() | ReconnectNeeded() | TokenRejected():
            return Problem("code_refused")
        case OrganisationGone():
            return Problem("organisation_none")
    return Problem("xero_unavailable")


def _is_proof(held: Authorization, proof: str) -> bool:
    return hmac.compare_digest(held.proof_digest or "", _digest(proof))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
