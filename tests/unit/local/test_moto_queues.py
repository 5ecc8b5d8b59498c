import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from moto import mock_aws
from moto.sqs.models import Queue, SQSBackend

from infra.local import moto_queues
from infra.local.deduplication import DeduplicationMemory


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sqs(monkeypatch, clock):
    for owner, name in (
        (Queue, "add_message"),
        (Queue, "delete_message"),
        (SQSBackend, "receive_message"),
        (SQSBackend, "change_message_visibility"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    moto_queues.install(DeduplicationMemory(clock))
    with mock_aws():
        yield boto3.client(
            "sqs",
            region_name="eu-west-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )


def fifo(sqs, scope="messageGroup"):
    attributes = {"FifoQueue": "true", "DeduplicationScope": scope}
    return sqs.create_queue(QueueName="a.fifo", Attributes=attributes)["QueueUrl"]


def send(sqs, url, body="x", group="g", dedup="d"):
    return sqs.send_message(
        QueueUrl=url,
        MessageBody=body,
        MessageGroupId=group,
        MessageDeduplicationId=dedup,
    )


def take_all(sqs, url):
    """The bodies that are there, taken and deleted."""
    bodies = []
    while True:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        if not (messages := answer.get("Messages")):
            return bodies
        for each in messages:
            bodies.append(each["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])


def test_a_repeat_after_deletion_is_accepted_but_not_delivered(sqs):
    url = fifo(sqs)
    first = send(sqs, url, "first")
    assert take_all(sqs, url) == ["first"]
    second = send(sqs, url, "second")
    assert take_all(sqs, url) == []
    assert second["MessageId"] == first["MessageId"]
    assert second["SequenceNumber"] == first["SequenceNumber"]


def test_after_five_minutes_the_same_id_is_delivered_again(sqs, clock):
    url = fifo(sqs)
    send(sqs, url, "first")
    clock.now += 299.9
    send(sqs, url, "too early")
    clock.now += 0.1
    send(sqs, url, "again")
    assert take_all(sqs, url) == ["first", "again"]


def test_a_repeat_does_not_prolong_the_memory(sqs, clock):
    url = fifo(sqs)
    send(sqs, url, "first")
    clock.now += 200
    send(sqs, url, "repeat")
    clock.now += 100
    send(sqs, url, "again")
    assert take_all(sqs, url) == ["first", "again"]


def test_the_group_is_the_scope_where_the_queue_says_so(sqs):
    url = fifo(sqs)
    send(sqs, url, "one", group="1")
    send(sqs, url, "two", group="2")
    assert sorted(take_all(sqs, url)) == ["one", "two"]


def test_the_queue_is_the_scope_otherwise(sqs):
    url = fifo(sqs, scope="queue")
    send(sqs, url, "one", group="1")
    send(sqs, url, "two", group="2")
    assert take_all(sqs, url) == ["one"]


def test_batches_are_deduplicated_entry_by_entry(sqs):
    url = fifo(sqs)
    first = send(sqs, url, "first", dedup="1")
    entries = [
        {
            "Id": number,
            "MessageBody": f"batch {number}",
            "MessageGroupId": "g",
            "MessageDeduplicationId": number,
        }
        for number in ("1", "2")
    ]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [each["Id"] for each in answer["Successful"]] == ["1", "2"]
    assert answer["Successful"][0]["MessageId"] == first["MessageId"]
    assert take_all(sqs, url) == ["first", "batch 2"]


def test_standard_queues_take_everything(sqs):
    url = sqs.create_queue(QueueName="plain")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.send_message(QueueUrl=url, MessageBody="x")
    assert take_all(sqs, url) == ["x", "x"]


@pytest.fixture
def waiting_poll(sqs, monkeypatch):
    """Starts a long poll and returns when it has found nothing and waits."""
    looked = threading.Event()
    receive = moto_queues._receive

    def look(*arguments, **named):
        found = receive(*arguments, **named)
        looked.set()
        return found

    with ThreadPoolExecutor(1) as pool:

        def start(url):
            monkeypatch.setattr(moto_queues, "_receive", look)
            poll = pool.submit(sqs.receive_message, QueueUrl=url, WaitTimeSeconds=20)
            assert looked.wait(10)
            assert not poll.done()
            return poll

        yield start


def test_a_long_poll_gets_the_groups_next_message_when_the_first_is_deleted(
    sqs, waiting_poll
):
    url = fifo(sqs)
    send(sqs, url, "first", dedup="1")
    send(sqs, url, "second", dedup="2")
    (first,) = sqs.receive_message(QueueUrl=url)["Messages"]
    poll = waiting_poll(url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert poll.result(10)["Messages"][0]["Body"] == "second"


def test_a_long_poll_gets_what_is_made_visible_again(sqs, waiting_poll):
    url = fifo(sqs)
    send(sqs, url, "first")
    (first,) = sqs.receive_message(QueueUrl=url)["Messages"]
    poll = waiting_poll(url)
    sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0
    )
    assert poll.result(10)["Messages"][0]["Body"] == "first"


def test_a_long_poll_gets_what_is_sent(sqs, waiting_poll):
    url = fifo(sqs)
    poll = waiting_poll(url)
    send(sqs, url, "sent")
    assert poll.result(10)["Messages"][0]["Body"] == "sent"


def test_an_empty_queue_is_answered_when_the_wait_is_over(sqs):
    assert "Messages" not in sqs.receive_message(QueueUrl=fifo(sqs), WaitTimeSeconds=1)


def test_no_send_comes_between_the_steps_of_a_deletion(sqs, monkeypatch):
    """moto builds a list without the deleted: what is added meanwhile would be lost."""
    url = fifo(sqs)
    send(sqs, url, "first")
    (first,) = sqs.receive_message(QueueUrl=url)["Messages"]
    delete, free = moto_queues._delete, []

    def observed(queue, receipt_handle):
        with ThreadPoolExecutor(1) as other:
            free.append(other.submit(queue._messages_lock.acquire, False).result())
        delete(queue, receipt_handle)

    monkeypatch.setattr(moto_queues, "_delete", observed)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert free == [False]
