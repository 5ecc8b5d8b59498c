"""Every post of the simulator's webhooks is as Xero describes it.

Xero's SDK has no model of webhooks. The description (16.1.0) does not know the two
categories that came in August and September 2026; for the rest their events are like
all others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from jsonschema import Draft202012Validator

from tests.contract.openapi.descriptions import (
    WEBHOOKS,
    document,
    needs_descriptions,
    resolved,
)
from tests.contract.openapi.webhook_cases import bodies

pytestmark = needs_descriptions

NEWER = {"PREPAYMENT", "OVERPAYMENT"}


def complaints(name: str, body: Any) -> list[str]:
    """What a schema of the description has against a document."""
    schema = {**document(WEBHOOKS), "$ref": f"#/components/schemas/{name}"}
    validator = Draft202012Validator(
        schema, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [
        f"{each.json_path}: {each.message}"
        for each in validator.iter_errors(body)
        # Xero's own examples have no Z, so that its dates are none by RFC 3339.
        if each.validator_value != "date-time"
    ]


def posts() -> list[dict[str, Any]]:
    return [json.loads(body) for body in bodies()["events"]]


def events() -> list[dict[str, Any]]:
    return [event for post in posts() for event in post["events"]]


def with_events(post: dict, chosen: Iterable[dict]) -> dict:
    return post | {"events": list(chosen)}


def test_every_post_is_as_described() -> None:
    assert posts()
    for post in posts():
        known = (e for e in post["events"] if e["eventCategory"] not in NEWER)
        assert complaints("WebhookEvent", with_events(post, known)) == []


def test_credit_notes_are_as_described() -> None:
    (post, *_) = posts()
    notes = [e for e in events() if e["eventCategory"] == "CREDITNOTE"]
    assert len(notes) > 3
    assert complaints("CreditNoteWebhookEvent", with_events(post, notes)) == []


def test_newer_categories_are_like_the_others() -> None:
    (post, *_) = posts()
    newer = [e for e in events() if e["eventCategory"] in NEWER]
    assert {e["eventCategory"] for e in newer} == NEWER
    renamed = (e | {"eventCategory": "CONTACT"} for e in newer)
    assert complaints("WebhookEvent", with_events(post, renamed)) == []


def test_no_member_is_undescribed() -> None:
    schemas = document(WEBHOOKS)["components"]["schemas"]
    body = schemas["WebhookEvent"]["properties"]
    described = set(resolved(WEBHOOKS, body["events"]["items"])["properties"])
    for post in posts():
        assert post.keys() == body.keys()
        for event in post["events"]:
            more = {"data"} if event["eventCategory"] == "CREDITNOTE" else set()
            assert event.keys() == described | more


def test_dates_are_of_the_form_of_xeros_examples() -> None:
    example = document(WEBHOOKS)["webhooks"]["creditNotes"]["post"]["requestBody"]
    (shown,) = example["content"]["application/json"]["examples"].values()
    dates = [each["eventDateUtc"] for each in shown["value"]["events"] + events()]
    form = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}")
    assert [each for each in dates if not form.fullmatch(each)] == []


def test_an_intent_differs_by_its_numbers_alone() -> None:
    for body in map(json.loads, bodies()["intents"]):
        assert body["events"] == []
        assert sorted(complaints("WebhookEvent", body)) == [
            "$.firstEventSequence: 0 is less than the minimum of 1",
            "$.lastEventSequence: 0 is less than the minimum of 1",
        ]


def test_the_answers_that_are_asked_for_are_those_described() -> None:
    for each in document(WEBHOOKS)["webhooks"].values():
        assert set(each["post"]["responses"]) == {"200", "401"}
