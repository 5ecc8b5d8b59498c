"""A post's body and signature.

Xero's bodies have blanks in some places and none in others: who parses a body and
writes it again gets another signature. Source: XeroAPI/xero-node issue 563.
"""

import base64
import hashlib
import hmac
import json
import random
import secrets
import string
from collections.abc import Sequence
from typing import Any

from infra.xero_simulator.webhooks.events import Event

SIGNATURE = "x-xero-signature"
_BLANKS = ("", "", " ", "  ", "\r\n", "\r\n  ", "\t")


def new_key() -> str:
    """A signing key as Xero gives it: base64 of 64 random bytes."""
    return base64.b64encode(secrets.token_bytes(64)).decode()


def sign(key: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over the very bytes, with the key's text as it is."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def body_of(events: Sequence[Event]) -> bytes:
    """The document that is posted; without events the one of an intent to receive."""
    numbers = [event.sequence for event in events] or [0]
    document = {
        "events": [event.content for event in events],
        "firstEventSequence": min(numbers),
        "lastEventSequence": max(numbers),
        "entropy": "".join(secrets.choice(string.ascii_uppercase) for _ in range(20)),
    }
    return _spaced(document).encode()


def _spaced(value: Any) -> str:
    """JSON with blanks wherever they may be, as it happens."""
    if isinstance(value, dict):
        members = [
            f"{_blank()}{json.dumps(name)}:{_blank()}{_spaced(each)}"
            for name, each in value.items()
        ]
        return f"{{{','.join(members)}{_blank()}}}"
    if isinstance(value, list):
        return f"[{','.join(_blank() + _spaced(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _blank() -> str:
    return random.choice(_BLANKS)
