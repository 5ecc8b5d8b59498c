"""Connecting: consents that go right, and all the ways in which they do not."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from lambda_connector.logic.authorizations import StateInvalid
from lambda_connector.logic.faults import TimedOut, Unavailable
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.organisations import Choice
from lambda_connector.logic.ports import Consent
from lambda_connector.logic.problems import Problem
from lambda_connector.xero.identity import HttpXeroIdentity

from .world import KAURI, TUI, World


def refusal(world: World, consent: str, organisation: str | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        world.services.authorizations.complete(world.instance, consent, organisation)
    return caught.value


def begin(world: World) -> tuple[str, str]:
    """A consent that waits at Xero, and its state."""
    made, url = world.services.authorizations.begin(
        world.instance, "ref", ("contacts",), None, "https://c.example/cb"
    )
    return made.id, world.state(url)


def test_consent_connects_the_organisation_chosen_in_it(world: World) -> None:
    world.xero.tenants_of_user = [TUI, KAURI]
    held = world.connect()
    assert (held.organisation, held.organisation_name) == ("tenant-1", "Kauri Trading")
    assert held.state == "connected"
    assert world.services.feeds.head(world.instance, held.id).head == 0


def test_code_is_exchanged_with_its_redirect_address_and_verifier(world: World) -> None:
    world.connect()
    (code, redirect, verifier), *_ = world.xero.exchanged
    assert (code, redirect) == ("good-code", "https://c.example/cb")
    assert verifier == world.xero.asked[0].verifier and len(verifier) >= 43


def test_code_and_verifier_are_sealed_and_forgotten_after_the_exchange(
    world: World,
) -> None:
    world.set_app()
    consent = world.begin()
    held = world.consent(consent)
    assert b"good-code" not in held.code
    world.services.authorizations.complete(world.instance, consent, None)
    held = world.consent(consent)
    assert held.code is None and held.verifier is None


def test_state_is_good_for_once(world: World) -> None:
    world.set_app()
    _, state = begin(world)
    world.services.authorizations.returned(state, "good-code", None)
    with pytest.raises(StateInvalid):
        world.services.authorizations.returned(state, "good-code", None)


def test_state_expires(world: World) -> None:
    world.set_app()
    _, state = begin(world)
    world.clock.advance(minutes=30)
    with pytest.raises(StateInvalid):
        world.services.authorizations.returned(state, "good-code", None)


def test_guessed_states_are_refused_and_leave_the_consent_pending(world: World) -> None:
    world.set_app()
    consent, state = begin(world)
    for guess in ("", "x", state[:-1] + "~", state.upper(), state + "a", "\x00"):
        with pytest.raises(StateInvalid):
            world.services.authorizations.returned(guess, "good-code", None)
    assert refusal(world, consent).code == "authorization_pending"


def test_code_expires_after_five_minutes(world: World) -> None:
    world.set_app()
    consent = world.begin()
    world.clock.advance(minutes=5)
    assert refusal(world, consent).code == "authorization_expired"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "consent_denied"),
        ("invalid_scope", "scope_missing"),
        ("unauthorized_client", "xero_client_invalid"),
        ("server_error", "code_refused"),
    ],
)
def test_refusals_at_xero_are_told_apart(world: World, error: str, code: str) -> None:
    world.set_app()
    consent, state = begin(world)
    world.services.authorizations.returned(state, None, error)
    assert refusal(world, consent).code == code


def test_code_that_xero_refuses(world: World) -> None:
    world.set_app()
    _consent, state = begin(world)
    _held, handle = world.services.authorizations.returned(state, "stolen", None)
    assert refusal(world, handle).code == "code_refused"


def test_who_began_completes_nothing_that_another_browser_came_back_from(
    world: World,
) -> None:
    """Somebody else was sent the link and logged in: the proof went there."""
    world.set_app()
    consent, state = begin(world)
    _held, handle = world.services.authorizations.returned(state, "good-code", None)
    assert refusal(world, consent).code == "authorization_pending"
    for proof in ("0" * 32, handle.rpartition("-")[2][:-1], state, "é"):
        assert refusal(world, f"{consent}-{proof}").code == "not_found"
    assert not world.xero.exchanged
    kept = repr(world.consent(handle))
    assert handle.rpartition("-")[2] not in kept
    made = world.services.authorizations.complete(world.instance, handle, None)
    # Nor is it told afterwards what was connected.
    assert refusal(world, consent).code == "authorization_pending"
    again = world.services.authorizations.complete(world.instance, handle, None)
    assert again == made


def test_client_that_xero_refuses(world: World) -> None:
    world.set_app()
    consent = world.begin()
    world.xero.client = ("client", "changed")
    assert refusal(world, consent).code == "xero_client_invalid"


def test_missing_scope_is_named_and_nothing_is_connected(world: World) -> None:
    world.set_app()
    world.xero.scopes = ("offline_access", "accounting.settings")
    problem = refusal(world, world.begin())
    assert problem.code == "scope_missing"
    assert problem.extra["missing"] == ["accounting.contacts.read"]
    assert world.services.connections.list(world.instance) == []


def test_more_scopes_than_asked_for_are_fine(world: World) -> None:
    world.xero.scopes += ("accounting.invoices.read", "openid")
    assert world.connect().state == "connected"


def test_several_organisations_are_offered_and_the_chosen_one_connected(
    world: World,
) -> None:
    world.set_app()
    world.xero.tenants_of_consent = [KAURI, TUI]
    consent = world.begin()
    complete = world.services.authorizations.complete
    assert complete(world.instance, consent, None) == Choice((KAURI, TUI))
    assert refusal(world, consent, "tenant-3").code == "not_found"
    assert complete(world.instance, consent, "tenant-2").organisation == "tenant-2"
    assert len(world.xero.exchanged) == 1


def test_organisations_are_offered_where_xero_does_not_name_those_of_the_consent(
    world: World,
) -> None:
    """Never the first or the newest by itself: both pick a wrong one."""
    world.set_app()
    world.xero.names_consents = False
    came = world.services.authorizations.complete(world.instance, world.begin(), None)
    assert came == Choice((KAURI,))


def test_no_organisation(world: World) -> None:
    world.set_app()
    world.xero.tenants_of_consent = []
    assert refusal(world, world.begin()).code == "organisation_none"


def test_organisation_that_another_connection_has(world: World) -> None:
    held = world.connect()
    problem = refusal(world, world.begin())
    assert problem.code == "organisation_taken"
    assert problem.extra == {"connection": held.id}


def test_reconnecting_takes_the_same_organisation_only(world: World) -> None:
    held = world.connect()
    world.xero.tenants_of_consent = [TUI]
    problem = refusal(world, world.begin(held.id))
    assert problem.code == "organisation_different"
    assert problem.extra == {"expected": "Kauri Trading", "got": "Tui Foods"}
    assert "Tui Foods was chosen at Xero" in problem.detail

    world.xero.tenants_of_consent = [TUI, KAURI]
    again = world.reconnect(held)
    assert (again.id, again.organisation) == (held.id, "tenant-1")


def test_reconnecting_by_another_user_leaves_no_tokens_behind(world: World) -> None:
    held = world.connect()
    world.xero.user = "user-2"
    again = world.reconnect(held)
    assert again.token_set != held.token_set
    assert list(world.ports.token_sets.rows) == [(world.instance, again.token_set)]


def test_lost_answer_of_completion_is_asked_for_again(world: World) -> None:
    world.set_app()
    consent = world.begin()
    complete = world.services.authorizations.complete
    first = complete(world.instance, consent, None)
    again = complete(world.instance, consent, None)
    assert isinstance(again, Connection) and again.id == first.id
    assert refusal(world, consent, "tenant-2").code == "authorization_used"


def test_exchange_that_xero_did_not_answer_is_said_and_may_be_tried_again(
    world: World,
) -> None:
    world.set_app()
    consent = world.begin()
    world.xero.identity_faults.append(TimedOut())
    assert refusal(world, consent).code == "xero_unavailable"
    came = world.services.authorizations.complete(world.instance, consent, None)
    assert came.state == "connected"


def test_exchange_is_not_repeated_when_only_the_organisations_failed(
    world: World,
) -> None:
    world.set_app()
    consent = world.begin()
    world.xero.faults.append(Unavailable())
    assert refusal(world, consent).code == "xero_unavailable"
    world.services.authorizations.complete(world.instance, consent, None)
    assert len(world.xero.exchanged) == 1


def test_consent_of_another_instance_is_not_found(world: World) -> None:
    world.set_app()
    consent = world.begin()
    other, _ = world.services.instances.create("Other", "https://other.example")
    with pytest.raises(Problem) as caught:
        world.services.authorizations.complete(other.id, consent, None)
    assert caught.value.code == "not_found"


def test_janitor_forgets_the_secrets_of_consents_that_ran_out(world: World) -> None:
    world.set_app()
    consent = world.begin()
    world.clock.advance(minutes=6)
    assert world.janitor() == {"authorization_forgotten": 1}
    held = world.consent(consent)
    assert held.code is None and held.verifier is None
    assert world.janitor() == {}


def test_authorize_address_is_xeros_with_least_scopes_and_pkce(monkeypatch) -> None:
    identity = HttpXeroIdentity("https://login.xero.com", "https://i", 5.0)
    verifier = "v" * 64
    scopes = ("offline_access", "accounting.contacts.read")
    consent = Consent("client", "https://c.example/cb", scopes, "state", verifier)
    url = urlsplit(identity.authorize_url(consent))
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert url.path == "/identity/connect/authorize"
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": ["client"],
        "redirect_uri": ["https://c.example/cb"],
        "scope": ["offline_access accounting.contacts.read"],
        "state": ["state"],
        "code_challenge": [challenge],
        "code_challenge_method": ["S256"],
    }
