"""The FIFO queue: one group for each connection."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from ..logic.model.sync import Hint


@dataclass(frozen=True)
class SqsHints:
    client: Any
    url: str

    def send(self, hint: Hint) -> None:
        """The deduplication id begins with the connection: ids are remembered for the
        whole queue where its deduplication scope is not the group."""
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=json.dumps(dataclasses.asdict(hint)),
            MessageGroupId=hint.connection,
            MessageDeduplicationId=f"{hint.connection}:{hint.sync}:{hint.version}",
        )


def read_hint(body: str) -> Hint:
    """A message's body. Raises ValueError where it is none of ours."""
    try:
        held = json.loads(body)
        return Hint(
            str(held["instance"]),
            str(held["connection"]),
            str(held["sync"]),
            int(held["version"]),
            str(held["correlation"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("not a hint") from error
