"""The HTTP API: what Odoo calls, and the browser's return from Xero."""

from __future__ import annotations

from typing import Any

from .application import Application
from .observability import logger, metrics
from .services import services_from_environment

_application = Application(services_from_environment())


@metrics.log_metrics
@logger.inject_lambda_context(log_event=False, clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return _application.answer(event, context)
