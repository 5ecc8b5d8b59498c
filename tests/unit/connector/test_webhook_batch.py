"""The function that takes posts from the queue: what it answers and writes."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from types import ModuleType
from typing import Any

import pytest

from lambda_connector.handlers.observability import metrics
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.webhook import Post
from lambda_connector.storage.codec import to_item

from .fake_xero import EVERY_SCOPE
from .http_events import Context
from .telling import KEY, Telling, break_table_of, event, function_of
from .world import START, World


@pytest.fixture
def function(monkeypatch) -> ModuleType:
    """The handler's module, as Lambda starts it."""
    return function_of(monkeypatch, "webhook_batch")


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.scopes = EVERY_SCOPE
    connection = world.connect()
    world.run(connection, resources=["contacts"])
    world.clock.advance(minutes=10)
    return connection


@pytest.fixture
def telling(world: World, held: Connection) -> Telling:
    return Telling(world)


def records(*posts: Post | str) -> list[dict[str, Any]]:
    bodies = [
        post if isinstance(post, str) else json.dumps(to_item(post)) for post in posts
    ]
    return [
        {"messageId": f"m-{number}", "body": body} for number, body in enumerate(bodies)
    ]


def metrics_of(text: str) -> dict[str, list[float]]:
    """What CloudWatch reads from the function's output."""
    lines = [json.loads(line) for line in text.splitlines() if '"_aws"' in line]
    return {name: held for line in lines for name, held in line.items()}


def test_failures_are_told_by_message(telling, world, function, monkeypatch) -> None:
    break_table_of(world, monkeypatch, "broken")
    telling.post(event())
    telling.post(event(organisation="broken"))
    good, bad = telling.queue.messages
    failed = function.work(
        world.services.changes, records("nothing of ours", bad, good, bad)
    )
    assert failed == [{"itemIdentifier": "m-1"}, {"itemIdentifier": "m-3"}]


def test_empty_batch_is_fine(world, function) -> None:
    assert function.work(world.services.changes, []) == []


def test_metrics_tell_how_many_and_how_late(
    telling, world, function, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(function, "_services", world.services)
    metrics.clear_metrics()
    told = [event(at=world.clock.now() - timedelta(seconds=7)), event("SUBSCRIPTION")]
    telling.post(*told, event(organisation="tenant-of-somebody"))
    world.clock.advance(seconds=4)
    posts = telling.queue.messages
    function.handler({"Records": records(*posts)}, Context())
    counted = metrics_of(capsys.readouterr().out)
    assert counted["WebhookEvents"] == [3.0]
    assert counted["WebhookStarted"] == [1.0]
    assert counted["WebhookOfAnotherOrganisation"] == [1.0]
    assert counted["WebhookOfAnotherCategory"] == [1.0]
    assert counted["WebhookDelay"] == [7.0]
    assert counted["WebhookLatency"] == [4.0]


def test_log_names_nobody(telling, world, function, log: StringIO) -> None:
    telling.post(event(at=START, note="Kauri Trading"))
    function.work(world.services.changes, records(*telling.queue.messages))
    told = json.loads(log.getvalue().splitlines()[-1])
    assert (told["posts"], told["events"]) == (1, 1)
    assert (told["first"], told["last"]) == (1, 1)
    assert told["outcomes"] == {"started": 1}
    for secret in (KEY, "Kauri", "tenant-1", telling.hook, "0a1b"):
        assert secret not in log.getvalue()
