"""What the connector's unit tests share."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest

from .answering import Server
from .logs import log_lines
from .world import World


@pytest.fixture
def log() -> Iterator[StringIO]:
    with log_lines() as stream:
        yield stream


@pytest.fixture
def world() -> World:
    return World.in_memory()


@pytest.fixture(scope="module")
def answering() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def server(answering: Server, monkeypatch) -> Server:
    # oauthlib refuses token addresses without TLS.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    answering.status, answering.headers, answering.body = 200, {}, b"{}"
    answering.pause, answering.piece = 0.0, 0
    answering.asked.clear()
    return answering
