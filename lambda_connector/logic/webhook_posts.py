"""What Xero posts of changes: whether it is Xero's, and what it comes to.

Source: Xero Developer, Webhooks: "Configuring your server" (signature, intent to
receive) and the webhooks' OpenAPI description (the body).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .clock import Clock
from .model.webhook import Change, Hook, Post
from .ports import HookStore, PostQueue, Vault

KEPT_IN_MEMORY = timedelta(minutes=1)
TEST = "test"
"""The member of a post that the connector sends to itself."""
_ORGANISATION = re.compile(r"[0-9A-Za-z-]{1,64}")
_CATEGORY = re.compile(r"[A-Z_]{1,40}")

ACCEPTED, UNREADABLE, REFUSED = "accepted", "unreadable", "refused"


@dataclass(frozen=True)
class Key:
    """A hook's key, opened, and until when it is believed."""

    hook: Hook
    opened: str
    until: datetime


@dataclass(frozen=True)
class Posts:
    hooks: HookStore
    vault: Vault
    queue: PostQueue
    clock: Clock
    _keys: dict[str, Key] = field(default_factory=dict)

    def take(
        self, hook: str, body: bytes, signature: str, correlation: str = ""
    ) -> str:
        """Accepted, unreadable (Xero's, but not of its form) or refused. What was
        accepted is in the queue, else this raises and Xero has to send it again."""
        signed_by = self._signer(hook, body, signature)
        if not signed_by:
            return REFUSED
        try:
            post = _post(signed_by.hook.instance, body, self.clock.now(), correlation)
        except (ValueError, RecursionError):
            return UNREADABLE
        self.queue.send(post)
        return ACCEPTED

    def _signer(self, hook: str, body: bytes, signature: str) -> Key | None:
        """The key that the body was signed with. One that does not fit may have been
        replaced a moment ago, so it is read again before anything is refused."""
        held = self._keys.get(hook)
        if held and held.until > self.clock.now():
            if is_signed(held.opened, body, signature):
                return held
        read = self._read(hook, held)
        return read if read and is_signed(read.opened, body, signature) else None

    def _read(self, hook: str, held: Key | None) -> Key | None:
        row = self.hooks.get(hook)
        if not row:
            self._keys.pop(hook, None)
            return None
        if held and held.hook == row:
            opened = held.opened
        else:
            opened = self.vault.open(row.key, webhook_key_context(row.instance))
        key = Key(row, opened, self.clock.now() + KEPT_IN_MEMORY)
        self._keys[hook] = key
        return key


def webhook_key_context(instance: str) -> dict[str, str]:
    """What the sealed webhook key is bound to."""
    return {"instance": instance, "purpose": "webhook_key"}


def signature_of(key: str, body: bytes) -> str:
    """`x-xero-signature`: base64 of HMAC-SHA256 over the very bytes of the body."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def is_signed(key: str, body: bytes, signature: str) -> bool:
    """Compared in a time that does not tell how much of it is right."""
    given = signature.encode(errors="replace")
    return hmac.compare_digest(signature_of(key, body).encode(), given)


def _post(instance: str, body: bytes, now: datetime, correlation: str) -> Post:
    """Raises ValueError where the body is not what Xero describes."""
    said = json.loads(body)
    if not isinstance(said, dict) or not isinstance(said.get("events"), list):
        raise ValueError("no list of events")
    return Post(
        instance=instance,
        received_at=now,
        events=len(said["events"]),
        changes=tuple(_changes(said["events"])),
        first=_number(said.get("firstEventSequence")),
        last=_number(said.get("lastEventSequence")),
        is_test=said.get(TEST) is True,
        correlation=correlation,
    )


def _changes(events: list[Any]) -> Iterator[Change]:
    """The events by organisation and category. One that names neither tells nothing."""
    found: dict[tuple[str, str], list[datetime | None]] = {}
    for event in events:
        if not isinstance(event, dict):
            continue
        named = event.get("tenantId"), event.get("eventCategory")
        if not all(isinstance(name, str) for name in named):
            continue
        organisation, category = named
        if _ORGANISATION.fullmatch(organisation) and _CATEGORY.fullmatch(category):
            moments = found.setdefault((organisation, category), [])
            moments.append(_moment(event.get("eventDateUtc")))
    for (organisation, category), moments in found.items():
        named = [each for each in moments if each]
        earliest, latest = min(named, default=None), max(named, default=None)
        yield Change(organisation, category, len(moments), earliest, latest)


def _moment(text: Any) -> datetime | None:
    """Xero writes UTC without saying so: `2024-06-21T01:15:39.902`."""
    try:
        said = datetime.fromisoformat(text)
        return said.replace(tzinfo=said.tzinfo or UTC).astimezone(UTC)
    except (OverflowError, TypeError, ValueError):
        return None


def _number(value: Any) -> int | None:
    return value if type(value) is int else None
