"""Instance keys: who may ask."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lambda_connector.logic.instances import OriginInvalid
from lambda_connector.logic.problems import Problem

from .world import World


def refused(world: World, key: str) -> bool:
    try:
        world.services.instances.authenticate(key)
    except Problem as problem:
        assert problem.code == "instance_key_invalid"
        return True
    return False


def test_key_names_its_instance_and_is_kept_as_a_hash_only(world: World) -> None:
    assert world.key.startswith(f"xo_{world.instance}_")
    assert world.services.instances.authenticate(world.key) == world.instance
    secret = world.key.rpartition("_")[2]
    assert secret not in repr(world.ports.instances.held)


@pytest.mark.parametrize(
    "key", ["", "xo_", "xo_000000000000_" + "a" * 43, "Bearer x", "xo_\x00", "é" * 60]
)
def test_unknown_keys_are_refused(world: World, key: str) -> None:
    assert refused(world, key)


def test_what_has_not_the_form_of_a_key_costs_no_look_into_the_table(
    world: World, monkeypatch
) -> None:
    looked = []
    store = world.ports.instances
    monkeypatch.setattr(type(store), "key", lambda *asked: looked.append(asked))
    for key in ("", "x" * 5000, f"{world.key}x", world.key.upper(), "xo_\n"):
        assert refused(world, key)
    assert not looked
    assert refused(world, world.key[:-1] + "-") and len(looked) == 1


def test_key_of_one_instance_with_the_id_of_another_is_refused(world: World) -> None:
    other, _ = world.services.instances.create("Other", "https://other.example")
    assert refused(world, world.key.replace(world.instance, other.id))


def test_both_keys_are_valid_during_rotation_and_only_the_new_one_after(
    world: World,
) -> None:
    new = world.services.instances.rotate(world.instance, timedelta(hours=24))
    assert not refused(world, world.key) and not refused(world, new)
    world.clock.advance(hours=24)
    assert refused(world, world.key) and not refused(world, new)


def test_rotating_again_never_lengthens_the_life_of_an_old_key(world: World) -> None:
    world.services.instances.rotate(world.instance, timedelta(hours=1))
    world.services.instances.rotate(world.instance, timedelta(hours=48))
    world.clock.advance(hours=2)
    assert refused(world, world.key)


def test_revoking_ends_every_key_at_once(world: World) -> None:
    new = world.services.instances.rotate(world.instance, timedelta(hours=24))
    world.services.instances.revoke(world.instance)
    assert refused(world, world.key) and refused(world, new)


def test_last_use_is_written_at_most_once_an_hour(world: World) -> None:
    for _ in range(10):
        world.services.instances.authenticate(world.key)
        world.clock.advance(minutes=5)
    assert world.ports.instances.touches == 1
    world.clock.advance(minutes=11)
    world.services.instances.authenticate(world.key)
    assert world.ports.instances.touches == 2


@pytest.mark.parametrize(
    "origin",
    [
        "crm.example.com",
        "ftp://crm.example.com",
        "https://crm.example.com/odoo",
        "https://user@crm.example.com",
        "https://crm.example.com?x=1",
        "javascript:alert(1)",
        "https://",
    ],
)
def test_return_origin_must_be_an_origin(world: World, origin: str) -> None:
    with pytest.raises(OriginInvalid):
        world.services.instances.create("CRM", origin)


def test_return_origin_loses_its_final_slash(world: World) -> None:
    made, _ = world.services.instances.create("CRM", "https://CRM.example.com/")
    assert made.return_origin == "https://crm.example.com"
