"""The Xero app of an instance: its client id and secret."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .clock import Clock
from .instances import Instances
from .model.app import DAY_LIMITS, App
from .model.connection import CONNECTED, DISCONNECTED, Connection
from .ports import AppStore, ConnectionStore, Vault, XeroIdentity
from .problems import Problem
from .webhook_posts import webhook_key_context


def secret_context(instance: str) -> dict[str, str]:
    """What the sealed client secret is bound to."""
    return {"instance": instance, "purpose": "client_secret"}


@dataclass(frozen=True)
class Apps:
    store: AppStore
    instances: Instances
    connections: ConnectionStore
    identity: XeroIdentity
    vault: Vault
    clock: Clock

    def get(self, instance: str) -> App | None:
        return self.store.get(instance)

    def required(self, instance: str) -> App:
        app = self.store.get(instance)
        if not app:
            raise Problem("app_not_set")
        return app

    def day_limit(self, instance: str) -> int:
        """Calls a day for each organisation; the lowest tier's without an app."""
        app = self.store.get(instance)
        return app.day_limit if app else min(DAY_LIMITS.values())

    def secret(self, app: App) -> str:
        return self.vault.open(app.secret, secret_context(app.instance))

    def save(self, instance: str, client_id: str, secret: str, tier: str) -> App:
        """Try the pair at Xero and keep it, unless Xero clearly does not know it."""
        before = self.store.get(instance)
        connected = self._connected(instance)
        if before and connected and before.client_id != client_id:
            raise Problem("app_has_connections")
        verified = self.identity.recognises(client_id, secret)
        if verified is False:
            raise Problem("xero_client_invalid")
        sealed = self.vault.seal(secret, secret_context(instance))
        now = self.clock.now()
        if before and before.client_id == client_id:
            app = replace(
                before,
                secret=sealed,
                secret_set_at=now,
                verified=verified,
                tier=tier,
            )
        else:
            app = App(instance, client_id, sealed, now, verified, tier)
        if not self._keep(app, before):
            raise Problem("xero_app_in_use")
        self._revive(connected)
        return app

    def webhook_key(self, app: App) -> str | None:
        if not app.webhook_key:
            return None
        return self.vault.open(app.webhook_key, webhook_key_context(app.instance))

    def set_webhook_key(self, instance: str, key: str) -> App:
        """Keep what Xero signs with; Xero then has to confirm the address anew."""
        app = self.required(instance)
        sealed = self.vault.seal(key, webhook_key_context(instance))
        now = self.clock.now()
        changed = replace(app, webhook_key=sealed, webhook_key_set_at=now)
        self._keep(changed, app)
        return changed

    def forget_webhook_key(self, instance: str) -> None:
        """From now on nothing is taken at the address."""
        app = self.store.get(instance)
        if app:
            changed = replace(app, webhook_key=None, webhook_key_set_at=None)
            self._keep(changed, app)

    def delete(self, instance: str) -> None:
        if self._connected(instance):
            raise Problem("app_has_connections")
        app = self.store.get(instance)
        if app:
            self.store.delete(app, self.instances.get(instance).hook)

    def _keep(self, app: App, before: App | None) -> bool:
        """False where another instance uses this client id."""
        hook = self.instances.get(app.instance).hook
        return self.store.save(app, before, hook)

    def _connected(self, instance: str) -> list[Connection]:
        return [
            connection
            for connection in self.connections.list(instance)
            if connection.state != DISCONNECTED
        ]

    def _revive(self, connections: list[Connection]) -> None:
        """A right secret mends what a wrong one stopped; the consent still stands."""
        for connection in connections:
            if connection.state_code == "xero_client_invalid":
                self.connections.replace(connection.in_state(CONNECTED))
