"""What Lambda makes of a batch of SQS messages and of the function's answer to it.

Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS" and "Handling
errors for an SQS event source in Lambda".
"""

from collections.abc import Sequence
from typing import Any

from infra.local.aws import REGION
from infra.local.function import Outcome
from infra.local.stack import QueueMapping


def event(mapping: QueueMapping, messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The event for messages as ``ReceiveMessage`` gave them."""
    return {"Records": [_record(mapping, each) for each in messages]}


def _record(mapping: QueueMapping, message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: _attribute(value)
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.queue_arn,
        "awsRegion": REGION,
    }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    names = {"StringValue": "stringValue", "DataType": "dataType"}
    kept = {new: value[old] for old, new in names.items() if old in value}
    return kept | {"stringListValues": [], "binaryListValues": []}


def processed(
    mapping: QueueMapping, messages: Sequence[dict[str, Any]], outcome: Outcome
) -> list[dict[str, Any]]:
    """The messages that Lambda deletes; the rest come back after the visibility."""
    if outcome.error:
        return []
    if not mapping.reports_item_failures:
        return list(messages)
    failed = _failures(outcome.answer, {each["MessageId"] for each in messages})
    if failed is None:
        return []
    return [each for each in messages if each["MessageId"] not in failed]


def _failures(answer: Any, sent: set[str]) -> set[str] | None:
    """The ids that the answer reports; None if it is malformed: then all failed."""
    if answer in (None, {}):
        return set()
    if not isinstance(answer, dict):
        return None
    items = answer.get("batchItemFailures")
    if items is None:
        return set()
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        return None
    ids = [item.get("itemIdentifier") for item in items]
    if not all(isinstance(each, str) and each in sent for each in ids):
        return None
    return set(ids)
