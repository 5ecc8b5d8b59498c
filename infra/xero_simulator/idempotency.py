"""`Idempotency-Key`: a call that is sent again within six minutes is not done again.

What the first one was answered is answered again, errors and 500s too. A key belongs
to an app; with another method, address, organisation or body it is refused. Both calls
count against the limits. After six minutes the key is new, and so is what it does.

Source: developer.xero.com, guides, idempotent requests.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from werkzeug.wrappers import Request, Response

from infra.xero_simulator.clock import Clock

HEADER = "Idempotency-Key"
LONGEST = 128
KEPT_SECONDS = 360


class KeyRefused(Exception):
    """The key cannot be used; the message says why."""


@dataclass
class _Kept:
    """A key's first call. Whoever answers it holds `answering`."""

    request: bytes
    at: float
    answering: threading.Lock = field(default_factory=threading.Lock)
    answer: Response | None = None


class IdempotencyKeys:
    """The answers of the latest calls that had a key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], _Kept] = {}

    def answer(
        self, app: str, tenant: str, request: Request, make: Callable[[], Response]
    ) -> tuple[Response, bool]:
        """What `make` answers, or answered when the key was used first; and whether
        it was kept from then.

        A call that comes while the first one is being answered waits for it. Raises
        KeyRefused.
        """
        if not has_key(request):
            return make(), False
        key = request.headers[HEADER]
        if len(key) > LONGEST:
            raise KeyRefused(f"{HEADER} must not be longer than {LONGEST} characters")
        kept = self._of(app, key, _fingerprint(tenant, request))
        with kept.answering:
            replayed = kept.answer is not None
            if kept.answer is None:
                kept.answer = make()
            return _copy(kept.answer), replayed

    def _of(self, app: str, key: str, request: bytes) -> _Kept:
        now = self._clock.timestamp()
        with self._lock:
            self._forget(now)
            kept = self._kept.setdefault((app, key), _Kept(request, now))
        if kept.request != request:
            raise KeyRefused(f"{HEADER} {key} is used with a different request")
        return kept

    def _forget(self, now: float) -> None:
        over = [k for k, kept in self._kept.items() if now - kept.at >= KEPT_SECONDS]
        for key in over:
            del self._kept[key]


def has_key(request: Request) -> bool:
    """Whether it has one that counts: on GET it means nothing."""
    return request.method != "GET" and bool(request.headers.get(HEADER))


def _fingerprint(tenant: str, request: Request) -> bytes:
    parts = (request.method, request.full_path, tenant)
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update(request.get_data())
    return digest.digest()


def _copy(answer: Response) -> Response:
    """An answer of its own: headers are added to it on its way out."""
    return Response(answer.get_data(), answer.status, list(answer.headers))
