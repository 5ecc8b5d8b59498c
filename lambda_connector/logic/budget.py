"""What is left of Xero's calls for a day, and the part that is kept for people.

Xero's day begins at another time for each organisation and it does not say when, so
nothing is computed: its last word counts for an hour, then one call asks for a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from .apps import Apps
from .clock import Clock
from .model.app import DAY_LIMITS
from .model.connection import Budget, Connection
from .ports import Answer, ConnectionStore, Document
from .problems import CODES
from .reactions import THROTTLED_DAY, Wait

LOOK_AGAIN = timedelta(hours=1)
_RESERVED_PERCENT = 5


def reserved(day_limit: int) -> int:
    """Calls of a day that no sync makes, so that people's single actions work."""
    return day_limit * _RESERVED_PERCENT // 100


@dataclass(frozen=True)
class Budgets:
    store: ConnectionStore
    apps: Apps
    clock: Clock

    def hold(self, connection: Connection) -> Wait | None:
        """How long a sync has to leave Xero alone, if at all."""
        now = self.clock.now()
        held = self.store.budget(connection.instance, connection.id)
        if held.until:
            code, until = THROTTLED_DAY, held.until
        elif held.day_remaining is None or not held.as_of:
            return None
        elif held.day_remaining > self._kept(connection, held.day_remaining):
            return None
        else:
            code, until = "throttled_reserve", held.as_of + LOOK_AGAIN
        seconds = (until - now).total_seconds()
        if seconds <= 0:
            return None
        return Wait(seconds, code, CODES[code].sentence, counts=False)

    def _kept(self, connection: Connection, remaining: int) -> int:
        """The calls that are kept, which the app's tier decides. It is not asked for
        with each page, as long as there are more than any tier keeps."""
        most = reserved(max(DAY_LIMITS.values()))
        if remaining > most:
            return most
        return reserved(self.apps.day_limit(connection.instance))

    def heard(self, connection: Connection, answer: Answer | Document) -> None:
        """Xero's last word, from the headers of an answer."""
        now = self.clock.now()
        said = Budget(answer.day_remaining, answer.minute_remaining, now)
        self.store.set_budget(connection.instance, connection.id, said)

    def refused(self, connection: Connection, wait: Wait) -> None:
        """The day's calls are used up; `wait` is how long Xero wants to be left."""
        now = self.clock.now()
        until = now + timedelta(seconds=wait.seconds)
        spent = Budget(0, None, now, until)
        self.store.set_budget(connection.instance, connection.id, spent)
