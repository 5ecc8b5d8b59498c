"""Changes that happen after a given call: between one page and the next."""

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Planned:
    """What is to happen once `calls` more calls of a path have been answered."""

    path: str
    calls: int
    act: Callable[[], object]
    description: str


class Schedule:
    """Waits for calls and carries out what was planned after them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Planned] = []

    def plan(self, planned: Planned) -> None:
        with self._lock:
            self._planned.append(planned)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def waiting(self) -> list[str]:
        """What has not happened yet, in words."""
        with self._lock:
            return [
                f"{planned.description} after {planned.calls} calls of {planned.path}"
                for planned in self._planned
            ]

    def answered(self, path: str) -> None:
        """A call was answered; whatever waited for it happens now."""
        with self._lock:
            for planned in self._planned:
                if path.lower().startswith(planned.path.lower()):
                    planned.calls -= 1
            due = [planned for planned in self._planned if planned.calls <= 0]
            self._planned = [planned for planned in self._planned if planned.calls > 0]
        for planned in due:
            planned.act()
