"""The connector as AWS drives it: queues, schedule, keys, the code that runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from ..handlers.build import build
from ..logic.clock import Clock
from ..logic.model.probe import Answer
from ..logic.probes import JANITOR, WEBHOOK_BATCH, WORKER, new_probe
from ..storage.probes import DynamoProbes, send_probe
from .checks import FAILED, NOT_CHECKED, OK, Check
from .deployment import Deployment

CHECKED = {
    WORKER: ("sync queue", "WorkerFunction"),
    WEBHOOK_BATCH: ("webhook queue", "WebhookBatchFunction"),
    JANITOR: ("schedule", "JanitorFunction"),
}
"""What an answer to the probe shows, and who gives it."""


@dataclass
class Inside:
    """One probe. `wait`: how many seconds its answers may take."""

    deployment: Deployment
    clock: Clock
    wait: float
    probe: str = field(default_factory=new_probe)
    refused: dict[str, str] = field(default_factory=dict)
    """Whom the probe could not be sent to, and what AWS said."""

    def send(self) -> None:
        """To all at once: what takes longest is the janitor's minute."""
        self._send(WORKER, lambda: self._into("sync_queue_url"))
        self._send(WEBHOOK_BATCH, lambda: self._into("webhook_queue_url"))
        self._send(JANITOR, lambda: self._probes.ask(self.probe, self.clock.now()))

    def checks(self, api_build: str | None) -> Iterator[Check]:
        answers = self._answers()
        for function in CHECKED:
            yield self._answered(function, answers.get(function))
        yield _works("token key", [WORKER, JANITOR], answers, lambda one: one.token_key)
        yield _works("spool", [WORKER], answers, lambda one: one.spool)
        builds = {CHECKED[name][1]: each.build for name, each in answers.items()}
        yield _alike({**builds, **({"ApiFunction": api_build} if api_build else {})})

    @property
    def _probes(self) -> DynamoProbes:
        return DynamoProbes(self.deployment.table)

    def _into(self, queue: str) -> None:
        send_probe(boto3.client("sqs"), self.deployment.need(queue), self.probe)

    def _send(self, function: str, send: Callable[[], None]) -> None:
        try:
            send()
        except (BotoCoreError, ClientError) as error:
            self.refused[function] = str(error)

    def _answers(self) -> dict[str, Answer]:
        """By function, when all have come or the time is over."""
        wanted = CHECKED.keys() - self.refused.keys()
        until = self.clock.now() + timedelta(seconds=self.wait)
        answers = self._probes.answers(self.probe)
        while wanted - answers.keys() and self.clock.now() < until:
            self.clock.sleep(1)
            answers = self._probes.answers(self.probe)
        self._probes.forget(self.probe)
        return answers

    def _answered(self, function: str, answer: Answer | None) -> Check:
        name, who = CHECKED[function]
        if answer:
            return Check(name, OK, f"{who} has answered.")
        if function in self.refused:
            do = "Check your own AWS rights (docs/operating.md names them)."
            return Check(name, FAILED, self.refused[function], do)
        found = f"{who} has not answered within {self.wait:.0f} s."
        do = (
            f"Read its log, {self.deployment.log_group(function)}. Is nothing in it, "
            "then its trigger is off or the account's concurrency is used up."
        )
        return Check(name, FAILED, found, do)


def _works(
    name: str,
    functions: list[str],
    answers: Mapping[str, Answer],
    trouble: Callable[[Answer], str],
) -> Check:
    """What functions need besides their message, as they have tried it."""
    seen = [one for one in functions if one in answers]
    tried = {CHECKED[one][1]: trouble(answers[one]) for one in seen}
    if not tried:
        return Check(name, NOT_CHECKED, "No function that uses it has answered.")
    wrong = [f"{who}: {said}" for who, said in tried.items() if said]
    if not wrong:
        return Check(name, OK, f"Tried by {' and '.join(tried)}.")
    do = "Is the key or bucket there and enabled? Else deploy again: roles are wrong."
    return Check(name, FAILED, "; ".join(wrong), do)


def _alike(builds: Mapping[str, str]) -> Check:
    """One deployment, and the one that this checkout would make."""
    if not builds:
        return Check("versions", NOT_CHECKED, "No function has answered.")
    others = {who: one for who, one in builds.items() if one != build()}
    if not others:
        return Check("versions", OK, f"All run {build()}, as this checkout has it.")
    runs = ", ".join(f"{who} runs {one}" for who, one in others.items())
    found = f"This checkout is {build()}; {runs}."
    do = "`sam build && sam deploy`, or check out what is deployed."
    return Check("versions", FAILED, found, do)
