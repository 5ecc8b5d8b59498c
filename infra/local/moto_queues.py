"""moto's queues, made to keep what SQS promises. Changes the process it runs in.

It stands inside moto, where every send, receipt and deletion passes, whichever call
and wire format brought it; a proxy in front of moto would have to parse and merge the
answers of them all. What moto 5.2.5 does otherwise:

- forgets a deduplication id with the deletion of its message; AWS remembers it for
  five minutes, and for each group where the queue says so;
- may lose a message that is sent while another one is deleted (two lists, no lock);
- answers a long poll only when it ends, and spins, once a message of a busy group
  waits.
"""

import time
from typing import Any

from moto.sqs.models import Message, Queue, SQSBackend

from infra.local.deduplication import DeduplicationMemory

# Hidden messages become visible by time alone: nothing tells the waiting one.
LOOK_AGAIN_SECONDS = 0.2

_receive = SQSBackend.receive_message
_delete = Queue.delete_message
_change_visibility = SQSBackend.change_message_visibility


def install(memory: DeduplicationMemory) -> None:
    """Replace moto's sending, receiving and deleting in this process."""

    def add_message(queue: Queue, message: Message) -> None:
        """A duplicate is answered with the first one's ids and not delivered."""
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
    Queue.delete_message = delete_message
    SQSBackend.receive_message = receive_message
    SQSBackend.change_message_visibility = change_message_visibility


def deduplication_key(queue: Queue, message: Message) -> tuple | None:
    """Queue, scope and id; None for a message that is not deduplicated."""
    if not queue.fifo_queue or not message.deduplication_id:
        return None
    by_group = queue.attributes.get("DeduplicationScope") == "messageGroup"
    scope = message.group_id if by_group else None
    return queue.queue_arn, scope, message.deduplication_id


def receive_message(
    backend: SQSBackend,
    queue_name: str,
    count: int,
    wait_seconds_timeout: int,
    *others: Any,
    **named: Any,
) -> list[Message]:
    """What is there now, or as soon as it is, within the wait (seconds)."""
    queue = backend.get_queue(queue_name)
    end = time.monotonic() + (wait_seconds_timeout or 0)
    with queue._messages_lock:
        while True:
            found = _receive(backend, queue_name, count, 0, *others, **named)
            left = end - time.monotonic()
            if found or left <= 0:
                return found
            queue._messages_lock.wait(min(left, LOOK_AGAIN_SECONDS))


def delete_message(queue: Queue, receipt_handle: str) -> None:
    """Delete, and let those wait no longer who wait for the message's group."""
    with queue._messages_lock:
        _delete(queue, receipt_handle)
        queue._messages_lock.notify_all()


def change_message_visibility(
    backend: SQSBackend, queue_name: str, receipt_handle: str, visibility_timeout: int
) -> None:
    """Change it, and let those look again who wait."""
    queue = backend.get_queue(queue_name)
    with queue._messages_lock:
        _change_visibility(backend, queue_name, receipt_handle, visibility_timeout)
        queue._messages_lock.notify_all()
