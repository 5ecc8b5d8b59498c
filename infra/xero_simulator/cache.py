"""Keeps what was made, within a bound: a list that nobody changed is made once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

Made = TypeVar("Made")


class Cache:
    """The values that were used last, up to `bytes_at_most` together."""

    def __init__(self, bytes_at_most: int = 256 * 1024 * 1024) -> None:
        self._bound = bytes_at_most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._bytes = 0

    def get(
        self, key: Hashable, make: Callable[[], Made], weigh: Callable[[Made], int]
    ) -> Made:
        """The value of a key, made if it is not there; `weigh` gives its bytes."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        made = make()
        self._keep(key, made, weigh(made))
        return made

    def _keep(self, key: Hashable, made: object, weight: int) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made, weight
            self._bytes += weight
            while self._bytes > self._bound:
                _, (_, gone) = self._kept.popitem(last=False)
                self._bytes -= gone
