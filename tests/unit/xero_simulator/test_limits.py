"""Xero's four limits, and what a client is told of them."""

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.limits import Limits, Rules


class Counted:
    """Limits whose clock is moved by hand."""

    def __init__(self, **rules: int) -> None:
        self.clock = Clock(lambda: 1_795_176_000.0)
        self.limits = Limits(self.clock, Rules(**rules))

    def call(self, tenant="t", app="a"):
        refusal = self.limits.enter(app, tenant)
        if refusal is None:
            self.limits.leave(app, tenant)
        return refusal


def test_sixth_concurrent_call_is_refused_without_retry_after():
    limits = Counted().limits
    assert [limits.enter("a", "t") for _ in range(5)] == [None] * 5
    refusal = limits.enter("a", "t")
    assert (refusal.problem, refusal.retry_after) == ("concurrent", None)
    assert limits.enter("a", "other") is None
    limits.leave("a", "t")
    assert limits.enter("a", "t") is None


def test_sixty_first_call_of_a_minute_waits_for_the_windows_end():
    counted = Counted()
    assert not any(counted.call() for _ in range(60))
    refusal = counted.call()
    assert refusal.problem == "minute"
    assert 1 <= refusal.retry_after <= 60
    counted.clock.advance(refusal.retry_after - 1)
    assert counted.call().problem == "minute"
    counted.clock.advance(1)
    assert counted.call() is None


def test_refused_call_uses_nothing_up():
    counted = Counted(minute=1)
    counted.call()
    before = counted.limits.remaining("a", "t")
    counted.call()
    assert counted.limits.remaining("a", "t") == before


def test_day_comes_before_minute_and_says_how_long():
    counted = Counted(minute=2, day=2)
    counted.call()
    counted.call()
    refusal = counted.call()
    assert refusal.problem == "day"
    assert 1 <= refusal.retry_after <= 86_400
    counted.clock.advance(refusal.retry_after)
    assert counted.call() is None


def test_app_limit_counts_all_tenants_and_says_no_time():
    counted = Counted(app_minute=3)
    for tenant in ("t", "u", "v"):
        assert counted.call(tenant) is None
    refusal = counted.call("w")
    assert (refusal.problem, refusal.retry_after) == ("appminute", None)
    assert counted.call("w", app="b") is None


def test_windows_of_tenants_end_at_different_moments():
    counted = Counted(minute=0)
    waits = {counted.call(f"tenant {n}").retry_after for n in range(20)}
    assert len(waits) > 5


def test_remaining_counts_down_and_never_below_zero():
    counted = Counted(minute=1, day=10)
    counted.call()
    counted.limits.rules.minute = 0
    assert counted.limits.remaining("a", "t") == {
        "X-MinLimit-Remaining": "0",
        "X-DayLimit-Remaining": "9",
        "X-AppMinLimit-Remaining": "9999",
    }


def test_every_tenanted_answer_tells_what_is_left(caller):
    first, second = caller.get("Organisation"), caller.get("Contacts/nobody")
    assert first.headers["X-MinLimit-Remaining"] == "59"
    assert first.headers["X-DayLimit-Remaining"] == "999"
    assert second.status_code == 404
    assert second.headers["X-MinLimit-Remaining"] == "58"


def test_minute_limit_is_a_429_with_its_problem_and_time(xero, caller):
    xero.simulator.limits.rules.minute = 1
    caller.get("Organisation")
    answer = caller.get("Organisation")
    assert answer.status_code == 429
    assert answer.headers["X-Rate-Limit-Problem"] == "minute"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["X-MinLimit-Remaining"] == "0"


def test_limit_of_the_app_holds_for_connections_too(xero, caller):
    xero.simulator.limits.rules.app_minute = 0
    answer = caller.get("/connections")
    assert answer.status_code == 429
    assert answer.headers["X-Rate-Limit-Problem"] == "appminute"
    assert "Retry-After" not in answer.headers


def test_call_leaves_its_place_when_it_is_answered(xero, caller):
    for _ in range(7):
        assert caller.get("Organisation").status_code == 200
    assert xero.simulator.limits.peak == 1
