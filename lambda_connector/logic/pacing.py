"""How often changes may be read, by what is left of the day's calls."""

from __future__ import annotations

from datetime import datetime, timedelta

from .budget import reserved
from .model.connection import Budget

SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)
DAY = timedelta(days=1)


def gap(budget: Budget, day_limit: int, calls: int, now: datetime) -> timedelta:
    """The least time between the starts of two syncs that cost so many calls each.

    As long as little of the day is used, it is short: somebody is at work in Xero, and
    will stop. The more is used, the nearer it comes to spreading what is left evenly
    over 24 hours; then even changes without end leave a sixth of a day's calls.
    """
    kept = reserved(day_limit)
    if budget.day_remaining is None or not budget.as_of or now - budget.as_of >= DAY:
        return SHORTEST
    left = min(budget.day_remaining, day_limit) - kept
    if left <= 0:
        return LONGEST
    used = 1 - left / (day_limit - kept)
    return min(max(used * DAY * calls / left, SHORTEST), LONGEST)
