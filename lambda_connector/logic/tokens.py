"""Access tokens: refreshed by one holder at a time, stored before they are used.

Xero gives a new refresh token with every refresh and lets the old one be retried for
30 minutes where the answer was lost (developer.xero.com/faq/oauth2). So: a lease on
the versioned token set, a refresh that is shorter than the lease, the new tokens
written over that very version before anybody uses them, and a janitor that retries
what a dead holder left.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from .apps import Apps
from .clock import Clock
from .faults import (
    ClientRefused,
    GrantRefused,
    ReconnectNeeded,
    TokenRejected,
    Unavailable,
    Unreadable,
    XeroFault,
)
from .model.app import App
from .model.connection import CONNECTED, DISCONNECTED, RECONNECT
from .model.token_set import TokenSet
from .observer import Observer
from .ports import ConnectionStore, Grant, TokenSetStore, Vault, XeroIdentity

LEASE = timedelta(seconds=45)
"""Longer than two refresh calls (see `xero.http.SHORT_CALL_SECONDS`)."""
KEEP_ALIVE = timedelta(days=1)
"""Xero forgets a refresh token that is not used for 60 days."""
RETRY = timedelta(minutes=1)
SHORT_PATIENCE = timedelta(seconds=5)
"""For a lease that somebody else holds, while a person waits for an answer."""
_MARGIN = timedelta(minutes=2)
_POLL_SECONDS = 0.5
_MENDED_BY_CONSENT = ("reconnect_needed", "scope_missing", "xero_client_invalid")
"""Why connections were stopped that any new consent of their Xero user sets going
again. The other reasons are about one organisation."""

T = TypeVar("T")


def token_set_id(client_id: str, user: str) -> str:
    """One token set for each (app, Xero user)."""
    return hashlib.sha256(f"{client_id}\n{user}".encode()).hexdigest()[:24]


def _context(instance: str, token_set: str, purpose: str) -> dict[str, str]:
    return {"instance": instance, "token_set": token_set, "purpose": purpose}


@dataclass(frozen=True)
class Tokens:
    store: TokenSetStore
    connections: ConnectionStore
    apps: Apps
    identity: XeroIdentity
    vault: Vault
    clock: Clock
    observer: Observer = field(default_factory=Observer)
    random: Callable[[], float] = secrets.SystemRandom().random
    opened: dict[tuple[str, str], tuple[bytes, str]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Access tokens that this process opened, with the sealed bytes they came from:
    a page of records does not cost a call to KMS."""

    def call(self, instance: str, token_set: str, ask: Callable[[str], T]) -> T:
        """What Xero answers while a person waits. A token that Xero rejects although
        it should still be valid, as where clocks differ, is refreshed once."""
        token = self.access(instance, token_set, patience=SHORT_PATIENCE)
        try:
            return ask(token)
        except TokenRejected:
            fresh = self.access(instance, token_set, token, SHORT_PATIENCE)
            return ask(fresh)

    def access(
        self,
        instance: str,
        token_set: str,
        rejected: str | None = None,
        patience: timedelta = LEASE,
    ) -> str:
        """A valid access token, other than the one that Xero just rejected.

        `patience` is how long another holder's lease is waited for.
        Raises ReconnectNeeded where only a person can help, Unavailable where Xero or
        another holder of the lease did not answer in time.
        """
        give_up = self.clock.now() + patience
        while True:
            held = self.store.get(instance, token_set)
            if not held or held.refused:
                raise ReconnectNeeded("reconnect_needed")
            if held.access_valid_until > self.clock.now() + _MARGIN:
                token = self._opened(held)
                if token != rejected:
                    return token
            if self.clock.now() > give_up:
                raise Unavailable("another holder refreshes")
            fresh = self.refresh(held)
            if fresh:
                return fresh
            self.clock.sleep(_POLL_SECONDS * (1 + self.random()))

    def refresh(self, held: TokenSet) -> str | None:
        """Refresh under a lease; None where another holder has it or was faster."""
        now = self.clock.now()
        if held.leased_until and held.leased_until > now:
            return None
        app = self.apps.get(held.instance)
        if not app:
            raise ReconnectNeeded("reconnect_needed")
        until = now + LEASE
        leased = _next(held, leased_until=until, wake_at=until)
        if not self.store.save(leased):
            return None
        try:
            grant = self._ask(app, leased)
        except GrantRefused:
            return self._refused(leased)
        except ClientRefused as refusal:
            self.observer.refresh_failed("xero_client_invalid")
            self._release(leased, now + KEEP_ALIVE)
            self._stop_connections(leased, "xero_client_invalid")
            raise ReconnectNeeded("xero_client_invalid") from refusal
        except XeroFault as fault:
            self.observer.refresh_failed(type(fault).__name__)
            self._release(leased, now + RETRY)
            raise
        stored = self._sealed(leased, grant, self.clock.now())
        if not self.store.save(stored):
            return None
        self.opened[stored.instance, stored.id] = stored.access, grant.access
        return grant.access

    def keep(self, instance: str, client_id: str, grant: Grant) -> str:
        """Keep what a new consent gave, over whatever this user's set held."""
        name = token_set_id(client_id, grant.user)
        now = self.clock.now()
        while True:
            held = self.store.get(instance, name)
            empty = TokenSet(instance, name, 0, b"", b"", (), now, now, now)
            if self.store.save(self._sealed(held or empty, grant, now)):
                break
        self._resume_connections(instance, name)
        return name

    def get(self, instance: str, token_set: str) -> TokenSet | None:
        return self.store.get(instance, token_set)

    def forget_unused(self, instance: str, token_set: str) -> bool:
        """Drop the tokens that no connection needs; whether they were dropped."""
        held = self.store.get(instance, token_set)
        if not held:
            return False
        for connection in self.connections.list(instance):
            if connection.token_set == token_set and connection.state != DISCONNECTED:
                return False
        self.opened.pop((instance, token_set), None)
        return self.store.delete(held)

    def _ask(self, app: App, leased: TokenSet) -> Grant:
        """An answer that was lost or makes no sense is asked for once more with the
        same token: Xero allows it, and the lease has room for both."""
        secret = self.apps.secret(app)
        token = self._open(leased, "refresh")
        try:
            return self.identity.refresh(app.client_id, secret, token)
        except (Unavailable, Unreadable):
            return self.identity.refresh(app.client_id, secret, token)

    def _refused(self, leased: TokenSet) -> None:
        """Believe a refusal only if nobody has stored newer tokens meanwhile."""
        current = self.store.get(leased.instance, leased.id)
        if not current or current.version != leased.version:
            return None
        self._stop_connections(leased, "reconnect_needed")
        refused = _next(leased, refused=True, leased_until=None, wake_at=None)
        if self.store.save(refused):
            self.observer.refresh_failed("reconnect_needed")
            raise ReconnectNeeded("reconnect_needed")
        # A consent was given at this very moment.
        self._resume_connections(leased.instance, leased.id)
        return None

    def _stop_connections(self, held: TokenSet, code: str) -> None:
        for connection in self.connections.list(held.instance):
            if connection.token_set == held.id and connection.state == CONNECTED:
                if self.connections.replace(connection.in_state(RECONNECT, code)):
                    self.observer.stopped(connection.id, code)

    def _resume_connections(self, instance: str, token_set: str) -> None:
        """One consent gives the user's other organisations their tokens back too."""
        for connection in self.connections.list(instance):
            stopped = connection.state_code in _MENDED_BY_CONSENT
            if connection.token_set == token_set and stopped:
                self.connections.replace(connection.in_state(CONNECTED))

    def _release(self, leased: TokenSet, wake_at: datetime) -> None:
        self.store.save(_next(leased, leased_until=None, wake_at=wake_at))

    def _opened(self, held: TokenSet) -> str:
        key = held.instance, held.id
        sealed, token = self.opened.get(key, (b"", ""))
        if sealed != held.access:
            token = self._open(held, "access")
            self.opened[key] = held.access, token
        return token

    def _open(self, held: TokenSet, purpose: str) -> str:
        sealed = held.access if purpose == "access" else held.refresh
        return self.vault.open(sealed, _context(held.instance, held.id, purpose))

    def _sealed(self, held: TokenSet, grant: Grant, now: datetime) -> TokenSet:
        def seal(secret: str, purpose: str) -> bytes:
            context = _context(held.instance, held.id, purpose)
            return self.vault.seal(secret, context)

        return _next(
            held,
            access=seal(grant.access, "access"),
            refresh=seal(grant.refresh, "refresh"),
            scopes=grant.scopes or held.scopes,
            access_valid_until=now + timedelta(seconds=grant.lifetime),
            refreshed_at=now,
            wake_at=now + KEEP_ALIVE,
            leased_until=None,
            refused=False,
        )


def _next(held: TokenSet, **changes: object) -> TokenSet:
    return replace(held, version=held.version + 1, **changes)  # type: ignore[arg-type]
