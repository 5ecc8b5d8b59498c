"""`POST /webhooks/{hook}`: what Xero tells of changes. Packaged without what the other
functions need, because Xero waits five seconds, a cold start included."""

from __future__ import annotations

import base64
import binascii
import os
import time
from typing import Any

import boto3
from botocore.config import Config

from ..logic.clock import SystemClock
from ..logic.webhook_posts import ACCEPTED, REFUSED, UNREADABLE, Posts
from ..settings import read_settings
from ..storage.hooks import DynamoHooks
from ..storage.post_queue import SqsPosts
from ..storage.table import Table
from ..storage.vault import KmsVault
from .observability import count, duration, logger, metrics

_AWS = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"mode": "standard", "total_max_attempts": 2},
)
"""Three calls at most, each of some milliseconds. Where one takes longer than this,
Xero's own next try is the better one."""
_COUNTED = {
    ACCEPTED: "WebhookAccepted",
    REFUSED: "WebhookRefused",
    UNREADABLE: "WebhookUnreadable",
}


def _posts_from_environment() -> Posts:
    settings = read_settings(os.environ)
    table = Table(boto3.client("dynamodb", config=_AWS), settings.table_name)
    return Posts(
        DynamoHooks(table),
        KmsVault(boto3.client("kms", config=_AWS), settings.token_key_id),
        SqsPosts(boto3.client("sqs", config=_AWS), settings.webhook_queue_url),
        SystemClock(),
    )


_posts = _posts_from_environment()


@metrics.log_metrics
@logger.inject_lambda_context(log_event=False, clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    began = time.monotonic()
    # The id that AWS gave the request: its own lines about it bear it too.
    correlation = context.aws_request_id
    logger.set_correlation_id(correlation)
    answered = status(_posts, event, correlation)
    duration("WebhookSeconds", time.monotonic() - began)
    return {"statusCode": answered, "body": ""}


def status(posts: Posts, event: dict[str, Any], correlation: str = "") -> int:
    """200 where it is Xero's, exactly 401 where it is not, 503 where it could not be
    kept: Xero then sends it again."""
    hook = (event.get("pathParameters") or {}).get("hook", "")
    signature = (event.get("headers") or {}).get("x-xero-signature", "")
    try:
        taken = posts.take(hook, raw_body(event), signature, correlation)
    except binascii.Error:
        taken = REFUSED
    except Exception:
        logger.exception("A webhook could not be kept; Xero sends it again")
        count("WebhookNotKept")
        return 503
    count(_COUNTED[taken])
    logger.info("A webhook came", outcome=taken)
    if taken == UNREADABLE:
        logger.error("A webhook was signed by Xero, and not of its form")
    return 401 if taken == REFUSED else 200


def raw_body(event: dict[str, Any]) -> bytes:
    """The very bytes that were signed. Raises binascii.Error."""
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        return base64.b64decode(body, validate=True)
    return body.encode(errors="surrogatepass")
