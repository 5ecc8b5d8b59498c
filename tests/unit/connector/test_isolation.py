"""A key opens its own instance only: every route, with every way to name another's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from .calls import CALLS, routes_of
from .isolation import OF_AN_ID, Neighbours, in_memory
from .world import World

OF_THE_KEY = (
    "get_app",
    "put_app",
    "delete_app",
    "put_webhook_key",
    "delete_webhook_key",
    "test_webhooks",
    "list_connections",
)
CALLBACK = "return_from_xero"
PRIVATE = [name for name in CALLS if name != CALLBACK]


@pytest.fixture
def two(world: World) -> Neighbours:
    return Neighbours.of(world, in_memory)


def test_every_route_is_called_here(two: Neighbours) -> None:
    routes = routes_of(two.api.application)
    assert {name: (call.method, call.path) for name, call in CALLS.items()} == routes
    assert {*OF_AN_ID, *OF_THE_KEY, CALLBACK} == set(routes)


@pytest.mark.parametrize("name", CALLS)
def test_each_call_is_good_with_the_own_key(two: Neighbours, name: str) -> None:
    """So that what follows is refused for the key and for nothing else."""
    answer = two.ask(name, two.names)
    if name == "delete_app":
        assert answer.code == "app_has_connections"
    else:
        assert answer.status < 400, answer.body


@pytest.mark.parametrize("name", OF_AN_ID)
def test_ids_of_another_instance_do_not_exist(two: Neighbours, name: str) -> None:
    before = two.rows()
    answer = two.ask(name, two.names, two.other.key)
    assert (answer.status, answer.code) == (404, "not_found")
    assert two.tells_nothing(answer)
    assert two.rows() == before


@pytest.mark.parametrize("name", OF_THE_KEY)
def test_what_has_no_id_is_the_keys_own(two: Neighbours, name: str) -> None:
    before = two.rows()
    assert two.tells_nothing(two.ask(name, two.other_names, two.other.key))
    assert two.rows() == before


@pytest.mark.parametrize("name", PRIVATE)
def test_key_that_is_none_or_no_more_opens_nothing(two: Neighbours, name: str) -> None:
    instances, instance = two.world.services.instances, two.world.instance
    rotated = two.world.key
    revoked = instances.rotate(instance, timedelta(0))
    instances.revoke(instance)
    wrong = "xo_" + instance + "_" + "A" * 43
    before = two.rows()
    for key in ("", "x", wrong, rotated, revoked, rotated[:-1], two.other.key + "A"):
        answer = two.ask(name, two.names, key)
        assert (answer.status, answer.code) == (401, "instance_key_invalid")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert two.tells_nothing(answer)
    assert two.rows() == before


@pytest.mark.parametrize("name", OF_AN_ID)
def test_ids_of_odd_forms_reach_nothing(two: Neighbours, name: str) -> None:
    before = two.rows()
    for names in two.odd_names(name):
        answer = two.ask(name, names, two.other.key)
        assert answer.status in (404, 422), (names, answer.body)
        assert answer.code in ("not_found", "route_unknown", "request_invalid")
    assert two.rows() == before


def test_stores_find_nothing_by_odd_ids_either(two: Neighbours) -> None:
    """Were an id of such a form ever let through."""
    two.check_stores()


def test_state_of_one_instance_is_none_of_anothers(two: Neighbours) -> None:
    mine, theirs = (names["state"].split(".") for names in (two.other_names, two.names))
    before = two.rows()
    for state in (
        ".".join([mine[0], *theirs[1:]]),
        ".".join([theirs[0], *mine[1:]]),
        ".".join([*theirs[:2], mine[2]]),
    ):
        answer = two.ask(CALLBACK, {"state": state}, "")
        assert answer.status == 400 and "Location" not in answer.headers
    assert two.rows() == before
