"""The faults that wait for requests; `fault_kinds` says what each of them does."""

import itertools
import threading
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from werkzeug.wrappers import Request

_numbers = itertools.count(1)


@dataclass
class Fault:
    """A fault that waits for requests.

    `path` is a prefix; `after` requests pass unharmed, then `times` are hit.
    `seconds` is for slow and dripping, `retry_after` (seconds, or none) and `problem`
    for rate_limited.
    """

    kind: str
    path: str = "/"
    method: str = ""
    times: int = 1
    after: int = 0
    seconds: float = 30.0
    retry_after: int | None = None
    problem: str = "minute"
    number: int = field(default_factory=lambda: next(_numbers))

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Fault":
        known = {each.name for each in fields(cls)} - {"number"}
        if unknown := document.keys() - known:
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        return cls(**document)

    def matches(self, request: Request) -> bool:
        return request.path.lower().startswith(self.path.lower()) and (
            self.method.upper() in ("", request.method)
        )


class Faults:
    """The faults that wait, in the order in which they strike."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._waiting]

    def take(self, request: Request) -> Fault | None:
        """The fault that strikes this request, if any."""
        with self._lock:
            struck = None
            for fault in self._waiting:
                if struck is None and fault.matches(request):
                    struck = _strike(fault)
            self._waiting = [fault for fault in self._waiting if fault.times > 0]
            return struck


def _strike(fault: Fault) -> Fault | None:
    if fault.after > 0:
        fault.after -= 1
        return None
    fault.times -= 1
    return fault
