"""Two instances in one connector, each with all that an instance can have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from .calls import CALLS, fill
from .http_events import Answer, Api
from .world import World

ID_NAMES = ("connection", "sync", "authorization")
OF_AN_ID = {
    name: call
    for name, call in CALLS.items()
    if any(f"{{{id_name}}}" in repr(call) for id_name in ID_NAMES)
}
"""The calls that name something by its id."""


@dataclass
class Neighbours:
    """`names` are the ids of the one; `other` is the world as the other's key sees it,
    `other_names` its ids."""

    world: World
    api: Api
    names: dict[str, Any]
    other: World
    other_names: dict[str, Any]
    everything: Callable[[World], Iterable[object]]

    @classmethod
    def of(
        cls, world: World, everything: Callable[[World], Iterable[object]]
    ) -> Neighbours:
        names, client = fill(world), world.xero.client
        made, key = world.services.instances.create("Other", "https://other.example")
        other = replace(world, instance=made.id, key=key)
        world.xero.client = ("other", "secret")
        other_names = fill(other)
        world.xero.client = client
        return cls(world, Api(world), names, other, other_names, everything)

    def ask(self, name: str, names: dict[str, Any], key: str | None = None) -> Answer:
        """One of the calls, with these names and this key (None: the one's own)."""
        call = CALLS[name].filled(names)
        return self.api(
            call.method,
            call.path,
            call.body,
            key,
            headers=dict(call.headers),
            **call.query,
        )

    def rows(self) -> list[str]:
        """Whatever the connector holds, but what names the other instance."""
        rows = map(repr, self.everything(self.world))
        return sorted(row for row in rows if self.other.instance not in row)

    def odd_names(self, name: str) -> Iterator[dict[str, Any]]:
        """The other's names for the call, each id in turn in every odd form."""
        for id_name in ID_NAMES:
            if f"{{{id_name}}}" in repr(CALLS[name]):
                for odd in self.odd(id_name):
                    yield {**self.other_names, id_name: odd}

    def odd(self, id_name: str) -> list[str]:
        return odd_ids(self.other_names[id_name], self.names[id_name])

    def check_stores(self) -> None:
        """No store finds anything of the one for the other, by whatever id."""
        ports, instance = self.other.ports, self.other.instance
        for id_name in ID_NAMES:
            for odd in [self.names[id_name], *self.odd(id_name)]:
                assert ports.syncs.get(instance, odd) is None
                assert ports.syncs.live(instance, odd) is None
                assert list(ports.syncs.recent(instance, odd, 9)) == []
                assert ports.connections.get(instance, odd) is None
                assert ports.authorizations.get(instance, odd) is None
                assert ports.feeds.get(instance, odd) is None
                assert list(ports.feeds.entries(instance, odd, 0, 9)) == []
                assert ports.writes.get(instance, odd, "contact-0001") is None

    def tells_nothing(self, answer: Answer) -> bool:
        """No id of the one, nor the place its browsers go, is in the answer."""
        said = answer.body.decode(errors="replace") + repr(answer.headers)
        ids = ("connection", "sync", "authorization", "epoch", "stamp", "state")
        own = [str(self.names[name]) for name in ids]
        return not any(name in said for name in [*own, "https://crm.example"])


def in_memory(world: World) -> Iterator[tuple[str, Any]]:
    """Each row of each port, and what Xero was told."""
    for one in fields(world.ports):
        for name, held in vars(getattr(world.ports, one.name)).items():
            kind = f"{one.name}.{name}"
            if isinstance(held, dict):
                yield from ((kind, row) for row in held.items())
            elif isinstance(held, list):
                yield from ((kind, row) for row in held)


def odd_ids(own: str, others: str) -> list[str]:
    """Ids that try to be more than one: keys of the table, other prefixes, paths."""
    tail, others_tail = own.rpartition("-")[2], others.rpartition("-")[2]
    head, others_head = own.partition("-")[0], others.partition("-")[0]
    return [
        f"{head}-{others_tail}",
        f"{others_head}-{tail}",
        f"{head}-{others}",
        f"{others}-",
        f"-{others}",
        f"{others}-{own}",
        f"{head}#C#{others}",
        f"{head}#SYNC#{others}",
        f"#{others}",
        f"{others}#",
        f"I#{others}",
        f"{others.upper()}X",
        f" {others}",
        f"{others}\n",
        f"{others}\x00",
        f"{others}%00",
        f"../{others}",
        f"{others}/..",
        f"{others},{own}",
        "-",
        "#",
        "*",
        "٣" * 8,
        "f" * 65,
    ]
