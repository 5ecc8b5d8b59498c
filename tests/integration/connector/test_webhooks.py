"""Webhooks on AWS's own conditional writes, queues and keys, as moto plays them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local import aws
from lambda_connector.logic.model.dirty import Dirty, Mark
from lambda_connector.logic.model.webhook import Change, Heard, Post
from lambda_connector.logic.webhook_posts import signature_of
from lambda_connector.storage.connections import DynamoConnections
from lambda_connector.storage.dirty import DynamoDirty
from lambda_connector.storage.post_queue import SqsPosts, read_post
from tests.unit.connector.fake_xero import EVERY_SCOPE
from tests.unit.connector.http_events import Context
from tests.unit.connector.storms import Storm
from tests.unit.connector.telling import KEY, Telling, body_of, event
from tests.unit.connector.world import World

from .aws import recorded, world_on_aws
from .deployed import Deployed, SimulatedXero, deployed_for, fresh, simulated_xero


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_every_change_is_read_in_the_end(data: st.DataObject) -> None:
    with world_on_aws() as world:
        storm = Storm(world)
        storm.run(data)
        storm.heal()
        storm.check()


# The rows


def test_marks_on_the_table_are_as_they_were_written(world: World) -> None:
    store = world.ports.dirty
    at = world.clock.now()
    made = Dirty("i", "c").marked([Mark("contacts", at, at)], at)
    assert store.get("i", "c") is None
    assert store.save(made) is True
    assert store.save(made) is False
    assert store.get("i", "c") == made
    assert list(store.due(at - timedelta(seconds=1))) == []
    assert list(store.due(at)) == [("i", "c")]
    clean = made.without({"contacts"}).woken(at)
    assert store.save(clean) is True
    assert list(store.due(at)) == [] and store.get("i", "c") == clean


def test_hook_is_there_as_long_as_its_key(world: World) -> None:
    apps, hooks = world.services.apps, world.ports.hooks
    hook = world.services.instances.get(world.instance).hook
    assert hooks.get(hook) is None
    world.set_app()
    assert hooks.get(hook) is None
    app = apps.set_webhook_key(world.instance, KEY)
    assert hooks.get(hook).key == app.webhook_key
    assert hooks.get(hook).instance == world.instance
    world.set_app()
    assert hooks.get(hook).key == app.webhook_key
    apps.forget_webhook_key(world.instance)
    assert hooks.get(hook) is None
    apps.set_webhook_key(world.instance, KEY)
    apps.save(world.instance, "another", "secret", "starter")
    assert hooks.get(hook) is None
    apps.set_webhook_key(world.instance, KEY)
    hooks.confirm(world.instance, world.clock.now())
    apps.delete(world.instance)
    assert hooks.get(hook) is None and hooks.heard(world.instance) == Heard()
    assert apps.get(world.instance) is None


def test_when_xero_spoke_is_kept_member_by_member(world: World) -> None:
    hooks, at = world.ports.hooks, datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert hooks.heard("i") == Heard()
    hooks.confirm("i", at)
    hooks.receive("i", at + timedelta(hours=1))
    assert hooks.heard("i") == Heard(at, at + timedelta(hours=1))
    assert hooks.heard("other") == Heard()


def test_mark_that_comes_while_a_sync_is_saved_as_done_is_kept(world: World) -> None:
    world.xero.scopes = EVERY_SCOPE
    held = world.connect()
    world.run(held, resources=["contacts"])
    telling = Telling(world)
    world.clock.advance(minutes=10)
    telling.tell("CONTACT")
    world.clock.advance(seconds=5)

    @dataclass(frozen=True)
    class Raced(DynamoDirty):
        def get(self, instance: str, connection: str) -> Dirty | None:
            row = super().get(instance, connection)
            if row and row.version < 4:
                now = world.clock.now()
                super().save(row.marked([Mark("contacts", now, now)], now))
            return row

    table = world.ports.dirty.table
    raced = replace(world.ports.syncs, dirty=Raced(table))
    mortal = world.through(replace(world.ports, syncs=raced))
    while world.queue:
        mortal.worker.work(world.queue.pop(0), lambda: 900.0)
    row = telling.row(held)
    assert row.version >= 4
    assert [mark.last_at for mark in row.marks] == [world.clock.now()]


def test_eight_batches_at_once_lose_no_mark_and_start_one_sync(world: World) -> None:
    world.xero.scopes = EVERY_SCOPE
    held = world.connect()
    names = ("contacts", "invoices", "credit_notes", "overpayments")
    world.run(held, resources=names)
    telling = Telling(world)
    categories = ("CONTACT", "INVOICE", "CREDITNOTE", "OVERPAYMENT")
    world.clock.advance(minutes=10)
    for number in range(8):
        telling.post(event(categories[number % 4]))
    posts = list(telling.queue.messages)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda post: telling.deliver([post]), posts))
    again = [post for post, one in zip(posts, taken, strict=True) if one.failed]
    assert not telling.deliver(again).failed
    assert telling.marks(held) == set(names)
    syncs = world.services.syncs.recent(held.instance, held.id)
    assert [one.trigger for one in syncs] == ["webhook", "request"]


# The queue


def test_post_is_the_same_after_the_queue(world: World) -> None:
    at = datetime(2026, 11, 2, 9, 30, 0, 5, tzinfo=UTC)
    changes = (Change("o", "CONTACT", 3, at), Change("o", "INVOICE", 1))
    sent = [Post("i", at, 4, changes, 7, 10), Post("i", at, is_test=True)]
    client = boto3.client("sqs", region_name=aws.REGION)
    url = world.settings.webhook_queue_url
    for post in sent:
        SqsPosts(client, url).send(post)
    came = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    read = [read_post(message["Body"]) for message in came]
    assert sorted(read, key=lambda post: post.is_test) == sent


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"received_at": "2026-11-02T09:30"}',
        '{"instance": 1, "received_at": "2026-11-02T09:30"}',
        '{"instance": "i", "received_at": 5}',
        '{"instance": "i", "received_at": "soon"}',
        '{"instance": "i", "received_at": "2026-11-02T09:30", "changes": [1]}',
    ],
)
def test_message_of_somebody_else_is_no_post(body: str) -> None:
    with pytest.raises(ValueError):
        read_post(body)


# The functions


@pytest.fixture(scope="module")
def xero() -> Iterator[SimulatedXero]:
    with simulated_xero(contacts=40) as made:
        yield made


@dataclass
class Told:
    """The deployed connector, and what Xero's posts meet of it."""

    on: Deployed
    connection: dict[str, Any]

    def __post_init__(self) -> None:
        self.webhook, self.batch = fresh("webhook"), fresh("webhook_batch")
        answer = self.on("PUT", "/v1/app/webhooks", {"key": KEY}).json
        self.hook = answer["webhooks"]["address"].rpartition("/")[2]
        self.queue = self.on.settings.webhook_queue_url

    def post(self, *events: Any, signature: str | None = None) -> int:
        body = body_of(*events)
        sent = {
            "pathParameters": {"hook": self.hook},
            "headers": {"x-xero-signature": signature or signature_of(KEY, body)},
            "body": body.decode(),
            "isBase64Encoded": False,
        }
        answer = self.webhook.handler(sent, Context())
        assert answer["body"] == ""
        return answer["statusCode"]

    def contact(self) -> dict[str, Any]:
        return event("CONTACT", organisation=self.on.xero.first.tenant_id)

    def messages(self) -> list[dict[str, Any]]:
        received = self.on.sqs.receive_message(
            QueueUrl=self.queue, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return received.get("Messages", [])

    def deliver(self) -> set[str]:
        """One batch, as an event source mapping does; the ids that failed."""
        messages = self.messages()
        records = [
            {"messageId": one["MessageId"], "body": one["Body"]} for one in messages
        ]
        answer = self.batch.handler({"Records": records}, Context())
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        for one in messages:
            if one["MessageId"] not in failed:
                self.delete(one)
        return failed

    def delete(self, message: dict[str, Any]) -> None:
        handle = message["ReceiptHandle"]
        self.on.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=handle)

    def syncs(self) -> list[dict[str, Any]]:
        path = f"/v1/connections/{self.connection['id']}/syncs"
        told = self.on("GET", path).json["syncs"]
        return [one for one in told if one["trigger"] == "webhook"]


@pytest.fixture(scope="module")
def on(xero: SimulatedXero) -> Iterator[Deployed]:
    with deployed_for(xero) as made:
        yield made


@pytest.fixture
def told(on: Deployed) -> Told:
    on.begin()
    connection = on.connect()
    assert on.run(connection)["state"] == "done"
    made = Told(on, connection)
    for left_over in made.messages():
        made.delete(left_over)
    return made


def test_post_of_xeros_becomes_a_sync(told: Told) -> None:
    assert told.post(told.contact()) == 200
    assert told.deliver() == set()
    (sync,) = told.syncs()
    assert [one["name"] for one in sync["resources"]] == ["contacts"]
    told.on.work_all()
    assert told.on.sync(sync)["state"] == "done"
    now = told.on("GET", f"/v1/connections/{told.connection['id']}").json
    assert now["webhook_at"]
    assert told.on("GET", "/v1/app").json["webhooks"]["received_at"]


def test_intent_to_receive_is_answered_and_confirmed(told: Told) -> None:
    assert told.post() == 200
    assert told.post(signature="d3Jvbmc=") == 401
    assert told.deliver() == set()
    assert told.on("GET", "/v1/app").json["webhooks"]["confirmed_at"]
    assert told.syncs() == []


def test_message_that_failed_comes_again_and_the_others_do_not(told: Told) -> None:
    told.post(told.contact())
    told.post(event(organisation="broken"))
    holder = DynamoConnections.holder

    def broken(self: Any, instance: str, organisation: str) -> str | None:
        if organisation == "broken":
            raise ConnectionError("no answer")
        return holder(self, instance, organisation)

    with patch.object(DynamoConnections, "holder", broken):
        assert len(told.deliver()) == 1
    assert len(told.syncs()) == 1
    assert len(told.messages()) == 1
    assert told.deliver() == set()
    assert told.messages() == [] and len(told.syncs()) == 1


def test_message_of_others_is_done_with(told: Told) -> None:
    told.on.sqs.send_message(QueueUrl=told.queue, MessageBody="of somebody else")
    told.post(told.contact())
    assert told.deliver() == set()
    assert told.messages() == [] and len(told.syncs()) == 1


def test_public_function_reads_its_own_row_and_nothing_else(told: Told) -> None:
    """What its role allows is bound to these: see the template."""
    with recorded() as calls:
        told.post(told.contact())
    assert [operation for operation, _ in calls] == [
        "GetItem",
        "Decrypt",
        "SendMessage",
    ]
    assert calls[0][1]["Key"]["pk"] == {"S": f"HOOK#{told.hook}"}
    assert calls[1][1]["EncryptionContext"]["purpose"] == "webhook_key"
    with recorded() as calls:
        told.post(told.contact())
    assert [operation for operation, _ in calls] == ["SendMessage"]
    with recorded() as calls:
        told.post(told.contact(), signature="d3Jvbmc=")
    assert [operation for operation, _ in calls] == ["GetItem"]


def test_message_names_nobody(told: Told) -> None:
    told.post(told.contact() | {"note": "Kauri Trading"})
    (message,) = told.messages()
    assert "Kauri" not in message["Body"] and "0a1b2c3d" not in message["Body"]
    assert set(json.loads(message["Body"])) == {
        "correlation",
        "instance",
        "received_at",
        "events",
        "changes",
        "first",
        "last",
        "is_test",
    }


def test_neither_key_nor_names_are_in_any_log(told: Told, log, capsys) -> None:
    told.post(told.contact() | {"note": "Kauri Trading"})
    told.post(told.contact(), signature="d3Jvbmc=")
    told.deliver()
    said = log.getvalue() + capsys.readouterr().out
    assert "Xero told of changes" in said and "WebhookAccepted" in said
    for secret in (KEY, "Kauri", "0a1b2c3d", "d3Jvbmc="):
        assert secret not in said


def test_aws_that_does_not_answer_is_told_within_xeros_five_seconds(
    told: Told, monkeypatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        told.webhook = fresh("webhook")
        assert told.post(told.contact()) == 503
    config = told.webhook._AWS
    retries = config.retries["total_max_attempts"] - 1
    # Of one call, the first to fail; botocore waits up to a second before a retry.
    assert (retries + 1) * config.read_timeout + retries <= 4
