"""What a sync does about each fault. One table, so that no fault is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .faults import (
    OrganisationGone,
    ReconnectNeeded,
    Refused,
    ScopeMissing,
    Throttled,
    TimedOut,
    TokenRejected,
    TooLarge,
    Unavailable,
    Unreadable,
    XeroFault,
)

MAX_UNREADABLE = 8
MAX_UNAVAILABLE = 40
"""With a quarter of an hour between them at most: about nine hours of outage."""
LONGEST_BACKOFF = 900.0
LONGEST_RETRY_AFTER = 26 * 3600.0
_DAY_WITHOUT_RETRY_AFTER = 3600.0
THROTTLED_DAY = "throttled_day"


@dataclass(frozen=True)
class Wait:
    """Try again after that many seconds. `code` and `message` go to the log.

    `counts`: too many of these in a row end the sync. Being throttled never does.
    """

    seconds: float
    code: str
    message: str
    counts: bool = True


@dataclass(frozen=True)
class Fail:
    """Trying again does not help. `stops` is what the connection needs, if anything:
    the code under which it asks to be connected again. `note` is for the log."""

    code: str
    stops: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Halve:
    """Ask for half as many records at the same offset."""

    code: str
    message: str


Reaction = Wait | Fail | Halve


def react(
    fault: XeroFault,
    failures: int,
    throttles: int,
    halvable: bool,
    random: Callable[[], float],
) -> Reaction:
    """What to do about the fault, after so many failures in a row that count and so
    many refusals for calling too often."""
    jitter = 0.5 + random()
    match fault:
        case Throttled():
            return throttled(fault, throttles, jitter)
        case TimedOut() | TooLarge() if halvable:
            return Halve("page_halved", "The page took too long or was too large.")
        case TooLarge():
            return Fail("xero_answer_unreadable")
        case Unavailable():
            if failures >= MAX_UNAVAILABLE:
                return Fail("xero_unavailable")
            return Wait(
                min(LONGEST_BACKOFF, 4.0 * 2**failures) * jitter,
                "xero_unavailable",
                "Xero did not answer or answered with an error of its own.",
            )
        case Unreadable():
            if failures >= MAX_UNREADABLE:
                return Fail("xero_answer_unreadable")
            return Wait(
                min(LONGEST_BACKOFF, 4.0 * 2**failures) * jitter,
                "xero_answer_unreadable",
                "Xero's answer could not be read.",
            )
    return _refused(fault)


def throttled(fault: Throttled, throttles: int, jitter: float) -> Wait:
    """How long to leave Xero alone. It says so itself, but not for its limit of five
    calls at once."""
    kind, seconds = _limit(fault.kind), fault.retry_after
    if seconds is None:
        backoff = min(60.0, 2.0 * 2**throttles) * jitter
        seconds = _DAY_WITHOUT_RETRY_AFTER if kind == "day" else backoff
    seconds = min(max(seconds, 0.5), LONGEST_RETRY_AFTER)
    return Wait(
        seconds,
        f"throttled_{kind}",
        "Xero's limit on calls is reached; the sync goes on by itself.",
        counts=False,
    )


def _limit(said: str) -> str:
    """Which limit it is. Xero's spelling varies (`day`, `Daily`, `DayLimit`); where it
    names none, that of a minute is the one met most."""
    for beginning, limit in _LIMITS.items():
        if said.startswith(beginning):
            return limit
    return "minute"


_LIMITS = {"da": "day", "app": "appminute", "con": "concurrent"}


def _refused(fault: XeroFault) -> Fail:
    match fault:
        case OrganisationGone():
            return Fail("organisation_gone", stops="organisation_gone")
        case ScopeMissing():
            return Fail("scope_missing", stops="scope_missing")
        case ReconnectNeeded():
            return Fail(fault.code, stops=fault.code)
        case TokenRejected():
            return Fail("reconnect_needed", stops="reconnect_needed")
        case Refused():
            return Fail("xero_refused", note=f"Xero answered {fault}.")
    return Fail("internal_error")
