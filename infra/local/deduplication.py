"""What SQS remembers of the deduplication ids of a FIFO queue.

Source: Amazon SQS Developer Guide, "Using the message deduplication ID".
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

INTERVAL_SECONDS = 300


class DeduplicationMemory:
    """The messages accepted within the last five minutes, by deduplication id."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: OrderedDict[tuple, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def original(self, key: tuple, message: Any) -> Any:
        """The message that was first sent under the key: this one, or an earlier one.

        A repeated send does not prolong the interval of the first.
        """
        with self._lock:
            now = self._clock()
            while self._sent:
                oldest, (at, _) = next(iter(self._sent.items()))
                if now - at < INTERVAL_SECONDS:
                    break
                del self._sent[oldest]
            return self._sent.setdefault(key, (now, message))[1]
