"""Every function killed at every step of a sync: before and after each call that it
makes. What it left is finished by the janitor, or by Odoo asking again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lambda_connector.handlers.services import Services
from lambda_connector.logic.resources import FEATURES

from .disorder import Disorder, Fate, Killed, mortal_ports
from .world import World

RESOURCES = FEATURES["contacts"].resources
PAGES = 2
Act = Callable[[Disorder, Services], None]


def start(disorder: Disorder, functions: Services) -> None:
    held = disorder.connection
    functions.syncs.start(
        held.instance, held.id, "incremental", resources=list(RESOURCES)
    )


def work(disorder: Disorder, functions: Services) -> None:
    """The message is gone with the worker: nobody but the janitor knows of the sync."""
    queue = disorder.world.queue
    while queue:
        functions.worker.work(queue.pop(0), lambda: 900.0)


def rescue(disorder: Disorder, functions: Services) -> None:
    """The janitor's round that finds a sync without a message, and a token to renew."""
    disorder.world.queue.clear()
    disorder.world.clock.advance(hours=25)
    functions.janitor.run(_raise)


def give_up(disorder: Disorder, functions: Services) -> None:
    """The janitor's round that finds a sync sent for three times in vain."""
    world = disorder.world
    for _ in range(3):
        world.queue.clear()
        world.clock.advance(minutes=6)
        world.janitor()
    world.queue.clear()
    world.clock.advance(minutes=6)
    functions.janitor.run(_raise)


def cancel(disorder: Disorder, functions: Services) -> None:
    held = disorder.connection
    functions.syncs.cancel_live(held.instance, held.id)


def replace(disorder: Disorder, functions: Services) -> None:
    """A full sync takes the place of an incremental one."""
    held = disorder.connection
    functions.syncs.start(held.instance, held.id, "full", resources=list(RESOURCES))


def _raise(kind: str, error: Exception) -> None:
    raise error


def worlds() -> Iterator[tuple[int, Disorder]]:
    moment = 0
    while True:
        yield moment, Disorder(World.in_memory(), PAGES, RESOURCES)
        moment += 1


@pytest.mark.parametrize(
    ("act", "least"),
    [(start, 10), (work, 75), (rescue, 25), (give_up, 10), (cancel, 8), (replace, 12)],
)
def test_what_a_killed_function_left_is_finished(act: Act, least: int) -> None:
    for moment, disorder in worlds():
        ports: Any = mortal_ports(disorder.world.ports, Fate(moment))
        try:
            act(disorder, disorder.world.through(ports))
        except Killed:
            disorder.heal()
            disorder.check()
        else:
            # It lived: there are no more moments to die in.
            assert moment >= least
            return
