"""The template's own resources in moto, inside the test's process."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from botocore.client import BaseClient
from moto import mock_aws

from infra.local import aws, template
from lambda_connector.handlers.services import Ports, aws_ports
from lambda_connector.settings import Settings
from tests.unit.connector.fake_xero import FakeXero
from tests.unit.connector.memory import FakeProbe, MemoryQueue, MovableClock
from tests.unit.connector.world import START, World

PROJECT = Path(__file__).parents[3]
_RESOURCES = {
    "table_name": "Table",
    "spool_bucket": "SpoolBucket",
    "sync_queue_url": "SyncQueue",
    "token_key_id": "TokenKey",
    "webhook_queue_url": "WebhookQueue",
}


@cache
def _document() -> dict[str, Any]:
    return template.deployable(template.transform(PROJECT / "template.yaml", {}))


@contextmanager
def _one_call_at_a_time() -> Iterator[None]:
    """moto copies its tables for a transaction and trips over another thread's write;
    the writes themselves stay as mixed as the threads make them."""
    lock, call = threading.RLock(), BaseClient._make_api_call

    def locked(*arguments: Any) -> Any:
        with lock:
            return call(*arguments)

    with patch.object(BaseClient, "_make_api_call", locked):
        yield


@contextmanager
def pretended_aws(**changes: Any) -> Iterator[Settings]:
    """An empty account with the stack created, and the settings that name it."""
    with _one_call_at_a_time(), mock_aws(config={"core": {"mock_credentials": True}}):
        cloudformation = boto3.client("cloudformation", region_name=aws.REGION)
        cloudformation.create_stack(
            StackName=aws.STACK, TemplateBody=json.dumps(_document())
        )
        summaries = cloudformation.list_stack_resources(StackName=aws.STACK)
        physical = {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for each in summaries["StackResourceSummaries"]
        }
        names = {field: physical[name] for field, name in _RESOURCES.items()}
        yield Settings(**names, public_url="https://c.example", **changes)


@contextmanager
def world_on_aws(**changes: Any) -> Iterator[World]:
    """A connector whose ports are AWS's, but for Xero and, so that a test can
    disorder it, the queue."""
    with pretended_aws(**changes) as settings:
        clock = MovableClock(START)
        xero = FakeXero(clock)
        ports: Ports = replace(
            aws_ports(settings, clock),
            queue=MemoryQueue(),
            identity=xero,
            api=xero,
            probe=FakeProbe(),
        )
        yield World.on(settings, ports, clock, xero)


@contextmanager
def recorded() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """The calls that AWS is asked for meanwhile: operation and request of each."""
    calls: list[tuple[str, dict[str, Any]]] = []
    call = BaseClient._make_api_call

    def record(self: Any, operation: str, request: dict[str, Any]) -> Any:
        calls.append((operation, request))
        return call(self, operation, request)

    with patch.object(BaseClient, "_make_api_call", record):
        yield calls
