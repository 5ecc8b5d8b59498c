"""SQS: what Xero told of changes, some seconds of it at a time."""

from __future__ import annotations

from typing import Any

from ..logic.changes import Changes
from ..logic.model.webhook import Post
from ..logic.probes import WEBHOOK_BATCH
from ..storage.post_queue import read_post
from .observability import count, duration, logger, metrics
from .probing import is_probe
from .services import services_from_environment

_services = services_from_environment()
_NAMED = 100
"""Posts whose ids stand in the log line of a batch, which has a size."""


@metrics.log_metrics
@logger.inject_lambda_context(log_event=False, clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    posts = [each for each in event["Records"] if not is_probe(each, _see)]
    failed = work(_services.changes, posts) if posts else []
    return {"batchItemFailures": failed}


def _see(probe: str) -> None:
    _services.probes.see(probe, WEBHOOK_BATCH)


def work(changes: Changes, records: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Take the messages; those that failed come again, and change nothing twice."""
    posts: list[tuple[str, Post]] = []
    for record in records:
        try:
            posts.append((record["messageId"], read_post(record["body"])))
        except ValueError:
            logger.error("A message is none of ours", message_id=record["messageId"])
            count("MessageForeign")
    taken = changes.take([post for _, post in posts])
    for error in taken.errors:
        logger.error("Changes could not be marked", exc_info=error)
    for name, number in taken.counts.items():
        count("Webhook" + "".join(map(str.capitalize, name.split("_"))), number)
    _tell([post for _, post in posts], dict(taken.counts))
    return [{"itemIdentifier": posts[number][0]} for number in sorted(taken.failed)]


def _tell(posts: list[Post], outcomes: dict[str, int]) -> None:
    """How many and how late, of whom and what nothing. Xero numbers the events of an
    app, so its own delivery log and these lines can be laid side by side."""
    events = sum(post.events for post in posts)
    count("WebhookEvents", events)
    for post in posts:
        latest = [change.latest for change in post.changes if change.latest]
        if latest:
            late = post.received_at - max(latest)
            duration("WebhookDelay", max(0.0, late.total_seconds()))
    logger.info(
        "Xero told of changes",
        posts=len(posts),
        events=events,
        first=min((post.first for post in posts if post.first), default=None),
        last=max((post.last for post in posts if post.last), default=None),
        outcomes=outcomes,
        correlations=[post.correlation for post in posts[:_NAMED]],
    )
