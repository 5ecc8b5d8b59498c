"""Who may connect what: apps, users, and the connections between them."""

import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.store import Tenant


@dataclass(frozen=True)
class App:
    """An app as registered with Xero; without a secret it is a native (PKCE) app."""

    client_id: str
    client_secret: str | None
    redirect_uris: tuple[str, ...]
    name: str = "Odoo CRM"

    def __post_init__(self) -> None:
        for uri in self.redirect_uris:
            address = urlsplit(uri)
            if (address.scheme, address.hostname) != ("http", "localhost") and (
                address.scheme != "https" or not address.hostname
            ):
                raise ValueError(
                    "Xero accepts redirect addresses with https, and with http "
                    f"those at http://localhost, not {uri}"
                )


@dataclass
class User:
    """A Xero user, with the tenants that this person may connect."""

    user_id: str
    given_name: str
    family_name: str
    email: str
    role: str
    tenant_ids: set[str]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass
class Connection:
    """A row of `GET /connections`: one user's consent for one tenant."""

    app: App
    user: User
    tenant: Tenant
    auth_event_id: str
    created: datetime
    updated: datetime
    connection_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class Registry:
    """The apps, users and live connections."""

    def __init__(
        self, clock: Clock, apps: Iterable[App], users: Iterable[User]
    ) -> None:
        self.apps = {app.client_id: app for app in apps}
        self.users = {user.user_id: user for user in users}
        self._clock = clock
        self._lock = threading.RLock()
        self._live: dict[tuple[str, str, str], Connection] = {}
        self._first_connected: dict[tuple[str, str, str], datetime] = {}
        self._granted: dict[tuple[str, str], set[str]] = {}

    def connect(
        self, app: App, user: User, tenants: Iterable[Tenant], auth_event_id: str
    ) -> None:
        """Connect the tenants by one consent; one that is connected is renewed.

        The time of the very first consent stays, also over a disconnect: that is
        how created and updated come to differ at Xero.
        """
        now = self._clock.now()
        with self._lock:
            for tenant in tenants:
                key = (app.client_id, user.user_id, tenant.tenant_id)
                first = self._first_connected.setdefault(key, now)
                row = self._live.get(key)
                if row is None:
                    row = Connection(app, user, tenant, auth_event_id, first, now)
                    self._live[key] = row
                row.auth_event_id, row.updated = auth_event_id, now

    def connections(self, app: App, user: User | None = None) -> list[Connection]:
        """The app's connections, of one user or of all."""
        with self._lock:
            return [
                row
                for row in self._live.values()
                if row.app is app and (user is None or row.user is user)
            ]

    def is_connected(self, app: App, user: User, tenant: Tenant) -> bool:
        return (app.client_id, user.user_id, tenant.tenant_id) in self._live

    def reaches(self, client_id: str, tenant: Tenant) -> bool:
        """Whether some user connected the tenant to this app."""
        with self._lock:
            return any(
                row.app.client_id == client_id and row.tenant is tenant
                for row in self._live.values()
            )

    def every(self) -> list[Connection]:
        """All live connections, of every app."""
        with self._lock:
            return list(self._live.values())

    def disconnect(self, connection: Connection) -> None:
        with self._lock:
            key = (
                connection.app.client_id,
                connection.user.user_id,
                connection.tenant.tenant_id,
            )
            self._live.pop(key, None)

    def disconnect_tenant(self, tenant: Tenant, user: User | None = None) -> int:
        """End every app's connections to a tenant, of one user or all; how many."""
        with self._lock:
            rows = [
                row
                for row in self._live.values()
                if row.tenant is tenant and (user is None or row.user is user)
            ]
            for row in rows:
                self.disconnect(row)
            return len(rows)

    def grant(self, app: App, user: User, scopes: Iterable[str]) -> tuple[str, ...]:
        """Add scopes to what the user granted before; everything granted now.

        Xero's scopes add up over consents and are narrowed by revoking alone.
        """
        with self._lock:
            granted = self._granted.setdefault((app.client_id, user.user_id), set())
            granted.update(scopes)
            return tuple(sorted(granted))

    def forget_user(self, app: App, user: User) -> None:
        """What revoking a token does: all of the user's connections to the app."""
        with self._lock:
            self._granted.pop((app.client_id, user.user_id), None)
            for row in self.connections(app, user):
                self.disconnect(row)
