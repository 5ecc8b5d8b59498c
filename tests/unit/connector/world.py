"""A connector in memory, connected and ready, and ways to drive it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lambda_connector.handlers.services import Ports, Services, services
from lambda_connector.logic.model.authorization import Authorization
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.feed import PART, SYNC_FINISHED, FeedEntry
from lambda_connector.logic.model.sync import Sync
from lambda_connector.logic.ports import Tenant
from lambda_connector.logic.sync_worker import Outcome
from lambda_connector.settings import Settings

from .fake_xero import FakeXero
from .memory import (
    FakeOdoo,
    FakeProbe,
    MemoryApps,
    MemoryAuthorizations,
    MemoryConnections,
    MemoryDirty,
    MemoryFeeds,
    MemoryHooks,
    MemoryInstances,
    MemoryProbes,
    MemoryQueue,
    MemorySpool,
    MemorySyncs,
    MemoryTokenSets,
    MemoryVault,
    MemoryWrites,
    MovableClock,
)

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SETTINGS = Settings(
    "table", "bucket", "queue", "key", "posts", public_url="https://c.example"
)
KAURI = Tenant("xero-row-1", "tenant-1", "Kauri Trading")
TUI = Tenant("xero-row-2", "tenant-2", "Tui Foods")
CONSUMER = "0a1b2c3d-0000-4000-8000-000000000001"


def memory_ports(clock: MovableClock, xero: FakeXero, settings: Settings) -> Ports:
    authorizations, feeds = MemoryAuthorizations(), MemoryFeeds()
    apps, dirty = MemoryApps(), MemoryDirty(clock)
    return Ports(
        instances=MemoryInstances(),
        apps=apps,
        authorizations=authorizations,
        token_sets=MemoryTokenSets(),
        connections=MemoryConnections(authorizations, feeds),
        syncs=MemorySyncs(feeds, dirty, timedelta(days=settings.feed_retention_days)),
        dirty=dirty,
        feeds=feeds,
        writes=MemoryWrites(),
        hooks=MemoryHooks(apps),
        spool=MemorySpool(),
        queue=MemoryQueue(),
        vault=MemoryVault(),
        identity=xero,
        api=xero,
        probe=FakeProbe(),
        odoo=FakeOdoo(),
        probes=MemoryProbes(),
        clock=clock,
    )


@dataclass
class World:
    """One connector. `ports` may be in memory or on AWS; Xero is a fake."""

    settings: Settings
    ports: Ports
    clock: MovableClock
    xero: FakeXero
    services: Services
    instance: str = ""
    key: str = ""

    @classmethod
    def in_memory(cls, **changes: Any) -> World:
        settings = replace(SETTINGS, **changes)
        clock = MovableClock(START)
        xero = FakeXero(clock)
        return cls.on(settings, memory_ports(clock, xero, settings), clock, xero)

    @classmethod
    def on(
        cls, settings: Settings, ports: Ports, clock: MovableClock, xero: FakeXero
    ) -> World:
        xero.tenants_of_consent = [KAURI]
        world = cls(settings, ports, clock, xero, services(settings, ports))
        made, world.key = world.services.instances.create("CRM", "https://crm.example")
        world.instance = made.id
        return world

    def through(self, ports: Ports) -> Services:
        """The same connector, its ports wrapped."""
        return services(self.settings, ports)

    @property
    def queue(self) -> list:
        return self.ports.queue.messages

    def set_app(self) -> None:
        self.services.apps.save(self.instance, *self.xero.client, tier="starter")

    def begin(self, connection: str | None = None) -> str:
        """Begin a consent and let the person allow it; what it is completed by."""
        _made, url = self.services.authorizations.begin(
            self.instance, "ref", ("contacts",), connection, "https://c.example/cb"
        )
        _held, handle = self.services.authorizations.returned(
            self.state(url), "good-code", None
        )
        return handle

    def consent(self, handle: str) -> Authorization | None:
        """The consent that is completed by this."""
        return self.ports.authorizations.get(self.instance, handle.partition("-")[0])

    @staticmethod
    def state(url: str) -> str:
        return url.partition("state=")[2]

    def connect(self) -> Connection:
        self.set_app()
        connected = self.services.authorizations.complete(
            self.instance, self.begin(), None
        )
        assert isinstance(connected, Connection)
        return connected

    def reconnect(self, held: Connection) -> Connection:
        consent = self.begin(held.id)
        return self.services.authorizations.complete(self.instance, consent, None)

    def start(
        self,
        connection: Connection,
        mode: str = "incremental",
        resources: Sequence[str] = ("organisation", "contacts"),
        features: Sequence[str] = (),
    ) -> Sync:
        """A sync of the features where some are given, else of the resources."""
        wanted = {"features": features} if features else {"resources": resources}
        start = self.services.syncs.start
        return start(self.instance, connection.id, mode, **wanted)[0]

    def sync(self, held: Sync) -> Sync:
        return self.services.syncs.get(self.instance, held.id)

    def deliver(self) -> Outcome:
        """Work on the oldest message."""
        return self.services.worker.work(self.queue.pop(0), lambda: 900.0)

    def deliver_all(self) -> list[Outcome]:
        outcomes = []
        while self.queue:
            outcomes.append(self.deliver())
        return outcomes

    def run(self, connection: Connection, *wanted: Any, **named: Any) -> Sync:
        """A whole sync without trouble, started as `start` does."""
        held = self.start(connection, *wanted, **named)
        self.deliver_all()
        return self.sync(held)

    def janitor(self) -> dict[str, int]:
        def report(kind: str, error: Exception) -> None:
            raise error

        return dict(self.services.janitor.run(report))

    def entries(self, connection: Connection) -> list[FeedEntry]:
        return self.ports.feeds.entries(self.instance, connection.id, 0, 10_000)

    def parts(self, connection: Connection, resource: str) -> list[FeedEntry]:
        return [
            entry
            for entry in self.entries(connection)
            if entry.kind == PART and entry.resource == resource
        ]

    def endings(self, connection: Connection) -> list[FeedEntry]:
        return [one for one in self.entries(connection) if one.kind == SYNC_FINISHED]

    def log_codes(self, held: Sync) -> list[str]:
        log = self.services.syncs.log(self.instance, held.id, 0)
        return [entry.code for entry in log]
