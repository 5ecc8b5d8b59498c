from dataclasses import replace

import pytest

from infra.local import event_source
from infra.local.function import Outcome
from infra.local.stack import QueueMapping

MAPPING = QueueMapping(
    name="Sync",
    function="Worker",
    queue_url="https://sqs/sync.fifo",
    queue_arn="arn:aws:sqs:eu-west-1:123456789012:sync.fifo",
    batch_size=10,
    window=0,
    reports_item_failures=True,
    concurrency=2,
)
PLAIN = replace(MAPPING, reports_item_failures=False)


def message(message_id):
    return {
        "MessageId": message_id,
        "ReceiptHandle": f"handle-{message_id}",
        "Body": "{}",
        "MD5OfBody": "md5",
        "Attributes": {"MessageGroupId": "g", "ApproximateReceiveCount": "2"},
        "MessageAttributes": {"a": {"StringValue": "1", "DataType": "Number"}},
    }


BATCH = [message("1"), message("2"), message("3")]


def processed_ids(answer=None, error=None, mapping=MAPPING):
    outcome = Outcome(answer=answer, error=error)
    done = event_source.processed(mapping, BATCH, outcome)
    return [each["MessageId"] for each in done]


def failures(*ids):
    return {"batchItemFailures": [{"itemIdentifier": each} for each in ids]}


def test_a_record_has_lambdas_names():
    (record,) = event_source.event(MAPPING, [message("1")])["Records"]
    assert record == {
        "messageId": "1",
        "receiptHandle": "handle-1",
        "body": "{}",
        "attributes": {"MessageGroupId": "g", "ApproximateReceiveCount": "2"},
        "messageAttributes": {
            "a": {
                "stringValue": "1",
                "dataType": "Number",
                "stringListValues": [],
                "binaryListValues": [],
            }
        },
        "md5OfBody": "md5",
        "eventSource": "aws:sqs",
        "eventSourceARN": MAPPING.queue_arn,
        "awsRegion": "eu-west-1",
    }


@pytest.mark.parametrize(
    "answer", [None, {}, {"batchItemFailures": None}, failures(), {"other": 1}]
)
def test_an_answer_without_failures_is_success_of_all(answer):
    assert processed_ids(answer) == ["1", "2", "3"]


def test_reported_failures_are_kept_and_the_rest_is_deleted():
    assert processed_ids(failures("2")) == ["1", "3"]
    assert processed_ids(failures("1", "2", "3")) == []


@pytest.mark.parametrize(
    "answer",
    [
        "done",
        ["1"],
        7,
        {"batchItemFailures": "1"},
        {"batchItemFailures": ["1"]},
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"id": "1"}]},
        failures("1", "unknown"),
    ],
)
def test_a_malformed_answer_is_failure_of_all(answer):
    assert processed_ids(answer) == []


@pytest.mark.parametrize("mapping", [MAPPING, PLAIN])
def test_an_error_is_failure_of_all(mapping):
    assert processed_ids(error={"errorType": "Boom"}, mapping=mapping) == []


def test_without_the_response_type_the_answer_is_not_read():
    assert processed_ids(failures("1"), mapping=PLAIN) == ["1", "2", "3"]
