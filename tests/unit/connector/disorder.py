"""What can happen to a connector, drawn by hypothesis, and what must hold after it."""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from lambda_connector.handlers.services import Ports
from lambda_connector.logic.faults import (
    Throttled,
    TimedOut,
    TokenRejected,
    Unavailable,
    Unreadable,
)
from lambda_connector.logic.model.sync import LIVE_STATES
from lambda_connector.logic.problems import Problem

from .world import World

_FAULTS: dict[str, Callable[[], Exception]] = {
    "throttled": lambda: Throttled("minute", 30),
    "day": lambda: Throttled("day", 7200),
    "concurrent": lambda: Throttled("concurrent", None),
    "unavailable": Unavailable,
    "unreadable": Unreadable,
    "timed_out": TimedOut,
    "rejected": TokenRejected,
}


class Killed(BaseException):
    """The process is gone. No `except Exception` sees it, as none sees SIGKILL."""


class Fate:
    """Dies at the n-th of the moments before and after each call of a port."""

    def __init__(self, moment: int | None) -> None:
        self.left = moment

    def step(self) -> None:
        if self.left is None:
            return
        if self.left == 0:
            raise Killed
        self.left -= 1


class Mortal:
    """A port whose caller may die before or after any call."""

    def __init__(self, port: Any, fate: Fate) -> None:
        self._port, self._fate = port, fate

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._fate.step()
            answer = method(*arguments, **named)
            self._fate.step()
            return answer

        return call


def mortal_ports(ports: Ports, fate: Fate) -> Ports:
    return Ports(
        **{
            field.name: port if field.name == "clock" else Mortal(port, fate)
            for field in dataclasses.fields(ports)
            for port in [getattr(ports, field.name)]
        }
    )


def lived_through(world: World, moment: int | None, act: Callable[[Any], Any]) -> bool:
    """Whether the process that did it lived; it dies at that call of a port."""
    mortal = world.through(mortal_ports(world.ports, Fate(moment)))
    try:
        act(mortal)
    except Killed:
        return False
    except Problem as problem:
        assert problem.code == "reconnect_needed"
    return True


class Disorder:
    """A sync of some pages in a world where nothing can be relied on."""

    def __init__(
        self,
        world: World,
        pages: int,
        resources: Sequence[str] = ("organisation", "contacts"),
    ) -> None:
        self.world = world
        self.connection = world.connect()
        world.xero.max_page_size = 250
        world.xero.fill(pages * 250 - 7)
        self.first = world.start(self.connection, resources=resources)

    def run(self, data: Any) -> None:
        actions = {
            "deliver": self._deliver,
            "double": self._double,
            "lose": self._lose,
            "fault": self._fault,
            "janitor": self._janitor,
            "wait": self._wait,
            "start": self._start,
            "cancel": self._cancel,
        }
        often = ["deliver"] * 6 + ["double"] * 2 + ["fault"] * 2 + ["janitor"] * 2
        names = st.sampled_from(often + ["lose", "wait", "wait", "start", "cancel"])
        for name in data.draw(st.lists(names, max_size=25)):
            actions[name](data)

    def _deliver(self, data: Any, keep: bool = False) -> None:
        if not self.world.queue:
            return
        index = data.draw(st.integers(0, len(self.world.queue) - 1))
        message = self.world.queue[index]
        survived = self._mortally(
            data, lambda mortal: mortal.worker.work(message, lambda: 900.0)
        )
        if survived and not keep:
            self.world.queue.remove(message)

    def _double(self, data: Any) -> None:
        self._deliver(data, keep=True)

    def _lose(self, data: Any) -> None:
        if self.world.queue:
            self.world.queue.pop(0)

    def _fault(self, data: Any) -> None:
        name = data.draw(st.sampled_from(sorted(_FAULTS)))
        self.world.xero.faults.append(_FAULTS[name]())

    def _janitor(self, data: Any) -> None:
        def report(kind: str, error: Exception) -> None:
            raise error

        self._mortally(data, lambda mortal: mortal.janitor.run(report))

    def _wait(self, data: Any) -> None:
        self.world.clock.advance(minutes=data.draw(st.sampled_from([1, 6, 40])))

    def _start(self, data: Any) -> None:
        held, names = self.connection, ["organisation", "contacts"]
        mode = data.draw(st.sampled_from(["incremental", "incremental", "full"]))
        self._mortally(
            data,
            lambda mortal: mortal.syncs.start(
                held.instance, held.id, mode, resources=names
            ),
        )

    def _cancel(self, data: Any) -> None:
        held = self.connection
        self._mortally(
            data, lambda mortal: mortal.syncs.cancel_live(held.instance, held.id)
        )

    def _mortally(self, data: Any, act: Callable[[Any], Any]) -> bool:
        moment = data.draw(st.one_of(st.none(), st.integers(0, 45)))
        return lived_through(self.world, moment, act)

    def heal(self) -> None:
        """No more trouble; time passes, the janitor goes round."""
        world = self.world
        world.xero.faults.clear()
        for _ in range(60):
            world.deliver_all()
            if not world.ports.syncs.live(world.instance, self.connection.id):
                return
            world.clock.advance(minutes=6)
            world.janitor()
        raise AssertionError("the sync never ended")

    def check(self) -> None:
        """The promises of the feed."""
        world, held = self.world, self.connection
        entries = world.entries(held)
        assert [entry.n for entry in entries] == list(range(1, len(entries) + 1))
        assert world.ports.feeds.get(world.instance, held.id).head == len(entries)
        for sync in world.ports.syncs.recent(world.instance, held.id, 50):
            assert sync.state not in LIVE_STATES
            self._check_sync(sync, [one for one in entries if one.sync == sync.id])
        self._check_next_sync()

    def _check_sync(self, sync: Any, entries: list[Any]) -> None:
        """Pages in order and once each, then one end that says how it ended."""
        *parts, end = entries
        assert (end.kind, end.state, end.code) == (
            "sync_finished",
            sync.state,
            sync.code,
        )
        for step in sync.steps:
            read = [part for part in parts if part.resource == step.resource]
            assert [part.page for part in read] == list(range(1, step.pages + 1))
            assert sum(part.records for part in read) == step.records
            if sync.state == "done" and step.mode == "full":
                self._check_records(step.resource, read)

    def _check_records(self, resource: str, read: list[Any]) -> None:
        if resource != "contacts":
            return
        ids = [record["ContactID"] for part in read for record in self._records(part)]
        assert ids == [row["ContactID"] for row in self.world.xero.contacts]

    def _records(self, part: Any) -> list[dict[str, Any]]:
        held = self.connection
        data = self.world.ports.spool.get(held.instance, held.id, part.sha256)
        return json.loads(gzip.decompress(data))[part.key]

    def _check_next_sync(self) -> None:
        """Nothing is left behind that would hold up the next one, but a person's
        consent where Xero refused the tokens twice."""
        world = self.world
        held = world.services.connections.get(world.instance, self.connection.id)
        if held.state == "reconnect":
            world.reconnect(held)
        started = world.start(self.connection, mode="full")
        # The day's calls may be used up; then it waits for its time.
        self.heal()
        done = world.sync(started)
        assert done.state == "done", (
            done.state,
            done.code,
            held.state,
            held.state_code,
        )
        parts = [
            part
            for part in self.world.parts(self.connection, "contacts")
            if part.sync == done.id
        ]
        self._check_records("contacts", parts)
