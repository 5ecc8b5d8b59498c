"""Xero's four limits: concurrent, minute and day a tenant, minute an app.

Source: developer.xero.com/faq/limits and the Starter and Core tiers of March 2026.
The windows are fixed, and begin at a different moment for each tenant.
"""

import math
import threading
import zlib
from collections import Counter
from dataclasses import dataclass

from infra.xero_simulator.clock import Clock

MINUTE = 60
DAY = 86_400
CALLS_A_DAY = {"starter": 1_000, "core": 5_000}


@dataclass
class Rules:
    """How many calls each limit allows."""

    concurrent: int = 5
    minute: int = 60
    day: int = CALLS_A_DAY["starter"]
    app_minute: int = 10_000


@dataclass(frozen=True)
class Refusal:
    """Why a call is not let in; `retry_after` in seconds, where Xero says it."""

    problem: str
    retry_after: int | None = None


@dataclass(frozen=True)
class Window:
    """A fixed window of `period` seconds, counted for one key."""

    key: str
    period: int

    def number(self, at: float) -> int:
        return int((at - self._offset) // self.period)

    def remaining_seconds(self, at: float) -> int:
        """Whole seconds until the window ends, at least 1."""
        return math.ceil(self.period - (at - self._offset) % self.period) or 1

    @property
    def _offset(self) -> int:
        return zlib.crc32(self.key.encode()) % self.period


class Limits:
    """Counts calls and says when one is too many."""

    def __init__(self, clock: Clock, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.peak = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._running: Counter[tuple[str, str]] = Counter()
        self._counts: dict[Window, tuple[int, int]] = {}

    def enter(self, app: str, tenant: str) -> Refusal | None:
        """Count a call in, or refuse it; a refused call uses nothing up.

        Whoever was let in calls `leave` when it is done.
        """
        with self._lock:
            refusal = self._refusal(app, tenant)
            if refusal is None:
                self._running[app, tenant] += 1
                self.peak = max(self.peak, self._running[app, tenant])
                for window in _windows(app, tenant):
                    self._count_up(window)
            return refusal

    def leave(self, app: str, tenant: str) -> None:
        with self._lock:
            self._running[app, tenant] -= 1

    def enter_app(self, app: str) -> Refusal | None:
        """Count a call that belongs to no tenant."""
        with self._lock:
            window = _app_window(app)
            if self._used(window) >= self.rules.app_minute:
                return Refusal("appminute")
            self._count_up(window)
            return None

    def remaining(self, app: str, tenant: str | None = None) -> dict[str, str]:
        """The headers that tell what is left."""
        with self._lock:
            headers = {}
            if tenant is not None:
                minute, day, _ = _windows(app, tenant)
                headers["X-MinLimit-Remaining"] = self._left(minute, self.rules.minute)
                headers["X-DayLimit-Remaining"] = self._left(day, self.rules.day)
            headers["X-AppMinLimit-Remaining"] = self._left(
                _app_window(app), self.rules.app_minute
            )
            return headers

    def reset(self) -> None:
        """Forget every call that was counted; calls under way stay counted."""
        with self._lock:
            self._counts.clear()
            self.peak = max(self._running.values(), default=0)

    def _refusal(self, app: str, tenant: str) -> Refusal | None:
        if self._running[app, tenant] >= self.rules.concurrent:
            return Refusal("concurrent")
        minute, day, app_minute = _windows(app, tenant)
        at = self._clock.timestamp()
        if self._used(day) >= self.rules.day:
            return Refusal("day", day.remaining_seconds(at))
        if self._used(minute) >= self.rules.minute:
            return Refusal("minute", minute.remaining_seconds(at))
        if self._used(app_minute) >= self.rules.app_minute:
            return Refusal("appminute")
        return None

    def _used(self, window: Window) -> int:
        number, used = self._counts.get(window, (0, 0))
        return used if number == window.number(self._clock.timestamp()) else 0

    def _count_up(self, window: Window) -> None:
        number = window.number(self._clock.timestamp())
        self._counts[window] = (number, self._used(window) + 1)

    def _left(self, window: Window, allowed: int) -> str:
        return str(max(0, allowed - self._used(window)))


def _windows(app: str, tenant: str) -> tuple[Window, Window, Window]:
    key = f"{app}/{tenant}"
    return Window(key, MINUTE), Window(key, DAY), _app_window(app)


def _app_window(app: str) -> Window:
    return Window(app, MINUTE)
