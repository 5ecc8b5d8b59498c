"""Who was away, and who was put back to an earlier state: Odoo or the connector.

The tests are the same in memory and on AWS; a subclass brings `backup`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.feed import PART
from lambda_connector.logic.model.sync import Sync
from lambda_connector.logic.problems import Problem

from .world import CONSUMER, World

Restore = Callable[[], None]
Backup = Callable[[World], Restore]
FEATURES = ["contacts"]


@dataclass
class Odoo:
    """A consumer that holds contacts by their id, as its database would."""

    world: World
    held: Connection
    epoch: str = ""
    position: tuple[int, str] = (0, "")
    contacts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.where = self.held.instance, self.held.id
        self.feeds = self.world.services.feeds
        self.epoch = self.epoch or self.feeds.head(*self.where).epoch

    def fetch(self, acknowledge: bool = True) -> None:
        """Take all that waits. Raises Problem where the feed has to be restarted."""
        while True:
            entries = self.feeds.entries(
                *self.where, self.epoch, *self.position, CONSUMER
            )[1]
            if not entries:
                return
            for entry in entries:
                if entry.kind == PART:
                    self._take(entry.n)
                self.position = entry.n, entry.stamp
            if acknowledge:
                self.feeds.acknowledge(
                    *self.where, self.epoch, *self.position, CONSUMER
                )

    def _take(self, n: int) -> None:
        data = self.feeds.part(*self.where, self.epoch, n, CONSUMER)[1]
        rows = json.loads(gzip.decompress(data)).get("Contacts", [])
        self.contacts |= {row["ContactID"] for row in rows}

    def refusal(self) -> Problem:
        with pytest.raises(Problem) as caught:
            self.fetch()
        return caught.value

    def begin_again(self, refusal: Problem) -> Sync:
        """What the contract asks for after `feed_restart`."""
        assert (refusal.code, refusal.status) == ("feed_restart", 410)
        self.epoch = refusal.extra["epoch"]
        self.position = refusal.extra["head"], refusal.extra["stamp"]
        self.contacts.clear()
        full = self.world.start(self.held, "full", features=FEATURES)
        self.world.deliver_all()
        self.fetch()
        return self.world.sync(full)

    def restored_to(self, position: tuple[int, str], contacts: set[str]) -> Odoo:
        return Odoo(self.world, self.held, self.epoch, position, set(contacts))


def add_contact(world: World, number: int) -> None:
    """One more contact in Xero, and time for it to be behind the overlap."""
    now = world.clock.now().isoformat()
    row = {"ContactID": f"new-{number:04d}", "Name": "Late", "updated": now}
    world.xero.contacts.append(row)
    world.clock.advance(minutes=10)


def in_xero(world: World) -> set[str]:
    return {row["ContactID"] for row in world.xero.contacts}


def sync(world: World, held: Connection) -> Sync:
    done = world.run(held, features=FEATURES)
    assert done.state == "done"
    return done


class Restores:
    @pytest.fixture
    def held(self, world: World) -> Connection:
        world.xero.fill(1200)
        world.clock.advance(hours=1)
        return world.connect()

    # Odoo was away

    def test_odoo_that_was_away_for_a_day_loses_nothing(self, world, held) -> None:
        odoo = Odoo(world, held)
        for number in range(24):
            sync(world, held)
            add_contact(world, number)
            world.clock.advance(minutes=50)
            world.janitor()
        sync(world, held)
        odoo.fetch()
        assert odoo.contacts == in_xero(world)

    def test_odoo_that_was_away_for_a_month_reads_all_again(self, world, held) -> None:
        odoo = Odoo(world, held)
        sync(world, held)
        odoo.fetch()
        add_contact(world, 1)
        sync(world, held)
        for _ in range(30):
            world.clock.advance(days=1)
            world.janitor()
        by_itself = sync(world, held)
        assert [step.mode for step in by_itself.steps] == ["full"] * 3
        assert odoo.begin_again(odoo.refusal()).state == "done"
        assert odoo.contacts == in_xero(world)

    # Odoo was restored

    def test_odoo_restored_to_a_place_that_waits_gets_what_it_missed(
        self, world, held
    ) -> None:
        """It had fetched, but not yet acknowledged."""
        odoo = Odoo(world, held)
        sync(world, held)
        odoo.fetch()
        backup = odoo.position, set(odoo.contacts)
        for number in range(3):
            add_contact(world, number)
            sync(world, held)
            odoo.fetch(acknowledge=False)
        restored = odoo.restored_to(*backup)
        restored.fetch()
        assert restored.contacts == in_xero(world) == odoo.contacts

    def test_odoo_restored_to_what_was_acknowledged_since_reads_all_again(
        self, world, held
    ) -> None:
        odoo = Odoo(world, held)
        sync(world, held)
        odoo.fetch()
        backup = odoo.position, set(odoo.contacts)
        add_contact(world, 1)
        sync(world, held)
        odoo.fetch()
        restored = odoo.restored_to(*backup)
        restored.begin_again(restored.refusal())
        assert restored.contacts == in_xero(world)

    def test_odoo_restored_while_all_is_read_reads_its_first_pages_too(
        self, world, held
    ) -> None:
        """The pages that the other Odoo acknowledged are not among what waits."""
        odoo = Odoo(world, held)
        sync(world, held)
        odoo.fetch()
        backup = odoo.position, set(odoo.contacts)
        world.start(held, "full", features=FEATURES)
        for _ in range(3):
            world.deliver()
        odoo.fetch()
        restored = odoo.restored_to(*backup)
        assert restored.begin_again(restored.refusal()).state == "done"
        assert restored.contacts == in_xero(world)

    # The connector was restored

    @pytest.mark.parametrize("syncs_since", [0, 1, 2, 3])
    def test_connector_restored_from_a_backup_is_noticed_by_the_stamp(
        self, world, held, backup: Backup, syncs_since: int
    ) -> None:
        """Fewer, as many and more entries than before the restore."""
        odoo = Odoo(world, held)
        sync(world, held)
        odoo.fetch()
        restore = backup(world)
        for number in range(2):
            add_contact(world, number)
            sync(world, held)
            odoo.fetch()
        head = world.services.feeds.head(held.instance, held.id).head
        restore()
        for number in range(2, 2 + syncs_since):
            add_contact(world, number)
            sync(world, held)
        now = world.services.feeds.head(held.instance, held.id)
        assert now.epoch == odoo.epoch
        assert (now.head == head) == (syncs_since == 2)
        refusal = odoo.refusal()
        assert refusal.extra["stamp"] == now.head_stamp
        with pytest.raises(Problem, match="feed_restart"):
            odoo.feeds.acknowledge(*odoo.where, odoo.epoch, *odoo.position, CONSUMER)
        assert odoo.begin_again(refusal).state == "done"
        assert odoo.contacts == in_xero(world)

    def test_connector_restored_to_before_odoos_place_in_the_middle(
        self, world, held, backup: Backup
    ) -> None:
        """Odoo was at an entry that is neither the floor nor the head."""
        odoo = Odoo(world, held)
        sync(world, held)
        restore = backup(world)
        add_contact(world, 1)
        sync(world, held)
        odoo.fetch(acknowledge=False)
        restore()
        for number in range(2, 5):
            add_contact(world, number)
            sync(world, held)
        odoo.begin_again(odoo.refusal())
        assert odoo.contacts == in_xero(world)

    def test_connector_restored_to_odoos_own_place_goes_on(
        self, world, held, backup: Backup
    ) -> None:
        odoo = Odoo(world, held)
        sync(world, held)
        odoo.fetch()
        restore = backup(world)
        add_contact(world, 1)
        sync(world, held)
        restore()
        add_contact(world, 2)
        sync(world, held)
        odoo.fetch()
        assert odoo.contacts == in_xero(world)

    def test_connector_restored_with_a_sync_under_way(
        self, world, held, backup: Backup
    ) -> None:
        """Its message is long gone, and its pages are behind Odoo's new place."""
        odoo = Odoo(world, held)
        sync(world, held)
        odoo.fetch()
        world.start(held, "full", features=FEATURES)
        for _ in range(3):
            world.deliver()
        restore = backup(world)
        world.deliver_all()
        add_contact(world, 1)
        sync(world, held)
        odoo.fetch()
        restore()
        assert odoo.begin_again(odoo.refusal()).state == "done"
        assert odoo.contacts == in_xero(world)
        world.clock.advance(minutes=10)
        assert "sync_no_progress" not in world.janitor()

    def test_both_restored_to_the_same_night_go_on(
        self, world, held, backup: Backup
    ) -> None:
        odoo = Odoo(world, held)
        sync(world, held)
        odoo.fetch()
        restore, night = backup(world), (odoo.position, set(odoo.contacts))
        add_contact(world, 1)
        sync(world, held)
        odoo.fetch()
        restore()
        restored = odoo.restored_to(*night)
        sync(world, held)
        restored.fetch()
        assert restored.contacts == in_xero(world)
