"""Xero telling a connector of changes: posts as it writes and signs them."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

from lambda_connector.logic.changes import Taken
from lambda_connector.logic.model.dirty import Dirty
from lambda_connector.logic.model.webhook import Post
from lambda_connector.logic.webhook_posts import Posts, signature_of

from .memory import MemoryPosts
from .world import KAURI, World

KEY = "xXV8bNzpDdSNPZSMJWkBrA1Ht9gV6AlVZRg=="
"""As Xero makes them: base64, and taken as the text that it is."""


def event(
    category: str = "CONTACT",
    organisation: str = KAURI.organisation,
    at: datetime | None = None,
    **members: Any,
) -> dict[str, Any]:
    moment = at.replace(tzinfo=None).isoformat() if at else "2026-11-02T09:29:58.902"
    return {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/{category.title()}s/0a1b",
        "resourceId": "0a1b2c3d-0000-4000-8000-00000000000a",
        "eventDateUtc": moment,
        "eventType": "UPDATE",
        "eventCategory": category,
        "tenantId": organisation,
        "tenantType": "ORGANISATION",
        **members,
    }


def body_of(*events: Any, first: int = 1) -> bytes:
    """With blanks where Xero puts them, and where no library would."""
    last = first + len(events) - 1 if events else 0
    text = json.dumps(list(events), separators=(",", ":"))
    numbers = f'"lastEventSequence": {last},"firstEventSequence": {first}'
    return f'{{"events":{text},{numbers}, "entropy": "VJUYOKKZWLEJGHMKWGIV"}}'.encode()


@dataclass
class Telling:
    """A world whose Xero app has a webhooks key. Messages lie in `queue`."""

    world: World
    queue: MemoryPosts = field(default_factory=MemoryPosts)

    def __post_init__(self) -> None:
        of = self.world
        of.services.apps.set_webhook_key(of.instance, KEY)
        self.posts = Posts(of.ports.hooks, of.ports.vault, self.queue, of.clock)

    @property
    def hook(self) -> str:
        return self.world.services.instances.get(self.world.instance).hook

    def post(self, *events: Any, key: str = KEY, correlation: str = "") -> str:
        body = body_of(*events)
        signature = signature_of(key, body)
        return self.posts.take(self.hook, body, signature, correlation)

    def deliver(self, posts: Sequence[Post] | None = None) -> Taken:
        """The batch function on all messages, or on these."""
        if posts is None:
            posts = list(self.queue.messages)
            self.queue.messages.clear()
        return self.world.services.changes.take(posts)

    def tell(self, *categories: str) -> Taken:
        """Post an event of each category and deliver it."""
        assert self.post(*map(event, categories)) == "accepted"
        return self.deliver()

    def marks(self, connection: Any) -> set[str]:
        row = self.row(connection)
        return {mark.resource for mark in row.marks} if row else set()

    def row(self, connection: Any) -> Dirty | None:
        return self.world.ports.dirty.get(connection.instance, connection.id)


def function_of(monkeypatch: pytest.MonkeyPatch, name: str) -> ModuleType:
    """The module of that handler, as Lambda starts it."""
    settings = ("TABLE_NAME", "SPOOL_BUCKET", "SYNC_QUEUE_URL", "TOKEN_KEY_ID")
    for setting in (*settings, "WEBHOOK_QUEUE_URL"):
        monkeypatch.setenv(setting, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    return importlib.import_module(f"lambda_connector.handlers.{name}")


def break_table_of(
    world: World, monkeypatch: pytest.MonkeyPatch, organisation: str
) -> None:
    """From now on nobody learns which connection holds that organisation."""
    holder = type(world.ports.connections).holder

    def broken(self: Any, instance: str, asked: str) -> str | None:
        if asked == organisation:
            raise ConnectionError("DynamoDB")
        return holder(self, instance, asked)

    monkeypatch.setattr(type(world.ports.connections), "holder", broken)
