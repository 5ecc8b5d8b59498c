"""SQS: one message, one page."""

from __future__ import annotations

from typing import Any

from ..logic.nudges import LEFT
from ..storage.hint_queue import read_hint
from .observability import count, logger, metrics
from .services import Services, services_from_environment

_services = services_from_environment()
_IN_THE_FEED = ("page", "done", "failed")
"""Outcomes of which something waits for Odoo now."""


@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Failures are reported by message. One that only waits is not a failure: its row
    says when it goes on, and the message is done."""
    failures = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not work(_services, record, context)
    ]
    return {"batchItemFailures": failures}


def work(services: Services, record: dict[str, Any], context: Any) -> bool:
    """Whether the message is done with."""
    try:
        hint = read_hint(record["body"])
    except ValueError:
        logger.error("A message is none of ours", message_id=record["messageId"])
        count("MessageForeign")
        return True
    logger.set_correlation_id(hint.sync)
    try:
        outcome = services.worker.work(
            hint, lambda: context.get_remaining_time_in_millis() / 1000
        )
    except Exception:
        logger.exception("A page failed for an unknown reason")
        count("PageFailed")
        return False
    logger.info(
        "A message was worked on",
        outcome=outcome.kind,
        code=outcome.code,
        calls=outcome.calls,
        records=outcome.records,
        bytes=outcome.bytes,
        waited_seconds=round(outcome.waited, 1),
    )
    count("XeroCalls", outcome.calls)
    count("RecordsRead", outcome.records)
    count("SyncMessage" + outcome.kind.capitalize())
    if outcome.kind in _IN_THE_FEED:
        told = services.nudges.tell(hint.instance, hint.connection)
        if told != LEFT:
            count("Nudge" + told.capitalize())
    return True
