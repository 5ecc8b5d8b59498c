"""Xero lets us in no more: why, as Xero's own list of connections tells."""

from __future__ import annotations

import pytest

from lambda_connector.logic.faults import (
    OrganisationGone,
    ScopeMissing,
    Throttled,
    TokenRejected,
    Unavailable,
)
from lambda_connector.logic.ports import Tenant
from lambda_connector.logic.problems import CODES, Problem

from .world import KAURI, TUI, World

DEMO = Tenant("xero-row-9", "tenant-9", "Demo Company (NZ)")
SUCCESSOR = Tenant("xero-row-10", "tenant-10", "Demo Company (NZ)")


def shut_out(world: World, listed: list[Tenant]) -> None:
    world.xero.gone = True
    world.xero.tenants_of_user = listed


def failure(world: World, connected: Tenant, listed: list[Tenant]) -> str:
    """What becomes of a sync: its code, which the connection asks to be mended for."""
    world.xero.tenants_of_consent = [connected]
    held = world.connect()
    shut_out(world, listed)
    failed = world.run(held)
    stopped = world.services.connections.get(held.instance, held.id)
    assert failed.state == "failed"
    assert (stopped.state, stopped.state_code) == ("reconnect", failed.code)
    assert world.endings(held)[0].detail == CODES[failed.code].sentence
    assert world.queue == []
    return failed.code


def test_organisation_that_xero_lists_no_more_was_disconnected(world: World) -> None:
    assert failure(world, KAURI, [TUI]) == "organisation_gone"


def test_organisation_still_listed_is_barred_to_its_user(world: World) -> None:
    assert failure(world, KAURI, [TUI, KAURI]) == "user_removed"


def test_demo_company_that_is_not_listed_was_reset(world: World) -> None:
    assert failure(world, DEMO, [TUI]) == "demo_company_reset"


def test_demo_company_still_listed_is_barred_to_its_user(world: World) -> None:
    assert failure(world, DEMO, [DEMO]) == "user_removed"


@pytest.mark.parametrize(
    "code", ["organisation_gone", "user_removed", "demo_company_reset"]
)
def test_each_reason_says_what_to_do(code: str) -> None:
    assert "connect" in CODES[code].sentence.lower()
    assert len({CODES[one].sentence for one in CODES}) == len(CODES)


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Unavailable(), "xero_unavailable"), (Throttled("minute", 3600), "throttled_")],
)
def test_reason_that_cannot_be_asked_for_now_is_asked_for_later(
    world: World, fault: Exception, code: str
) -> None:
    held = world.connect()
    shut_out(world, [TUI])
    sync = world.start(held)
    world.xero.faults.extend([None, fault] * 20)
    world.deliver_all()
    waiting = world.sync(sync)
    assert waiting.state == "waiting"
    assert waiting.code.startswith(code)
    world.xero.faults.clear()
    world.clock.advance(hours=2)
    world.janitor()
    world.deliver_all()
    assert world.sync(sync).code == "organisation_gone"


def test_token_that_expires_between_refusal_and_question_is_refreshed(
    world: World,
) -> None:
    held = world.connect()
    shut_out(world, [TUI])
    world.xero.faults.extend([None, TokenRejected()])
    assert world.run(held).code == "organisation_gone"
    assert world.xero.refreshes == 1


def test_sync_that_was_queued_before_ends_with_the_reason(world: World) -> None:
    held = world.connect()
    sync = world.start(held)
    world.services.connections.stop(held, "demo_company_reset")
    world.deliver_all()
    assert world.sync(sync).code == "demo_company_reset"


def test_demo_company_that_was_reset_needs_a_new_connection(world: World) -> None:
    world.xero.tenants_of_consent = [DEMO]
    held = world.connect()
    world.xero.tenants_of_consent = [SUCCESSOR]
    with pytest.raises(Problem, match="demo_company_reset"):
        world.reconnect(held)
    made = world.services.authorizations.complete(world.instance, world.begin(), None)
    assert (made.id != held.id, made.organisation) == (True, "tenant-10")


def test_other_demo_company_is_another_organisation(world: World) -> None:
    world.xero.tenants_of_consent = [DEMO]
    held = world.connect()
    world.xero.tenants_of_consent = [Tenant("r", "tenant-11", "Demo Company (UK)")]
    with pytest.raises(Problem, match="organisation_different"):
        world.reconnect(held)


@pytest.mark.parametrize("fault", [OrganisationGone(), ScopeMissing()])
def test_disconnecting_goes_through_where_xero_shut_us_out(
    world: World, fault: Exception
) -> None:
    held = world.connect()
    world.xero.faults.append(fault)
    world.services.connections.disconnect(held.instance, held.id)
    now = world.services.connections.get(held.instance, held.id)
    assert now.state == "disconnected"
    assert not world.ports.token_sets.rows


def test_disconnecting_with_a_token_that_xero_rejects_refreshes_it(
    world: World,
) -> None:
    """The row at Xero counts against the app's connections until it is removed."""
    held = world.connect()
    world.xero.expire_access()
    world.services.connections.disconnect(held.instance, held.id)
    assert world.xero.disconnected == [held.xero_id]
    assert world.xero.refreshes == 1


def test_consent_whose_user_is_shut_out_at_once_connects_nothing(world: World) -> None:
    world.set_app()
    consent = world.begin()
    world.xero.faults.append(OrganisationGone())
    with pytest.raises(Problem, match="organisation_none"):
        world.services.authorizations.complete(world.instance, consent, None)


def test_consent_whose_token_xero_rejects_is_completed_with_a_fresh_one(
    world: World,
) -> None:
    world.set_app()
    consent = world.begin()
    world.xero.faults.append(TokenRejected())
    complete = world.services.authorizations.complete
    assert complete(world.instance, consent, None).state == "connected"
    assert world.xero.refreshes == 1
