"""The janitor's round, when a part of it fails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lambda_connector.logic.janitor import TURN
from lambda_connector.logic.model.sync import watched_until

from .world import START, World

MANY = 3 * TURN + 1


class _Failing:
    """A store that cannot say what is due."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def due(self, now: object) -> list[Any]:
        raise ConnectionError("no answer")


@pytest.mark.parametrize(
    ("store", "kind"),
    [
        ("syncs", "sync"),
        ("token_sets", "token"),
        ("authorizations", "authorization"),
        ("feeds", "feed"),
    ],
)
def test_list_that_does_not_come_holds_up_no_other_chore(
    world: World, store: str, kind: str
) -> None:
    held = world.connect()
    world.start(held)
    world.begin()
    world.clock.advance(days=1, minutes=1)
    failing = _Failing(getattr(world.ports, store))
    services = world.through(replace(world.ports, **{store: failing}))
    reported: list[str] = []
    done = services.janitor.run(lambda kind, error: reported.append(kind))
    assert reported == [kind]
    assert done[f"{kind}_error"] == 1
    others = {"sync_no_progress", "token_refreshed", "authorization_forgotten"}
    assert {name for name in done if not name.startswith(kind)} == {
        name for name in others if not name.startswith(kind)
    }


class _Many:
    """A store in which very much is due that is not there any more."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def due(self, now: object) -> Iterator[tuple[str, str]]:
        for number in range(MANY):
            yield "i", f"c{number}-1"


class _Broken(_Many):
    """And cannot be read."""

    def get(self, instance: str, sync: str) -> None:
        raise ConnectionError("no answer")


def _no_report(kind: str, error: Exception) -> None:
    raise error


def test_one_round_looks_at_all_that_is_due(world: World) -> None:
    services = world.through(replace(world.ports, syncs=_Many(world.ports.syncs)))
    assert services.janitor.run(_no_report) == {"sync_moved_on": MANY}


def test_rows_are_looked_at_side_by_side(world: World) -> None:
    services = world.through(replace(world.ports, syncs=_Many(world.ports.syncs)))
    with ThreadPoolExecutor(4) as hands:
        done = services.janitor.run(_no_report, side_by_side=hands.map)
    assert done == {"sync_moved_on": MANY}


def test_rows_that_fail_for_ever_keep_no_others_from_their_turn(world: World) -> None:
    world.connect()
    world.clock.advance(days=1, minutes=1)
    services = world.through(replace(world.ports, syncs=_Broken(world.ports.syncs)))
    reported: list[str] = []
    done = services.janitor.run(lambda kind, error: reported.append(kind))
    assert done["sync_error"] == len(reported) == MANY
    assert done["token_refreshed"] == 1


def test_round_ends_in_time_and_the_next_one_does_the_rest(world: World) -> None:
    """With 50 seconds of which each row takes one, nothing begins in the last 20."""
    services = world.through(replace(world.ports, syncs=_Many(world.ports.syncs)))
    left = iter(range(50, 0, -1))
    done = services.janitor.run(_no_report, lambda: float(next(left, 0)))
    assert done == {"sync_moved_on": 30, "sync_put_off": TURN - 30}


def test_kinds_take_turns(world: World) -> None:
    """Tokens are seen to, though the time is over before the syncs are done."""
    world.connect()
    world.clock.advance(days=1, minutes=1)
    services = world.through(replace(world.ports, syncs=_Many(world.ports.syncs)))
    left = iter([50.0] * (TURN + 10))
    done = services.janitor.run(_no_report, lambda: next(left, 0.0))
    assert done["token_refreshed"] == 1
    assert done["sync_put_off"] > 0


def test_consent_that_the_browser_brought_back_meanwhile_is_kept(world: World) -> None:
    """The list of what is due is a little behind the rows."""
    world.set_app()
    handle = world.begin()
    held = world.consent(handle)
    late = _Late(world.ports.authorizations, [(world.instance, held.id)])
    services = world.through(replace(world.ports, authorizations=late))
    assert services.janitor.run(_no_report) == {"authorization_moved_on": 1}
    assert held.code
    assert world.consent(handle).code == held.code


class _Late:
    """A store whose list of what is due says what was."""

    def __init__(self, store: Any, listed: list[tuple[str, str]]) -> None:
        self._store, self._listed = store, listed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def due(self, now: object) -> list[tuple[str, str]]:
        return self._listed


def test_pages_of_one_minute_are_watched_until_the_same_moment() -> None:
    """So that the janitor's index is not written with each of them."""
    stuck_after = timedelta(minutes=5)
    moments = [START + timedelta(seconds=s) for s in range(0, 120, 7)]
    watched = {at: watched_until(at, stuck_after) for at in moments}
    assert len(set(watched.values())) == 2
    for at, until in watched.items():
        assert timedelta(minutes=4) < until - at <= stuck_after
