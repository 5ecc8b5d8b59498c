"""What the functions write to their log, as CloudWatch would get it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from lambda_connector.handlers.observability import logger


@contextmanager
def log_lines(stream: StringIO | None = None) -> Iterator[StringIO]:
    """The log, whole lines with all their fields, while the block runs."""
    stream, handler = stream or StringIO(), logger.registered_handler
    before = handler.setStream(stream)
    try:
        yield stream
    finally:
        handler.setStream(before)
