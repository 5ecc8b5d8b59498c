"""Every minute: whatever is due or stuck."""

from __future__ import annotations

from typing import Any

from .observability import count, logger, metrics
from .services import services_from_environment

_services = services_from_environment()


@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """What was done, by kind; the same goes to the metrics."""
    done = _services.janitor.run(_report)
    count("JanitorRound")
    for name, number in done.items():
        count("".join(part.capitalize() for part in name.split("_")), number)
    if done:
        logger.info("The janitor went round", extra=dict(done))
    return dict(done)


def _report(kind: str, error: Exception) -> None:
    logger.error("A chore failed", chore=kind, exc_info=error)
