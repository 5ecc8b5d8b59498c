"""What the connector's unit tests share."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest

from .logs import log_lines
from .world import World


@pytest.fixture
def log() -> Iterator[StringIO]:
    with log_lines() as stream:
        yield stream


@pytest.fixture
def world() -> World:
    return World.in_memory()
