"""SQS: one message, one page."""

from __future__ import annotations

from typing import Any

from ..logic.nudges import LEFT
from ..storage.hint_queue import read_hint
from .observability import begin, count, duration, logger, metrics
from .probing import is_probe
from .services import Services, services_from_environment

_services = services_from_environment()
_IN_THE_FEED = ("page", "done", "failed")
"""Outcomes of which something waits for Odoo now."""
_DAY_IS_USED = ("throttled_day", "throttled_reserve")


@metrics.log_metrics
@logger.inject_lambda_context(log_event=False, clear_state=True)
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
    if is_probe(record, services.probes.work):
        return True
    try:
        hint = read_hint(record["body"])
    except ValueError:
        logger.error("A message is none of ours", message_id=record["messageId"])
        count("MessageForeign")
        return True
    begin(hint.correlation, sync_id=hint.sync, connection=hint.connection)
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
    if outcome.kind == "failed":
        count("SyncFailed")
    if outcome.kind == "waiting" and outcome.code in _DAY_IS_USED:
        count("DayLimitReached")
    if outcome.fresh_after is not None:
        duration("ChangeSeconds", outcome.fresh_after)
    if outcome.kind in _IN_THE_FEED:
        told = services.nudges.tell(hint.instance, hint.connection, hint.correlation)
        if told != LEFT:
            logger.info("Odoo was nudged", outcome=told)
            count("Nudge" + told.capitalize())
    return True
