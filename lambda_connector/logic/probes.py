"""Whether the whole way works: functions answer a probe in a row of the table.

A probe is a random id that the deployer puts where work waits: into both queues, and
before the janitor. It touches no instance and no Xero.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from .clock import Clock
from .model.probe import Answer
from .ports import ProbeStore, Spool, Vault

WORKER, WEBHOOK_BATCH, JANITOR = "worker", "webhook_batch", "janitor"
_CONTEXT = {"purpose": "probe"}
_PLACE = "probe"
"""In the spool, where no instance and no connection is: always one and the same
object."""


def new_probe() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Probes:
    store: ProbeStore
    vault: Vault
    spool: Spool
    clock: Clock
    build: Callable[[], str]

    def work(self, probe: str) -> None:
        """What the worker needs for a page, but Xero: it seals, opens and keeps."""
        key, spool = _trouble(self._seal), _trouble(self._keep)
        self._answer(probe, WORKER, key, spool)

    def see(self, probe: str, function: str) -> None:
        """By a function that needs no more than its message and the table."""
        self._answer(probe, function)

    def go_round(self, _instance: str, probe: str) -> str:
        """The janitor's chore: it needs the token key for its refreshes."""
        self._answer(probe, JANITOR, _trouble(self._seal))
        self.store.done(probe)
        return "answered"

    def _answer(
        self, probe: str, function: str, key: str = "", spool: str = ""
    ) -> None:
        now = self.clock.now()
        self.store.answer(Answer(probe, function, self.build(), now, key, spool))

    def _seal(self) -> None:
        secret = secrets.token_hex(16)
        if self.vault.open(self.vault.seal(secret, _CONTEXT), _CONTEXT) != secret:
            raise ValueError("what was sealed opens as something else")

    def _keep(self) -> None:
        self.spool.put(_PLACE, _PLACE, b"probe")


def _trouble(attempt: Callable[[], None]) -> str:
    """What AWS says against it; read by the deployer alone."""
    try:
        attempt()
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:1000]
    return ""
