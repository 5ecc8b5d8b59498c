"""Logs and metrics. No event, token, name or body is ever written to either."""

from __future__ import annotations

import dataclasses
import logging
from threading import Lock

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from ..logic.observer import Observer, XeroCall

# At their most talkative these write tokens, keys and bodies. Lambda sets the root's
# level with its function's, so theirs is held here.
for _library in ("boto3", "botocore", "oauthlib", "requests_oauthlib", "urllib3"):
    logging.getLogger(_library).setLevel(logging.WARNING)

logger = Logger(log_uncaught_exceptions=False)
metrics = Metrics(namespace="XeroConnector")
_metrics_lock = Lock()
"""The janitor's chores are done side by side, and powertools' metrics are not."""


def duration(name: str, seconds: float) -> None:
    """How long something took that somebody waits for."""
    with _metrics_lock:
        metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)


def count(name: str, value: float = 1) -> None:
    """One more of something that an alarm or a dashboard counts."""
    with _metrics_lock:
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def begin(correlation: str, **known: str) -> None:
    """What is logged from now on belongs to this, and to nothing before it."""
    logger.clear_state()
    logger.set_correlation_id(correlation)
    logger.append_keys(**known)


def _xero_called(call: XeroCall) -> None:
    said = dataclasses.asdict(call)
    said["seconds"] = round(call.seconds, 3)
    logger.info("Xero was called", **{k: v for k, v in said.items() if v is not None})


def _stopped(connection: str, code: str) -> None:
    logger.warning("A connection needs a person", connection=connection, code=code)
    count("ReconnectNeeded")


def _refresh_failed(code: str) -> None:
    logger.warning("Tokens were not renewed", code=code)
    count("TokenRefreshFailed")


observer = Observer(_xero_called, _stopped, _refresh_failed)
