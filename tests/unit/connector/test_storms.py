"""Whatever happens to events and syncs, in the end every change was read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .disorder import Fate, Killed, mortal_ports
from .storms import Storm
from .telling import event
from .world import World

MOMENTS = range(60)


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_change_is_read_in_the_end(data) -> None:
    storm = Storm(World.in_memory())
    storm.run(data)
    storm.heal()
    storm.check()


def changed(world: World) -> Storm:
    """One change of each resource, told and not yet taken."""
    storm = Storm(world)
    world.clock.advance(minutes=10)
    now = world.clock.now().isoformat()
    for number, rows in enumerate(storm.rows.values(), start=1):
        rows[3].update(version=number, updated=now)
    assert storm.telling.post(event("CONTACT"), event("INVOICE")) == "accepted"
    world.clock.advance(seconds=3)
    return storm


@pytest.mark.parametrize("moment", MOMENTS)
def test_batch_that_died_is_taken_again(world: World, moment: int) -> None:
    storm = changed(world)
    posts = list(storm.telling.queue.messages)
    try:
        world.through(mortal_ports(world.ports, Fate(moment))).changes.take(posts)
    except Killed:
        pass
    storm.heal()
    storm.check()


@pytest.mark.parametrize("moment", MOMENTS)
def test_batch_that_died_and_whose_messages_are_lost_is_mended_or_as_never_told(
    world: World, moment: int
) -> None:
    """Messages are not lost by SQS; but once the mark is written none is needed."""
    storm = changed(world)
    posts = list(storm.telling.queue.messages)
    storm.telling.queue.messages.clear()
    try:
        world.through(mortal_ports(world.ports, Fate(moment))).changes.take(posts)
    except Killed:
        pass
    was_marked = {"contacts"} <= storm.telling.marks(storm.connection)
    storm.heal()
    if was_marked:
        storm.check()


@pytest.mark.parametrize("moment", MOMENTS)
def test_worker_that_died_at_the_end_leaves_no_change_unread(
    world: World, moment: int
) -> None:
    """A change comes while its resource is read; the worker dies at each step of the
    end, after which the janitor alone knows of the change."""
    storm = changed(world)
    storm.telling.deliver()
    world.deliver()
    world.clock.advance(seconds=3)
    storm.rows["INVOICE"][0].update(version=7, updated=world.clock.now().isoformat())
    storm.rows["CONTACT"][0].update(version=8, updated=world.clock.now().isoformat())
    storm.telling.post(event("CONTACT"), event("INVOICE"))
    storm.telling.deliver()
    mortal = world.through(mortal_ports(world.ports, Fate(moment)))
    try:
        while world.queue:
            mortal.worker.work(world.queue.pop(0), lambda: 900.0)
    except Killed:
        pass
    world.queue.clear()
    storm.heal()
    storm.check()


@pytest.mark.parametrize("moment", MOMENTS)
def test_janitor_that_died_leaves_no_change_unread(world: World, moment: int) -> None:
    storm = changed(world)
    storm.telling.deliver()
    world.queue.clear()
    world.clock.advance(minutes=7)
    mortal = world.through(mortal_ports(world.ports, Fate(moment)))
    try:
        mortal.janitor.run(lambda kind, error: None)
    except Killed:
        pass
    world.queue.clear()
    storm.heal()
    storm.check()
