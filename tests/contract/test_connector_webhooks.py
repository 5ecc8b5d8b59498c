"""The connector takes what Xero describes, and all that the simulator posts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from lambda_connector.logic.clock import SystemClock
from lambda_connector.logic.model.webhook import Hook, Post
from lambda_connector.logic.webhook_posts import (
    ACCEPTED,
    REFUSED,
    Posts,
    signature_of,
    webhook_key_context,
)
from tests.contract.openapi.descriptions import (
    WEBHOOKS,
    document,
    needs_descriptions,
)
from tests.contract.openapi.webhook_cases import bodies
from tests.unit.connector.memory import MemoryPosts, MemoryVault

pytestmark = needs_descriptions

KEY, HOOK, INSTANCE = "a key", "hook", "instance"


class OneHook:
    """The only address that there is."""

    def get(self, hook: str) -> Hook | None:
        sealed = MemoryVault().seal(KEY, webhook_key_context(INSTANCE))
        return Hook(HOOK, INSTANCE, sealed) if hook == HOOK else None


def taken(body: bytes) -> Post:
    """What the connector keeps of a rightly signed body."""
    queue = MemoryPosts()
    posts = Posts(OneHook(), MemoryVault(), queue, SystemClock())
    assert posts.take(HOOK, body, signature_of("another key", body)) == REFUSED
    assert posts.take(HOOK, body, signature_of(KEY, body)) == ACCEPTED
    (post,) = queue.messages
    return post


def examples() -> list[dict[str, Any]]:
    """The two that the description has."""
    described = document(WEBHOOKS)
    asked = described["webhooks"]["creditNotes"]["post"]["requestBody"]["content"]
    (credit_note,) = asked["application/json"]["examples"].values()
    answer = described["components"]["responses"]["200WebhookDataReceivedOk"]
    schema = answer["content"]["application/json"]["schema"]
    return [credit_note["value"], schema["example"]]


@pytest.mark.parametrize(
    ("number", "category", "latest"),
    [
        (0, "CREDITNOTE", datetime(2025, 12, 2, 0, 44, 9, 923_000, UTC)),
        (1, "CONTACT", datetime(2024, 6, 21, 1, 15, 39, 902_000, UTC)),
    ],
)
def test_xeros_own_example(number: int, category: str, latest: datetime) -> None:
    example = examples()[number]
    (change,) = taken(json.dumps(example).encode()).changes
    assert change.organisation == example["events"][0]["tenantId"]
    assert (change.category, change.count, change.latest) == (category, 1, latest)


def test_all_that_the_simulator_tells_is_understood() -> None:
    for body in bodies()["events"]:
        said, post = json.loads(body), taken(body)
        assert post.events == sum(each.count for each in post.changes)
        assert post.events == len(said["events"]) > 0
        assert (post.first, post.last) == (
            said["firstEventSequence"],
            said["lastEventSequence"],
        )
        assert {each.category for each in post.changes} == {
            each["eventCategory"] for each in said["events"]
        }
        assert all(each.latest for each in post.changes)


def test_an_intent_to_receive_is_a_post_without_events() -> None:
    for body in bodies()["intents"]:
        post = taken(body)
        assert (post.events, post.changes, post.is_test) == (0, (), False)
