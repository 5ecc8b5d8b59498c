"""The thread that delivers what is due, as long as the simulator runs."""

import threading

from infra.xero_simulator.webhooks.webhooks import Webhooks

# The clock can be moved at any time: nobody knows in real seconds when what is due.
_LOOK_SECONDS = 0.1


class Courier:
    """Delivers in the background, between entering and leaving."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def __enter__(self) -> "Courier":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            self._webhooks.deliver()
