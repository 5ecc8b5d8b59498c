"""How often changes may be read, by what is left of the day's calls."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_connector.logic.budget import reserved
from lambda_connector.logic.model.connection import Budget
from lambda_connector.logic.pacing import DAY, LONGEST, SHORTEST, gap

from .world import START

STARTER, CORE = 1000, 5000


def seconds(remaining: int | None, limit: int = STARTER, calls: int = 2) -> float:
    return gap(Budget(remaining, 50, START), limit, calls, START).total_seconds()


@pytest.mark.parametrize(
    ("remaining", "at_least", "at_most"),
    [(1000, 5, 5), (980, 5, 10), (900, 15, 25), (700, 70, 90), (500, 180, 220)],
)
def test_distance_grows_as_the_days_calls_shrink(
    remaining: int, at_least: float, at_most: float
) -> None:
    assert at_least <= seconds(remaining) <= at_most


def test_larger_tier_is_paced_less() -> None:
    assert seconds(4000, CORE) < seconds(800, STARTER)


def test_sync_of_more_resources_waits_longer() -> None:
    longer = 3 * seconds(700, calls=2)
    assert seconds(700, calls=6) == pytest.approx(longer, abs=0.001)


@pytest.mark.parametrize("remaining", [50, 49, 0])
def test_calls_that_are_kept_for_people_are_looked_at_once_an_hour(
    remaining: int,
) -> None:
    assert gap(Budget(remaining, 50, START), STARTER, 2, START) == LONGEST


def test_what_xero_never_said_or_said_yesterday_counts_for_nothing() -> None:
    assert gap(Budget(), STARTER, 2, START) == SHORTEST
    yesterday = Budget(60, 50, START - DAY)
    assert gap(yesterday, STARTER, 2, START) == SHORTEST


@given(
    st.integers(-10, 20_000),
    st.sampled_from([STARTER, CORE]),
    st.integers(1, 9),
)
def test_fewer_calls_are_never_a_shorter_distance(
    remaining: int, limit: int, calls: int
) -> None:
    """Also where Xero says more than the tier has, as in an app of another tier."""
    fewer, more = (
        gap(Budget(left, 50, START), limit, calls, START)
        for left in (remaining, remaining + 1)
    )
    assert SHORTEST <= more <= fewer <= LONGEST


@pytest.mark.parametrize("calls", [1, 2, 6])
@pytest.mark.parametrize("limit", [STARTER, CORE])
def test_changes_without_end_leave_a_seventh_of_the_day(limit: int, calls: int) -> None:
    left, passed = limit, timedelta(0)
    while passed < DAY:
        left -= calls
        passed += gap(Budget(left, 50, START), limit, calls, START)
    assert left - reserved(limit) > (limit - reserved(limit)) / 7
