"""The Xero app of an instance."""

from __future__ import annotations

import pytest

from lambda_connector.logic.problems import Problem

from .world import World


def code_of(act, *arguments) -> str:
    with pytest.raises(Problem) as caught:
        act(*arguments)
    return caught.value.code


def test_wrong_secret_is_refused_and_nothing_is_kept(world: World) -> None:
    world.xero.known = False
    save = world.services.apps.save
    refused = code_of(save, world.instance, "client", "wrong", "starter")
    assert refused == "xero_client_invalid"
    assert world.services.apps.get(world.instance) is None


def test_app_is_kept_unverified_where_xero_cannot_be_asked(world: World) -> None:
    world.xero.known = None
    app = world.services.apps.save(world.instance, "client", "secret", "core")
    assert app.verified is None
    assert world.services.apps.day_limit(world.instance) == 5000


def test_secret_is_sealed_for_its_instance(world: World) -> None:
    world.set_app()
    app = world.services.apps.get(world.instance)
    assert b"secret" not in app.secret.replace(b"client_secret", b"")
    assert world.services.apps.secret(app) == "secret"


def test_client_id_of_another_instance_is_refused(world: World) -> None:
    world.set_app()
    other, _ = world.services.instances.create("Other", "https://other.example")
    save = world.services.apps.save
    assert code_of(save, other.id, "client", "secret", "starter") == "xero_app_in_use"
    assert world.services.apps.get(other.id) is None


def test_client_id_stays_while_organisations_are_connected(world: World) -> None:
    held = world.connect()
    apps = world.services.apps
    changed = code_of(apps.save, world.instance, "another", "secret", "starter")
    assert changed == "app_has_connections"
    assert code_of(apps.delete, world.instance) == "app_has_connections"
    world.services.connections.disconnect(world.instance, held.id)
    world.services.apps.delete(world.instance)
    assert apps.get(world.instance) is None
    assert code_of(apps.required, world.instance) == "app_not_set"


def test_new_secret_mends_connections_that_a_wrong_one_stopped(world: World) -> None:
    held = world.connect()
    world.xero.client = ("client", "renewed")
    world.xero.expire_access()
    world.clock.advance(hours=1)
    ended = world.run(held)
    assert (ended.state, ended.code) == ("failed", "xero_client_invalid")
    stopped = world.services.connections.get(world.instance, held.id)
    assert (stopped.state, stopped.state_code) == ("reconnect", "xero_client_invalid")

    world.services.apps.save(world.instance, "client", "renewed", "starter")
    assert world.run(held).state == "done"
