"""Intent to receive: does the app check signatures?

Posts without events, some with a signature that is wrong on purpose: 200 is expected
for the good ones and 401, nothing else, for the bad ones, each within five seconds,
without a body and without cookies.
"""

import random
from dataclasses import dataclass

from infra.xero_simulator.webhooks.payload import body_of, new_key, sign
from infra.xero_simulator.webhooks.posting import SECONDS, Answer, Sender

POSTS = (True, True, False, False)
"""How many posts are signed rightly and wrongly; their order is left to chance."""


@dataclass(frozen=True)
class Trial:
    """One post of an intent to receive.

    :param rightly_signed: whether 200 is expected, else 401
    """

    rightly_signed: bool
    answer: Answer

    @property
    def expected(self) -> int:
        return 200 if self.rightly_signed else 401

    @property
    def problem(self) -> str | None:
        """What is wrong with the answer, in words; None where it is right."""
        answer, expected = self.answer, self.expected
        if answer.error:
            return answer.error
        if answer.seconds > SECONDS:
            return f"The answer took longer than {SECONDS:g} seconds"
        if answer.status != expected:
            signed = "right" if self.rightly_signed else "wrong"
            return f"A {signed} signature was answered {answer.status}, not {expected}"
        if answer.has_body:
            return "The answer has a body"
        if answer.has_cookie:
            return "The answer sets a cookie"
        return None


def try_app(address: str, key: str, send: Sender) -> list[Trial]:
    """Post to an app that has this key, and say how it answered."""
    trials = []
    for rightly_signed in random.sample(POSTS, len(POSTS)):
        body = body_of(())
        signature = sign(key if rightly_signed else new_key(), body)
        trials.append(Trial(rightly_signed, send(address, body, signature)))
    return trials
