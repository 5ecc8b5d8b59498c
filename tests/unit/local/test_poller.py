from dataclasses import replace

import boto3
import pytest
from moto import mock_aws

from infra.local.function import Outcome
from infra.local.poller import Poller
from infra.local.stack import QueueMapping


class Handler:
    """In a Function's place: answers what it is told, keeps what it was sent."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.batches = []

    def invoke(self, event):
        self.batches.append([record["body"] for record in event["Records"]])
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def sqs():
    with mock_aws():
        yield boto3.client(
            "sqs",
            region_name="eu-west-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )


@pytest.fixture
def mapping(sqs):
    queue = sqs.create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"})
    return QueueMapping(
        name="Sync",
        function="Worker",
        queue_url=queue["QueueUrl"],
        queue_arn="arn",
        batch_size=2,
        window=0,
        reports_item_failures=True,
        concurrency=1,
    )


def send(sqs, mapping, *bodies):
    for body in bodies:
        sqs.send_message(
            QueueUrl=mapping.queue_url,
            MessageBody=body,
            MessageGroupId="g",
            MessageDeduplicationId=body,
        )


def left(sqs, mapping):
    """How many messages the queue still holds, hidden ones included."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = sqs.get_queue_attributes(QueueUrl=mapping.queue_url, AttributeNames=names)
    return sum(int(answer["Attributes"][name]) for name in names)


def test_batches_follow_the_mappings_size_and_the_queues_order(sqs, mapping):
    send(sqs, mapping, "1", "2", "3")
    handler = Handler()
    poller = Poller(mapping, handler, sqs)
    poller.poll().result()
    poller.poll().result()
    assert handler.batches == [["1", "2"], ["3"]]
    assert left(sqs, mapping) == 0


@pytest.mark.parametrize(
    "outcome",
    [Outcome(error={"errorType": "Boom"}), Outcome(answer="malformed"), OSError("x")],
)
def test_what_failed_stays_in_the_queue_and_the_next_poll_goes_on(
    sqs, mapping, outcome
):
    handler = Handler(outcome)
    poller = Poller(mapping, handler, sqs)
    send(sqs, mapping, "1")
    poller.poll().result()
    assert left(sqs, mapping) == 1
    sqs.send_message(
        QueueUrl=mapping.queue_url,
        MessageBody="other",
        MessageGroupId="other",
        MessageDeduplicationId="other",
    )
    poller.poll().result()
    assert handler.batches == [["1"], ["other"]]
    assert left(sqs, mapping) == 1


class ScriptedQueue:
    """Gives one message a receive, and moves the clock by what was waited."""

    def __init__(self, clock):
        self.clock = clock
        self.waits = []

    def receive_message(self, WaitTimeSeconds, **_):
        self.waits.append(WaitTimeSeconds)
        self.clock.now += 3
        body = {"Body": "x", "MD5OfBody": "m", "ReceiptHandle": "h"}
        return {"Messages": [body | {"MessageId": str(len(self.waits))}]}

    def delete_message(self, **_):
        pass


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_window_gathers_until_it_is_over(mapping):
    clock, handler = Clock(), Handler()
    queue = ScriptedQueue(clock)
    standard = replace(mapping, batch_size=10, window=7)
    Poller(standard, handler, queue, clock).poll().result()
    assert handler.batches == [["x"] * 4]
    assert queue.waits == [1, 1, 1, 1]


def test_a_window_ends_when_the_batch_is_full(mapping):
    clock, handler = Clock(), Handler()
    standard = replace(mapping, batch_size=2, window=300)
    Poller(standard, handler, ScriptedQueue(clock), clock).poll().result()
    assert handler.batches == [["x"] * 2]
