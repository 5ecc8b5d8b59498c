"""Every call of the life with every kind of fault that can befall it.

The life is lived once without a fault. At each call the process forks, once for each
kind: the child is struck by it, lives that act to its end and a short one more, and
says what came of it. So each case begins with exactly what the call would have found,
and costs only what follows.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from io import StringIO
from typing import Any

from tests.unit.connector.logs import log_lines

from . import promises
from .edge import Call, Edge, Exchange
from .kinds import DENIALS, KILLED, KINDS, Kind
from .life import Life
from .stage import stage

WORKERS = min(2, os.cpu_count() or 1)
_SHOWN = 2500


@dataclass(frozen=True)
class Result:
    """What came of one kind of fault at one call. `broken`: the promise that was not
    kept, with where it showed; None where all is well."""

    call: Call
    kind: str
    notes: tuple[str, ...]
    broken: str | None

    @property
    def title(self) -> str:
        call = self.call
        return f"{call.step}: {call.name} (call {call.number}) {self.kind}"


@dataclass
class Seen:
    """The life's calls, and what came of each fault."""

    calls: list[Call] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    results: list[Result] = field(default_factory=list)

    def of(self, operation: str, kind: str) -> list[Result]:
        return [
            one
            for one in self.results
            if one.call.operation == operation and one.kind == kind
        ]


Wanted = Callable[[Call, Kind], bool]


def go_through(wanted: Wanted = lambda call, kind: True, every: bool = False) -> Seen:
    """Live it, strike everywhere.

    :param wanted: which cases, for a closer look at some
    :param every: each kind at each call, not only at one call of each place
    """
    with stage() as (played_on, clock):
        edge = Edge(played_on.xero)
        life = Life(played_on, edge, clock)
        said = StringIO()
        forks = Forks(life, said, wanted, every)
        with edge.installed(), _heard(said):
            edge.strike = forks.at
            gc.collect()
            gc.freeze()
            try:
                for act in life.acts():
                    forks.live(act)
            finally:
                gc.unfreeze()
            promises.check(life, said.getvalue())
            forks.wait()
        assert not life.notes, life.notes
        return Seen(edge.calls, edge.paths, forks.results)


class Forks:
    """The children, and what they say. In a child, the one fault that strikes it."""

    def __init__(self, life: Life, said: StringIO, wanted: Wanted, every: bool) -> None:
        self.life, self.said = life, said
        self.results: list[Result] = []
        self._wanted, self._every = wanted, every
        self._places: set[tuple[str, str, str]] = set()
        self._running: list[tuple[int, int, Call, str]] = []
        self._struck: tuple[Call, Kind] | None = None
        self._pipe = -1

    def at(self, exchange: Exchange) -> Any:
        """Fork for each kind; the parent goes on as if nothing could happen."""
        call = exchange.call
        if exchange.attempt == 1:
            for kind in self._kinds(call):
                if self._is_child(call, kind):
                    return self._strike(exchange)
            self._places.add(call.site)
        return exchange.perform()

    def live(self, act: Callable[[], None]) -> None:
        """One act; the child ends with it."""
        try:
            act()
            if self._struck:
                self._end(None)
        except BaseException:
            if not self._struck:
                raise
            self._end(traceback.format_exc()[-_SHOWN:])

    def wait(self, at_most: int = 0) -> None:
        """Until no more children than that are left."""
        while len(self._running) > at_most:
            child, pipe, call, kind = self._running.pop(0)
            with os.fdopen(pipe) as stream:
                text = stream.read()
            told = json.loads(text or '{"notes": [], "broken": "the process died"}')
            notes = tuple(dict.fromkeys(told["notes"]))
            self.results.append(Result(call, kind, notes, told["broken"]))
            os.waitpid(child, 0)

    def _kinds(self, call: Call) -> Iterator[Kind]:
        is_new = self._every or call.site not in self._places
        for kind in KINDS:
            if kind.befalls(call) and (is_new or kind.name == KILLED):
                if self._wanted(call, kind):
                    yield kind

    def _is_child(self, call: Call, kind: Kind) -> bool:
        self.wait(WORKERS - 1)
        reading, writing = os.pipe()
        if child := os.fork():
            os.close(writing)
            self._running.append((child, reading, call, kind.name))
            return False
        gc.disable()
        os.close(reading)
        self._pipe, self._struck = writing, (call, kind)
        self.life.edge.strike = self._strike
        return True

    def _strike(self, exchange: Exchange) -> Any:
        assert self._struck
        call, kind = self._struck
        if exchange.call is call:
            self._since = self.life.clock.now()
            self.life.denied = kind.name in DENIALS
            return kind.strike(exchange, self.life)
        if kind.after and exchange.call.service == call.service:
            return kind.after(exchange, self.life.clock.now() - self._since)
        return exchange.perform()

    def _end(self, broken: str | None) -> None:
        """The child's last words."""
        notes = list(self.life.notes)
        try:
            if not broken:
                self.life.coda()
                promises.check(self.life, self.said.getvalue())
        except BaseException:
            broken = traceback.format_exc()[-_SHOWN:]
        told = {"notes": notes, "broken": broken}
        os.write(self._pipe, json.dumps(told).encode())
        os._exit(0)


@contextlib.contextmanager
def _heard(said: StringIO) -> Iterator[None]:
    """All that the functions say: our log, the metrics, the libraries' warnings."""
    root, warnings = logging.getLogger(), logging.StreamHandler(said)
    root.addHandler(warnings)
    try:
        with log_lines(said), contextlib.redirect_stdout(said):
            yield
    finally:
        root.removeHandler(warnings)


def counts(seen: Seen) -> dict[str, int]:
    return {
        "calls": len(seen.calls),
        "places": len({call.site for call in seen.calls}),
        "cases": len(seen.results),
        "broken": sum(1 for one in seen.results if one.broken),
    }


def as_json(results: Iterable[Result]) -> str:
    return json.dumps([asdict(one) for one in results], indent=1)
