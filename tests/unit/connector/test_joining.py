"""Several organisations, several Xero users, and consents that are renewed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lambda_connector.logic.faults import ReconnectNeeded, Unavailable
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.ports import Tenant
from lambda_connector.logic.problems import Problem
from lambda_connector.logic.resources import features_granted

from .disorder import Fate, Killed, mortal_ports
from .fake_xero import ALL_SCOPES, SALES_SCOPES
from .world import KAURI, TUI, World

KAURI_BY_ANOTHER = Tenant("xero-row-7", "tenant-1", "Kauri Trading")
TUI_AGAIN = Tenant("xero-row-8", "tenant-2", "Tui Foods")


def now(world: World, held: Connection) -> Connection:
    return world.services.connections.get(held.instance, held.id)


def connect_second(world: World) -> Connection:
    world.xero.tenants_of_consent = [TUI]
    return world.services.authorizations.complete(world.instance, world.begin(), None)


def take_over(world: World, held: Connection) -> Connection:
    """Another Xero user reconnects it."""
    world.xero.user = "user-2"
    world.xero.tenants_of_consent = [KAURI_BY_ANOTHER]
    return world.reconnect(held)


def stop(world: World, held: Connection, code: str) -> None:
    world.services.connections.stop(now(world, held), code)


def test_users_have_token_sets_of_their_own(world: World) -> None:
    first = world.connect()
    world.xero.user = "user-2"
    second = connect_second(world)
    assert first.token_set != second.token_set
    world.clock.advance(minutes=31)
    for held in (first, second):
        assert world.run(held).state == "done"
    users = {world.xero.users[token] for token in world.xero.access}
    assert users == {"user-1", "user-2"}


def test_organisations_of_one_user_share_one_token_set(world: World) -> None:
    first, second = world.connect(), connect_second(world)
    assert first.token_set == second.token_set
    world.clock.advance(minutes=31)
    assert world.run(first).state == world.run(second).state == "done"
    assert world.xero.refreshes == 1


def test_organisation_that_another_user_connected_is_taken(world: World) -> None:
    held = world.connect()
    world.xero.user = "user-2"
    world.xero.tenants_of_consent = [KAURI_BY_ANOTHER]
    with pytest.raises(Problem) as caught:
        world.services.authorizations.complete(world.instance, world.begin(), None)
    assert caught.value.code == "organisation_taken"
    assert caught.value.extra == {"connection": held.id}
    assert now(world, held) == held


def test_user_who_takes_over_leaves_no_row_of_the_one_before(world: World) -> None:
    held = world.connect()
    taken = take_over(world, held)
    assert (taken.id, taken.xero_id) == (held.id, "xero-row-7")
    assert world.xero.removed == [("user-1", "xero-row-1")]
    assert [name for _, name in world.ports.token_sets.rows] == [taken.token_set]
    assert world.run(taken).state == "done"


def test_other_connections_of_the_user_before_live_on(world: World) -> None:
    held, other = world.connect(), connect_second(world)
    taken = take_over(world, held)
    assert world.xero.removed == [("user-1", "xero-row-1")]
    assert taken.token_set != other.token_set
    world.clock.advance(minutes=31)
    assert world.run(other).state == world.run(taken).state == "done"


@pytest.mark.parametrize("fault", [Unavailable(), ReconnectNeeded("reconnect_needed")])
def test_row_that_cannot_be_removed_does_not_hold_up_the_new_user(
    world: World, fault: Exception
) -> None:
    held = world.connect()
    world.xero.faults.extend([None, fault])
    taken = take_over(world, held)
    assert taken.state == "connected"
    assert world.xero.removed == []
    assert [name for _, name in world.ports.token_sets.rows] == [taken.token_set]


def test_renewal_by_the_same_user_removes_nothing(world: World) -> None:
    held = world.connect()
    world.reconnect(held)
    assert world.xero.removed == []


def test_disconnecting_leaves_the_users_other_connections_alone(world: World) -> None:
    held, other = world.connect(), connect_second(world)
    world.services.connections.disconnect(held.instance, held.id)
    assert world.xero.removed == [("user-1", "xero-row-1")]
    assert world.run(other).state == "done"


def test_connection_taken_over_while_it_is_disconnected_ends_at_xero_too(
    world: World,
) -> None:
    held, store = world.connect(), world.ports.connections
    disconnect = store.disconnect

    def overtaken(changed: Connection) -> bool:
        store.disconnect = disconnect
        take_over(world, held)
        return disconnect(changed)

    store.disconnect = overtaken
    world.services.connections.disconnect(held.instance, held.id)
    assert now(world, held).state == "disconnected"
    assert ("user-2", "xero-row-7") in world.xero.removed
    assert not world.ports.token_sets.rows


def test_more_features_are_granted_to_all_connections_of_the_user(
    world: World,
) -> None:
    held, other = world.connect(), connect_second(world)
    world.xero.tenants_of_consent = [KAURI]
    world.xero.scopes = (*ALL_SCOPES, *SALES_SCOPES)
    _made, url = world.services.authorizations.begin(
        world.instance, "ref", ("contacts", "sales"), held.id, "https://c.example/cb"
    )
    assert set(SALES_SCOPES) <= set(world.xero.asked[-1].scopes)
    _held, handle = world.services.authorizations.returned(
        world.state(url), "good-code", None
    )
    world.services.authorizations.complete(world.instance, handle, None)
    for one in (held, other):
        tokens = world.services.tokens.get(one.instance, now(world, one).token_set)
        assert features_granted(tokens.scopes) == ("contacts", "items", "sales")


@pytest.mark.parametrize(
    "code", ["reconnect_needed", "scope_missing", "xero_client_invalid"]
)
def test_any_consent_of_the_user_mends_what_was_wrong_with_the_tokens(
    world: World, code: str
) -> None:
    held, other = world.connect(), connect_second(world)
    stop(world, held, code)
    world.reconnect(other)
    assert now(world, held).state == "connected"


@pytest.mark.parametrize(
    "code", ["organisation_gone", "user_removed", "demo_company_reset"]
)
def test_only_a_consent_to_the_organisation_mends_what_was_wrong_with_it(
    world: World, code: str
) -> None:
    held, other = world.connect(), connect_second(world)
    stop(world, other, code)
    world.xero.tenants_of_consent = [KAURI]
    world.reconnect(held)
    assert now(world, other).state_code == code
    world.xero.tenants_of_consent = [KAURI, TUI_AGAIN]
    world.reconnect(held)
    mended = now(world, other)
    assert (mended.state, mended.xero_id) == ("connected", TUI_AGAIN.xero_id)


def test_consent_to_a_connected_organisation_mends_it_though_it_is_taken(
    world: World,
) -> None:
    """Disconnected in Xero, then connected again as if it were new."""
    held = world.connect()
    stop(world, held, "organisation_gone")
    world.xero.tenants_of_consent = [KAURI_BY_ANOTHER]
    with pytest.raises(Problem, match="organisation_taken"):
        world.services.authorizations.complete(world.instance, world.begin(), None)
    mended = now(world, held)
    assert (mended.state, mended.xero_id) == ("connected", "xero-row-7")
    assert world.run(mended).state == "done"


def test_consent_of_another_user_mends_nothing_that_is_not_that_users(
    world: World,
) -> None:
    held = world.connect()
    stop(world, held, "organisation_gone")
    world.xero.user = "user-2"
    world.xero.tenants_of_consent = [KAURI_BY_ANOTHER, TUI]
    complete = world.services.authorizations.complete
    assert complete(world.instance, world.begin(), "tenant-2").state == "connected"
    assert now(world, held).state_code == "organisation_gone"


def test_what_was_disconnected_stays_so(world: World) -> None:
    held, other = world.connect(), connect_second(world)
    world.services.connections.disconnect(held.instance, held.id)
    world.xero.tenants_of_consent = [KAURI, TUI]
    world.reconnect(other)
    assert now(world, held).state == "disconnected"


def test_connection_that_a_sync_stops_while_it_is_renewed_is_renewed(
    world: World,
) -> None:
    held = world.connect()
    consent, store = world.begin(held.id), world.ports.connections
    connect = store.connect

    def stopped_meanwhile(*arguments: object) -> bool:
        store.connect = connect
        stop(world, held, "reconnect_needed")
        return connect(*arguments)

    store.connect = stopped_meanwhile
    complete = world.services.authorizations.complete
    assert complete(world.instance, consent, None).state == "connected"
    assert now(world, held).state == "connected"


def test_completion_sent_twice_at_once_answers_the_same_connection(
    world: World,
) -> None:
    world.set_app()
    consent, store = world.begin(), world.ports.connections
    connect, complete = store.connect, world.services.authorizations.complete
    first: list[Connection] = []

    def overtaken(*arguments: object) -> bool:
        store.connect = connect
        first.append(complete(world.instance, consent, None))
        return connect(*arguments)

    store.connect = overtaken
    assert complete(world.instance, consent, None) == first[0]
    assert world.services.connections.list(world.instance) == first


@pytest.mark.parametrize("moment", range(50))
def test_take_over_that_died_is_finished_or_begun_again(
    world: World, moment: int
) -> None:
    held, other = world.connect(), connect_second(world)
    world.xero.user = "user-2"
    world.xero.tenants_of_consent = [KAURI_BY_ANOTHER]
    consent = world.begin(held.id)
    dying = world.through(mortal_ports(world.ports, Fate(moment)))
    try:
        dying.authorizations.complete(world.instance, consent, None)
    except Killed:
        pass
    try:
        world.services.authorizations.complete(world.instance, consent, None)
    except Problem as problem:
        # Xero takes a code once; died in between, only a new consent helps.
        assert problem.code == "code_refused"
        world.reconnect(held)
    taken = now(world, held)
    assert (taken.state, taken.xero_id) == ("connected", "xero-row-7")
    assert world.run(taken).state == world.run(other).state == "done"


def test_rights_that_a_consent_lacks_are_named_again_when_asked_again(
    world: World,
) -> None:
    world.set_app()
    world.xero.scopes = ("offline_access", "accounting.settings.read")
    consent = world.begin()
    for _ in range(2):
        with pytest.raises(Problem) as caught:
            world.services.authorizations.complete(world.instance, consent, None)
        assert caught.value.code == "scope_missing"
        assert caught.value.extra == {"missing": ["accounting.contacts.read"]}
    held = world.consent(consent)
    assert held.code is None and held.verifier is None


def test_renewal_that_lacks_rights_leaves_the_tokens_as_they_were(
    world: World,
) -> None:
    held = world.connect()
    before = dict(world.ports.token_sets.rows)
    world.xero.scopes = ("accounting.settings.read",)
    with pytest.raises(Problem, match="scope_missing"):
        world.reconnect(held)
    assert world.ports.token_sets.rows == before


def test_answer_that_names_no_scopes_grants_what_was_asked_for(world: World) -> None:
    world.xero.scopes = ()
    held = world.connect()
    tokens = world.services.tokens.get(held.instance, held.token_set)
    assert features_granted(tokens.scopes) == ("contacts", "items")


def test_tokens_that_a_new_consent_needs_are_not_forgotten(world: World) -> None:
    held = world.connect()
    row = world.ports.token_sets.get(held.instance, held.token_set)
    renewed = replace(row, version=row.version + 1)
    assert world.ports.token_sets.save(renewed)
    assert world.ports.token_sets.delete(row) is False
    assert world.ports.token_sets.delete(renewed) is True
