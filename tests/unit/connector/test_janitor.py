"""The janitor's round, when a part of it fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from .world import World


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
