"""Connecting: from the wish in Odoo to a connected organisation.

Odoo asks for an authorization; the browser goes to Xero and comes back to
`returned`; Odoo, having seen that it is the same person's session, calls `complete`.
Only then is the code exchanged, so a stolen redirect connects nothing.
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
from .faults import ClientRefused, GrantRefused, ReconnectNeeded, XeroFault
from .model.app import App
from .model.authorization import Authorization
from .model.connection import CONNECTED, DISCONNECTED, Connection
from .ports import (
    AuthorizationStore,
    ConnectionStore,
    Consent,
    Grant,
    Tenant,
    Vault,
    XeroApi,
    XeroIdentity,
)
from .problems import Problem
from .resources import missing_scopes, scopes_for
from .tokens import SHORT_PATIENCE, Tokens

PENDING, RETURNED, REFUSED = "pending", "returned", "refused"
EXCHANGED, USED = "exchanged", "used"

CONSENT_TIME = timedelta(minutes=30)
"""To log in at Xero, with a second factor and a password to look for."""
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
class Choice:
    """One consent covered several organisations: a person has to choose."""

    organisations: tuple[Tenant, ...]


@dataclass(frozen=True)
class Authorizations:
    store: AuthorizationStore
    connections: ConnectionStore
    apps: Apps
    tokens: Tokens
    identity: XeroIdentity
    api: XeroApi
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
    ) -> Authorization:
        """The browser is back from Xero. The state is good for once."""
        matched = _STATE.fullmatch(state)
        held = matched and self.store.get(matched[1], matched[2])
        if not held or not hmac.compare_digest(held.state_digest, _digest(state)):
            raise StateInvalid
        now = self.clock.now()
        if held.status != PENDING or now >= held.valid_until:
            raise StateInvalid
        if len(code or "") > _MAX_CODE:
            code, error = None, "code too long"
        changed = replace(
            held,
            version=held.version + 1,
            status=RETURNED if code else REFUSED,
            code=self._seal(held.instance, held.id, "code", code),
            refusal=None if code else (error or "unknown")[:40],
            valid_until=now + CODE_TIME,
        )
        if not self.store.replace(changed):
            raise StateInvalid
        return changed

    def complete(
        self, instance: str, authorization: str, organisation: str | None
    ) -> Connection | Choice:
        """Connect the organisation of this consent.

        Asked again after a lost answer, it gives the same connection again.
        """
        held = self.store.get(instance, authorization)
        if not held:
            raise Problem("not_found")
        if held.status == USED:
            return self._used(held, organisation)
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
            return self._connect(held, organisation)
        except ReconnectNeeded as fault:
            raise Problem("code_refused") from fault
        except XeroFault as fault:
            raise Problem("xero_unavailable") from fault

    def forget(self, held: Authorization) -> None:
        """Drop the secrets of a consent whose time has passed."""
        self.store.replace(
            replace(held, version=held.version + 1, code=None, verifier=None)
        )

    def _used(self, held: Authorization, organisation: str | None) -> Connection:
        made = self.connections.get(held.instance, held.connection or "")
        same = made and organisation in (None, made.organisation)
        if not made or not same or made.state == DISCONNECTED:
            raise Problem("authorization_used")
        return made

    def _exchange(self, app: App, held: Authorization) -> Authorization:
        grant = self._grant(app, held)
        missing = missing_scopes(held.scopes, grant.scopes)
        if missing:
            raise Problem("scope_missing", missing=list(missing))
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

    def _grant(self, app: App, held: Authorization) -> Grant:
        code = self._open(held, "code", held.code)
        if not code:
            raise Problem("authorization_expired")
        verifier = self._open(held, "verifier", held.verifier)
        secret = self.apps.secret(app)
        try:
            return self.identity.exchange(
                app.client_id, secret, code, held.redirect_uri, verifier
            )
        except ClientRefused as fault:
            raise Problem("xero_client_invalid") from fault
        except GrantRefused as fault:
            raise Problem("code_refused") from fault

    def _connect(
        self, held: Authorization, organisation: str | None
    ) -> Connection | Choice:
        tenants = self._tenants(held)
        former = held.connection and self.connections.get(
            held.instance, held.connection
        )
        if former:
            return self._join(held, _same(former, tenants, organisation), former)
        chosen = _chosen(tenants, organisation)
        return chosen if isinstance(chosen, Choice) else self._join(held, chosen, None)

    def _tenants(self, held: Authorization) -> _Tenants:
        """The organisations of this very consent. Where Xero names none for it,
        all that the user connected are offered, and a person has to choose."""
        token = self.tokens.access(
            held.instance, held.token_set or "", patience=SHORT_PATIENCE
        )
        of_consent = self.api.tenants(token, held.consent_event)
        if of_consent and held.consent_event:
            return _Tenants(tuple(of_consent), certain=True)
        return _Tenants(tuple(self.api.tenants(token, None)), certain=False)

    def _join(
        self, held: Authorization, tenant: Tenant, former: Connection | None
    ) -> Connection:
        now = self.clock.now()
        made = Connection(
            instance=held.instance,
            id=former.id if former else secrets.token_hex(8),
            version=former.version + 1 if former else 1,
            organisation=tenant.organisation,
            organisation_name=tenant.name,
            xero_id=tenant.xero_id,
            token_set=held.token_set or "",
            state=CONNECTED,
            connected_at=now,
        )
        used = replace(
            held,
            version=held.version + 1,
            status=USED,
            connection=made.id,
            valid_until=now + CONSENT_TIME,
        )
        if self.connections.connect(made, used, secrets.token_hex(4)):
            if former and former.token_set != made.token_set:
                self.tokens.forget_unused(made.instance, former.token_set)
            return made
        holder = self.connections.holder(held.instance, tenant.organisation)
        if holder not in (None, made.id):
            raise Problem("organisation_taken", connection=holder)
        raise Problem("authorization_used")

    def _seal(
        self, instance: str, name: str, purpose: str, secret: str | None
    ) -> bytes | None:
        return secret and self.vault.seal(secret, _context(instance, name, purpose))

    def _open(
        self, held: Authorization, purpose: str, sealed: bytes | None
    ) -> str | None:
        context = _context(held.instance, held.id, purpose)
        return self.vault.open(sealed, context) if sealed else None


@dataclass(frozen=True)
class _Tenants:
    all: tuple[Tenant, ...]
    certain: bool
    """They are known to be those of this consent."""


def _context(instance: str, authorization: str, purpose: str) -> dict[str, str]:
    return {
        "instance": instance,
        "authorization": authorization,
        "purpose": purpose,
    }


def _same(former: Connection, tenants: _Tenants, organisation: str | None) -> Tenant:
    """The organisation that this connection had; no other one takes its place."""
    for tenant in tenants.all:
        if tenant.organisation == former.organisation:
            if organisation in (None, tenant.organisation):
                return tenant
    if not tenants.all:
        raise Problem("organisation_none")
    got = next(
        (tenant for tenant in tenants.all if tenant.organisation == organisation),
        tenants.all[0],
    )
    raise Problem(
        "organisation_different", expected=former.organisation_name, got=got.name
    )


def _chosen(tenants: _Tenants, organisation: str | None) -> Tenant | Choice:
    if not tenants.all:
        raise Problem("organisation_none")
    if organisation is None:
        alone = tenants.certain and len(tenants.all) == 1
        return tenants.all[0] if alone else Choice(tenants.all)
    for tenant in tenants.all:
        if tenant.organisation == organisation:
            return tenant
    raise Problem("not_found")


def _refusal(held: Authorization) -> Problem:
    code = _REFUSALS.get(held.refusal or "", "code_refused")
    if code == "scope_missing":
        return Problem(code, missing=list(held.scopes))
    return Problem(code)


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
