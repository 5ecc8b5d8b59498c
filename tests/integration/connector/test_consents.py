"""Several users, several organisations, and how Xero takes access away, against the
Xero simulator over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from infra.xero_simulator.demo import reset_tenant
from infra.xero_simulator.oauth.registry import App, User
from infra.xero_simulator.store import Tenant

from .deployed import Deployed, SimulatedXero, deployed_for, simulated_xero

SALES = {"resources": ["invoices"], "mode": "full"}
Held = dict[str, Any]


@pytest.fixture(scope="module")
def xero() -> Iterator[SimulatedXero]:
    with simulated_xero(3) as xero:
        yield xero


@pytest.fixture(scope="module")
def running(xero: SimulatedXero) -> Iterator[Deployed]:
    with deployed_for(xero, xero_timeout_seconds=2, wait_in_place_seconds=1) as running:
        yield running


@pytest.fixture
def deployed(running: Deployed) -> Deployed:
    """Another Odoo, whose app is set; every user may do again what it could."""
    running.begin()
    adviser, bookkeeper = people(running.xero)
    xero = running.xero
    adviser.tenant_ids |= {xero.first.tenant_id, xero.second.tenant_id}
    bookkeeper.tenant_ids.add(xero.first.tenant_id)
    xero.simulator.settings.withheld_scopes = []
    assert running("PUT", "/v1/app", running.app).status == 200
    return running


def people(xero: SimulatedXero) -> tuple[User, User]:
    adviser, bookkeeper, *_ = xero.simulator.registry.users.values()
    return adviser, bookkeeper


def allow(*tenants: Tenant, user: User | None = None) -> dict[str, Any]:
    form = {
        "decision": "allow",
        "organisation": [tenant.tenant_id for tenant in tenants],
    }
    return form | ({"user": user.user_id} if user else {})


def connect(deployed: Deployed, tenant: Tenant, user: User | None = None) -> Held:
    consent = deployed.consent(allow(tenant, user=user))
    return deployed.complete(consent).json["connection"]


def renew(deployed: Deployed, held: Held, *tenants: Tenant, **more: Any) -> Held:
    user = more.pop("user", None)
    form = allow(*tenants, user=user)
    consent = deployed.consent(form, connection=held["id"], **more)
    return deployed.complete(consent).json["connection"]


def rows(deployed: Deployed, user: User) -> set[str]:
    """What the user has connected to this app, as Xero knows it."""
    registry = deployed.xero.simulator.registry
    app: App = registry.apps[deployed.app["client_id"]]
    return {row.tenant.name for row in registry.connections(app, user)}


def outcome(deployed: Deployed, held: Held) -> tuple[str, str | None]:
    """The state and code of a sync, which its connection is stopped for too."""
    ended = deployed.run(held)
    if ended["state"] == "failed":
        assert deployed.state(held) == ("reconnect", ended["code"])
    return ended["state"], ended["code"]


def test_disconnecting_leaves_the_users_other_organisation_connected(
    deployed, xero
) -> None:
    adviser, _ = people(xero)
    first = connect(deployed, xero.first)
    second = connect(deployed, xero.second)
    assert deployed("DELETE", f"/v1/connections/{first['id']}").status == 204
    assert rows(deployed, adviser) == {xero.second.name}
    assert outcome(deployed, second) == ("done", None)


def test_organisation_that_another_user_connected_is_taken(deployed, xero) -> None:
    _, bookkeeper = people(xero)
    held = connect(deployed, xero.first)
    consent = deployed.consent(allow(xero.first, user=bookkeeper))
    refused = deployed.complete(consent)
    assert refused.code == "organisation_taken"
    assert refused.json["connection"] == held["id"]
    assert outcome(deployed, held) == ("done", None)


def test_user_who_takes_over_ends_that_row_of_the_one_before(deployed, xero) -> None:
    adviser, bookkeeper = people(xero)
    first = connect(deployed, xero.first)
    second = connect(deployed, xero.second)
    assert renew(deployed, first, xero.first, user=bookkeeper)["id"] == first["id"]
    assert rows(deployed, adviser) == {xero.second.name}
    assert rows(deployed, bookkeeper) == {xero.first.name}
    assert outcome(deployed, first) == ("done", None)
    assert outcome(deployed, second) == ("done", None)


def test_feature_that_was_not_granted_is_refused_until_a_consent_adds_it(
    deployed, xero
) -> None:
    first = connect(deployed, xero.first)
    second = connect(deployed, xero.second)
    assert first["features"] == ["contacts", "items"]
    path = f"/v1/connections/{second['id']}/syncs"
    refused = deployed("POST", path, SALES)
    assert (refused.status, refused.code) == (403, "scope_missing")
    assert refused.json["missing"] == ["accounting.invoices.read"]
    assert deployed.state(second) == ("connected", None)

    more = renew(deployed, first, xero.first, features=("contacts", "sales"))
    assert more["features"] == ["contacts", "items", "sales"]
    assert deployed.run(second, **SALES)["state"] == "done"


def test_consent_that_grants_less_than_asked_names_what_is_missing(
    deployed, xero
) -> None:
    withheld = ["accounting.invoices.read"]
    xero.simulator.settings.withheld_scopes = withheld
    form = allow(xero.first)
    consent = deployed.consent(form, features=("contacts", "sales"))
    for _ in range(2):
        refused = deployed.complete(consent)
        assert (refused.code, refused.json["missing"]) == ("scope_missing", withheld)
    assert deployed("GET", "/v1/connections").json["connections"] == []


def test_rights_that_xero_takes_away_stop_the_connection_until_a_new_consent(
    deployed, xero
) -> None:
    first = connect(deployed, xero.first)
    second = connect(deployed, xero.second)
    xero.fault("scope_missing")
    assert outcome(deployed, first) == ("failed", "scope_missing")
    renew(deployed, second, xero.second)
    assert outcome(deployed, first) == ("done", None)


def test_organisation_disconnected_in_xero_needs_its_own_consent(
    deployed, xero
) -> None:
    first = connect(deployed, xero.first)
    second = connect(deployed, xero.second)
    xero.simulator.registry.disconnect_tenant(xero.first)
    assert outcome(deployed, first) == ("failed", "organisation_gone")
    renew(deployed, second, xero.second)
    assert deployed.state(first) == ("reconnect", "organisation_gone")
    renew(deployed, first, xero.first)
    assert outcome(deployed, first) == ("done", None)


def test_user_removed_in_xero_is_followed_by_another_one(deployed, xero) -> None:
    adviser, bookkeeper = people(xero)
    held = connect(deployed, xero.first, user=bookkeeper)
    bookkeeper.tenant_ids.discard(xero.first.tenant_id)
    assert outcome(deployed, held) == ("failed", "user_removed")
    renew(deployed, held, xero.first, user=adviser)
    assert rows(deployed, bookkeeper) == set()
    assert outcome(deployed, held) == ("done", None)


def test_demo_company_that_was_reset_is_connected_anew(deployed, xero) -> None:
    adviser, _ = people(xero)
    demo = replace(xero.second, tenant_id=str(uuid.uuid4()), name="Demo Company (NZ)")
    xero.simulator.store.tenants[demo.tenant_id] = demo
    adviser.tenant_ids.add(demo.tenant_id)
    held = connect(deployed, demo)
    successor = reset_tenant(xero.simulator, demo)
    assert outcome(deployed, held) == ("failed", "demo_company_reset")
    consent = deployed.consent(allow(successor), connection=held["id"])
    assert deployed.complete(consent).code == "demo_company_reset"
    made = connect(deployed, successor)
    assert outcome(deployed, made) == ("done", None)
    assert deployed("DELETE", f"/v1/connections/{held['id']}").status == 204


def test_secret_that_was_changed_at_xero_is_told_and_mended_by_the_right_one(
    deployed, xero
) -> None:
    held = connect(deployed, xero.first)
    apps = xero.simulator.registry.apps
    before = apps[deployed.app["client_id"]]
    # The registry knows its connections by the app itself.
    object.__setattr__(before, "client_secret", "renewed")
    xero.simulator.clock.advance(1801)
    assert outcome(deployed, held) == ("failed", "xero_client_invalid")
    app = deployed.app | {"client_secret": "renewed"}
    assert deployed("PUT", "/v1/app", app).status == 200
    assert outcome(deployed, held) == ("done", None)


def test_revoked_tokens_stop_all_of_the_users_connections_at_once(
    deployed, xero
) -> None:
    adviser, _ = people(xero)
    first = connect(deployed, xero.first)
    second = connect(deployed, xero.second)
    xero.simulator.clock.advance(1801)
    xero.fault("invalid_grant", path="/connect/token")
    assert outcome(deployed, first) == ("failed", "reconnect_needed")
    assert deployed.state(second) == ("reconnect", "reconnect_needed")
    renew(deployed, first, xero.first)
    assert outcome(deployed, first) == outcome(deployed, second) == ("done", None)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("reset_after_commit", {}),
        ("unavailable_html", {}),
        ("error_500", {}),
        ("truncated_json", {}),
        ("rate_limited", {"problem": "minute", "retry_after": 1}),
    ],
)
def test_trouble_at_the_token_service_loses_no_tokens(
    deployed, xero, kind: str, more: dict[str, Any]
) -> None:
    held = connect(deployed, xero.first)
    xero.simulator.clock.advance(1801)
    xero.fault(kind, path="/connect/token", **more)
    assert outcome(deployed, held) == ("done", None)


def test_access_token_is_opened_once_for_many_pages(
    deployed, monkeypatch, xero
) -> None:
    held = connect(deployed, xero.first)
    services = deployed.handlers["worker"]._services
    vault, opened = type(services.tokens.vault), []
    original = vault.open

    def counted(self: Any, sealed: bytes, context: dict[str, str]) -> str:
        opened.append(context["purpose"])
        return original(self, sealed, context)

    monkeypatch.setattr(vault, "open", counted)
    calls = sum(deployed.run(held, mode="full")["calls"] for _ in range(5))
    assert calls == 10
    assert opened == ["access"]
