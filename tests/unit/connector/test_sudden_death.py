"""Connecting and parting, when the process dies between any two steps."""

from __future__ import annotations

import pytest

from lambda_connector.logic.problems import Problem

from .disorder import Fate, Killed, mortal_ports
from .world import World

MOMENTS = range(40)


def dying(world: World, moment: int):
    return world.through(mortal_ports(world.ports, Fate(moment)))


@pytest.mark.parametrize("moment", MOMENTS)
def test_completion_that_died_is_finished_or_begun_again(
    world: World, moment: int
) -> None:
    world.set_app()
    consent = world.begin()
    try:
        dying(world, moment).authorizations.complete(world.instance, consent, None)
    except Killed:
        pass
    complete = world.services.authorizations.complete
    try:
        held = complete(world.instance, consent, None)
    except Problem as problem:
        # Xero takes a code once; died in between, only a new consent helps.
        assert problem.code == "code_refused"
        held = complete(world.instance, world.begin(), None)
    assert [one.id for one in world.services.connections.list(world.instance)] == [
        held.id
    ]
    assert world.run(held).state == "done"


@pytest.mark.parametrize("moment", MOMENTS)
def test_disconnecting_that_died_goes_through_when_asked_again(
    world: World, moment: int
) -> None:
    held = world.connect()
    sync = world.start(held)
    try:
        dying(world, moment).connections.disconnect(world.instance, held.id)
    except Killed:
        pass
    world.services.connections.disconnect(world.instance, held.id)
    now = world.services.connections.get(world.instance, held.id)
    assert now.state == "disconnected"
    assert world.sync(sync).state == "cancelled"
    assert "xero-row-1" in world.xero.disconnected
    assert world.ports.connections.holder(world.instance, held.organisation) is None
    world.clock.advance(days=2)
    world.janitor()
    assert not world.ports.token_sets.rows


@pytest.mark.parametrize("moment", range(12))
def test_app_that_died_while_it_was_saved_is_whole_or_not_there(
    world: World, moment: int
) -> None:
    try:
        dying(world, moment).apps.save(world.instance, "client", "secret", "core")
    except Killed:
        pass
    app = world.services.apps.get(world.instance)
    assert app is None or world.services.apps.secret(app) == "secret"
    world.set_app()
    assert world.services.apps.required(world.instance).tier == "starter"
