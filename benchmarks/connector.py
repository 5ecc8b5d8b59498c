"""The connector's own services, connected to a simulator and driven message by
message, as the queue would."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from benchmarks.rounds import BenchmarkFailed
from benchmarks.simulator import CLIENT, REDIRECT, SECRET, Simulator
from lambda_connector.handlers.services import Ports, Services, services
from lambda_connector.logic.clock import SystemClock
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.sync import DONE, Sync
from lambda_connector.logic.sync_worker import Outcome
from lambda_connector.settings import Settings
from lambda_connector.xero.accounting import HttpXeroApi
from lambda_connector.xero.identity import HttpXeroIdentity
from tests.unit.connector.memory import MemoryQueue
from tests.unit.connector.world import memory_ports

CALL_SECONDS = 60.0
_TIME_LEFT = 900.0
IN_MEMORY = Settings("table", "bucket", "queue", "key", "webhooks")


def in_memory() -> Ports:
    """Everything but Xero in this process's memory."""
    return memory_ports(SystemClock(), None, IN_MEMORY)


@dataclass
class Connector:
    """A connector with one connection, to the simulator's first organisation."""

    services: Services
    queue: MemoryQueue
    connection: Connection

    @classmethod
    def connect(
        cls,
        simulator: Simulator,
        feature: str,
        ports: Ports,
        settings: Settings = IN_MEMORY,
    ) -> Connector:
        """Set the app, walk through the consent, complete it.

        :param feature: what is to be synced, a key of `FEATURES`
        """
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        address, queue = simulator.address, MemoryQueue()
        made = services(
            settings,
            replace(
                ports,
                queue=queue,
                identity=HttpXeroIdentity(address, address, CALL_SECONDS),
                api=HttpXeroApi(address, CALL_SECONDS),
            ),
        )
        instance, _ = made.instances.create("Bench", "https://odoo.example")
        made.apps.save(instance.id, CLIENT, SECRET, "starter")
        _consent, url = made.authorizations.begin(
            instance.id, "bench", (feature,), None, REDIRECT
        )
        back = simulator.allow(url)
        _, handle = made.authorizations.returned(back["state"], back["code"], None)
        connected = made.authorizations.complete(
            instance.id, handle, simulator.organisation["id"]
        )
        if not isinstance(connected, Connection):
            raise BenchmarkFailed("the consent connects no single organisation")
        return cls(made, queue, connected)

    def sync(self, mode: str, **wish: tuple[str, ...]) -> Sync:
        """A whole sync of `features` or `resources`, to its end.

        :raises BenchmarkFailed: it ended otherwise than done
        """
        held, connection = self.connection, self.connection.id
        started, _ = self.services.syncs.start(held.instance, connection, mode, **wish)
        while self.queue.messages:
            self.deliver()
        ended = self.services.syncs.get(held.instance, started.id)
        if ended.state != DONE:
            raise BenchmarkFailed(f"the sync ended {ended.state}, {ended.code}")
        return ended

    def read(self, mode: str, **wish: tuple[str, ...]) -> int:
        """The records that such a sync read."""
        return sum(step.records for step in self.sync(mode, **wish).steps)

    def deliver(self) -> Outcome:
        """Work on the oldest message."""
        return self.services.worker.work(self.queue.messages.pop(0), lambda: _TIME_LEFT)
