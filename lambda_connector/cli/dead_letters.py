"""Messages that failed five times: looked at, and sent once more.

dead-letters list
dead-letters redrive [--queue sync|webhook]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import boto3

from ..logic.clock import iso
from ..storage.hint_queue import read_hint
from ..storage.post_queue import read_post
from .connector import commands_of
from .deployment import Deployment
from .refusals import Refused

Lines = Iterable[dict[str, Any]]
Message = dict[str, Any]
_HELD_SECONDS = 60
"""Nobody else is shown what is being looked at or moved."""
_BATCH = 10
_WAIT_SECONDS = 2
"""A receive that does not wait asks some of a queue's servers only, and may miss what
is there."""


def add_commands(groups: Any) -> None:
    command = commands_of(groups, "dead-letters", "messages that failed five times")
    command("list", _list, "what lies in the dead-letter queues")
    redrive = command("redrive", _redrive, "send it to the queues that it came from")
    redrive.add_argument("--queue", choices=("sync", "webhook"), help="only this one")


@dataclass(frozen=True)
class DeadLetters:
    """One queue and its dead letters."""

    name: str
    client: Any
    url: str
    told: Callable[[str], dict[str, Any]]
    """What a message of this queue is about. Raises ValueError where it is foreign."""

    @cached_property
    def dead_url(self) -> str:
        """Where this queue's own redrive policy sends what failed."""
        policy = json.loads(self._attribute(self.url, "RedrivePolicy"))
        *_, name = policy["deadLetterTargetArn"].split(":")
        return self.client.get_queue_url(QueueName=name)["QueueUrl"]

    def count(self) -> int:
        return int(self._attribute(self.dead_url, "ApproximateNumberOfMessages"))

    def held(self) -> Iterator[Message]:
        """The messages, hidden from others for a while. Of a FIFO group the first ten,
        until these are deleted."""
        while True:
            answer = self.client.receive_message(
                QueueUrl=self.dead_url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=_HELD_SECONDS,
                WaitTimeSeconds=_WAIT_SECONDS,
                MessageSystemAttributeNames=["All"],
            )
            if not answer.get("Messages"):
                return
            yield from answer["Messages"]

    def release(self, message: Message) -> None:
        self.client.change_message_visibility(
            QueueUrl=self.dead_url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=0,
        )

    def redrive(self, message: Message) -> None:
        """Sent first, deleted then: who dies between the two sends it twice, which
        changes nothing. The deduplication id is a new one, for the queue may still
        remember the first."""
        more = {}
        group = message["Attributes"].get("MessageGroupId")
        if group:
            again = f"redrive:{message['MessageId']}"
            more = {"MessageGroupId": group, "MessageDeduplicationId": again}
        self.client.send_message(QueueUrl=self.url, MessageBody=message["Body"], **more)
        self.client.delete_message(
            QueueUrl=self.dead_url, ReceiptHandle=message["ReceiptHandle"]
        )

    def line(self, message: Message) -> dict[str, Any]:
        sent = int(message["Attributes"]["SentTimestamp"]) / 1000
        about = {"queue": self.name, "message": message["MessageId"]}
        about["sent_at"] = iso(datetime.fromtimestamp(sent, UTC))
        try:
            return about | self.told(message["Body"])
        except ValueError:
            return about | {"foreign": True}

    def _attribute(self, url: str, name: str) -> str:
        answer = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
        try:
            return answer["Attributes"][name]
        except KeyError:
            raise Refused(f"The queue {url} has no {name}. Deploy the stack.") from None


def _sync(body: str) -> dict[str, Any]:
    hint = read_hint(body)
    return {"instance": hint.instance, "sync": hint.sync, "version": hint.version}


def _post(body: str) -> dict[str, Any]:
    post = read_post(body)
    return {
        "instance": post.instance,
        "received_at": iso(post.received_at),
        "events": post.events,
    }


def _queues(deployment: Deployment, only: str | None = None) -> list[DeadLetters]:
    client = boto3.client("sqs")
    both = (("sync", _sync), ("webhook", _post))
    return [
        DeadLetters(name, client, deployment.need(f"{name}_queue_url"), told)
        for name, told in both
        if only in (None, name)
    ]


def _list(deployment: Deployment, _options: argparse.Namespace) -> Lines:
    for letters in _queues(deployment):
        yield {"queue": letters.name, "messages": letters.count()}
        held = list(letters.held())
        for message in held:
            letters.release(message)
        yield from map(letters.line, held)


def _redrive(deployment: Deployment, options: argparse.Namespace) -> Lines:
    for letters in _queues(deployment, options.queue):
        moved = 0
        for message in letters.held():
            letters.redrive(message)
            moved += 1
        yield {"queue": letters.name, "redriven": moved}
