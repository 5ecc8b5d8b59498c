"""The simulator's one source of time, which tests can move."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Real time plus an offset in seconds; every time it gives is UTC."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0

    def timestamp(self) -> float:
        """Seconds since the epoch."""
        return self._source() + self._offset

    def milliseconds(self) -> int:
        """Milliseconds since the epoch, as Xero's `/Date(ms)/` counts them."""
        return int(self.timestamp() * 1000)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def advance(self, seconds: float) -> None:
        """Move the clock; a negative number moves it back."""
        self._offset += seconds
