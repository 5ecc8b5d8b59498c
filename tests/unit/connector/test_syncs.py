"""Starting, cancelling, and being sent for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lambda_connector.logic.faults import Throttled, Unavailable
from lambda_connector.logic.model.sync import REQUEST, WEBHOOK
from lambda_connector.logic.problems import Problem

from .world import TUI, World


def test_live_sync_is_answered_instead_of_a_second_one(world: World) -> None:
    held = world.connect()
    first = world.start(held)
    start = world.services.syncs.start
    again, is_new = start(world.instance, held.id, "incremental", features=["contacts"])
    assert (again.id, is_new) == (first.id, False)


def test_click_mends_a_lost_first_message(world: World) -> None:
    held = world.connect()
    sync = world.start(held)
    world.queue.clear()
    world.start(held)
    world.deliver_all()
    assert world.sync(sync).state == "done"


def test_sync_ids_find_their_connection_and_sort_by_age(world: World) -> None:
    held = world.connect()
    first = world.run(held)
    world.clock.advance(seconds=1)
    second = world.run(held)
    assert first.id.startswith(f"{held.id}-") and first.id < second.id
    recent = world.services.syncs.recent(world.instance, held.id)
    assert [sync.id for sync in recent] == [second.id, first.id]


@pytest.mark.parametrize(
    "reason", ["reconnect_needed", "organisation_gone", "demo_company_reset"]
)
def test_connection_that_was_stopped_starts_no_sync_and_says_why(
    world: World, reason: str
) -> None:
    held = world.connect()
    world.services.connections.stop(held, reason)
    with pytest.raises(Problem) as caught:
        world.start(held)
    assert caught.value.code == reason


def test_cancelled_sync_ends_in_the_feed_and_stays_ended(world: World) -> None:
    world.xero.fill(3000)
    held = world.connect()
    sync = world.start(held)
    world.deliver()
    world.deliver()
    assert world.services.syncs.cancel(world.instance, sync.id).state == "cancelled"
    assert world.deliver().kind == "stale"
    assert world.services.syncs.cancel(world.instance, sync.id).state == "cancelled"
    assert [end.state for end in world.endings(held)] == ["cancelled"]
    assert len(world.parts(held, "contacts")) == 1


def test_cancel_wins_over_a_page_that_is_being_read(world: World) -> None:
    held = world.connect()
    sync = world.start(held)
    original = world.xero.read

    def cancelled_meanwhile(*arguments):
        world.services.syncs.cancel(world.instance, sync.id)
        return original(*arguments)

    world.xero.read = cancelled_meanwhile
    assert world.deliver().kind == "overtaken"
    assert [entry.kind for entry in world.entries(held)] == ["sync_finished"]


def test_sync_without_progress_is_sent_for_three_times_then_failed(
    world: World,
) -> None:
    held = world.connect()
    sync = world.start(held)
    for _ in range(3):
        world.queue.clear()
        world.clock.advance(minutes=5)
        assert world.janitor() == {"sync_no_progress": 1}
        assert world.janitor() == {}
    world.queue.clear()
    world.clock.advance(minutes=5)
    assert world.janitor() == {"sync_stuck": 1}
    failed = world.sync(sync)
    assert (failed.state, failed.code) == ("failed", "stuck")
    assert [end.code for end in world.endings(held)] == ["stuck"]
    assert world.run(held).state == "done"


def test_progress_starts_the_count_anew(world: World) -> None:
    world.xero.fill(9000)
    held = world.connect()
    sync = world.start(held)
    for _ in range(8):
        world.queue.clear()
        world.clock.advance(minutes=5)
        world.janitor()
        world.deliver()
    world.deliver_all()
    assert world.sync(sync).state == "done"


def test_disconnecting_parts_at_xero_and_ends_the_sync(world: World) -> None:
    held = world.connect()
    sync = world.start(held)
    world.services.connections.disconnect(world.instance, held.id)
    assert world.xero.disconnected == ["xero-row-1"]
    assert world.sync(sync).state == "cancelled"
    now = world.services.connections.get(world.instance, held.id)
    assert now.state == "disconnected"
    assert not world.ports.token_sets.rows
    world.services.connections.disconnect(world.instance, held.id)
    assert world.connect().id != held.id


def test_disconnecting_keeps_the_users_other_organisations(world: World) -> None:
    first = world.connect()
    world.xero.tenants_of_consent = [TUI]
    second = world.connect()
    world.services.connections.disconnect(world.instance, first.id)
    assert world.xero.disconnected == ["xero-row-1"]
    assert world.run(second).state == "done"


def test_disconnecting_where_xero_shut_us_out_already(world: World) -> None:
    held = world.connect()
    world.xero.refresh_tokens.clear()
    world.clock.advance(hours=1)
    world.services.connections.disconnect(world.instance, held.id)
    now = world.services.connections.get(world.instance, held.id)
    assert now.state == "disconnected"


def test_disconnecting_while_xero_is_away_may_be_tried_again(world: World) -> None:
    held = world.connect()
    world.xero.faults.append(Unavailable())
    with pytest.raises(Problem) as caught:
        world.services.connections.disconnect(world.instance, held.id)
    assert caught.value.code == "xero_unavailable"
    world.services.connections.disconnect(world.instance, held.id)
    assert world.xero.disconnected == ["xero-row-1"]


def test_step_began_before_its_first_call(world: World) -> None:
    """A change that is told of later than that may have been missed."""
    world.xero.fill(2000)
    held = world.connect()
    world.xero.before_read = lambda request: world.clock.advance(seconds=10)
    began = world.clock.now()
    done = world.run(held)
    organisation, contacts = done.steps
    assert organisation.began_at == began
    assert contacts.began_at == began + timedelta(seconds=10)
    assert (contacts.pages, world.clock.now()) == (2, began + timedelta(seconds=30))


def test_sync_says_what_started_it(world: World) -> None:
    held = world.connect()
    start = world.services.syncs.start
    told, _ = start(
        world.instance, held.id, "incremental", resources=["contacts"], trigger=WEBHOOK
    )
    assert (told.trigger, world.sync(told).trigger) == (WEBHOOK, WEBHOOK)
    world.deliver_all()
    assert world.start(held).trigger == REQUEST


# A request while another sync is alive


def test_request_adds_what_a_webhooks_sync_lacks(world: World) -> None:
    """Else changes without end would let no poll through."""
    world.xero.fill(3)
    held = world.connect()
    world.run(held, features=["contacts"])
    start = world.services.syncs.start
    told, _ = start(
        world.instance, held.id, "incremental", resources=["contacts"], trigger=WEBHOOK
    )
    world.clock.advance(hours=30)
    same, is_new = start(world.instance, held.id, "incremental", features=["contacts"])
    assert (same.id, is_new, same.trigger) == (told.id, False, REQUEST)
    names = [step.resource for step in same.steps]
    assert names == ["contacts", "organisation", "contact_groups"]
    outcomes = [outcome.kind for outcome in world.deliver_all()]
    assert outcomes == ["stale", "page", "page", "done"]
    done = world.sync(told)
    assert {step.state for step in done.steps} == {"done"}


def test_request_adds_nothing_to_a_sync_that_has_it_all(world: World) -> None:
    held = world.connect()
    first = world.start(held, resources=["organisation", "contacts"])
    again = world.start(held, resources=["contacts"])
    assert (again.id, again.version) == (first.id, first.version)


def test_webhooks_add_nothing_to_a_live_sync(world: World) -> None:
    """Their marks stay, and its end goes on with them."""
    held = world.connect()
    first = world.start(held, resources=["organisation"])
    start = world.services.syncs.start
    live, is_new = start(
        world.instance, held.id, "incremental", resources=["contacts"], trigger=WEBHOOK
    )
    assert (live.id, live.version, is_new) == (first.id, first.version, False)


def test_waiting_sync_goes_on_waiting_with_what_was_added(world: World) -> None:
    held = world.connect()
    world.start(held, resources=["organisation"])
    world.xero.faults.append(Throttled("day", 7200))
    world.deliver_all()
    waiting = world.start(held, resources=["organisation", "contacts"])
    assert waiting.state == "waiting" and world.queue == []
    world.clock.advance(hours=2)
    world.janitor()
    world.deliver_all()
    assert world.sync(waiting).state == "done"
    assert len(world.parts(held, "contacts")) == 1


def test_page_that_was_under_way_is_read_again_for_what_was_added(
    world: World,
) -> None:
    held = world.connect()
    sync = world.start(held, resources=["organisation"])
    original = world.xero.read

    def widened_meanwhile(*arguments):
        world.xero.read = original
        world.start(held, resources=["organisation", "contacts"])
        return original(*arguments)

    world.xero.read = widened_meanwhile
    outcomes = [outcome.kind for outcome in world.deliver_all()]
    assert outcomes == ["overtaken", "page", "done"]
    assert [one.resource for one in world.sync(sync).steps] == [
        "organisation",
        "contacts",
    ]


def test_replay_reads_what_a_done_sync_read_from_the_same_moment(world: World) -> None:
    held = world.connect()
    world.run(held)
    world.clock.advance(minutes=30)
    changed = world.run(held)
    since = changed.steps[-1].since
    world.clock.advance(minutes=30)
    later = world.run(held)
    assert later.steps[-1].since > since
    again, is_new = world.services.syncs.replay(world.instance, changed.id)
    world.deliver_all()
    done = world.sync(again)
    assert is_new and done.state == "done" and again.id != changed.id
    assert world.log_codes(again)[0] == "replayed"
    read = [(step.resource, step.mode, step.since) for step in done.steps]
    assert read == [(step.resource, step.mode, step.since) for step in changed.steps]
    marks = world.ports.syncs.watermarks(world.instance, held.id)
    assert marks["contacts"].moment >= later.steps[-1].since


def test_replay_of_a_failed_sync_begins_at_its_first_page(world: World) -> None:
    world.xero.fill(3000)
    held = world.connect()
    sync = world.start(held, "full")
    for _ in range(3):
        world.deliver()
    world.services.syncs.end(world.sync(sync), "failed", "stuck")
    again, _ = world.services.syncs.replay(world.instance, sync.id)
    world.deliver_all()
    done = world.sync(again)
    assert (done.state, done.mode) == ("done", "full")
    assert done.steps[-1].records == 3000


def test_replay_leaves_a_live_sync_alone(world: World) -> None:
    held = world.connect()
    done = world.run(held)
    live = world.start(held)
    again, is_new = world.services.syncs.replay(world.instance, done.id)
    assert (again.id, is_new) == (live.id, False)
    assert world.sync(live).version == live.version


def test_replay_asks_for_no_step_that_only_follows_from_others(world: World) -> None:
    held = world.connect()
    sync = world.start(held)
    followed = replace(sync.steps[0], resource="contact_balances")
    more = replace(sync, version=sync.version + 1, steps=(*sync.steps, followed))
    assert world.ports.syncs.save(more)
    world.services.syncs.cancel(world.instance, sync.id)
    again, _ = world.services.syncs.replay(world.instance, sync.id)
    assert [step.resource for step in again.steps] == ["organisation", "contacts"]


def test_replay_is_refused_as_a_start_is(world: World) -> None:
    held = world.connect()
    done = world.run(held)
    world.services.connections.stop(held, "reconnect_needed")
    with pytest.raises(Problem) as caught:
        world.services.syncs.replay(world.instance, done.id)
    assert caught.value.code == "reconnect_needed"
