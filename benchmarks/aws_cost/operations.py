"""What the connector does in its days, each thing done by the functions as they are
deployed, on moto and against Xero's simulator."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from benchmarks.aws_cost.meter import Meter, Used
from infra.xero_simulator.mutations import carry_out
from lambda_connector.logic.resources import FEATURES, READ_FEATURES
from lambda_connector.logic.webhook_posts import signature_of
from tests.integration.connector.deployed import (
    Deployed,
    deployed_for,
    fresh,
    simulated_xero,
)
from tests.unit.connector.http_events import Context
from tests.unit.connector.world import CONSUMER

KEY = "webhook-key"
POSTS, EVENTS = 10, 50
WINDOW = timedelta(seconds=5)


class _Metered:
    """A handler's module; what its handler uses and writes is metered."""

    def __init__(self, name: str, meter: Meter) -> None:
        self._name, self._module, self._meter = name, fresh(name), meter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def handler(self, event: Any, context: Any) -> Any:
        with self._meter.invocation(self._name):
            lines = self._module.logger.registered_handler
            before = lines.setStream(sys.stdout)
            try:
                answer = self._module.handler(event, context)
            finally:
                lines.setStream(before)
        if self._name == "api":
            self._meter.used.sent_bytes += len(json.dumps(answer))
        return answer


class Measured:
    """One Odoo with one connection to an organisation of so many contacts."""

    def __init__(self, on: Deployed, meter: Meter) -> None:
        self.on, self.meter = on, meter
        names = (*on.handlers, "webhook", "webhook_batch")
        on.handlers = {name: _Metered(name, meter) for name in names}
        on.begin()
        self.connection = on.connect(*FEATURES)
        self.position, self.stamp = 0, ""
        hook = on("PUT", "/v1/app/webhooks", {"key": KEY}).json["webhooks"]["address"]
        self.hook = hook.rpartition("/")[2]
        self.feed = f"/v1/connections/{self.connection['id']}/feed"
        self.poll()

    def used(self, act: Callable[[], Any]) -> Used:
        """What the act uses."""
        self.meter.taken()
        act()
        return self.meter.taken()

    def poll(self) -> list[dict[str, Any]]:
        """Odoo asks what waits."""
        where = {"epoch": self.connection["feed"]["epoch"], "consumer": CONSUMER}
        position = {"after": self.position, "stamp": self.stamp}
        return self.on("GET", self.feed, **where, **position).json["entries"]

    def status(self) -> None:
        """Odoo asks for the connection's state."""
        self.on("GET", f"/v1/connections/{self.connection['id']}")

    def sync(self, mode: str = "incremental") -> None:
        """From Odoo's wish to its last acknowledgement."""
        path = f"/v1/connections/{self.connection['id']}/syncs"
        started = self.on("POST", path, {"features": READ_FEATURES, "mode": mode}).json
        self.on.work_all()
        self._fetch()
        self.on("GET", f"/v1/syncs/{started['id']}")
        self.status()

    def webhooks(self) -> None:
        """Posts of Xero's, gathered to one sync."""
        for _ in range(POSTS):
            self._post()
        self._deliver()
        self.on.work_all()
        self._fetch()

    def write(self) -> None:
        """A contact made in Xero from Odoo."""
        contact = {"Name": "Rata Cafe", "ContactNumber": "ODOO-0a1b2c3d-1"}
        answer = self.on(
            "POST",
            f"/v1/connections/{self.connection['id']}/contacts",
            {"contact": contact},
            headers={"idempotency-key": "write-00000001"},
        )
        assert answer.status == 201, answer.body

    def round(self) -> None:
        """The janitor's, with nothing to do."""
        self.on.janitor()

    def change(self) -> None:
        """Somebody changes a contact in Xero."""
        xero = self.on.xero
        known = next(iter(xero.contact_ids()))
        body = {"action": "update", "contact": {"ContactID": known, "Name": "New"}}
        carry_out(xero.first, xero.simulator.clock, "contacts", body)

    def _fetch(self) -> None:
        """What waits, one entry after the other, as Odoo's worker does."""
        where = {"epoch": self.connection["feed"]["epoch"], "consumer": CONSUMER}
        while entries := self.poll():
            for entry in entries:
                if entry["kind"] == "part":
                    self.on("GET", f"{self.feed}/parts/{entry['n']}", **where)
                self.position, self.stamp = entry["n"], entry["stamp"]
                reached = {"n": self.position, "stamp": self.stamp}
                self.on("POST", f"{self.feed}/acknowledgement", {**where, **reached})

    def _post(self) -> None:
        event = {
            "resourceId": "0a1b2c3d-0000-4000-8000-00000000000a",
            "eventDateUtc": "2026-11-02T09:30:00.000",
            "eventType": "UPDATE",
            "eventCategory": "CONTACT",
            "tenantId": self.on.xero.first.tenant_id,
            "tenantType": "ORGANISATION",
        }
        said = {"events": [event] * EVENTS, "lastEventSequence": EVENTS}
        body = json.dumps(said | {"firstEventSequence": 1, "entropy": "ABCD"})
        sent = {
            "pathParameters": {"hook": self.hook},
            "headers": {"x-xero-signature": signature_of(KEY, body.encode())},
            "body": body,
            "isBase64Encoded": False,
        }
        answer = self.on.handlers["webhook"].handler(sent, Context())
        assert answer["statusCode"] == 200

    def _deliver(self) -> None:
        url, sqs = self.on.settings.webhook_queue_url, self.on.sqs
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        records = [
            {"messageId": one["MessageId"], "body": _gathered(one["Body"])}
            for one in received
        ]
        answer = self.on.handlers["webhook_batch"].handler(
            {"Records": records}, Context()
        )
        assert answer == {"batchItemFailures": []}
        entries = [
            {"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]}
            for n, one in enumerate(received)
        ]
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)


def _gathered(body: str) -> str:
    """The message when the window in which posts are gathered has passed."""
    said = json.loads(body)
    came = datetime.fromisoformat(said["received_at"]) - WINDOW
    return json.dumps(said | {"received_at": came.isoformat()})


@contextmanager
def measured(contacts: int) -> Iterator[Measured]:
    """A connector with one connection, nothing read yet."""
    with simulated_xero(contacts) as xero, deployed_for(xero, nudge_odoo=False) as on:
        with Meter().running() as meter:
            yield Measured(on, meter)


def every_operation(contacts: int) -> dict[str, Used]:
    """All of them, in an order in which each can be."""
    with measured(contacts) as one:
        found = {
            "first sync": one.used(lambda: one.sync("full")),
            "poll": one.used(one.poll),
            "status": one.used(one.status),
            "sync, nothing changed": one.used(one.sync),
        }
        one.change()
        found["webhooks"] = one.used(one.webhooks)
        found["write"] = one.used(one.write)
        found["janitor's round"] = one.used(one.round)
        return found
