"""A webhook as Xero posts it, sent by ourselves: whether the address works."""

from __future__ import annotations

import requests

SECONDS = 5.0
"""As long as Xero waits."""


class HttpWebhookProbe:
    def post(self, address: str, body: bytes, signature: str) -> int | None:
        """The status; None where nothing answered in its time. No redirect is followed,
        as Xero follows none."""
        try:
            answer = requests.post(
                address,
                data=body,
                headers={
                    "Content-Type": "application/json",
                    "x-xero-signature": signature,
                },
                timeout=SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException:
            return None
        return answer.status_code
