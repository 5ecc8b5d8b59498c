"""Some events on their way to an app, and how often that was tried."""

from dataclasses import dataclass, field

from infra.xero_simulator.webhooks.events import Event
from infra.xero_simulator.webhooks.posting import Answer


@dataclass(frozen=True)
class Attempt:
    """One try to post: when (seconds of the clock), and what came of it."""

    at: float
    answer: Answer


@dataclass
class Post:
    """Some events on their way; `due_at` is None once they are over.

    :param failing_since: when the first of the tries in a row failed
    """

    number: int
    events: list[Event]
    body: bytes
    due_at: float | None
    attempts: list[Attempt] = field(default_factory=list)
    failing_since: float | None = None

    @property
    def received(self) -> bool:
        return bool(self.attempts) and self.attempts[-1].answer.problem is None
