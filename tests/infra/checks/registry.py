"""A check of the transformed template, and the faults that it is shown to notice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Fault = Callable[[Document], None]


@dataclass(frozen=True)
class Check:
    """``wrong`` lists what is wrong with a document; each fault makes it find some."""

    wrong: Callable[[Document], Iterator[str]]
    faults: tuple[Fault, ...]


CHECKS: dict[str, Check] = {}


def check(*faults: Fault):
    """Register a check with the faults that it notices, each in a good template."""

    def register(wrong: Callable[[Document], Iterator[str]]):
        CHECKS[wrong.__name__] = Check(wrong, faults)
        return wrong

    return register


def put(path: tuple, value: Any) -> Fault:
    """A fault that sets the value at the path below Resources; None removes it."""

    def seed(document: Document) -> None:
        *parents, last = path
        place = document["Resources"]
        for each in parents:
            place = place[each]
        if value is None:
            del place[last]
        else:
            place[last] = value

    seed.__name__ = f"{path[0]}_{path[-1]}"
    return seed


def of(name: str, *path: str | int) -> tuple:
    """The path of a resource's property."""
    return (name, "Properties", *path)
