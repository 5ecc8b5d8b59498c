"""Probes as messages, and the rows in which functions answer them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..logic.model.probe import Answer
from .codec import from_item, to_item
from .table import Table, Write, due, expires, instance_pk

_PK = instance_pk("probe")
"""Where no instance is: their ids are hexadecimal."""
_DUE = "PROBE"
_KEPT = timedelta(hours=1)
_PROBE = re.compile(r"[0-9a-f]{32}")


def _asked(probe: str) -> str:
    return f"PROBE#{probe}"


def _answered(probe: str) -> str:
    return f"ANSWER#{probe}#"


@dataclass(frozen=True)
class DynamoProbes:
    table: Table

    def ask(self, probe: str, at: datetime) -> None:
        """Put it before the janitor, whose clock may be behind the asker's."""
        row = {**due(_DUE, at - _KEPT), **expires(at, _KEPT)}
        self.table.write(Write(_PK, _asked(probe), row))

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        return self.table.due(_DUE, now)

    def done(self, probe: str) -> None:
        self.table.write(Write(_PK, _asked(probe)))

    def answer(self, answer: Answer) -> None:
        sk = _answered(answer.probe) + answer.function
        row = {**to_item(answer), **expires(answer.answered_at, _KEPT)}
        self.table.write(Write(_PK, sk, row))

    def answers(self, probe: str) -> dict[str, Answer]:
        """By function."""
        rows = self.table.query(_PK, _answered(probe))
        return {row["function"]: from_item(Answer, row) for row in rows}

    def forget(self, probe: str) -> None:
        """Its rows; where this is left out, the table's TTL does it."""
        self.done(probe)
        for function in self.answers(probe):
            self.table.write(Write(_PK, _answered(probe) + function))


def send_probe(client: Any, url: str, probe: str) -> None:
    """Into a queue of either kind. In a group of its own no page waits for it."""
    order = {"MessageGroupId": probe, "MessageDeduplicationId": probe}
    client.send_message(
        QueueUrl=url,
        MessageBody=json.dumps({"probe": probe}),
        **(order if url.endswith(".fifo") else {}),
    )


def read_probe(body: str) -> str | None:
    """The probe that a message is; None where it is something else."""
    try:
        probe = json.loads(body).get("probe")
    except (AttributeError, ValueError):
        return None
    return probe if isinstance(probe, str) and _PROBE.fullmatch(probe) else None
