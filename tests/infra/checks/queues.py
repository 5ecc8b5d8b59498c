"""Queues and who consumes them."""

from .reading import arn, properties_of, queue_mappings
from .registry import check, of, put

WINDOW = "MaximumBatchingWindowInSeconds"
POSTS = "WebhookBatchFunctionPosts"


@check(
    put(of("SyncQueue", "VisibilityTimeout"), 719),
    put(of("SyncQueue", "VisibilityTimeout"), None),
    put(of("WorkerFunction", "Timeout"), 121),
    put(of("WebhookBatchFunction", "Timeout"), 31),
    put(of(POSTS, WINDOW), 11),
)
def visibility_is_six_times_the_consumers_timeout(document):
    for mapping, name, queue, function in queue_mappings(document):
        needed = 6 * int(function["Timeout"]) + int(mapping.get(WINDOW, 0))
        if int(queue.get("VisibilityTimeout", 30)) < needed:
            yield f"{name}: a message may come back while it is still worked on"


@check(put(of(POSTS, WINDOW), None))
def large_batches_have_a_window(document):
    """As AWS asks: beyond ten messages. A FIFO queue takes neither."""
    for mapping, name, _, _ in queue_mappings(document):
        window = int(mapping.get(WINDOW, 0))
        if int(mapping.get("BatchSize", 10)) > 10 and not window:
            yield f"{name}: AWS refuses this batch size without a window"


@check(
    put(of("SyncQueue", "RedrivePolicy"), None),
    put(of("SyncDeadLetterQueue", "FifoQueue"), None),
    put(of("WebhookQueue", "RedrivePolicy"), None),
)
def consumed_queues_have_a_dead_letter_queue_of_their_kind(document):
    queues = dict(properties_of(document, "AWS::SQS::Queue"))
    by_arn = {arn(document, name): queue for name, queue in queues.items()}
    for _, name, queue, _ in queue_mappings(document):
        target = queue.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        if target not in by_arn:
            yield f"{name}: no dead-letter queue"
        elif by_arn[target].get("FifoQueue") != queue.get("FifoQueue"):
            yield f"{name}: its dead-letter queue is of the other kind"


@check(
    put(of("SyncDeadLetterQueue", "MessageRetentionPeriod"), None),
    put(of("WebhookDeadLetterQueue", "MessageRetentionPeriod"), 345600),
)
def what_failed_for_good_is_kept_for_longer_than_what_waits(document):
    """A message's age counts from its first sending, so a queue of the same retention
    would forget it at once."""
    queues = dict(properties_of(document, "AWS::SQS::Queue"))
    by_arn = {arn(document, name): name for name in queues}
    for name, queue in queues.items():
        if "RedrivePolicy" not in queue:
            continue
        dead = by_arn.get(queue["RedrivePolicy"]["deadLetterTargetArn"], "")
        kept = int(queues.get(dead, {}).get("MessageRetentionPeriod", 345600))
        if kept <= int(queue.get("MessageRetentionPeriod", 345600)):
            yield f"{name}: {dead} forgets what failed before anybody looks"


@check(
    put(of("WorkerFunctionSync", "FunctionResponseTypes"), None),
    put(of(POSTS, "FunctionResponseTypes"), None),
)
def consumers_report_item_failures(document):
    for mapping, name, _, _ in queue_mappings(document):
        if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
            yield f"{name}: one failed message fails its batch"


@check(
    put(of("WorkerFunctionSync", "ScalingConfig"), None),
    put(of("WorkerFunction", "ReservedConcurrentExecutions"), 1),
)
def concurrency_is_limited_at_the_mapping(document):
    for mapping, name, _, function in queue_mappings(document):
        limit = int(mapping.get("ScalingConfig", {}).get("MaximumConcurrency", 0))
        reserved = int(function.get("ReservedConcurrentExecutions", 1000))
        if not 2 <= limit <= reserved:
            yield f"{name}: MaximumConcurrency {limit} (reserved: {reserved})"
