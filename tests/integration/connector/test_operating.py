"""What an operator does to the running connector, at its command line and in AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from infra.local import aws
from lambda_connector.cli import dead_letters
from lambda_connector.cli.deployment import Deployment, Outputs
from lambda_connector.cli.refusals import Refused
from lambda_connector.logic.model.sync import FAILED
from lambda_connector.logic.webhook_posts import signature_of
from lambda_connector.storage import syncs as sync_rows
from tests.unit.connector.http_events import Context
from tests.unit.connector.telling import body_of, event
from tests.unit.connector.world import CONSUMER

from .aws import PROJECT, recorded
from .command_line import said_by
from .deployed import (
    Deployed,
    SimulatedXero,
    WorkerContext,
    deployed_for,
    fresh,
    simulated_xero,
)

STEPS = ["organisation", "contact_groups", "contacts"]
"""One message each: time for something to happen between them."""
ANOTHER = "0a1b2c3d-0000-4000-8000-000000000002"
FAILURES = 5
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def xero() -> Iterator[SimulatedXero]:
    with simulated_xero(contacts=40) as made:
        yield made


@pytest.fixture(scope="module")
def running(xero: SimulatedXero) -> Iterator[Deployed]:
    with deployed_for(xero) as made:
        yield made


@pytest.fixture
def deployed(running: Deployed) -> Deployed:
    running.begin()
    return running


@pytest.fixture
def run(running: Deployed, capsys, monkeypatch) -> Run:
    """A command's JSON lines, or its one sentence of refusal."""
    monkeypatch.setattr(dead_letters, "_WAIT_SECONDS", 0)

    return said_by(capsys)


# Connections, syncs, feeds


def test_connections_are_listed_with_what_they_last_did(deployed, run) -> None:
    held = deployed.connect()
    line = own(run("connections", "list"), deployed)
    assert line["connection"] == held["id"] and line["state"] == "connected"
    assert line["latest_sync"] is None
    done = deployed.run(held)
    (line,) = run("connections", "list", "--instance", deployed.instance.id)
    assert line["organisation"] == held["organisation"]["name"]
    assert line["day_remaining"] > 0
    assert line["latest_sync"]["sync"] == done["id"]
    assert line["latest_sync"]["state"] == "done"
    deployed("DELETE", f"/v1/connections/{held['id']}")
    assert own(run("connections", "list"), deployed)["state"] == "disconnected"


def test_sync_is_listed_and_its_whole_log_exported(deployed, run, monkeypatch) -> None:
    held = deployed.connect()
    first, second = deployed.run(held), deployed.run(held)
    listed = run("syncs", "list", held["id"])
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    monkeypatch.setattr(sync_rows, "_LOG_LIMIT", 2)
    sync, *entries = run("syncs", "log", first["id"])
    assert sync == first
    assert len(entries) > 2
    assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1]["code"] == "sync_done"


def test_failed_sync_is_replayed_and_done(deployed, xero, run) -> None:
    held = deployed.connect()
    failed = deployed.start(held, mode="full")
    assert deployed.work()
    syncs = deployed.handlers["worker"]._services.syncs
    syncs.end(syncs.get(deployed.instance.id, failed["id"]), FAILED, "stuck")
    (begun,) = run("syncs", "replay", failed["id"])
    deployed.work_all()
    done = deployed.sync(begun)
    assert (done["state"], done["mode"]) == ("done", "full")
    assert done["resources"][1]["records"] == done["resources"][1]["item_count"]
    ids = {record["ContactID"] for record in deployed.records(held)}
    assert ids == xero.contact_ids()


def test_replay_waits_for_a_sync_that_is_under_way(deployed, run) -> None:
    held = deployed.connect()
    done, live = deployed.run(held), deployed.start(held)
    said = run("syncs", "replay", done["id"])
    assert said.startswith(f"The sync {live['id']} of the same connection is under way")
    deployed.work_all()


def test_another_database_takes_a_feed_over(deployed, run) -> None:
    held = deployed.connect()
    deployed.run(held)
    assert deployed.records(held)
    (feed,) = run("feeds", "list", "--connection", held["id"])
    assert feed["consumer"] == CONSUMER
    assert feed["waiting"] == feed["head"] > 0 and feed["waits_since"]
    assert read_feed(deployed, held, ANOTHER).code == "feed_taken"
    (taken,) = run("feeds", "take-over", held["id"], "--consumer", ANOTHER)
    assert taken == {**feed, "consumer": ANOTHER}
    assert read_feed(deployed, held, ANOTHER).json["entries"]
    assert read_feed(deployed, held, CONSUMER).code == "feed_taken"
    assert own(run("feeds", "list"), deployed) == taken


def test_what_does_not_exist_is_said_in_one_sentence(deployed, run) -> None:
    held = deployed.connect()
    none = "There is no connection nowhere. `connections list` shows all."
    assert run("syncs", "list", "nowhere") == none
    assert run("syncs", "log", "nowhere-1") == none
    assert run("feeds", "list", "--connection", "nowhere") == none
    assert run("feeds", "take-over", "nowhere", "--consumer", ANOTHER) == none
    gone = f"{held['id']}-1"
    assert run("syncs", "log", gone) == f"There is no sync {gone}."
    assert run("syncs", "replay", gone) == f"There is no sync {gone}."


def test_replay_of_a_stopped_connection_says_what_mends_it(deployed, xero, run) -> None:
    held = deployed.connect()
    xero.fault("tenant_refused")
    failed = deployed.run(held)
    said = run("syncs", "replay", failed["id"])
    assert said.endswith("(user_removed)") and "\n" not in said


def test_refusal_of_aws_is_one_sentence_too(deployed, run, monkeypatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "gone")
    said = run("connections", "list")
    assert said.startswith("AWS does not do it: ") and "Traceback" not in said


def test_stack_of_another_release_is_told_from_one_that_was_not_named() -> None:
    unnamed, older = Outputs(), Outputs(stack_name="x", stack_status="CREATE_COMPLETE")
    with pytest.raises(Refused, match="Name the deployed stack"):
        Deployment(unnamed).need("table_name")
    with pytest.raises(Refused, match="The stack x does not tell its table_name"):
        Deployment(older).need("table_name")


def own(lines: list[dict[str, Any]], deployed: Deployed) -> dict[str, Any]:
    (line,) = (one for one in lines if one["instance"] == deployed.instance.id)
    return line


def read_feed(deployed: Deployed, held: dict[str, Any], consumer: str, key: str = ""):
    where = {"epoch": held["feed"]["epoch"], "consumer": consumer, "after": 0}
    return deployed("GET", f"/v1/connections/{held['id']}/feed", key=key, **where)


# Dead letters


def test_page_that_died_five_times_is_shown_and_goes_on(deployed, run) -> None:
    held = deployed.connect()
    started = deployed.start(held)
    dies(deployed, deployed.settings.sync_queue_url)
    count, letter, _ = run("dead-letters", "list")
    assert count == {"queue": "sync", "messages": 1}
    assert letter["sync"] == started["id"] and letter["sent_at"]
    assert not deployed.work()
    assert deployed.sync(started)["state"] == "queued"
    redriven = run("dead-letters", "redrive")
    assert redriven == [
        {"queue": "sync", "redriven": 1},
        {"queue": "webhook", "redriven": 0},
    ]
    deployed.work_all()
    assert deployed.sync(started)["state"] == "done"
    assert run("dead-letters", "list") == EMPTY


def test_dead_page_of_a_sync_that_went_on_changes_nothing(deployed, run) -> None:
    held = deployed.connect()
    started = deployed.start(held)
    dies(deployed, deployed.settings.sync_queue_url)
    deployed("POST", f"/v1/syncs/{started['id']}/cancel")
    before = deployed("GET", f"/v1/connections/{held['id']}").json["feed"]
    run("dead-letters", "redrive", "--queue", "sync")
    deployed.work_all()
    assert deployed.sync(started)["state"] == "cancelled"
    assert deployed("GET", f"/v1/connections/{held['id']}").json["feed"] == before


def test_redriven_page_is_none_that_the_queue_remembers(deployed, run) -> None:
    """AWS drops what it saw within five minutes; moto does not show it."""
    held = deployed.connect()
    with recorded() as requests:
        deployed.start(held)
        dies(deployed, deployed.settings.sync_queue_url)
        run("dead-letters", "redrive")
    first, again = (one for name, one in requests if name == "SendMessage")
    assert again["MessageBody"] == first["MessageBody"]
    assert again["MessageGroupId"] == first["MessageGroupId"]
    assert again["MessageDeduplicationId"] != first["MessageDeduplicationId"]
    deployed.work_all()


def test_more_dead_pages_than_one_answer_holds_are_all_redriven(deployed, run) -> None:
    """Eleven of one connection, each behind the one before, and one of another."""
    url, numbers = deployed.settings.webhook_queue_url, range(11)
    sync_url = deployed.settings.sync_queue_url
    letters = {"sync": sync_url, "webhook": url}
    for number in numbers:
        deployed.sqs.send_message(QueueUrl=url, MessageBody=str(number))
        deployed.sqs.send_message(
            QueueUrl=sync_url,
            MessageBody=str(number),
            MessageGroupId="one",
            MessageDeduplicationId=f"{deployed.instance.id}-{number}",
        )
        for each in letters.values():
            dies(deployed, each)
    counts = [line for line in run("dead-letters", "list") if "messages" in line]
    assert counts == [{"queue": name, "messages": 11} for name in letters]
    redriven = run("dead-letters", "redrive")
    assert redriven == [{"queue": name, "redriven": 11} for name in letters]
    deployed.work_all()
    Webhooks(deployed).deliver()
    assert run("dead-letters", "list") == EMPTY


def test_posts_that_could_not_be_marked_are_marked_after_all(deployed, run) -> None:
    webhooks, held = told_of_webhooks(deployed)
    assert webhooks.post() == 200
    dies(deployed, deployed.settings.webhook_queue_url)
    _, count, letter = run("dead-letters", "list")
    assert count == {"queue": "webhook", "messages": 1}
    assert letter["events"] == 1 and letter["instance"] == deployed.instance.id
    run("dead-letters", "redrive", "--queue", "webhook")
    webhooks.deliver()
    deployed.work_all()
    assert set(webhook_syncs(deployed, held)) == {"done"}
    assert run("dead-letters", "list") == EMPTY


def test_foreign_dead_letter_is_named_and_its_body_is_not(deployed, run) -> None:
    url = deployed.settings.webhook_queue_url
    deployed.sqs.send_message(QueueUrl=url, MessageBody="of somebody else")
    dies(deployed, url)
    *_, letter = run("dead-letters", "list")
    assert letter["foreign"] is True and "somebody" not in json.dumps(letter)
    run("dead-letters", "redrive")
    Webhooks(deployed).deliver()
    assert run("dead-letters", "list") == EMPTY


def test_commands_need_what_the_guide_says(deployed, run) -> None:
    """Without KMS, which table and queues ask for their keys by themselves."""
    held = deployed.connect()
    done, url = deployed.run(held), deployed.settings.webhook_queue_url
    deployed.sqs.send_message(QueueUrl=url, MessageBody="of somebody else")
    dies(deployed, url)
    key = run("instances", "create", "--name", "X", "--return-origin", "https://x.test")
    mine = key[0]["instance"]
    origin = ("--return-origin", "https://y.test")
    used = {}
    for line in (
        ("connections", "list"),
        ("feeds", "list"),
        ("feeds", "take-over", held["id"], "--consumer", ANOTHER),
        ("syncs", "list", held["id"]),
        ("syncs", "log", done["id"]),
        ("syncs", "replay", done["id"]),
        ("instances", "create", "--name", "Y", *origin),
        ("instances", "list"),
        ("instances", "move", mine, *origin),
        ("instances", "rotate", mine),
        ("instances", "revoke", mine),
        ("dead-letters", "list"),
        ("dead-letters", "redrive"),
    ):
        with recorded() as requests:
            assert isinstance(run(*line), list)
        used[" ".join(line[:2])] = {each for one in requests for each in actions(*one)}
    deployed.work_all()
    Webhooks(deployed).deliver()
    allowed = allowed_by_the_guide()
    assert allowed.keys() == used.keys()
    assert {
        name: used[name] - allowed[name] for name in used if used[name] - allowed[name]
    } == {}


def actions(operation: str, request: dict[str, Any]) -> set[str]:
    """What AWS asks to be allowed for a request."""
    if operation == "TransactWriteItems":
        kinds = {kind for write in request["TransactItems"] for kind in write}
        return {f"dynamodb:{kind}Item" for kind in kinds}
    is_of_table = "TableName" in request
    return {f"{'dynamodb' if is_of_table else 'sqs'}:{operation}"}


def allowed_by_the_guide() -> dict[str, set[str]]:
    text = (PROJECT / "docs" / "operating.md").read_text()
    table = text.partition("| command | actions |")[2].partition("\n\n")[0]
    allowed = {}
    for row in table.splitlines()[2:]:
        commands, needed = (
            set(re.findall(r"`([^`]+)`", c)) for c in row.split("|")[1:3]
        )
        allowed |= dict.fromkeys(commands, needed)
    return allowed


EMPTY = [{"queue": "sync", "messages": 0}, {"queue": "webhook", "messages": 0}]


def dies(deployed: Deployed, url: str) -> None:
    """The oldest message is taken and not done with, as often as the queue allows."""
    for _ in range(FAILURES + 1):
        answer = deployed.sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
    assert not answer.get("Messages")


# Rotation: a sync runs on through each


def test_instance_key_is_rotated_while_a_sync_runs(deployed, xero, run) -> None:
    held = deployed.connect()
    started, old = deployed.start(held, resources=STEPS), deployed.key
    assert deployed.work()
    ((made),) = run("instances", "rotate", deployed.instance.id)
    assert deployed("GET", f"/v1/syncs/{started['id']}", key=old).status == 200
    assert deployed.work()
    assert read_feed(deployed, held, CONSUMER, old).json["entries"]
    deployed.key = made["key"]
    deployed.work_all()
    assert deployed.sync(started)["state"] == "done"
    ids = {record["ContactID"] for record in deployed.records(held)}
    assert ids == xero.contact_ids()
    run("instances", "rotate", deployed.instance.id, "--grace-hours", "0")
    refused = deployed("GET", f"/v1/syncs/{started['id']}", key=old)
    assert refused.code == "instance_key_invalid"


def test_xeros_secret_is_rotated_while_a_sync_runs(deployed, xero) -> None:
    """The tokens outlive the secret, so nothing asks for it until they are renewed."""
    held = deployed.connect()
    started = deployed.start(held, resources=STEPS)
    assert deployed.work()
    new_secret(deployed, xero, "second")
    assert deployed.work()
    saved = deployed("PUT", "/v1/app", deployed.app | {"client_secret": "second"})
    assert saved.json["verified"] is True
    tokens_run_out(deployed)
    deployed.work_all()
    assert deployed.sync(started)["state"] == "done"
    assert deployed.state(held) == ("connected", None)
    assert len(deployed.records(held)) == len(xero.contact_ids())


def test_secret_that_is_entered_too_late_costs_a_replay(deployed, xero, run) -> None:
    """Nobody has to allow access again."""
    held = deployed.connect()
    started = deployed.start(held, resources=STEPS)
    new_secret(deployed, xero, "second")
    tokens_run_out(deployed)
    deployed.work_all()
    assert deployed.sync(started)["code"] == "xero_client_invalid"
    assert deployed.state(held) == ("reconnect", "xero_client_invalid")
    deployed("PUT", "/v1/app", deployed.app | {"client_secret": "second"})
    assert deployed.state(held) == ("connected", None)
    (again,) = run("syncs", "replay", started["id"])
    deployed.work_all()
    assert deployed.sync(again)["state"] == "done"


def test_webhook_key_is_rotated_while_a_sync_runs(deployed, xero) -> None:
    """What Xero signs with a key that is not entered yet is refused, and sent again
    by Xero; what was taken before stays taken."""
    webhooks, held = told_of_webhooks(deployed)
    started = deployed.start(held, resources=STEPS)
    assert deployed.work()
    assert webhooks.post() == 200
    webhooks.deliver()
    heard = heard_at(deployed, held)
    webhooks.signs_with = "the-new-key-of-xero"
    assert webhooks.post() == 401
    webhooks.enter("the-new-key-of-xero")
    assert webhooks.post() == 200
    webhooks.deliver()
    assert heard_at(deployed, held) > heard
    deployed.work_all()
    assert deployed.sync(started)["state"] == "done"
    assert set(webhook_syncs(deployed, held)) <= {"done"}


def heard_at(deployed: Deployed, held: dict[str, Any]) -> str:
    """When Xero last told of a change that was marked."""
    return deployed("GET", f"/v1/connections/{held['id']}").json["webhook_at"]


def test_odoo_gets_another_address_and_keeps_its_connections(deployed, run) -> None:
    held = deployed.connect()
    moved = "https://crm.new.example"
    known = deployed.instance.id
    assert run("instances", "move", known, "--return-origin", moved) == [
        {"instance": known, "return_origin": moved}
    ]
    form = {"decision": "allow", "organisation": held["organisation"]["id"]}
    deployed("PUT", "/v1/app", deployed.app)
    begun = deployed.consent(form, held["id"])
    assert deployed.complete(begun).json["connection"]["id"] == held["id"]
    assert deployed("GET", "/v1/app").json["instance"]["return_origin"] == moved
    said = run("instances", "move", known, "--return-origin", "crm.example")
    assert said.startswith("--return-origin must begin with http")
    assert run("instances", "move", "none", "--return-origin", moved) == (
        "There is no instance none."
    )


def new_secret(deployed: Deployed, xero: SimulatedXero, secret: str) -> None:
    """At Xero; the one before is not taken any more. The row is changed in place,
    because consents hold on to it."""
    app = xero.simulator.registry.apps[deployed.app["client_id"]]
    object.__setattr__(app, "client_secret", secret)


def tokens_run_out(deployed: Deployed) -> None:
    """Ours say so; Xero's own clock is not moved."""
    services = deployed.handlers["worker"]._services
    store = services.tokens.store
    for connection in services.connections.list(deployed.instance.id):
        held = store.get(deployed.instance.id, connection.token_set)
        past = connection.connected_at
        changed = replace(held, version=held.version + 1, access_valid_until=past)
        assert store.save(changed)


class Webhooks:
    """The two functions that take what Xero posts."""

    signs_with = "the-first-key-of-xero"

    def __init__(self, deployed: Deployed) -> None:
        self.deployed = deployed
        self.taking, self.batch = fresh("webhook"), fresh("webhook_batch")
        self.hook = ""

    def enter(self, key: str) -> None:
        answer = self.deployed("PUT", "/v1/app/webhooks", {"key": key}).json
        self.hook = answer["webhooks"]["address"].rpartition("/")[2]

    def post(self) -> int:
        told = event("CONTACT", organisation=self.deployed.xero.first.tenant_id)
        body = body_of(told)
        sent = {
            "pathParameters": {"hook": self.hook},
            "headers": {"x-xero-signature": signature_of(self.signs_with, body)},
            "body": body.decode(),
            "isBase64Encoded": False,
        }
        return self.taking.handler(sent, Context())["statusCode"]

    def deliver(self) -> None:
        url, sqs = self.deployed.settings.webhook_queue_url, self.deployed.sqs
        while messages := sqs.receive_message(QueueUrl=url).get("Messages"):
            records = [
                {"messageId": one["MessageId"], "body": one["Body"]} for one in messages
            ]
            answer = self.batch.handler({"Records": records}, Context())
            assert answer == {"batchItemFailures": []}
            for one in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])


def told_of_webhooks(deployed: Deployed) -> tuple[Webhooks, dict[str, Any]]:
    """A connection that was read once, and Xero's key entered."""
    held = deployed.connect()
    assert deployed.run(held)["state"] == "done"
    webhooks = Webhooks(deployed)
    webhooks.enter(webhooks.signs_with)
    return webhooks, held


def webhook_syncs(deployed: Deployed, held: dict[str, Any]) -> list[str]:
    told = deployed("GET", f"/v1/connections/{held['id']}/syncs").json["syncs"]
    return [one["state"] for one in told if one["trigger"] == "webhook"]


# A key that is disabled, a table that is put back


def test_disabled_key_stops_a_sync_and_loses_nothing(deployed, xero) -> None:
    webhooks, held = told_of_webhooks(deployed)
    started = deployed.start(held, resources=STEPS)
    with token_key_disabled():
        deployed.handlers["worker"] = fresh("worker")
        assert failures(deployed) == 1
        assert webhooks.post() == 503
        assert len(deployed.records(held)) == len(xero.contact_ids())
        assert deployed.state(held) == ("connected", None)
    assert webhooks.post() == 200
    webhooks.deliver()
    deployed.work_all()
    assert deployed.sync(started)["state"] == "done"


@contextmanager
def token_key_disabled() -> Iterator[None]:
    """moto opens with a disabled key what AWS does not."""
    call = BaseClient._make_api_call

    def refuse(self: Any, name: str, request: dict[str, Any]) -> Any:
        if name in ("Encrypt", "Decrypt"):
            error = {"Code": "DisabledException", "Message": "the key is disabled"}
            raise ClientError({"Error": error}, name)
        return call(self, name, request)

    with patch.object(BaseClient, "_make_api_call", refuse):
        yield


def failures(deployed: Deployed) -> int:
    """One message, which the worker does not get done."""
    url = deployed.settings.sync_queue_url
    (message,) = deployed.sqs.receive_message(QueueUrl=url)["Messages"]
    record = {"messageId": message["MessageId"], "body": message["Body"]}
    answer = deployed.handlers["worker"].handler({"Records": [record]}, WorkerContext())
    deployed.sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
    )
    return len(answer["batchItemFailures"])


def test_table_restored_under_its_name_is_worked_with_again(deployed, run) -> None:
    """The steps of docs/operating.md, in their order."""
    held = deployed.connect()
    before = deployed.run(held)
    dynamodb = boto3.client("dynamodb", region_name=aws.REGION)
    name = deployed.settings.table_name
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=name, TargetTableName=f"{name}-restored"
    )
    lost = deployed.run(held)
    feed = deployed("GET", f"/v1/connections/{held['id']}").json["feed"]
    position = {"after": feed["head"], "stamp": feed["stamp"], "epoch": feed["epoch"]}
    position["consumer"] = CONSUMER
    arn = dynamodb.create_backup(TableName=f"{name}-restored", BackupName="restored")[
        "BackupDetails"
    ]["BackupArn"]
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=name)
    dynamodb.restore_table_from_backup(TargetTableName=name, BackupArn=arn)
    dynamodb.delete_table(TableName=f"{name}-restored")
    listed = [one["id"] for one in run("syncs", "list", held["id"])]
    assert before["id"] in listed and lost["id"] not in listed
    restart = deployed("GET", f"/v1/connections/{held['id']}/feed", **position)
    assert restart.code == "feed_restart"
    assert deployed.run(held)["state"] == "done"
    assert isinstance(deployed.janitor(), dict)
