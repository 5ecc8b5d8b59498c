"""What was asked, so that tests can count calls; no secret is kept."""

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request

LONGEST = 100_000
_SECRET = {"code", "state", "token", "client_secret", "code_challenge"}


@dataclass(frozen=True)
class Entry:
    """One request; `status` 0 if the connection was dropped, `seconds` it took.

    `written` is how many records it changed, `replayed` whether its answer was one
    that its `idempotency_key` kept.
    """

    at: str
    method: str
    path: str
    query: str
    status: int
    tenant: str | None
    client_id: str | None
    modified_since: str | None
    sent_bytes: int
    seconds: float
    fault: str | None
    written: int = 0
    idempotency_key: str | None = None
    replayed: bool = False


class RequestLog:
    """The latest requests, oldest first, and the bytes that Xero would meter."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=LONGEST)

    @property
    def total(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def summary(self, path: str = "", method: str = "", listed: int = 1000) -> dict:
        """Counts and the latest entries whose path begins with `path`."""
        found = [
            entry
            for entry in self._snapshot()
            if entry.path.lower().startswith(path.lower())
            and method.upper() in ("", entry.method)
        ]
        return {
            "count": len(found),
            "by_status": _count(str(entry.status) for entry in found),
            "by_path": _count(f"{entry.method} {entry.path}" for entry in found),
            "written": sum(entry.written for entry in found),
            "egress_bytes": sum(e.sent_bytes for e in found if _metered(e)),
            "requests": [asdict(entry) for entry in found[-listed:]],
        }

    def _snapshot(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)


def query_without_secrets(request: Request) -> str:
    return urlencode(
        [
            (name, "…" if name in _SECRET else value)
            for name, value in request.args.items(multi=True)
        ]
    )


def _metered(entry: Entry) -> bool:
    """Egress counts what tenants' data was read; Organisation is free."""
    return entry.tenant is not None and "/organisation" not in entry.path.lower()


def _count(values: Iterable[str]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
