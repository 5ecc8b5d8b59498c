"""Token sets: one refresh at a time, stored before used, recovered after a loss."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lambda_connector.logic.faults import ReconnectNeeded, TimedOut, Unavailable
from lambda_connector.logic.problems import Problem
from lambda_connector.logic.tokens import LEASE

from .disorder import Fate, Killed, mortal_ports
from .fake_xero import ALL_SCOPES
from .world import TUI, World


@pytest.fixture
def held(world: World):
    """A connection whose access token has run out."""
    connection = world.connect()
    world.clock.advance(minutes=31)
    return connection


def access(world: World, held, **options) -> str:
    tokens = world.services.tokens
    return tokens.access(held.instance, held.token_set, **options)


def test_token_is_used_until_shortly_before_it_expires(world: World) -> None:
    held = world.connect()
    first = access(world, held)
    world.clock.advance(minutes=27)
    assert access(world, held) == first
    world.clock.advance(minutes=2)
    assert access(world, held) != first
    assert world.xero.refreshes == 1


def test_rejected_token_is_refreshed_once(world: World) -> None:
    held = world.connect()
    first = access(world, held)
    second = access(world, held, rejected=first)
    assert second != first
    assert access(world, held, rejected=first) == second
    assert world.xero.refreshes == 1


def test_new_tokens_are_stored_before_they_are_given_out(world: World, held) -> None:
    token = access(world, held)
    row = world.ports.token_sets.get(held.instance, held.token_set)
    assert token.encode()[::-1] in row.access
    assert row.leased_until is None


def test_scopes_are_those_that_the_last_answer_named(world: World, held) -> None:
    def scopes() -> tuple[str, ...]:
        return world.services.tokens.get(held.instance, held.token_set).scopes

    consented = scopes()
    world.xero.scopes = ()
    access(world, held)
    assert scopes() == consented == ALL_SCOPES
    world.xero.scopes = ("accounting.settings.read",)
    world.clock.advance(minutes=31)
    access(world, held)
    assert scopes() == ("accounting.settings.read",)


def test_holder_of_the_lease_is_waited_for(world: World, held) -> None:
    row = world.ports.token_sets.get(held.instance, held.token_set)
    until = world.clock.now() + timedelta(seconds=20)
    leased = replace(row, version=row.version + 1, leased_until=until)
    world.ports.token_sets.save(leased)
    access(world, held)
    assert world.clock.now() >= until
    assert world.xero.refreshes == 1


def test_waiting_for_a_lease_ends(world: World, held) -> None:
    row = world.ports.token_sets.get(held.instance, held.token_set)
    forever = world.clock.now() + timedelta(days=1)
    world.ports.token_sets.save(
        replace(row, version=row.version + 1, leased_until=forever)
    )
    with pytest.raises(Unavailable):
        access(world, held)
    assert sum(world.clock.slept) < LEASE.total_seconds() + 2


def test_lost_answer_is_asked_for_again_with_the_old_token(world: World, held) -> None:
    world.xero.lost.append(TimedOut())
    access(world, held)
    assert world.xero.refreshes == 2


def test_answer_lost_twice_is_recovered_by_the_janitor(world: World, held) -> None:
    world.xero.lost.extend([TimedOut(), TimedOut()])
    with pytest.raises(Unavailable):
        access(world, held)
    world.clock.advance(minutes=1)
    assert world.janitor()["token_refreshed"] == 1
    assert access(world, held)


def test_holder_that_died_at_any_moment_is_recovered_within_xeros_grace(
    world: World,
) -> None:
    held = world.connect()
    for moment in range(30):
        world.clock.advance(minutes=31)
        dying = world.through(mortal_ports(world.ports, Fate(moment)))
        try:
            dying.tokens.access(held.instance, held.token_set)
        except Killed:
            pass
        world.clock.advance(minutes=1)
        world.janitor()
        assert access(world, held)
    connection = world.services.connections.get(held.instance, held.id)
    assert connection.state == "connected"


def test_refused_refresh_means_reconnect_once_and_visibly(world: World, held) -> None:
    world.xero.refresh_tokens.clear()
    for _ in range(3):
        with pytest.raises(ReconnectNeeded):
            access(world, held)
    assert world.xero.refreshes == 0
    stopped = world.services.connections.get(held.instance, held.id)
    assert (stopped.state, stopped.state_code) == ("reconnect", "reconnect_needed")
    assert "token_refreshed" not in world.janitor()


def test_refusal_is_not_believed_where_newer_tokens_were_stored(
    world: World, held
) -> None:
    """The lease was outlived: another holder refreshed while this one was asking."""
    tokens = world.services.tokens
    original = tokens.identity.refresh

    def overtaken(*arguments):
        tokens.identity.refresh = original
        row = world.ports.token_sets.get(held.instance, held.token_set)
        fresh = tokens._sealed(row, world.xero.grant(), world.clock.now())
        world.ports.token_sets.save(fresh)
        world.xero.refresh_tokens.pop(arguments[2])
        return original(*arguments)

    world.xero.refresh = overtaken
    assert access(world, held)
    connection = world.services.connections.get(held.instance, held.id)
    assert connection.state == "connected"


def test_late_answer_never_overwrites_newer_tokens(world: World, held) -> None:
    tokens, original = world.services.tokens, world.xero.refresh
    stored = []

    def slow(*arguments):
        world.xero.refresh = original
        grant = original(*arguments)
        world.clock.advance(seconds=60)
        stored.append(tokens.access(held.instance, held.token_set))
        return grant

    world.xero.refresh = slow
    assert access(world, held) == stored[0]


def test_reconnecting_brings_the_users_other_organisations_back(world: World) -> None:
    first = world.connect()
    world.xero.tenants_of_consent = [TUI]
    second = world.connect()
    world.clock.advance(minutes=31)
    world.xero.refresh_tokens.clear()
    with pytest.raises(ReconnectNeeded):
        access(world, first)
    world.reconnect(second)
    states = {one.state for one in world.services.connections.list(world.instance)}
    assert states == {"connected"}


def test_tokens_are_kept_alive_for_months(world: World) -> None:
    held = world.connect()
    for _ in range(200):
        world.clock.advance(days=1)
        world.janitor()
    assert world.xero.refreshes == 200
    assert access(world, held)


def test_tokens_that_no_connection_needs_are_forgotten(world: World) -> None:
    world.set_app()
    world.xero.tenants_of_consent = []
    with pytest.raises(Exception, match="organisation_none"):
        world.services.authorizations.complete(world.instance, world.begin(), None)
    world.clock.advance(days=1)
    assert world.janitor()["token_forgotten"] == 1
    assert not world.ports.token_sets.rows


def test_person_waits_shortly_only_for_a_lease_that_another_holds(
    world: World, held
) -> None:
    row = world.ports.token_sets.get(held.instance, held.token_set)
    until = world.clock.now() + timedelta(minutes=10)
    world.ports.token_sets.save(
        replace(row, version=row.version + 1, leased_until=until)
    )
    with pytest.raises(Problem, match="xero_unavailable"):
        world.services.connections.disconnect(held.instance, held.id)
    assert sum(world.clock.slept) < 7
