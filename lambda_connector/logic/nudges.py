"""Telling Odoo that something waits in its feed, so that it need not be looked for.

A nudge is worth time only: Odoo looks by itself every minute. So it is sent after all
that matters is written, seldom, and never twice for the sake of its arrival.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import Clock
from .ports import InstanceStore, Odoo

APART = timedelta(seconds=2)
"""Between two nudges about a connection. Pages come faster than Odoo takes them."""
PAUSE = timedelta(minutes=1)
"""After one that did not arrive: most of those that cannot be reached never can."""

SENT, FAILED, LEFT = "sent", "failed", "left"


@dataclass(frozen=True)
class Nudges:
    """What it remembers, it remembers for as long as its process lives."""

    instances: InstanceStore
    odoo: Odoo
    clock: Clock
    is_on: bool = True
    _origins: dict[str, str | None] = field(default_factory=dict)
    _not_before: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def tell(self, instance: str, connection: str, correlation: str = "") -> str:
        """Nudge the instance's Odoo about this connection; says what was done."""
        now = self.clock.now()
        of_instance, of_connection = (instance, ""), (instance, connection)
        waits = (self._not_before.get(key) for key in (of_instance, of_connection))
        if not self.is_on or any(until and now < until for until in waits):
            return LEFT
        origin = self._origin(instance)
        if not origin:
            return LEFT
        if self.odoo.nudge(origin, connection, correlation):
            self._not_before[of_connection] = now + APART
            return SENT
        self._not_before[of_instance] = now + PAUSE
        return FAILED

    def _origin(self, instance: str) -> str | None:
        if instance not in self._origins:
            held = self.instances.get(instance)
            self._origins[instance] = held.return_origin if held else None
        return self._origins[instance]
