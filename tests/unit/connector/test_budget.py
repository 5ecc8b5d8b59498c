"""Xero's limits, and the day's last calls, which are kept for single actions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lambda_connector.logic.budget import reserved
from lambda_connector.logic.faults import Throttled
from lambda_connector.logic.model.connection import Budget, Connection
from lambda_connector.logic.model.sync import Sync

from .world import World

HOUR = timedelta(hours=1)
LIMITS = {
    "minute": "throttled_minute",
    "Minute": "throttled_minute",
    "day": "throttled_day",
    "daily": "throttled_day",
    "daylimit": "throttled_day",
    "concurrent": "throttled_concurrent",
    "concurrency": "throttled_concurrent",
    "appminute": "throttled_appminute",
    "app-minute": "throttled_appminute",
    "": "throttled_minute",
    "something new": "throttled_minute",
}


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.fill(2500)
    world.clock.advance(hours=1)
    return world.connect()


def finish(world: World, sync: Sync, rounds: int = 50) -> Sync:
    """Let time go by until the sync has ended."""
    for _ in range(rounds):
        world.deliver_all()
        held = world.sync(sync)
        if not held.is_live:
            return held
        assert held.state == "waiting"
        world.clock.time = held.wake_at
        world.janitor()
    raise AssertionError("the sync never ended")


@pytest.mark.parametrize("kind", list(LIMITS))
@pytest.mark.parametrize("retry_after", [None, 0, 0.2, 17, 59, 61, 3600, 66975, 9e8])
def test_throttled_sync_ends_done_only_later(
    world: World, held, kind: str, retry_after: float | None
) -> None:
    sync = world.start(held)
    world.deliver()
    world.xero.faults.extend([Throttled(kind.lower(), retry_after)] * 2)
    began = world.clock.now()
    done = finish(world, sync)
    assert (done.state, done.code, done.detail) == ("done", None, None)
    assert done.attempts == done.nudges == 0
    log = world.services.syncs.log(held.instance, sync.id, 0)
    assert {line.level for line in log} <= {"info", "warning"}
    assert LIMITS[kind] in [line.code for line in log]
    waited = (world.clock.now() - began).total_seconds()
    assert waited >= 2 * min(retry_after or 0.5, 26 * 3600)


@pytest.mark.parametrize("kind", ["minute", "day", "concurrent", "appminute"])
def test_throttled_again_and_again_is_never_a_failure(
    world: World, held, kind: str
) -> None:
    sync = world.start(held)
    for _ in range(150):
        world.xero.faults.extend([Throttled(kind, None)] * 7)
        world.deliver_all()
        world.xero.faults.clear()
        world.clock.time = world.sync(sync).wake_at
        world.janitor()
    assert finish(world, sync).state == "done"


# The day


@pytest.mark.parametrize(("tier", "kept"), [("starter", 50), ("core", 250)])
def test_last_calls_of_the_day_are_kept_for_people(
    world: World, held, tier: str, kept: int
) -> None:
    world.services.apps.save(world.instance, *world.xero.client, tier=tier)
    world.xero.day_remaining = kept + 2
    sync = world.start(held)
    world.deliver_all()
    assert len(world.xero.reads) == 2
    waiting = world.sync(sync)
    assert (waiting.state, waiting.code) == ("waiting", "throttled_reserve")
    assert waiting.detail.startswith("Few of the day's calls to Xero are left")
    assert waiting.wake_at == world.clock.now() + HOUR
    assert world.xero.day_remaining == kept


def test_one_call_an_hour_looks_whether_the_day_is_over(world: World, held) -> None:
    world.xero.day_remaining = 51
    sync = world.start(held)
    world.deliver_all()
    for hours in range(1, 4):
        world.clock.advance(hours=1)
        world.janitor()
        world.deliver_all()
        assert len(world.xero.reads) == 1 + hours
    world.xero.fill(0)
    assert world.sync(sync).state == "done"


def test_day_that_began_anew_lets_the_sync_go_on(world: World, held) -> None:
    world.xero.day_remaining = 51
    sync = world.start(held)
    world.deliver_all()
    assert world.sync(sync).code == "throttled_reserve"
    world.xero.day_remaining = 1000
    done = finish(world, sync, rounds=2)
    assert (done.state, done.calls) == ("done", 4)


def test_sync_that_starts_while_the_rest_is_kept_waits_without_a_call(
    world: World, held
) -> None:
    world.xero.day_remaining = 54
    assert world.run(held).state == "done"
    reads = len(world.xero.reads)
    world.clock.advance(minutes=20)
    sync = world.run(held)
    assert (sync.code, len(world.xero.reads)) == ("throttled_reserve", reads)
    assert sync.wake_at == world.clock.now() + timedelta(minutes=40)


def test_day_limit_decides_until_xeros_time_is_over(world: World, held) -> None:
    first = world.start(held)
    world.xero.faults.append(Throttled("day", 66975))
    world.deliver_all()
    until = world.clock.now() + timedelta(seconds=66975)
    budget = world.ports.connections.budget(held.instance, held.id)
    assert (budget.day_remaining, budget.until) == (0, until)
    world.services.syncs.cancel(held.instance, first.id)
    world.clock.advance(hours=5)
    second = world.run(held)
    assert len(world.xero.reads) == 1
    assert (second.code, second.wake_at) == ("throttled_day", until)
    done = finish(world, second, rounds=2)
    assert (done.state, world.clock.now()) == ("done", until)
    assert world.ports.connections.budget(held.instance, held.id).until is None


def test_day_limit_without_a_time_is_asked_about_hourly(world: World, held) -> None:
    sync = world.start(held)
    world.xero.faults.append(Throttled("day", None))
    world.deliver_all()
    assert world.sync(sync).wake_at == world.clock.now() + HOUR
    assert finish(world, sync, rounds=2).calls == 5


def test_answers_that_say_nothing_of_the_day_hold_nothing_up(
    world: World, held
) -> None:
    world.xero.day_remaining = None
    assert world.run(held).state == "done"
    world.xero.fill(0)
    assert world.run(held).state == "done"


def test_day_that_others_used_up_is_waited_out_by_one_sync(world: World, held) -> None:
    """Polls go on meanwhile, and cost nothing."""
    world.run(held)
    world.clock.advance(minutes=15)
    world.xero.faults.append(Throttled("day", 6 * 3600))
    first = world.start(held)
    world.deliver_all()
    reads = len(world.xero.reads)
    for _ in range(23):
        world.clock.advance(minutes=15)
        assert world.janitor() == {}
        assert world.start(held).id == first.id and world.queue == []
    assert len(world.xero.reads) == reads
    world.clock.advance(minutes=20)
    assert world.janitor() == {"sync_wait_over": 1}
    world.deliver_all()
    done = world.sync(first)
    assert (done.state, done.attempts, done.nudges) == ("done", 0, 0)
    assert len(world.services.syncs.log(held.instance, first.id, 0)) <= 5
    assert world.run(held).state == "done"


def test_tier_is_not_looked_up_while_any_would_do(world: World, held) -> None:
    asked = []
    original = world.ports.apps.get
    world.ports.apps.get = lambda instance: asked.append(1) or original(instance)
    budgets = world.services.worker.reader.budgets
    for remaining, lookups in ((1000, 0), (251, 0), (250, 1), (51, 1)):
        asked.clear()
        world.ports.connections.set_budget(
            held.instance, held.id, Budget(remaining, 50, world.clock.now())
        )
        assert budgets.hold(held) is None
        assert len(asked) == lookups


def test_reserve_is_a_twentieth_of_the_day() -> None:
    assert [reserved(limit) for limit in (1000, 5000, 10)] == [50, 250, 0]


# What a sync costs


@pytest.mark.parametrize("count", [0, 1, 100, 1000, 1001, 100_000])
def test_calls_for_so_many_contacts(world: World, count: int) -> None:
    """Organisation and groups one each, a page a thousand; nothing changed: one."""
    world.xero.fill(count)
    world.clock.advance(hours=1)
    held = world.connect()
    first = world.run(held, features=["contacts"])
    expected = 2 + max(1, -(-count // 1000))
    assert first.calls == len(world.xero.reads) == expected
    assert first.steps[-1].records == count
    world.clock.advance(minutes=30)
    again = world.run(held, features=["contacts"])
    assert (again.state, again.calls, again.steps[-1].records) == ("done", 1, 0)
