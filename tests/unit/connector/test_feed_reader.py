"""The feed as Odoo reads it."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest

from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.problems import Problem

from .world import CONSUMER, World

OTHER = "0a1b2c3d-0000-4000-8000-000000000002"


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.fill(2500)
    world.clock.advance(hours=1)
    held = world.connect()
    world.run(held)
    return held


class Odoo:
    """A consumer of the feed."""

    def __init__(self, world: World, held: Connection, consumer: str = CONSUMER):
        self.reader, self.consumer = world.services.feeds, consumer
        self.where = held.instance, held.id
        self.epoch = self.reader.head(*self.where).epoch
        self.stamps = {0: ""} | {one.n: one.stamp for one in world.entries(held)}

    def entries(self, after: int, epoch: str | None = None) -> list[Any]:
        position = epoch or self.epoch, after, self.stamps.get(after, "unknown")
        entries = self.reader.entries(*self.where, *position, self.consumer)[1]
        self.stamps |= {one.n: one.stamp for one in entries}
        return entries

    def part(self, n: int) -> dict[str, Any]:
        data = self.reader.part(*self.where, self.epoch, n, self.consumer)[1]
        return json.loads(gzip.decompress(data))

    def acknowledge(self, n: int) -> int:
        position = self.epoch, n, self.stamps[n]
        return self.reader.acknowledge(*self.where, *position, self.consumer)


def problem(act, *arguments) -> Problem:
    with pytest.raises(Problem) as caught:
        act(*arguments)
    return caught.value


def test_entries_follow_the_position_in_order(world: World, held) -> None:
    odoo = Odoo(world, held)
    assert [entry.n for entry in odoo.entries(0)] == [1, 2, 3, 4, 5]
    assert [entry.n for entry in odoo.entries(3)] == [4, 5]
    assert odoo.entries(5) == []
    assert len(odoo.part(2)["Contacts"]) == 1000


def test_acknowledging_never_moves_back(world: World, held) -> None:
    odoo = Odoo(world, held)
    assert odoo.acknowledge(3) == 3
    assert odoo.acknowledge(2) == 3
    assert [entry.n for entry in odoo.entries(3)] == [4, 5]


@pytest.mark.parametrize("after", [2, 6, 10**9])
def test_position_that_the_feed_does_not_hold(world: World, held, after: int) -> None:
    """Odoo was restored from a backup (2), or the connector was (6)."""
    odoo = Odoo(world, held)
    odoo.acknowledge(3)
    restart = problem(odoo.entries, after)
    assert restart.code == "feed_restart"
    assert restart.extra == {
        "epoch": odoo.epoch,
        "head": 5,
        "stamp": odoo.stamps[5],
    }


def test_unknown_epoch(world: World, held) -> None:
    odoo = Odoo(world, held)
    assert problem(odoo.entries, 0, "other").code == "feed_restart"
    odoo.epoch = "other"
    assert problem(odoo.acknowledge, 1).code == "feed_restart"
    assert problem(odoo.part, 1).code == "feed_restart"


def test_part_that_is_none(world: World, held) -> None:
    odoo = Odoo(world, held)
    assert problem(odoo.part, 5).code == "not_found"
    assert problem(odoo.part, 6).code == "not_found"


def test_second_consumer_is_kept_out_until_it_takes_over(world: World, held) -> None:
    production, copy = Odoo(world, held), Odoo(world, held, OTHER)
    production.entries(0)
    taken = problem(copy.entries, 0)
    assert (taken.code, taken.extra) == ("feed_taken", {"consumer": CONSUMER})
    assert problem(copy.part, 1).code == "feed_taken"
    assert problem(copy.acknowledge, 1).code == "feed_taken"

    world.services.feeds.take_over(*copy.where, OTHER)
    assert copy.acknowledge(4) == 4
    assert problem(production.entries, 0).code == "feed_taken"
    world.services.feeds.take_over(*production.where, CONSUMER)
    assert problem(production.entries, 0).code == "feed_restart"


def test_consumer_away_for_a_day_loses_nothing(world: World, held) -> None:
    world.clock.advance(days=1)
    world.janitor()
    assert len(Odoo(world, held).entries(0)) == 5


def test_consumer_away_for_a_month_is_told_to_read_again_in_full(
    world: World, held
) -> None:
    world.clock.advance(days=14)
    odoo = Odoo(world, held)
    assert problem(odoo.entries, 0).code == "feed_restart"
    assert world.janitor()["feed_expired"] == 1
    assert problem(odoo.entries, 0).extra["head"] == 5
    again = world.run(held, features=["contacts"])
    assert {step.resource: step.mode for step in again.steps} == {
        "organisation": "full",
        "contact_groups": "full",
        "contacts": "full",
    }
    assert [entry.n for entry in odoo.entries(5)] == [6, 7, 8, 9, 10, 11]


def test_only_what_is_too_old_expires(world: World, held) -> None:
    world.clock.advance(days=10)
    world.run(held)
    world.clock.advance(days=5)
    world.janitor()
    odoo = Odoo(world, held)
    assert problem(odoo.entries, 0).code == "feed_restart"
    assert [entry.n for entry in odoo.entries(5)] == [6, 7, 8]
    assert world.janitor().get("feed_expired") is None


def test_acknowledged_feed_never_comes_before_the_janitor(world: World, held) -> None:
    Odoo(world, held).acknowledge(5)
    world.ports.feeds.watch(world.services.feeds.head(held.instance, held.id), None)
    world.clock.advance(days=20)
    assert not [name for name in world.janitor() if name.startswith("feed")]


def test_part_that_is_gone_from_the_spool_means_reading_again(
    world: World, held
) -> None:
    odoo = Odoo(world, held)
    world.ports.spool.objects.clear()
    assert problem(odoo.part, 1).code == "feed_restart"


def test_feed_waits_since_its_oldest_entry_that_was_not_acknowledged(
    world: World, held
) -> None:
    def waits_since():
        return world.services.feeds.waits_since(
            world.services.feeds.head(held.instance, held.id)
        )

    oldest = world.clock.now()
    odoo = Odoo(world, held)
    world.clock.advance(hours=1)
    world.run(held)
    assert waits_since() == oldest
    odoo.entries(0)
    odoo.acknowledge(4)
    assert waits_since() == oldest
    odoo.acknowledge(5)
    assert waits_since() == oldest + timedelta(hours=1)
    newest = world.entries(held)[-1].n
    odoo.entries(5)
    odoo.acknowledge(newest)
    assert waits_since() is None
