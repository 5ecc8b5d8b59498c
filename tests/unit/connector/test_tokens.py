"""Token sets: one refresh at a time, stored before used, recovered after a loss."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lambda_connector.logic.faults import (
    ReconnectNeeded,
    Refused,
    Throttled,
    TimedOut,
    Unavailable,
    Unreadable,
)
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.problems import Problem
from lambda_connector.logic.tokens import LEASE
from lambda_connector.xero.http import SHORT_CALL_SECONDS

from .disorder import Fate, Killed, mortal_ports
from .fake_xero import ALL_SCOPES
from .memory import MovableClock
from .world import KAURI, TUI, World


@pytest.fixture
def held(world: World):
    """A connection whose access token has run out."""
    connection = world.connect()
    world.clock.advance(minutes=31)
    return connection


def access(world: World, held, **options) -> str:
    tokens = world.services.tokens
    return tokens.access(held.instance, held.token_set, **options)


def now(world: World, held: Connection) -> Connection:
    return world.services.connections.get(held.instance, held.id)


def connect_tui(world: World) -> Connection:
    world.xero.tenants_of_consent = [TUI]
    return world.services.authorizations.complete(world.instance, world.begin(), None)


def count_openings(world: World) -> list[str]:
    """What each call to the vault will have opened, from now on."""
    opened, vault = [], world.ports.vault
    original = vault.open

    def counted(sealed: bytes, context: dict[str, str]) -> str:
        opened.append(context["purpose"])
        return original(sealed, context)

    vault.open = counted
    return opened


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


def test_refresh_that_is_tried_twice_is_shorter_than_the_lease() -> None:
    assert LEASE.total_seconds() > 2 * SHORT_CALL_SECONDS


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


@pytest.mark.parametrize(
    "fault",
    [
        Unavailable("status 500"),
        Unavailable("no token answer"),
        Unreadable("tokens are missing"),
        Throttled("identity", 20),
        Refused(400, "unauthorized_client"),
    ],
)
def test_token_service_in_trouble_is_asked_again_and_nothing_is_lost(
    world: World, held, fault: Exception
) -> None:
    """Only Xero's `invalid_grant` says that tokens are lost."""
    world.xero.identity_faults.extend([fault, fault])
    with pytest.raises(type(fault)):
        access(world, held)
    row = world.ports.token_sets.get(held.instance, held.token_set)
    assert (row.leased_until, row.refused) == (None, False)
    world.xero.identity_faults.clear()
    world.clock.advance(minutes=1)
    assert world.janitor()["token_refreshed"] == 1
    assert now(world, held).state == "connected"


def test_answer_without_tokens_is_asked_for_again_within_the_lease(
    world: World, held
) -> None:
    world.xero.identity_faults.append(Unreadable("tokens are missing"))
    assert access(world, held)
    assert world.xero.refreshes == 1


def test_consent_given_while_a_refresh_is_refused_wins(world: World, held) -> None:
    store = world.ports.connections
    replaced = store.replace

    def consented(changed):
        store.replace = replaced
        answer = replaced(changed)
        world.services.tokens.keep(held.instance, "client", world.xero.grant())
        return answer

    world.xero.refresh_tokens.clear()
    store.replace = consented
    assert access(world, held)
    assert now(world, held).state == "connected"


@pytest.mark.parametrize("minutes", [-10, 10])
def test_clock_that_is_wrong_by_minutes_costs_one_refresh_at_most(
    world: World, minutes: int
) -> None:
    held = world.connect()
    world.xero.fill(3)
    wrong = MovableClock(world.clock.now() + timedelta(minutes=minutes))
    worker = world.through(replace(world.ports, clock=wrong)).worker
    for _ in range(6):
        world.clock.advance(minutes=10)
        wrong.advance(minutes=10)
        sync = world.start(held)
        while world.queue:
            assert worker.work(world.queue.pop(0), lambda: 900.0).kind != "failed"
        assert world.sync(sync).state == "done"
    assert 2 <= world.xero.refreshes <= 6
    assert now(world, held).state == "connected"


def test_two_whose_clocks_differ_do_not_lose_each_others_tokens(
    world: World, held
) -> None:
    """One's lease is over before it began by the other's clock: both refresh."""
    fast = MovableClock(world.clock.now() + timedelta(minutes=10))
    other = world.through(replace(world.ports, clock=fast)).tokens
    original, stored = world.xero.refresh, []

    def slow(*arguments):
        world.xero.refresh = original
        grant = original(*arguments)
        stored.append(other.access(held.instance, held.token_set))
        return grant

    world.xero.refresh = slow
    assert access(world, held) == stored[0]
    assert now(world, held).state == "connected"


def test_connector_restored_from_a_backup_asks_for_a_reconnect_once(
    world: World,
) -> None:
    held, other = world.connect(), connect_tui(world)
    backup = dict(world.ports.token_sets.rows)
    for _ in range(3):
        world.clock.advance(days=1)
        world.janitor()
    world.ports.token_sets.rows.clear()
    world.ports.token_sets.rows.update(backup)
    refreshes = world.xero.refreshes

    failed = world.run(held)
    assert (failed.state, failed.code) == ("failed", "reconnect_needed")
    for one in (held, other):
        assert now(world, one).state_code == "reconnect_needed"
    for _ in range(10):
        world.clock.advance(days=1)
        assert world.janitor() == {}
    assert world.xero.refreshes == refreshes

    world.xero.tenants_of_consent = [KAURI]
    world.reconnect(held)
    assert world.run(held).state == world.run(other).state == "done"


def test_access_token_is_opened_once_and_not_once_a_page(world: World) -> None:
    held = world.connect()
    world.xero.max_page_size = 10
    world.services = world.through(world.ports)  # a process that has just begun
    opened = count_openings(world)
    world.xero.fill(100)
    assert world.run(held).state == "done"
    assert len(world.xero.reads) > 10
    assert opened == ["access"]
    world.clock.advance(minutes=31)
    world.xero.fill(100)
    assert world.run(held).state == "done"
    assert opened == ["access", "client_secret", "refresh"]


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
