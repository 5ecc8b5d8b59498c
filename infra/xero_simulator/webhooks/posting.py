"""One HTTP call to an app, and what Xero thinks of the answer."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from infra.xero_simulator.webhooks.payload import SIGNATURE

SECONDS = 5.0
"""How long Xero waits for an answer."""


@dataclass(frozen=True)
class Answer:
    """What came back; `status` is None where nothing did.

    :param seconds: how long it took
    :param error: why nothing came
    """

    status: int | None
    seconds: float
    has_body: bool = False
    has_cookie: bool = False
    error: str | None = None

    @property
    def problem(self) -> str | None:
        """Why this is no receipt, in words; None where it is one."""
        if self.error:
            return self.error
        if self.seconds > SECONDS:
            return f"The answer took longer than {SECONDS:g} seconds"
        if self.status is None or not 200 <= self.status < 300:
            return f"The answer was {self.status}, not 200"
        return None


Sender = Callable[[str, bytes, str], Answer]
"""Posts a body with its signature to an address."""


def check_address(address: str) -> None:
    """Refuse what Xero could not reach: https on port 443.

    Plain http is good for this machine, where a simulator is at home.
    """
    found = urlsplit(address)
    if found.username or found.password or found.fragment or not found.hostname:
        raise ValueError(f"not an address to post to: {address}")
    local = found.hostname in ("localhost", "127.0.0.1", "::1")
    if found.scheme == "https" and (local or found.port in (None, 443)):
        return
    if found.scheme != "http" or not local:
        raise ValueError(
            f"Xero posts to https on port 443 (and to http://localhost here): {address}"
        )


def post(address: str, body: bytes, signature: str) -> Answer:
    """Post a body; whatever goes wrong is in the answer."""
    started = time.monotonic()
    try:
        status, headers, has_body = _exchange(address, body, signature)
    except TimeoutError:
        error = f"No answer within {SECONDS:g} seconds"
        return Answer(None, _since(started), error=error)
    # ValueError: a host that no name server could be asked for.
    except (OSError, ValueError, http.client.HTTPException) as failure:
        error = f"The address could not be reached ({type(failure).__name__})"
        return Answer(None, _since(started), error=error)
    return Answer(status, _since(started), has_body, "Set-Cookie" in headers)


def _exchange(
    address: str, body: bytes, signature: str
) -> tuple[int, http.client.HTTPMessage, bool]:
    target = urlsplit(address)
    secure = target.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(target.hostname, target.port, timeout=SECONDS)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        SIGNATURE: signature,
        "User-Agent": "Simulated-Xero-Webhooks/1.0",
    }
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, bool(answer.read(1))
    finally:
        connection.close()


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
