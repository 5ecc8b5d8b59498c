"""Messages that only ask whether the way works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..storage.probes import read_probe
from .observability import logger


def is_probe(record: dict[str, Any], answer: Callable[[str], None]) -> bool:
    """Whether the message was a probe; then it is answered, or its asker is told
    nothing: it is not worth a second try."""
    probe = read_probe(record["body"])
    if not probe:
        return False
    try:
        answer(probe)
    except Exception:
        logger.exception("A probe could not be answered")
    return True
