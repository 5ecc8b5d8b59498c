"""What SQS remembers of the deduplication ids of a FIFO queue.

moto forgets an id as soon as its message is deleted; AWS remembers it for five minutes
after the first send, whatever became of the message. A program that leans on either is
wrong on the other, so the memory stands where every send passes: in moto's own
``Queue.add_message``. There, one place serves SendMessage and SendMessageBatch alike,
and moto's validation, answers and locks stay as they are; a proxy in front of moto
would have to parse and merge the answers of both, in two wire formats.

Source: Amazon SQS Developer Guide, "Using the message deduplication ID".
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from moto.sqs.models import Queue

INTERVAL_SECONDS = 300


class DeduplicationMemory:
    """The messages accepted within the last five minutes, by deduplication id."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: OrderedDict[tuple, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def original(self, key: tuple, message: Any) -> Any:
        """The message that was first sent under the key: this one, or an earlier one.

        A repeated send does not prolong the interval of the first.
        """
        with self._lock:
            now = self._clock()
            while self._sent:
                oldest, (at, _) = next(iter(self._sent.items()))
                if now - at < INTERVAL_SECONDS:
                    break
                del self._sent[oldest]
            return self._sent.setdefault(key, (now, message))[1]


def deduplication_key(queue: Queue, message: Any) -> tuple | None:
    """Queue, scope and id; None for a message that is not deduplicated."""
    if not queue.fifo_queue or not message.deduplication_id:
        return None
    by_group = queue.attributes.get("DeduplicationScope") == "messageGroup"
    scope = message.group_id if by_group else None
    return queue.queue_arn, scope, message.deduplication_id


def install(memory: DeduplicationMemory) -> None:
    """Make every queue of this process's moto deduplicate by the memory.

    A duplicate is accepted and answered with the first message's id and sequence
    number, and not delivered.
    """

    def add_message(queue: Queue, message: Any) -> None:
        key = deduplication_key(queue, message)
        first = memory.original(key, message) if key else message
        if first is not message:
            message.id = first.id
            message.sequence_number = first.sequence_number
            return
        with queue._messages_lock:
            queue._messages.append(message)
            queue._messages_lock.notify_all()

    Queue.add_message = add_message
