"""The process of one event source mapping: receive, invoke, delete what went well.

Killed at any moment, it leaves the messages that it had to the queue's visibility
timeout, as Lambda would.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from infra.local import aws, event_source
from infra.local.function import Function
from infra.local.stack import QueueMapping, Stack

RECEIVE_AT_MOST = 10
# Short: a receipt that waits on behalf of a killed poller swallows what it gets.
WAIT_SECONDS = 1

logger = logging.getLogger(__name__)


class Poller:
    """Runs a function on a queue's messages, ``mapping.concurrency`` at a time."""

    def __init__(
        self,
        mapping: QueueMapping,
        function: Function,
        sqs: Any,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._mapping = mapping
        self._function = function
        self._sqs = sqs
        self._places = threading.BoundedSemaphore(mapping.concurrency)
        self._workers = ThreadPoolExecutor(mapping.concurrency)

    def run(self) -> None:
        while True:
            self.poll()

    def poll(self) -> Future | None:
        """Take one batch, as soon as there is a place for it; None if none came."""
        self._places.acquire()
        batch = self._batch()
        if batch:
            return self._workers.submit(self._process, batch)
        self._places.release()
        return None

    def _batch(self) -> list[dict[str, Any]]:
        """As many messages as the batch size allows, gathered during the window."""
        batch = self._receive(self._mapping.batch_size, WAIT_SECONDS)
        end = self._clock() + self._mapping.window
        while batch and (missing := self._mapping.batch_size - len(batch)) > 0:
            left = int(end - self._clock())
            if left <= 0:
                break
            batch += self._receive(missing, min(left, WAIT_SECONDS))
        return batch

    def _receive(self, most: int, wait: int) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._mapping.queue_url,
            MaxNumberOfMessages=min(most, RECEIVE_AT_MOST),
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _process(self, batch: list[dict[str, Any]]) -> None:
        try:
            outcome = self._function.invoke(event_source.event(self._mapping, batch))
            for message in event_source.processed(self._mapping, batch, outcome):
                self._sqs.delete_message(
                    QueueUrl=self._mapping.queue_url,
                    ReceiptHandle=message["ReceiptHandle"],
                )
        except Exception:
            logger.exception("A batch is left to the queue's visibility timeout.")
        finally:
            self._places.release()


def main(stack_file: str, name: str) -> None:
    stack = Stack.load(Path(stack_file))
    mapping = next(each for each in stack.mappings if each.name == name)
    function = Function(
        stack.functions[mapping.function],
        stack.code,
        Path(stack.state),
        mapping.concurrency,
    )
    sqs = aws.client("sqs", stack.moto_url, caller=mapping.function)
    Poller(mapping, function, sqs).run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
