"""What one app asked to be told, what waits for it, and how that was received.

All times are those of the simulator's clock: move it by 15 minutes, and whatever
failed is tried again.
"""

import random
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.webhooks.events import Event, Happening
from infra.xero_simulator.webhooks.intent import Trial, try_app
from infra.xero_simulator.webhooks.payload import body_of, new_key, sign
from infra.xero_simulator.webhooks.post import Attempt, Post
from infra.xero_simulator.webhooks.posting import Sender

NOT_CONFIRMED, OK, DISABLED = "INTENT_TO_RECEIVE_REQUIRED", "OK", "DISABLED"
RETRY_SECONDS = 15 * 60
GIVE_UP_SECONDS = 24 * 3600
KEPT_SECONDS = 31 * 24 * 3600
REMEMBERED = 1_000
"""How many posts that are over can still be looked at."""


@dataclass
class Manner:
    """How events are told.

    :param collect_seconds: how long events are collected before they are posted
    :param events_a_post: how many at most go into one post
    :param duplicates: every post is sent twice
    :param disorder: later events may come before earlier ones
    :param held: nothing is sent for now
    """

    collect_seconds: float = 1.0
    events_a_post: int = 100
    duplicates: bool = False
    disorder: bool = False
    held: bool = False


class Subscription:
    """The webhook of one app.

    :param client_id: whose it is
    :param address: where events are posted
    :param categories: which are wanted, such as CONTACT
    """

    def __init__(
        self, clock: Clock, client_id: str, address: str, categories: Iterable[str]
    ) -> None:
        self.client_id = client_id
        self.address = address
        self.categories = tuple(categories)
        self.key = new_key()
        self.status = NOT_CONFIRMED
        self.reason: str | None = None
        self.manner = Manner()
        self.trials: list[Trial] = []
        self._clock = clock
        self._was_ok = False
        self._lock = threading.RLock()
        self._sending = threading.Lock()
        self._events: deque[Event] = deque(maxlen=100_000)
        self._fresh: list[Event] = []
        self._waiting: dict[int, Post] = {}
        self._over: deque[Post] = deque(maxlen=REMEMBERED)
        self._sequences, self._numbers = count(1), count(1)

    def signature_of(self, body: bytes) -> str:
        return sign(self.key, body)

    def change(self, address: str, categories: Iterable[str]) -> None:
        """Another address has to prove itself anew; the key stays."""
        with self._lock:
            if address != self.address:
                self.status, self.reason = NOT_CONFIRMED, None
            self.address, self.categories = address, tuple(categories)

    def send_intent(self, send: Sender) -> list[Trial]:
        """Send an intent to receive: what came of it decides the status."""
        trials = try_app(self.address, self.key, send)
        problem = next((trial.problem for trial in trials if trial.problem), None)
        with self._lock:
            self.trials, self.reason = trials, problem
            if problem is None:
                self.status, self._was_ok = OK, True
                self._begin_again()
            elif self.status == OK:
                self.status = NOT_CONFIRMED
        return trials

    def _begin_again(self) -> None:
        """What was kept meanwhile is posted, in order."""
        now = self._clock.timestamp()
        self._fresh = [event for event in self._fresh if self._is_kept(event)]
        kept = [p for p in self._waiting.values() if self._is_kept(p.events[-1])]
        self._waiting = {post.number: post for post in kept}
        for post in kept:
            post.due_at, post.failing_since = now, None

    def note(self, happening: Happening, content: dict) -> None:
        """Something happened. Nothing is kept before the first good intent."""
        with self._lock:
            if happening.category in self.categories and self._was_ok:
                event = Event(next(self._sequences), happening.at, content)
                self._events.append(event)
                self._fresh.append(event)

    def replay(self, seconds: float) -> int:
        """Post the events of so many seconds again; how many they are."""
        since = (self._clock.timestamp() - min(seconds, KEPT_SECONDS)) * 1000
        with self._lock:
            again = [event for event in self._events if event.at >= since]
            self._make_posts(again)
        return len(again)

    def deliver(self, send: Sender, at_once: bool = False) -> int:
        """Post whatever is due; how many posts that was.

        :param at_once: wait neither until events are collected nor for another try
        """
        sent = 0
        with self._sending:
            if at_once:
                self._make_all_due()
            while posts := self._due(at_once):
                for post in posts:
                    self._send(send, post)
                sent += len(posts)
        return sent

    def posts(self) -> list[Post]:
        """What waits and what is over, the latest first."""
        with self._lock:
            every = [*self._over, *self._waiting.values()]
        return sorted(every, key=lambda post: -post.number)

    def waiting(self) -> int:
        """How many events have not been received."""
        with self._lock:
            posted = sum(len(post.events) for post in self._waiting.values())
            return len(self._fresh) + posted

    def _make_all_due(self) -> None:
        now = self._clock.timestamp()
        with self._lock:
            for post in self._waiting.values():
                post.due_at = now

    def _due(self, at_once: bool) -> list[Post]:
        with self._lock:
            if self.status != OK or (self.manner.held and not at_once):
                return []
            if self._fresh and (at_once or self._is_collected()):
                self._make_posts(self._fresh)
                self._fresh = []
            now = self._clock.timestamp()
            return [post for post in self._waiting.values() if post.due_at <= now]

    def _is_collected(self) -> bool:
        if len(self._fresh) >= self.manner.events_a_post:
            return True
        age = self._clock.timestamp() - self._fresh[0].at / 1000
        return age >= self.manner.collect_seconds

    def _make_posts(self, events: list[Event]) -> None:
        events, most = list(events), self.manner.events_a_post
        if self.manner.disorder:
            random.shuffle(events)
        for start in range(0, len(events), most):
            some = events[start : start + most]
            body = body_of(some)
            for _ in range(2 if self.manner.duplicates else 1):
                number, now = next(self._numbers), self._clock.timestamp()
                self._waiting[number] = Post(number, some, body, now)

    def _send(self, send: Sender, post: Post) -> None:
        answer = send(self.address, post.body, self.signature_of(post.body))
        now = self._clock.timestamp()
        with self._lock:
            post.attempts.append(Attempt(now, answer))
            if answer.problem is None:
                post.due_at = None
                self._waiting.pop(post.number, None)
                self._over.append(post)
            else:
                self._put_off(post, now, answer.problem)

    def _put_off(self, post: Post, now: float, problem: str) -> None:
        """Once more at once, then every 15 minutes, and after a day no more."""
        if post.failing_since is None:
            post.failing_since = post.due_at = now
            return
        post.due_at = now + RETRY_SECONDS
        if now - post.failing_since >= GIVE_UP_SECONDS:
            self.status, self.reason = DISABLED, problem

    def _is_kept(self, event: Event) -> bool:
        return self._clock.timestamp() - event.at / 1000 <= KEPT_SECONDS
