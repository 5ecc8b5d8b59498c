"""One message, one page; and what is done about every fault of Xero."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lambda_connector.logic.faults import (
    Refused,
    ScopeMissing,
    Throttled,
    TimedOut,
    TokenRejected,
    TooLarge,
    Unavailable,
    Unreadable,
)
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.resources import RESOURCES

from .world import World


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.fill(2500)
    world.clock.advance(hours=1)
    return world.connect()


def state(world: World, held: Connection) -> tuple[str, str | None]:
    now = world.services.connections.get(held.instance, held.id)
    return now.state, now.state_code


def test_pages_come_in_order_as_xero_sent_them(world: World, held) -> None:
    done = world.run(held)
    assert done.state == "done" and done.calls == 4
    contacts = world.parts(held, "contacts")
    assert [(part.page, part.records) for part in contacts] == [
        (1, 1000),
        (2, 1000),
        (3, 500),
    ]
    assert [part.item_count for part in contacts] == [2500] * 3
    assert {part.read_at for part in contacts} == {world.clock.now()}
    end = world.entries(held)[-1]
    assert (end.kind, end.state, end.code) == ("sync_finished", "done", None)


def test_walk_uses_an_order_that_no_change_can_move(world: World, held) -> None:
    world.run(held)
    for request in world.xero.reads[1:]:
        assert request.parameters["order"] == "ContactID"
        assert request.parameters["includeArchived"] == "true"
        assert request.parameters["pageSize"] == "1000"


def test_records_changed_during_the_walk_are_neither_lost_nor_skipped(
    world: World, held
) -> None:
    """One on page 1 changes while page 2 is read: the next run brings the change."""
    sync = world.start(held)
    world.deliver()
    world.deliver()
    world.clock.advance(minutes=2)
    world.xero.contacts[3]["updated"] = world.clock.now().isoformat()
    world.deliver_all()
    assert world.sync(sync).steps[1].records == 2500
    again = world.run(held)
    assert (again.steps[1].mode, again.steps[1].records) == ("incremental", 1)


def test_watermark_is_the_runs_start_by_xeros_clock_less_the_overlap(
    world: World, held
) -> None:
    began = world.clock.now()
    sync = world.start(held)
    world.deliver()
    world.clock.advance(minutes=40)
    world.deliver_all()
    assert world.sync(sync).state == "done"
    marks = world.ports.syncs.watermarks(held.instance, held.id)
    reached = began - timedelta(minutes=5)
    assert {name: mark.moment for name, mark in marks.items()} == {
        "organisation": reached,
        "contacts": reached,
    }
    assert marks["contacts"].shape == RESOURCES["contacts"].shape


def test_failed_or_cancelled_run_moves_no_watermark(world: World, held) -> None:
    world.start(held)
    world.deliver()
    world.deliver()
    world.services.syncs.cancel_live(held.instance, held.id)
    assert world.ports.syncs.watermarks(held.instance, held.id) == {}
    assert world.run(held).steps[1].mode == "full"


def test_watermark_never_moves_back(world: World, held) -> None:
    world.run(held)
    before = world.ports.syncs.watermarks(held.instance, held.id)
    world.clock.advance(hours=-3)
    world.run(held, mode="full")
    assert world.ports.syncs.watermarks(held.instance, held.id) == before


def test_full_read_ignores_the_watermark(world: World, held) -> None:
    world.run(held)
    world.clock.advance(hours=1)
    assert world.run(held, mode="full").steps[1].records == 2500


def test_short_wait_is_slept_in_place(world: World, held) -> None:
    world.start(held)
    world.deliver()
    world.xero.faults.append(Throttled("minute", 31))
    outcome = world.deliver()
    assert (outcome.kind, outcome.waited) == ("page", 31)
    assert world.clock.slept == [31]


@pytest.mark.parametrize("kind", ["day", "Daily", "minute", "appminute"])
def test_long_wait_is_left_to_the_janitor_and_is_no_failure(
    world: World, held, kind: str
) -> None:
    sync = world.start(held)
    world.xero.faults.append(Throttled(kind.lower(), 66975))
    outcome = world.deliver()
    assert outcome.kind == "waiting" and world.queue == []
    waiting = world.sync(sync)
    assert waiting.state == "waiting" and waiting.code.startswith("throttled_")
    assert waiting.wake_at == world.clock.now() + timedelta(seconds=66975)
    world.clock.advance(seconds=66974)
    assert world.janitor().get("sync_wait_over") is None
    world.clock.advance(seconds=1)
    assert world.janitor()["sync_wait_over"] == 1
    world.deliver_all()
    done = world.sync(sync)
    assert (done.state, done.code) == ("done", None)


def test_concurrency_limit_without_retry_after_backs_off_shortly(
    world: World, held
) -> None:
    world.start(held)
    world.xero.faults.extend([Throttled("concurrent", None)] * 3)
    assert world.deliver().kind == "page"
    assert len(world.clock.slept) == 3
    for slept, about in zip(world.clock.slept, (2, 4, 8), strict=True):
        assert about / 2 <= slept <= about * 3 / 2


def test_throttling_for_days_ends_as_done(world: World, held) -> None:
    sync = world.start(held)
    for _ in range(100):
        world.xero.faults.append(Throttled("day", None))
        world.deliver()
        world.clock.advance(hours=1)
        world.janitor()
    world.deliver_all()
    assert world.sync(sync).state == "done"


def test_day_limit_shows_in_the_budget(world: World, held) -> None:
    world.start(held)
    world.xero.faults.append(Throttled("day", 3600))
    world.deliver()
    budget = world.ports.connections.budget(held.instance, held.id)
    assert budget.day_remaining == 0


def test_no_wait_that_would_outlast_the_function(world: World, held) -> None:
    sync = world.start(held)
    world.xero.faults.append(Throttled("minute", 30))
    hint = world.queue.pop(0)
    assert world.services.worker.work(hint, lambda: 70.0).kind == "waiting"
    assert world.sync(sync).state == "waiting"


def test_outage_is_waited_out_with_growing_pauses(world: World, held) -> None:
    sync = world.start(held)
    pauses = []
    for _ in range(7):
        world.xero.faults.extend([Unavailable()] * 6)
        world.deliver_all()
        world.xero.faults.clear()
        waiting = world.sync(sync)
        assert (waiting.state, waiting.code) == ("waiting", "xero_unavailable")
        pauses.append((waiting.wake_at - world.clock.now()).total_seconds())
        world.clock.advance(minutes=25)
        world.janitor()
    assert pauses[0] < 200
    assert 450 <= pauses[-1] <= 1350
    world.deliver_all()
    assert world.sync(sync).state == "done"


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Unavailable(), "xero_unavailable"), (Unreadable(), "xero_answer_unreadable")],
)
def test_endless_trouble_ends_with_its_code(world: World, held, fault, code) -> None:
    sync = world.start(held)
    for _ in range(60):
        world.xero.faults.extend([fault] * 10)
        world.deliver_all()
        world.xero.faults.clear()
        world.clock.advance(hours=1)
        world.janitor()
        if not world.sync(sync).is_live:
            break
    failed = world.sync(sync)
    assert (failed.state, failed.code) == ("failed", code)
    assert world.endings(held)[0].code == code
    assert failed.detail


@pytest.mark.parametrize("fault", [TimedOut(), TooLarge()])
def test_slow_or_large_page_is_halved_at_the_same_offset(
    world: World, held, fault
) -> None:
    sync = world.start(held)
    world.deliver()
    world.deliver()
    world.xero.faults.extend([fault, fault])
    world.deliver_all()
    asked = [
        (int(one.parameters["page"]), int(one.parameters["pageSize"]))
        for one in world.xero.reads[1:]
    ]
    assert asked[:4] == [(1, 1000), (2, 1000), (3, 500), (5, 250)]
    assert asked[4:] == [(n, 250) for n in range(6, 11)]
    done = world.sync(sync)
    assert (done.state, done.steps[1].records) == ("done", 2500)
    ids = [part.page for part in world.parts(held, "contacts")]
    assert ids == list(range(1, 8))


def test_smallest_page_that_times_out_is_waited_for(world: World, held) -> None:
    sync = world.start(held)
    world.deliver()
    world.xero.faults.extend([TimedOut()] * 4)
    world.deliver_all()
    done = world.sync(sync)
    assert done.state == "done" and done.steps[1].page_size == 125


def test_organisation_that_times_out_is_not_halved(world: World, held) -> None:
    world.start(held)
    world.xero.faults.append(TimedOut())
    assert world.deliver().kind == "page"


def test_expired_token_is_refreshed_and_the_page_read(world: World, held) -> None:
    world.start(held)
    world.xero.expire_access()
    assert world.deliver().kind == "page"
    assert world.xero.refreshes == 1


@pytest.mark.parametrize(
    ("fault", "code", "stops"),
    [
        (ScopeMissing(), "scope_missing", "scope_missing"),
        (Refused(400, "16"), "xero_refused", None),
    ],
)
def test_refusals_end_the_sync_and_say_what_the_connection_needs(
    world: World, held, fault, code: str, stops: str | None
) -> None:
    sync = world.start(held)
    world.deliver()
    world.xero.faults.append(fault)
    assert world.deliver().code == code
    failed = world.sync(sync)
    assert (failed.state, failed.code) == ("failed", code)
    connection = ("reconnect", stops) if stops else ("connected", None)
    assert state(world, held) == connection
    assert world.endings(held)[0].code == code
    assert world.queue == []


def test_token_rejected_after_refresh_asks_for_a_reconnect(world: World, held) -> None:
    world.start(held)
    world.xero.faults.extend([TokenRejected(), TokenRejected()])
    assert world.deliver().code == "reconnect_needed"
    assert state(world, held) == ("reconnect", "reconnect_needed")


def test_budget_is_what_xero_said_last(world: World, held) -> None:
    world.run(held)
    budget = world.ports.connections.budget(held.instance, held.id)
    assert (budget.day_remaining, budget.minute_remaining) == (996, 50)
    assert budget.as_of == world.clock.now()


def test_log_tells_each_page_wait_and_end(world: World, held) -> None:
    sync = world.start(held)
    world.xero.faults.append(Throttled("minute", 5))
    world.deliver_all()
    assert world.log_codes(sync) == [
        "throttled_minute",
        "page_read",
        "page_read",
        "page_read",
        "page_read",
        "sync_done",
    ]


def test_message_of_an_older_version_does_nothing(world: World, held) -> None:
    world.start(held)
    old = world.queue[0]
    world.deliver()
    reads = len(world.xero.reads)
    assert world.services.worker.work(old, lambda: 900.0).kind == "stale"
    assert len(world.xero.reads) == reads


def test_sync_of_a_connection_that_was_stopped_ends(world: World, held) -> None:
    sync = world.start(held)
    world.services.connections.stop(held, "organisation_gone")
    world.deliver()
    assert world.sync(sync).code == "organisation_gone"
