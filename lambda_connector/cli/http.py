"""One call to the connector's public address, as anybody on the internet makes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

SECONDS = 35.0
"""A little longer than API Gateway waits for a function."""


class Unreachable(Exception):
    """Nothing answered; the message says why."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes

    @property
    def json(self) -> Mapping[str, Any]:
        """What the connector said; empty where it is not the connector's JSON."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


def ask(method: str, url: str, headers: Mapping[str, str]) -> Reply:
    """The answer, whatever its status. Raises Unreachable. No redirect is followed: a
    key must not travel on."""
    pool = urllib3.PoolManager(timeout=SECONDS, retries=False)
    try:
        answer = pool.request(method, url, headers=dict(headers), redirect=False)
    except urllib3.exceptions.HTTPError as error:
        raise Unreachable(str(error)) from None
    return Reply(answer.status, answer.data)
