"""Tells an Odoo that something waits for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

_SECONDS = 1.0, 2.0
"""To connect and to answer: a sync's next page waits meanwhile."""
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class HttpOdoo:
    session: requests.Session = field(default_factory=requests.Session)

    def nudge(self, origin: str, connection: str, correlation: str) -> bool:
        """Whether the Odoo at this origin took it. Nothing secret is in it, yet it goes
        in the clear to this machine only, and follows no redirect."""
        parts = urlsplit(origin)
        if parts.scheme != "https" and parts.hostname not in _LOCAL_HOSTS:
            return False
        try:
            with self.session.post(
                f"{origin}/xero/nudge",
                json={"connection": connection},
                headers={"X-Correlation-Id": correlation},
                timeout=_SECONDS,
                allow_redirects=False,
                # What it answers is not read, however much it is.
                stream=True,
            ) as answer:
                return answer.status_code == 204
        except requests.RequestException:
            return False
