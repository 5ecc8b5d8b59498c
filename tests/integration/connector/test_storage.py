"""What the logic relies on, on DynamoDB, S3, SQS and KMS as moto plays them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError, ConnectionClosedError

from infra.local import aws
from lambda_connector.handlers.services import aws_ports
from lambda_connector.logic.clock import SystemClock
from lambda_connector.logic.model.sync import Hint, LogEntry
from lambda_connector.logic.problems import Problem
from lambda_connector.storage.hint_queue import SqsHints, read_hint
from lambda_connector.storage.table import TTL_ATTRIBUTE
from tests.unit.connector.fake_xero import EVERY_SCOPE
from tests.unit.connector.world import CONSUMER, TUI, World

from .aws import PROJECT, template


def test_sixteen_workers_at_once_refresh_once(world: World) -> None:
    held = world.connect()
    world.clock.advance(minutes=31)
    tokens = replace(world.services.tokens, clock=_Standing(world))

    def work(_: int) -> str:
        process = replace(tokens, opened={})
        return process.access(held.instance, held.token_set)

    with ThreadPoolExecutor(16) as pool:
        given = list(pool.map(work, range(16)))
    assert len(set(given)) == 1
    assert world.xero.refreshes == 1


def test_tokens_that_moved_on_are_not_deleted(world: World) -> None:
    held = world.connect()
    store = world.ports.token_sets
    row = store.get(held.instance, held.token_set)
    renewed = replace(row, version=row.version + 1)
    assert store.save(renewed) is True
    assert store.delete(row) is False
    assert store.get(held.instance, held.token_set) == renewed
    assert store.delete(renewed) is True
    assert store.get(held.instance, held.token_set) is None


class _Standing(SystemClock):
    """The world's time, but sleeping really waits, so that threads take turns."""

    def __init__(self, world: World) -> None:
        self.world = world

    def now(self):
        return self.world.clock.now()


def test_of_many_instances_that_want_one_client_id_one_gets_it(world: World) -> None:
    instances = world.services.instances
    names = [instances.create("CRM", "https://crm.example")[0].id for _ in range(8)]

    def save(name: str) -> bool:
        try:
            world.services.apps.save(name, "client", "secret", "starter")
        except Problem as problem:
            assert problem.code == "xero_app_in_use"
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(save, names)) == 1


def test_client_id_is_free_again_after_it_was_changed_or_removed(world: World) -> None:
    apps, instances = world.services.apps, world.services.instances
    other = instances.create("Other", "https://other.example")[0].id
    apps.save(world.instance, "client", "secret", "starter")
    apps.save(world.instance, "changed", "secret", "starter")
    apps.save(other, "client", "secret", "starter")
    apps.delete(other)
    apps.save(world.instance, "client", "secret", "starter")
    assert apps.get(world.instance).client_id == "client"
    assert apps.get(other) is None


def test_of_many_starts_at_once_one_sync_lives(world: World) -> None:
    held = world.connect()
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda _: world.start(held).id, range(8)))
    assert len(set(started)) == 1


def test_of_two_workers_with_one_page_one_records_it(world: World) -> None:
    world.xero.fill(500)
    held = world.connect()
    world.start(held)
    world.deliver()
    (hint,) = world.queue
    with ThreadPoolExecutor(4) as pool:
        work = world.services.worker.work
        outcomes = list(pool.map(lambda _: work(hint, lambda: 900.0), range(4)))
    kinds = sorted(outcome.kind for outcome in outcomes)
    assert kinds.count("done") == 1
    assert set(kinds) <= {"done", "overtaken", "stale"}
    assert [entry.kind for entry in world.entries(held)] == [
        "part",
        "part",
        "sync_finished",
    ]


def test_secret_opens_in_its_own_context_only(world: World) -> None:
    vault = world.ports.vault
    sealed = vault.seal("token", {"instance": "a", "purpose": "access"})
    assert b"token" not in sealed
    assert vault.open(sealed, {"instance": "a", "purpose": "access"}) == "token"
    for context in ({"instance": "b", "purpose": "access"}, {"instance": "a"}, {}):
        with pytest.raises(ClientError):
            vault.open(sealed, context)


def test_no_secret_lies_in_the_table(world: World) -> None:
    held = world.connect()
    access = world.services.tokens.access(held.instance, held.token_set)
    client = boto3.client("dynamodb", region_name=aws.REGION)
    rows = repr(client.scan(TableName=world.settings.table_name)["Items"])
    refresh = next(iter(world.xero.refresh_tokens))
    for secret in (access, refresh, "good-code", world.key.rpartition("_")[2]):
        assert secret not in rows


def test_every_partition_begins_with_its_instance_but_the_claim_of_an_app(
    world: World,
) -> None:
    world.run(world.connect())
    client = boto3.client("dynamodb", region_name=aws.REGION)
    rows = client.scan(TableName=world.settings.table_name)["Items"]
    keys = {row["pk"]["S"] for row in rows}
    assert len(keys) == 3
    assert sum(key.startswith("APP#") for key in keys) == 1
    own = f"I#{world.instance}"
    assert all(key.startswith((own, "APP#")) for key in keys)


def test_row_of_a_write_is_taken_up_by_one_and_holds_nothing_of_what_was_sent(
    world: World,
) -> None:
    world.xero.scopes = EVERY_SCOPE
    held = world.connect()
    contact = {"Name": "Rata Bakery", "ContactNumber": "ODOO-1"}
    asked = held.instance, held.id, "the-key-of-a-write", contact, False
    assert world.services.contacts.create(*asked).outcome == "created"
    store = world.ports.writes
    row = store.get(*asked[:3])
    assert (row.outcome, row.is_open, row.leased_until) == ("created", False, None)
    ahead = replace(row, version=row.version + 1, code="xero_validation")
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(store.save, [ahead] * 8)) == 1
    assert store.get(*asked[:3]) == ahead
    client = boto3.client("dynamodb", region_name=aws.REGION)
    rows = client.scan(TableName=world.settings.table_name)["Items"]
    (item,) = [one for one in rows if one["sk"]["S"].startswith("WRITE#")]
    assert int(item[TTL_ATTRIBUTE]["N"]) > row.begun_at.timestamp() + 29 * 86400
    assert "Rata" not in repr(item) and "ODOO" not in repr(item)


def test_brooms_attribute_is_the_templates() -> None:
    document = template.transform(PROJECT / "template.yaml", {})
    table = document["Resources"]["Table"]["Properties"]
    assert table["TimeToLiveSpecification"]["AttributeName"] == TTL_ATTRIBUTE


def test_what_the_broom_left_lying_is_not_shown(world: World) -> None:
    held = world.connect()
    done = world.run(held)
    assert world.services.syncs.recent(world.instance, held.id)
    world.clock.advance(days=31)
    assert world.services.syncs.recent(world.instance, held.id) == []
    assert world.ports.syncs.get(world.instance, done.id) is None
    assert world.ports.syncs.log(done, 0) == []


def test_values_come_back_as_they_were_saved(world: World) -> None:
    world.xero.fill(3)
    held = world.connect()
    sync = world.run(held)
    store = world.ports.syncs
    assert store.get(world.instance, sync.id) == sync
    assert world.services.connections.get(world.instance, held.id) == held
    entry = LogEntry(world.clock.now(), "info", "x", "y", data=(("records", 5),))
    live = world.start(held)
    assert store.save(replace(live, version=2), [entry])
    (kept,) = store.log(live, 0)
    assert kept == replace(entry, n=1)


def test_write_whose_answer_was_lost_is_known_as_ones_own(world: World) -> None:
    """botocore sends it again, and the condition meets what it wrote itself."""
    held = world.connect()
    table = world.ports.connections.table
    stores = replace(
        world.ports.connections, table=replace(table, client=_Twice(table))
    )
    assert stores.replace(held.in_state("reconnect", "x"))
    assert not stores.replace(held.in_state("reconnect", "y"))
    now = world.services.connections.get(held.instance, held.id)
    assert (now.version, now.state_code) == (2, "x")


def test_transaction_whose_answer_was_lost_is_known_as_ones_own(world: World) -> None:
    """Also where AWS does not know the transaction any more."""
    held = world.connect()
    sync = world.start(held)
    store = world.ports.syncs
    client = _Twice(store.table)
    lost = replace(store, table=replace(store.table, client=client))
    log = [LogEntry(world.clock.now(), "info", "x", "y")]
    assert lost.save(replace(sync, version=2), log)
    assert not lost.save(replace(sync, version=2, calls=1), log)
    assert store.get(world.instance, sync.id).version == 2
    other = replace(sync, id=f"{held.id}-other")
    assert lost.start(other).id == sync.id


def test_botocore_sends_a_lost_transaction_again_under_its_token(world: World) -> None:
    held = world.connect()
    sync = world.start(held)
    tokens = []

    def lose_first(request: AWSPreparedRequest, **_: Any) -> None:
        tokens.append(json.loads(request.body)["ClientRequestToken"])
        if len(tokens) == 1:
            raise ConnectionClosedError(endpoint_url="https://aws.example")

    events = world.ports.syncs.table.client.meta.events
    events.register_first("before-send.dynamodb.TransactWriteItems", lose_first)
    log = [LogEntry(world.clock.now(), "info", "x", "y")]
    assert world.ports.syncs.save(replace(sync, version=2), log)
    assert world.ports.syncs.save(replace(sync, version=3), log)
    assert tokens[0] == tokens[1] != tokens[2]


def test_single_write_waits_for_the_transaction_that_touches_its_row(
    world: World,
) -> None:
    """botocore does not send it again by itself."""
    held = world.connect()
    table = world.ports.connections.table
    client = _Conflicting(table)
    stores = replace(world.ports.connections, table=replace(table, client=client))
    assert stores.replace(held.in_state("reconnect", "x"))
    assert client.conflicts == 0
    client.conflicts = 100
    with pytest.raises(ClientError, match="TransactionConflict"):
        stores.replace(held.in_state("reconnect", "y"))


class _Conflicting:
    """A client whose puts meet a transaction so many times."""

    def __init__(self, table, conflicts: int = 2) -> None:
        self.client, self.conflicts = table.client, conflicts

    def __getattr__(self, name: str):
        return getattr(self.client, name)

    def put_item(self, **request):
        if self.conflicts:
            self.conflicts -= 1
            code = {"Error": {"Code": "TransactionConflictException"}}
            raise ClientError(code, "PutItem")
        return self.client.put_item(**request)


class _Twice:
    """A client whose first answer to a write gets lost, and that asks again."""

    def __init__(self, table) -> None:
        self.client = table.client

    def __getattr__(self, name: str):
        return getattr(self.client, name)

    def put_item(self, **request):
        return self._twice(self.client.put_item, request)

    def transact_write_items(self, **request):
        return self._twice(self.client.transact_write_items, request)

    @staticmethod
    def _twice(method, request):
        with suppress(ClientError):
            method(**request)
        return method(**request)


def test_part_that_is_not_there(world: World) -> None:
    assert world.ports.spool.get(world.instance, "c", "0" * 64) is None


def test_same_content_lies_once_in_the_spool(world: World) -> None:
    spool = world.ports.spool
    names = {spool.put(world.instance, "c", b"page") for _ in range(3)}
    assert len(names) == 1
    assert spool.get(world.instance, "c", names.pop()) == b"page"


def test_connections_that_need_a_person_are_counted_until_somebody_came(
    world: World,
) -> None:
    connections = world.services.connections
    before = connections.stopped()
    held = world.connect()
    connections.stop(held, "organisation_gone")
    assert connections.stopped() == before + 1
    world.reconnect(connections.get(held.instance, held.id))
    assert connections.stopped() == before


def test_hints_wait_in_the_group_of_their_connection(world: World) -> None:
    client = boto3.client("sqs", region_name=aws.REGION)
    url = world.settings.sync_queue_url
    hint = Hint("i", "c", "c-1", 7)
    for _ in range(2):
        SqsHints(client, url).send(hint)
    received = client.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]
    )["Messages"]
    assert len(received) == 1
    assert read_hint(received[0]["Body"]) == hint
    attributes = received[0]["Attributes"]
    assert attributes["MessageGroupId"] == "c"
    assert attributes["MessageDeduplicationId"] == "c:c-1:7"


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{}", '{"instance": "i"}', json.dumps({"version": "x"})]
)
def test_message_of_somebody_else_is_no_hint(body: str) -> None:
    with pytest.raises(ValueError):
        read_hint(body)


def test_feed_on_the_table_behaves_as_in_memory(world: World) -> None:
    world.xero.fill(2500)
    held = world.connect()
    world.run(held)
    feeds, where = world.services.feeds, (held.instance, held.id)
    epoch = feeds.head(*where).epoch
    entries = feeds.entries(*where, epoch, 0, "", CONSUMER)[1]
    assert [one.n for one in entries] == [1, 2, 3, 4, 5]
    stamps = {one.n: one.stamp for one in entries}
    assert feeds.head(*where).head_stamp == stamps[5]
    assert feeds.acknowledge(*where, epoch, 3, stamps[3], CONSUMER) == 3
    assert feeds.acknowledge(*where, epoch, 2, stamps[2], CONSUMER) == 3
    with pytest.raises(Problem, match="feed_restart"):
        feeds.entries(*where, epoch, 2, stamps[2], CONSUMER)
    with pytest.raises(Problem, match="feed_taken"):
        feeds.entries(*where, epoch, 3, stamps[3], "another")
    assert feeds.take_over(*where, "another").consumer == "another"

    world.clock.advance(days=14)
    assert world.janitor()["feed_expired"] == 1
    assert world.ports.syncs.watermarks(*where) == {}
    assert world.run(held).steps[1].mode == "full"
    after = feeds.entries(*where, epoch, 5, stamps[5], "another")[1]
    assert [one.n for one in after] == [6, 7, 8, 9, 10]
    feeds.acknowledge(*where, epoch, 10, after[-1].stamp, "another")
    world.clock.advance(days=30)
    assert not [name for name in world.janitor() if name.startswith("feed")]


def test_organisation_is_free_again_after_disconnecting(world: World) -> None:
    held = world.connect()
    with pytest.raises(Problem, match="organisation_taken"):
        world.connect()
    world.xero.tenants_of_consent = [TUI]
    world.connect()
    world.services.connections.disconnect(world.instance, held.id)
    world.xero.tenants_of_consent = [replace(TUI, organisation="tenant-1")]
    assert world.connect().organisation == "tenant-1"


def test_consents_run_out_on_the_table_too(world: World) -> None:
    world.set_app()
    consent = world.begin()
    world.clock.advance(minutes=6)
    assert world.janitor() == {"authorization_forgotten": 1}
    row = world.consent(consent)
    assert row.code is None and row.verifier is None
    assert world.janitor() == {}


def test_log_and_history_of_a_long_sync_come_in_order(world: World) -> None:
    world.xero.max_page_size = 125
    world.xero.fill(125 * 30)
    held = world.connect()
    done = world.run(held)
    log = world.services.syncs.log(world.instance, done.id, 0)
    assert [entry.n for entry in log] == list(range(1, 33))
    later = world.services.syncs.log(world.instance, done.id, 30)
    assert [entry.n for entry in later] == [31, 32]


def test_ports_are_made_from_the_settings_alone(world: World) -> None:
    ports = aws_ports(world.settings, SystemClock())
    assert ports.instances.get(world.instance).name == "CRM"
    assert ports.syncs.log_retention == timedelta(days=30)
