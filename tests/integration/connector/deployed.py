"""The deployed connector without AWS: its handlers on moto's queue, table and bucket,
against a Xero simulator that answers over HTTP."""

from __future__ import annotations

import gzip
import importlib
import itertools
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import boto3
import requests

from infra.local import aws
from infra.xero_simulator import demo
from infra.xero_simulator.app import Application as SimulatorApplication
from infra.xero_simulator.faults import Fault
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.limits import Rules
from infra.xero_simulator.oauth.registry import App
from infra.xero_simulator.server import Server
from infra.xero_simulator.simulator import Simulator
from infra.xero_simulator.store import Tenant
from lambda_connector.logic.instances import Instances
from lambda_connector.settings import Settings
from tests.unit.connector.http_events import Answer, Context, answer_of, http_event
from tests.unit.connector.world import CONSUMER

from .aws import pretended_aws

_numbers = itertools.count(1)
INVOICES = 300
REDIRECT = "https://c.example/oauth/callback"
FUNCTIONS = ("api", "worker", "janitor")
SYNC = {"resources": ["organisation", "contacts"], "mode": "incremental"}


class SimulatedXero:
    """A simulator that serves in a thread, with one organisation to sync."""

    def __init__(self, contacts: int) -> None:
        self.server = Server("127.0.0.1", 0)
        self.first = generate(1, 0, contacts, INVOICES, lines=1)
        self.second = generate(1, 1, 3)
        self.simulator = Simulator(
            address=f"http://localhost:{self.server.port}",
            tenants=[self.first, self.second],
            apps=[],
            users=demo.people([self.first, self.second], []),
            rules=Rules(minute=100_000, day=1_000_000),
        )
        application = SimulatorApplication(self.simulator)
        serve = threading.Thread(target=self.server.serve, args=(application,))
        serve.daemon = True
        serve.start()

    @property
    def address(self) -> str:
        return self.simulator.address

    def new_app(self) -> dict[str, str]:
        """A Xero app of its own for each test, as the connector sets it; whatever
        an earlier test asked for is over."""
        self.simulator.faults.clear()
        self.simulator.settings.bulk_connect = False
        app = App(f"client-{next(_numbers)}", "secret", (REDIRECT,))
        self.simulator.registry.apps[app.client_id] = app
        return {"client_id": app.client_id, "client_secret": "secret"}

    def fault(self, kind: str, path: str = "/api.xro/2.0/Contacts", **more: Any):
        self.simulator.faults.add(Fault(kind=kind, path=path, **more))

    def contact_ids(self, tenant: Tenant | None = None) -> set[str]:
        rows = (tenant or self.first).contacts.ordered("ContactID")
        return {row.record["ContactID"] for row in rows}

    def calls(self, path: str, method: str = "GET") -> int:
        return self.simulator.log.summary(path, method, 0)["count"]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class WorkerContext(Context):
    """Lambda's context with time left."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 120_000


class Deployed:
    """The three functions, freshly started with their environment."""

    def __init__(self, settings: Settings, xero: SimulatedXero) -> None:
        self.settings, self.xero = settings, xero
        self.handlers = {name: fresh(name) for name in FUNCTIONS}
        self.sqs = boto3.client("sqs", region_name=aws.REGION)
        services = self.handlers["api"]._application.services
        self.instances: Instances = services.instances

    def begin(self) -> None:
        """Another Odoo, with an app of its own."""
        self.instance, self.key = self.instances.create("CRM", "https://crm.example")
        self.app = self.xero.new_app()

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str = "",
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> Answer:
        headers = {
            "content-type": "application/json",
            "authorization": f"Bearer {key or self.key}",
            **(headers or {}),
        }
        text = json.dumps(body) if body else ""
        event = http_event(method, path, query, headers, text)
        return answer_of(self.handlers["api"].handler(event, Context()))

    def consent(
        self,
        form: dict[str, Any],
        connection: str | None = None,
        features: tuple[str, ...] = ("contacts",),
    ) -> str:
        """Walk through Xero's page as a person does; what Odoo completes it by."""
        wish = {"reference": "1", "features": features, "connection": connection}
        begun = self("POST", "/v1/authorizations", wish).json
        page = requests.post(
            begun["authorize_url"], data=form, allow_redirects=False, timeout=10
        )
        back = dict(parse_qsl(urlsplit(page.headers["Location"]).query))
        landed = self("GET", "/oauth/callback", **back)
        assert landed.status == 302
        return landed.headers["Location"].partition("authorization=")[2]

    def complete(self, consent: str, organisation: str | None = None) -> Answer:
        path = f"/v1/authorizations/{consent}/completion"
        return self("POST", path, {"organisation": organisation})

    def connect(self, *features: str) -> dict[str, Any]:
        """The first organisation, with contacts unless other features are named."""
        assert self("PUT", "/v1/app", self.app).json["verified"] is True
        form = {"decision": "allow", "organisation": self.xero.first.tenant_id}
        consent = self.consent(form, features=features or ("contacts",))
        return self.complete(consent).json["connection"]

    def start(self, connection: dict[str, Any], **changes: Any) -> dict[str, Any]:
        path = f"/v1/connections/{connection['id']}/syncs"
        return self("POST", path, SYNC | changes).json

    def work(self) -> bool:
        """Deliver one message as an event source mapping does; False: none waits."""
        url = self.settings.sync_queue_url
        received = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)
        for message in received.get("Messages", []):
            record = {"messageId": message["MessageId"], "body": message["Body"]}
            answer = self.handlers["worker"].handler(
                {"Records": [record]}, WorkerContext()
            )
            assert answer == {"batchItemFailures": []}
            handle = message["ReceiptHandle"]
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
            return True
        return False

    def work_all(self) -> None:
        while self.work():
            pass

    def janitor(self) -> dict[str, int]:
        return self.handlers["janitor"].handler({}, WorkerContext())

    def run(self, connection: dict[str, Any], **changes: Any) -> dict[str, Any]:
        started = self.start(connection, **changes)
        self.work_all()
        return self.sync(started)

    def sync(self, started: dict[str, Any]) -> dict[str, Any]:
        return self("GET", f"/v1/syncs/{started['id']}").json

    def state(self, connection: dict[str, Any]) -> tuple[str, str | None]:
        now = self("GET", f"/v1/connections/{connection['id']}").json
        return now["state"], now["state_code"]

    def records(
        self,
        connection: dict[str, Any],
        after: int = 0,
        stamp: str = "",
        resource: str = "contacts",
    ) -> list[dict]:
        """The records that the feed holds, as Odoo would fetch them."""
        path = f"/v1/connections/{connection['id']}/feed"
        where = {"epoch": connection["feed"]["epoch"], "consumer": CONSUMER}
        answer = self("GET", path, after=after, stamp=stamp, **where)
        entries = answer.json["entries"]
        records = []
        for entry in entries:
            if entry["kind"] == "part" and entry["resource"] == resource:
                part = self("GET", f"{path}/parts/{entry['n']}", **where)
                records += json.loads(gzip.decompress(part.body))[entry["key"]]
        return records


def environment(settings: Settings, xero: str) -> dict[str, str]:
    """What the functions are given; `xero` is the address of all of Xero."""
    values = {
        name.upper(): str(getattr(settings, name)) for name in Settings.__annotations__
    }
    return values | {
        "XERO_LOGIN_URL": xero,
        "XERO_IDENTITY_URL": xero,
        "XERO_API_URL": xero,
        "OAUTHLIB_INSECURE_TRANSPORT": "1",
        "POWERTOOLS_SERVICE_NAME": "test",
    }


def fresh(name: str) -> Any:
    """The handler's module, imported anew as at a cold start."""
    module = f"lambda_connector.handlers.{name}"
    sys.modules.pop(module, None)
    return importlib.import_module(module)


@contextmanager
def deployed_for(xero: SimulatedXero, **changes: int) -> Iterator[Deployed]:
    """The functions on a pretended AWS, some of their settings changed."""
    with pretended_aws(**changes) as settings:
        with patch.dict("os.environ", environment(settings, xero.address)):
            yield Deployed(settings, xero)


@contextmanager
def simulated_xero(contacts: int) -> Iterator[SimulatedXero]:
    xero = SimulatedXero(contacts)
    try:
        yield xero
    finally:
        xero.close()
