"""Changes in Xero, told late, twice and in any order, while syncs run, wait and die.

The tests are the same in memory and on AWS.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from lambda_connector.logic.faults import Throttled, TimedOut, Unavailable

from .disorder import lived_through
from .fake_xero import EVERY_SCOPE
from .telling import Telling, event
from .world import World

PATHS = {"CONTACT": ("Contacts", "ContactID"), "INVOICE": ("Invoices", "InvoiceID")}
RESOURCES = ("contacts", "invoices")
_FAULTS: tuple[Callable[[], Exception], ...] = (
    lambda: Throttled("minute", 30),
    Unavailable,
    TimedOut,
)
_OFTEN = ("change",) * 3 + ("post", "batch", "work") * 3
_NAMES = (*_OFTEN, "batch_twice", "work_twice", "janitor", "wait", "poll", "fault")


class Storm:
    """Two resources of some pages each, read once. Every record has a version that
    each change raises."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.version = 0
        self.untold: list[dict[str, Any]] = []
        world.xero.scopes = EVERY_SCOPE
        world.xero.max_page_size = 4
        self.connection = world.connect()
        self.rows = {category: self._made(category) for category in PATHS}
        world.xero.contacts = self.rows["CONTACT"]
        world.xero.sales["Invoices"] = self.rows["INVOICE"]
        world.run(self.connection, resources=RESOURCES)
        self.telling = Telling(world)

    def _made(self, category: str) -> list[dict[str, Any]]:
        now = self.world.clock.now().isoformat()
        key = PATHS[category][1]
        return [{key: f"{n:04d}", "version": 0, "updated": now} for n in range(10)]

    def run(self, data: Any) -> None:
        for name in data.draw(st.lists(st.sampled_from(_NAMES), max_size=30)):
            getattr(self, f"_{name}")(data)

    def _change(self, data: Any) -> None:
        category = data.draw(st.sampled_from(sorted(PATHS)))
        row = self.rows[category][data.draw(st.integers(0, 9))]
        self.version += 1
        now = self.world.clock.now()
        row.update(version=self.version, updated=now.isoformat())
        self.untold.append(event(category, at=now))

    def _post(self, data: Any) -> None:
        """Some of what is untold, in any order; some of it stays to be told again."""
        if not self.untold:
            return
        told = data.draw(st.lists(st.sampled_from(self.untold), min_size=1, max_size=9))
        assert self.telling.post(*told) == "accepted"
        if data.draw(st.booleans()):
            self.untold = [one for one in self.untold if one not in told]

    def _batch(self, data: Any, keep: bool = False) -> None:
        messages = self.telling.queue.messages
        if not messages:
            return
        taken = data.draw(st.lists(st.sampled_from(messages), min_size=1, max_size=5))
        lived = self._mortally(data, lambda mortal: mortal.changes.take(taken))
        if lived and not keep:
            messages[:] = [one for one in messages if one not in taken]

    def _batch_twice(self, data: Any) -> None:
        self._batch(data, keep=True)

    def _work(self, data: Any, keep: bool = False) -> None:
        queue = self.world.queue
        if not queue:
            return
        hint = queue[data.draw(st.integers(0, len(queue) - 1))]
        lived = self._mortally(
            data, lambda mortal: mortal.worker.work(hint, lambda: 900.0)
        )
        if lived and not keep:
            queue.remove(hint)

    def _work_twice(self, data: Any) -> None:
        self._work(data, keep=True)

    def _janitor(self, data: Any) -> None:
        self._mortally(data, lambda mortal: mortal.janitor.run(_raise))

    def _wait(self, data: Any) -> None:
        self.world.clock.advance(seconds=data.draw(st.sampled_from([0.4, 3, 50, 400])))

    def _poll(self, data: Any) -> None:
        held = self.connection
        mode = data.draw(st.sampled_from(["incremental", "incremental", "full"]))
        self._mortally(
            data,
            lambda mortal: mortal.syncs.start(
                held.instance, held.id, mode, resources=RESOURCES
            ),
        )

    def _fault(self, data: Any) -> None:
        self.world.xero.faults.append(data.draw(st.sampled_from(_FAULTS))())

    def _mortally(self, data: Any, act: Callable[[Any], Any]) -> bool:
        moment = data.draw(st.one_of(st.none(), st.integers(0, 40)))
        return lived_through(self.world, moment, act)

    def heal(self) -> None:
        """Xero tells the rest; no more trouble; time passes, the janitor goes round."""
        world = self.world
        world.xero.faults.clear()
        if self.untold:
            self.telling.post(*self.untold)
        for _ in range(60):
            self._let_go_on()
            if self._is_quiet():
                return
            world.clock.advance(minutes=6)
            world.janitor()
        raise AssertionError("it never came to an end")

    def _let_go_on(self) -> None:
        world = self.world
        held = world.services.connections.get(world.instance, self.connection.id)
        if held.state == "reconnect":
            world.reconnect(held)
        assert not self.telling.deliver().failed
        world.clock.advance(seconds=2)
        world.deliver_all()

    def _is_quiet(self) -> bool:
        live = self.world.ports.syncs.live(self.world.instance, self.connection.id)
        return not live and not self.telling.marks(self.connection)

    def check(self) -> None:
        """What Xero has is what came last, and nothing is left that would go on."""
        for category, (key, record_id) in PATHS.items():
            came = self._came(key, record_id)
            has = {row[record_id]: row["version"] for row in self.rows[category]}
            assert came == has
        before = self.world.ports.syncs.recent(
            self.world.instance, self.connection.id, 500
        )
        row = self.telling.row(self.connection)
        assert not row or row.wake_at is None
        for _ in range(3):
            self.world.clock.advance(hours=1)
            self.world.janitor()
        after = self.world.ports.syncs.recent(
            self.world.instance, self.connection.id, 500
        )
        assert len(after) == len(before)

    def _came(self, key: str, record_id: str) -> dict[str, int]:
        """The version of each record that was put in the feed last."""
        of, came = self.connection, {}
        for entry in self.world.entries(of):
            if entry.key == key:
                packed = self.world.ports.spool.get(of.instance, of.id, entry.sha256)
                for record in json.loads(gzip.decompress(packed))[key]:
                    came[record[record_id]] = record["version"]
        return came


def _raise(kind: str, error: Exception) -> None:
    raise error
