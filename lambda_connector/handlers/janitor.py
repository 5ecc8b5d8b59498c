"""Every minute: whatever is due or stuck."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .observability import count, logger, metrics
from .services import services_from_environment

_services = services_from_environment()
HANDS = 8
"""Rows that are looked at side by side: most of the time is waiting for AWS's answers.
As many as botocore keeps connections for, less two."""


@metrics.log_metrics
@logger.inject_lambda_context(log_event=False, clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """What was done, by kind; the same goes to the metrics."""

    def seconds_left() -> float:
        return context.get_remaining_time_in_millis() / 1000

    with ThreadPoolExecutor(HANDS) as hands:
        done = _services.janitor.run(_report, seconds_left, hands.map)
    count("JanitorRound")
    for name, number in done.items():
        count("".join(part.capitalize() for part in name.split("_")), number)
    if put_off := sum(done[each] for each in done if each.endswith("_put_off")):
        count("JanitorPutOff", put_off)
    if done["sync_stuck"]:
        count("SyncFailed", done["sync_stuck"])
    _count_stopped()
    if done:
        logger.info("The janitor went round", extra=dict(done))
    return dict(done)


def _count_stopped() -> None:
    """Each round, none included: the alarm ends when a person has connected again."""
    try:
        count("ReconnectNeeded", _services.connections.stopped())
    except Exception as error:
        _report("stopped", error)


def _report(kind: str, error: Exception) -> None:
    logger.error("A chore failed", chore=kind, exc_info=error)
    count("ChoreFailed")
