"""Logs and metrics. No event, token, name or body is ever written to either."""

from __future__ import annotations

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(log_uncaught_exceptions=False)
metrics = Metrics(namespace="XeroConnector")


def duration(name: str, seconds: float) -> None:
    """How long something took that somebody waits for."""
    metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)


def count(name: str, value: float = 1) -> None:
    """One more of something that an alarm or a dashboard counts."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
