"""Odoo is told that something waits: seldom, in vain if need be, never relied on."""

from __future__ import annotations

import importlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_connector.logic.nudges import FAILED, LEFT, SENT, Nudges
from lambda_connector.odoo.nudge import HttpOdoo

from .world import World

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)


def nudges(world: World, **changes: Any) -> Nudges:
    return Nudges(world.ports.instances, world.ports.odoo, world.clock, **changes)


def test_odoo_is_told_at_the_origin_that_the_deployer_registered(world: World) -> None:
    assert nudges(world).tell(world.instance, "c1") == SENT
    assert world.ports.odoo.nudges == [("https://crm.example", "c1")]


def test_pages_in_quick_succession_are_one_nudge_for_each_connection(
    world: World,
) -> None:
    telling = nudges(world)
    said = [telling.tell(world.instance, name) for name in ("c1", "c1", "c2", "c1")]
    assert said == [SENT, LEFT, SENT, LEFT]
    world.clock.advance(seconds=2)
    assert telling.tell(world.instance, "c1") == SENT


def test_odoo_that_cannot_be_reached_is_left_alone_for_a_while(world: World) -> None:
    telling, odoo = nudges(world), world.ports.odoo
    odoo.is_there = False
    assert telling.tell(world.instance, "c1") == FAILED
    world.clock.advance(seconds=59)
    assert telling.tell(world.instance, "c2") == LEFT
    odoo.is_there = True
    world.clock.advance(seconds=1)
    assert telling.tell(world.instance, "c2") == SENT
    assert len(odoo.nudges) == 2


def test_nothing_is_told_where_it_is_switched_off(world: World) -> None:
    assert nudges(world, is_on=False).tell(world.instance, "c1") == LEFT
    assert world.ports.odoo.nudges == []


def test_unknown_instance_is_nobodys_odoo(world: World) -> None:
    assert nudges(world).tell("0123456789ab", "c1") == LEFT
    assert world.ports.odoo.nudges == []


@pytest.fixture
def work(monkeypatch) -> Callable[..., bool]:
    """The worker's handler, which reads its settings where it is imported."""
    for name in ("TABLE_NAME", "SPOOL_BUCKET", "TOKEN_KEY_ID"):
        monkeypatch.setenv(name, "x")
    for name in ("SYNC_QUEUE_URL", "WEBHOOK_QUEUE_URL"):
        monkeypatch.setenv(name, "https://sqs.example/x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    return importlib.import_module("lambda_connector.handlers.worker").work


def test_worker_tells_after_what_it_wrote(world: World, work) -> None:
    """A page, the end of a sync; not what waits, and not what is stale."""
    held = world.connect()
    world.start(held)
    heads = []
    odoo, original = world.ports.odoo, world.ports.odoo.nudge

    def nudge(*arguments: str) -> bool:
        heads.append(world.services.feeds.head(held.instance, held.id).head)
        return original(*arguments)

    odoo.nudge = nudge
    first = world.queue[0]
    while world.queue:
        assert work(world.services, _record(world.queue.pop(0)), CONTEXT)
        world.clock.advance(seconds=3)
    assert work(world.services, _record(first), CONTEXT)
    assert heads == [1, 3]
    assert {name for _, name in odoo.nudges} == {held.id}


def _record(hint: Any) -> dict[str, Any]:
    return {"messageId": "m", "body": json.dumps(vars(hint))}


# Over HTTP


@contextmanager
def odoo(status: int = 204, wait: float = 0.0) -> Iterator[tuple[str, list[Any]]]:
    """An Odoo of this machine: its origin, and what it was told."""
    heard: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, json.loads(body), dict(self.headers)))
            time.sleep(wait)
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}", heard
    finally:
        server.shutdown()
        server.server_close()


def test_nudge_names_the_connection_and_nothing_else() -> None:
    with odoo() as (origin, heard):
        assert HttpOdoo().nudge(origin, "5a0c", "trace-0001") is True
    ((path, body, headers),) = heard
    assert (path, body) == ("/xero/nudge", {"connection": "5a0c"})
    assert headers["X-Correlation-Id"] == "trace-0001"
    assert "Authorization" not in headers


@pytest.mark.parametrize("status", [200, 301, 307, 404, 413, 500])
def test_other_answers_count_as_unheard_and_no_redirect_is_followed(
    status: int,
) -> None:
    with odoo(status) as (origin, heard):
        assert HttpOdoo().nudge(origin, "5a0c", "trace-0001") is False
    assert len(heard) == 1


def test_nudge_waits_for_no_slow_odoo() -> None:
    with odoo(wait=60) as (origin, _):
        began = time.monotonic()
        assert HttpOdoo().nudge(origin, "5a0c", "trace-0001") is False
        assert time.monotonic() - began < 30


def test_odoo_that_is_not_there_is_no_error() -> None:
    with odoo() as (origin, _):
        pass
    assert HttpOdoo().nudge(origin, "5a0c", "trace-0001") is False


@pytest.mark.parametrize(
    "origin", ["http://crm.example", "http://localhost.example", ""]
)
def test_nothing_goes_in_the_clear_over_a_network(origin: str, monkeypatch) -> None:
    monkeypatch.setattr("requests.Session.post", None)
    assert HttpOdoo().nudge(origin, "5a0c", "trace-0001") is False
