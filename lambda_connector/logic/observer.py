"""What an operator wants to know of, told as it happens. Nothing depends on it.

The logic knows no log and no metric: who makes it says what is done about these.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

_CORRELATION = re.compile(r"[A-Za-z0-9-]{8,64}")


def correlation_of(given: str | None) -> str:
    """The id under which everything that follows from one click is found: what the
    caller named, where it has the form of one, else a new one."""
    if given and _CORRELATION.fullmatch(given):
        return given
    return uuid.uuid4().hex


@dataclass(frozen=True)
class XeroCall:
    """One call of Xero without what it was about: `path` has no ids in it, `status` is
    None where no answer came, for the reason `fault`. `xero_correlation` is Xero's own
    id of the call, which its support asks for."""

    method: str
    path: str
    seconds: float
    status: int | None = None
    fault: str | None = None
    xero_correlation: str | None = None
    day_remaining: str | None = None
    minute_remaining: str | None = None


@dataclass(frozen=True)
class Observer:
    """Silent, unless it is given somebody to tell."""

    xero_called: Callable[[XeroCall], None] = lambda call: None
    stopped: Callable[[str, str], None] = lambda connection, code: None
    """A connection that needs a person, for the reason of that code."""
    refresh_failed: Callable[[str], None] = lambda code: None
    """Tokens that could not be renewed, for now or for good."""
