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
            with requests.post(
                address,
                data=body,
                headers={
                    "Content-Type": "application/json",
                    "x-xero-signature": signature,
                },
                timeout=SECONDS,
                allow_redirects=False,
                # What it answers is not read, however much it is.
                stream=True,
            ) as answer:
                return answer.status_code
        except requests.RequestException:
            return None
