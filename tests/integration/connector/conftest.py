"""What the connector's integration tests share."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest

from infra.local import aws
from tests.unit.connector.logs import log_lines
from tests.unit.connector.world import World

from .aws import world_on_aws


@pytest.fixture(autouse=True, scope="session")
def region() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", aws.REGION)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        yield


@pytest.fixture
def log() -> Iterator[StringIO]:
    with log_lines() as stream:
        yield stream


@pytest.fixture
def world() -> Iterator[World]:
    with world_on_aws() as world:
        yield world
