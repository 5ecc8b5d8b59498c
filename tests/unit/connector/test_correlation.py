"""One id from Odoo's click to Xero's call: in every log on the way, and in answers."""

from __future__ import annotations

import json
from io import StringIO
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools.metrics import SchemaValidationError

from lambda_connector.handlers import observability
from lambda_connector.handlers.observability import metrics
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.observer import correlation_of
from lambda_connector.storage.hint_queue import read_hint

from .fake_xero import EVERY_SCOPE
from .http_events import Api, Context
from .telling import Telling, event, function_of
from .world import World

CLICK = "0123456789abcdef0123456789abcdef"
HEADERS = {"x-correlation-id": CLICK}


class WorkerContext(Context):
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 900_000


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.scopes = EVERY_SCOPE
    return world.connect()


@pytest.fixture
def worker(monkeypatch, world: World) -> ModuleType:
    module = function_of(monkeypatch, "worker")
    monkeypatch.setattr(module, "_services", world.services)
    metrics.clear_metrics()
    return module


@pytest.fixture
def janitor(monkeypatch, world: World) -> ModuleType:
    module = function_of(monkeypatch, "janitor")
    monkeypatch.setattr(module, "_services", world.services)
    metrics.clear_metrics()
    return module


def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def emitted() -> dict[str, Any]:
    """The metrics line as it stands, its metadata included; empties it."""
    try:
        return metrics.serialize_metric_set()
    except SchemaValidationError:
        return {}
    finally:
        metrics.clear_metrics()


def printed(capsys) -> dict[str, Any]:
    """What CloudWatch reads of the last invocation's output."""
    out = capsys.readouterr().out.splitlines()
    return json.loads(next(line for line in reversed(out) if '"_aws"' in line))


def work_all(world: World, worker: ModuleType) -> dict[str, list[float]]:
    """What the worker counted over all that is queued."""
    counted: dict[str, list[float]] = {}
    while world.queue:
        body = json.dumps(vars(world.queue.pop(0)))
        record = {"messageId": "m", "body": body}
        worker.work(world.services, record, WorkerContext())
        for name, value in emitted().items():
            counted.setdefault(name, []).append(value)
    return counted


def started(world: World, held: Connection) -> dict[str, Any]:
    path = f"/v1/connections/{held.id}/syncs"
    body = {"features": ["contacts"], "mode": "incremental"}
    return Api(world)("POST", path, body, headers=HEADERS).json


# From the click


@pytest.mark.parametrize("given", [CLICK, "abcdefgh", "A" * 64, "a-b-c-d-1"])
def test_callers_id_is_taken(given: str) -> None:
    assert correlation_of(given) == given


@pytest.mark.parametrize(
    "given",
    [None, "", "short", "A" * 65, "with space", "line\nfeed1", 'quote"1234', "é" * 9],
)
def test_what_has_not_the_form_of_one_is_replaced(given: str | None) -> None:
    made = correlation_of(given)
    assert made != given
    assert made == correlation_of(made)


def test_click_is_on_the_sync_its_message_and_its_log(world: World, held) -> None:
    sync = started(world, held)
    (message,) = world.queue
    assert sync["correlation"] == message.correlation == CLICK
    assert read_hint(json.dumps(vars(message))) == message
    log = Api(world)("GET", f"/v1/syncs/{sync['id']}/log").json
    assert log["correlation"] == CLICK


def test_every_line_of_the_worker_names_click_and_sync(
    world: World, held, worker, log: StringIO
) -> None:
    sync = started(world, held)
    log.truncate(log.seek(0))
    work_all(world, worker)
    told = lines(log)
    assert {"A message was worked on", "Odoo was nudged"} <= {
        line["message"] for line in told
    }
    for line in told:
        assert line["correlation_id"] == CLICK
        assert (line["sync_id"], line["connection"]) == (sync["id"], held.id)
    assert set(world.ports.odoo.correlations) == {CLICK}


def test_waiting_sync_goes_on_under_its_click(world: World, held) -> None:
    started(world, held)
    world.queue.clear()
    world.clock.advance(minutes=6)
    world.janitor()
    assert [hint.correlation for hint in world.queue] == [CLICK]


def test_second_click_is_joined_to_the_first_in_the_log(
    world: World, held, log: StringIO
) -> None:
    sync = started(world, held)
    path = f"/v1/connections/{held.id}/syncs"
    body = {"features": ["contacts"], "mode": "incremental"}
    other = {"x-correlation-id": "f" * 32}
    again = Api(world)("POST", path, body, headers=other).json
    assert again["correlation"] == CLICK
    line = lines(log)[-1]
    assert line["correlation_id"] == "f" * 32
    assert (line["sync_id"], line["sync_correlation"]) == (sync["id"], CLICK)


def test_line_of_a_request_names_the_route_and_nothing_of_the_address(
    world: World, held
) -> None:
    metrics.clear_metrics()
    Api(world)("GET", f"/v1/connections/{held.id}", headers=HEADERS)
    told = emitted()
    assert told["correlation_id"] == CLICK
    assert told["route"] == "/v1/connections/<connection>"
    assert (told["method"], told["status"]) == ("GET", 200)
    assert held.id not in json.dumps(told)
    assert "ApiError" not in told


def test_unknown_address_is_not_repeated_in_the_log(world: World) -> None:
    metrics.clear_metrics()
    Api(world)("GET", "/v1/people/Ana%20Rangi")
    told = emitted()
    assert (told["route"], told["status"]) == ("unknown", 404)


def test_refusals_name_the_click_also_those_without_a_key(world: World) -> None:
    api = Api(world)
    for key in (None, "wrong"):
        refusal = api("GET", "/v1/nothing", key=key, headers=HEADERS)
        assert refusal.json["correlation_id"] == CLICK


def test_request_after_another_has_an_id_of_its_own(world: World) -> None:
    api = Api(world)
    api("GET", "/v1/nothing", headers=HEADERS)
    assert api("GET", "/v1/nothing").json["correlation_id"] != CLICK


# From Xero's post


def test_post_is_found_in_the_batch_and_in_the_sync_that_it_starts(
    world: World, held, monkeypatch, worker, log: StringIO
) -> None:
    batch = function_of(monkeypatch, "webhook_batch")
    world.run(held, resources=["contacts"])
    world.clock.advance(minutes=10)
    telling = Telling(world)
    changed_at = world.clock.now()
    world.clock.advance(seconds=3)
    telling.post(event(at=changed_at), correlation="post-1234")
    (post,) = telling.queue.messages
    world.services.changes.take([post])
    batch._tell([post], {})
    assert lines(log)[-1]["correlations"] == ["post-1234"]
    assert [hint.correlation for hint in world.queue] == ["post-1234"]
    world.clock.advance(seconds=4)
    metrics.clear_metrics()
    assert work_all(world, worker)["ChangeSeconds"] == [[7.0]]


# What alarms are made of


def test_connection_that_stops_is_counted_at_once_and_with_every_round(
    world: World, held, worker, janitor, capsys
) -> None:
    world.xero.refresh_tokens.clear()
    world.start(held)
    world.clock.advance(hours=1)
    counted = work_all(world, worker)
    assert counted["ReconnectNeeded"] == [[1.0]]
    assert counted["TokenRefreshFailed"] == [[1.0]]
    assert counted["SyncFailed"] == [[1.0]]
    janitor.handler({}, WorkerContext())
    assert printed(capsys)["ReconnectNeeded"] == [1.0]
    world.reconnect(world.services.connections.get(held.instance, held.id))
    janitor.handler({}, WorkerContext())
    assert printed(capsys)["ReconnectNeeded"] == [0.0]


def test_what_a_round_of_the_janitor_puts_off_is_counted(
    world: World, held, janitor, capsys
) -> None:
    left = iter([50_000])

    class EndingContext(WorkerContext):
        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return next(left, 0)

    started(world, held)
    world.clock.advance(minutes=6)
    janitor.handler({}, EndingContext())
    assert printed(capsys)["JanitorPutOff"] == [1.0]
    janitor.handler({}, WorkerContext())
    assert "JanitorPutOff" not in printed(capsys)


def test_errors_of_the_api_are_counted(world: World, monkeypatch) -> None:
    api = Api(world)
    metrics.clear_metrics()

    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(world.ports.apps, "get", broken)
    assert api("GET", "/v1/app").status == 500
    assert emitted()["ApiError"] == [1.0]


def test_chore_that_fails_is_counted_and_holds_up_no_count(
    world: World, janitor, monkeypatch, capsys
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(world.ports.connections, "stopped", broken)
    janitor.handler({}, WorkerContext())
    counted = printed(capsys)
    assert counted["ChoreFailed"] == [1.0]
    assert counted["JanitorRound"] == [1.0]


def test_begin_leaves_nothing_of_what_was_before(log: StringIO) -> None:
    observability.begin("first-one", sync_id="s-1")
    observability.begin("second-one")
    observability.logger.info("Said")
    line = lines(log)[-1]
    assert line["correlation_id"] == "second-one"
    assert "sync_id" not in line
