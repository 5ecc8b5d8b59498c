"""What the life is played on: the template's resources in moto, Xero's simulator, the
functions with their real clients, all in one process and on one clock."""

from __future__ import annotations

import copy
import json
import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import boto3
import botocore.endpoint
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item, LimitedSizeDict
from moto.dynamodb.models.table import Table as MotoTable
from moto.sqs.models import Queue, SQSBackend, sqs_backends
from werkzeug.test import Client

from infra.local import aws, moto_queues
from infra.local.deduplication import DeduplicationMemory
from infra.xero_simulator import demo
from infra.xero_simulator.accounting import listing
from infra.xero_simulator.app import Application
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.limits import Rules
from infra.xero_simulator.oauth.registry import App
from infra.xero_simulator.oauth.scopes import CONSENT
from infra.xero_simulator.oauth.tokens import Consent
from infra.xero_simulator.simulator import Simulator
from infra.xero_simulator.store import Tenant
from lambda_connector.handlers import services
from lambda_connector.handlers.services import Services
from lambda_connector.logic import clock as clocks
from lambda_connector.logic.resources import Resource
from lambda_connector.settings import Settings
from lambda_connector.storage import table
from lambda_connector.xero import http
from tests.unit.connector.memory import MovableClock

from ..aws import pretended_aws
from ..deployed import FUNCTIONS, environment, fresh

REDIRECT = "https://c.example/oauth/callback"
ADDRESS = "http://xero.example:80"
PAGE = 4
"""Records a page: Xero clamps what it is asked for, and the connector follows."""
CONTACTS, INVOICES = 10, 6
"""Three pages and two."""
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
_WEBHOOKS = ("webhook", "webhook_batch")
_AUDITOR = App("auditor", "auditor-secret", (REDIRECT,))


class _InTurn:
    """In place of the janitor's threads: a fork leaves them behind."""

    map = staticmethod(map)

    def __init__(self, hands: int) -> None: ...
    def __enter__(self) -> _InTurn:
        return self

    def __exit__(self, *_: object) -> None: ...


@dataclass
class Stage:
    settings: Settings
    clock: MovableClock
    simulator: Simulator
    xero: Client
    functions: dict[str, Any]
    sqs: Any
    app: dict[str, str]
    instance: str
    key: str

    @property
    def tenant(self) -> Tenant:
        return next(iter(self.simulator.store.tenants.values()))

    # Xero

    def consent(self, address: str) -> dict[str, str]:
        """What the browser brings back from Xero's page."""
        parts = urlsplit(address)
        form = {"decision": "allow", "organisation": self.tenant.tenant_id}
        page = self.xero.post(parts.path, query_string=parts.query, data=form)
        return dict(parse_qsl(urlsplit(page.headers["Location"]).query))

    def connections_at_xero(self) -> list[Any]:
        registry = self.simulator.registry
        return registry.connections(registry.apps[self.app["client_id"]])

    def truth(self, resource: Resource) -> list[dict[str, Any]]:
        """All that Xero shows of it, by another app."""
        records: list[dict[str, Any]] = []
        token, page = self._auditors_token(), 1
        while True:
            paging = {"page": page, "order": resource.order} if resource.order else {}
            came = self.xero.get(
                f"/api.xro/2.0/{resource.path}",
                query_string={**resource.parameters, **paging},
                headers={
                    "Authorization": f"Bearer {token}",
                    "xero-tenant-id": self.tenant.tenant_id,
                    "Accept": "application/json",
                },
            )
            assert came.status_code == 200, came.text
            document = came.json
            records += document[resource.key]
            if page >= document.get("pagination", {}).get("pageCount", 1):
                return records
            page += 1

    def _auditors_token(self) -> str:
        registry, tokens = self.simulator.registry, self.simulator.tokens
        registry.apps[_AUDITOR.client_id] = _AUDITOR
        user = next(iter(registry.users.values()))
        registry.connect(_AUDITOR, user, [self.tenant], "audit")
        consent = Consent(_AUDITOR, user, tuple(CONSENT), "audit")
        code = tokens.issue_code(consent, REDIRECT, None)
        return tokens.exchange_code(_AUDITOR, code, REDIRECT, "")["access_token"]

    def sent_invoice(self) -> dict[str, Any]:
        """An invoice to a customer, which that one can see."""
        return next(
            record
            for record in self.tenant.invoices.records()
            if record["Type"] == "ACCREC" and record["Status"] in ("AUTHORISED", "PAID")
        )

    # SQS, as its event source mapping and its broken days use it

    def receive(self, url: str) -> dict[str, Any] | None:
        came = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)
        return next(iter(came.get("Messages", [])), None)

    def delete(self, url: str, message: dict[str, Any]) -> None:
        handle = message["ReceiptHandle"]
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    def send(self, body: str) -> None:
        if "hook" in json.loads(body):
            url = self.settings.webhook_queue_url
            self.sqs.send_message(QueueUrl=url, MessageBody=body)
            return
        self.sqs.send_message(
            QueueUrl=self.settings.sync_queue_url,
            MessageBody=body,
            MessageGroupId=json.loads(body)["connection"],
            MessageDeduplicationId=secrets.token_hex(8),
        )

    def lose_messages(self) -> None:
        self.queue._messages.clear()
        self.queue.pending_messages.clear()

    @property
    def queue(self) -> Queue:
        return self._queue(self.settings.sync_queue_url)

    @property
    def messages(self) -> list[Any]:
        """Of both queues."""
        posts = self._queue(self.settings.webhook_queue_url)
        return [*self.queue._messages, *posts._messages]

    @property
    def dead_letters(self) -> list[Any]:
        posts = self._queue(self.settings.webhook_queue_url)
        dead = self.queue.dead_letter_queue, posts.dead_letter_queue
        return [message for queue in dead for message in queue._messages]

    def _queue(self, url: str) -> Queue:
        backend = sqs_backends[DEFAULT_ACCOUNT_ID][aws.REGION]
        return backend.queues[url.rpartition("/")[2]]

    # The table

    def rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Everything in the table, past boto3."""
        backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][aws.REGION]
        held = backend.tables[self.settings.table_name].all_items()
        rows = (table._load(one.to_json()["Attributes"]) for one in held)
        return {(row["pk"], row["sk"]): row for row in rows}

    def is_at_rest(self) -> bool:
        rows = self.rows()
        live = any(sk == "LIVE" for _, sk in rows)
        dirty = any(row.get("due_pk") == "DIRTY" for row in rows.values())
        return not live and not dirty and not self.messages

    def next_event(self) -> datetime:
        """When the next sync or mark is due or the next message visible."""
        times = [
            float(row["due_at"])
            for row in self.rows().values()
            if row.get("due_pk") in ("SYNC", "DIRTY")
        ]
        times += [one.visible_at / 1000 for one in self.messages]
        return datetime.fromtimestamp(min(times, default=0), UTC)


@contextmanager
def stage() -> Iterator[tuple[Stage, MovableClock]]:
    """Everything in place, an instance registered, a Xero app made."""
    clock = MovableClock(START)
    with pretended_aws() as settings, ExitStack() as held:
        for one in _patches(clock):
            held.enter_context(one)
        moto_queues.install(DeduplicationMemory(lambda: clock.now().timestamp()))
        simulator = _simulator(clock)
        held.enter_context(patch.dict("os.environ", environment(settings, ADDRESS)))
        functions = {name: fresh(name) for name in (*FUNCTIONS, *_WEBHOOKS)}
        functions["janitor"].ThreadPoolExecutor = _InTurn
        for name in set(functions) - {"webhook"}:
            _throw_no_dice(functions[name])
        instances = _services(functions["api"]).instances
        made, key = instances.create("CRM", "https://crm.example")
        app = App("the-client", secrets.token_hex(24), (REDIRECT,))
        simulator.registry.apps[app.client_id] = app
        yield (
            Stage(
                settings,
                clock,
                simulator,
                Client(Application(simulator)),
                functions,
                boto3.client("sqs", region_name=aws.REGION),
                {"client_id": app.client_id, "client_secret": app.client_secret or ""},
                made.id,
                key,
            ),
            clock,
        )


def _services(module: Any) -> Services:
    application = getattr(module, "_application", None)
    return application.services if application else module._services


def _throw_no_dice(module: Any) -> None:
    """Waits are jittered; each run is to come to the same."""
    of = _services(module)
    for one in (of.tokens, of.single_calls, of.worker.reader):
        object.__setattr__(one, "random", lambda: 0.5)


def _patches(clock: MovableClock) -> list[Any]:
    """One clock for all, and nobody sleeps by another."""
    seconds = lambda: clock.now().timestamp()  # noqa: E731
    asleep = SimpleNamespace(sleep=clock.sleep)
    # botocore throws dice for each of its waits.
    evenly = SimpleNamespace(sleep=lambda seconds: clock.sleep(1.0))
    return [
        patch.object(services, "SystemClock", lambda: clock),
        patch.object(clocks, "SystemClock", lambda: clock),
        patch.object(botocore.endpoint, "time", evenly),
        patch.object(table, "time", asleep),
        patch.object(http, "time", SimpleNamespace(monotonic=seconds)),
        patch("moto.sqs.models.unix_time", seconds),
        patch("moto.sqs.models.unix_time_millis", lambda: seconds() * 1000),
        patch.object(listing, "LARGEST_PAGE_SIZE", PAGE),
        patch.object(MotoTable, "__deepcopy__", _copied, create=True),
        # What `moto_queues.install` replaces.
        patch.object(Queue, "add_message", Queue.add_message),
        patch.object(Queue, "delete_message", Queue.delete_message),
        patch.object(SQSBackend, "receive_message", SQSBackend.receive_message),
        patch.object(
            SQSBackend,
            "change_message_visibility",
            SQSBackend.change_message_visibility,
        ),
    ]


def _copied(held: MotoTable, memo: dict[int, Any]) -> MotoTable:
    """moto copies the table for each transaction, to go back to it. Updates of ours
    set whole attributes, so that a row's own dictionary is deep enough."""
    made = copy.copy(held)
    made.items = defaultdict(dict)
    for key, rows in held.items.items():
        made.items[key] = {
            range_key: _copied_row(row) for range_key, row in rows.items()
        }
    return made


def _copied_row(row: Item) -> Item:
    made = copy.copy(row)
    made.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    dict.update(made.attrs, row.attrs)
    return made


def _simulator(clock: MovableClock) -> Simulator:
    tenants = [generate(1, 0, CONTACTS, invoices=INVOICES, lines=1)]
    return Simulator(
        address=ADDRESS,
        tenants=tenants,
        apps=[],
        users=demo.people(tenants, []),
        clock=Clock(lambda: clock.now().timestamp()),
        rules=Rules(minute=100_000, day=1_000_000),
    )
