"""How often each operation calls AWS. Who changes a number here changes what a month
costs, and how far the connector goes: docs/scale.md is to be worked out again."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.aws_cost.meter import Used
from benchmarks.aws_cost.operations import every_operation

CALLS = {
    "first sync": {
        "dynamodb.GetItem": 94,
        "dynamodb.PutItem": 8,
        "dynamodb.Query": 17,
        "dynamodb.TransactWriteItems": 9,
        "dynamodb.UpdateItem": 10,
        "kms.Decrypt": 1,
        "s3.GetObject": 8,
        "s3.PutObject": 8,
        "sqs.DeleteMessage": 8,
        "sqs.ReceiveMessage": 9,
        "sqs.SendMessage": 8,
    },
    "poll": {"dynamodb.GetItem": 2},
    "status": {"dynamodb.GetItem": 7},
    "sync, nothing changed": {
        "dynamodb.GetItem": 50,
        "dynamodb.PutItem": 3,
        "dynamodb.Query": 7,
        "dynamodb.TransactWriteItems": 4,
        "dynamodb.UpdateItem": 5,
        "s3.GetObject": 3,
        "s3.PutObject": 3,
        "sqs.DeleteMessage": 3,
        "sqs.ReceiveMessage": 4,
        "sqs.SendMessage": 3,
    },
    "webhooks": {
        "dynamodb.GetItem": 33,
        "dynamodb.PutItem": 3,
        "dynamodb.Query": 3,
        "dynamodb.TransactWriteItems": 2,
        "dynamodb.UpdateItem": 4,
        "kms.Decrypt": 1,
        "s3.GetObject": 1,
        "s3.PutObject": 1,
        "sqs.DeleteMessage": 1,
        "sqs.DeleteMessageBatch": 1,
        "sqs.ReceiveMessage": 3,
        "sqs.SendMessage": 11,
    },
    "write": {"dynamodb.GetItem": 6, "dynamodb.PutItem": 3},
    "janitor's round": {"dynamodb.Query": 7},
}
"""Eight pages, three pages and ten posts of fifty events. Who receives and deletes is
Lambda's event source mapping."""


@pytest.fixture(scope="module")
def found() -> dict[str, Used]:
    return every_operation(40)


@pytest.mark.parametrize("operation", CALLS)
def test_calls_of_each_operation(found: dict[str, Used], operation: str) -> None:
    assert found[operation].calls == Counter(CALLS[operation])


def test_poll_that_finds_nothing_reads_two_units_and_writes_none(
    found: dict[str, Used],
) -> None:
    poll = found["poll"]
    assert (poll.read_units, poll.write_units, poll.index_units) == (2, 0, 0)
    assert poll.log_bytes < 600


def test_janitors_index_is_not_written_with_each_page(found: dict[str, Used]) -> None:
    """Once when the sync starts and once when it ends, and as often for the feed; what
    is more lies in a minute that ended meanwhile."""
    assert found["first sync"].index_units <= 6
