"""A question that the deployer sends through the connector."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Answer:
    """That a function saw the probe. `build` names the code that it runs.

    `token_key` and `spool` say what went wrong with them; empty: nothing did, or it
    was not for this function to try.
    """

    probe: str
    function: str
    build: str
    answered_at: datetime
    token_key: str = ""
    spool: str = ""
