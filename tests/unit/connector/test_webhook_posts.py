"""`POST /webhooks/{hook}`: what is Xero's is kept, anything else is refused."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from io import StringIO
from types import ModuleType
from typing import Any

import pytest

from lambda_connector.logic import webhook_posts
from lambda_connector.logic.webhook_posts import Posts, signature_of

from .telling import KEY, Telling, body_of, event, function_of
from .world import START, World


@pytest.fixture
def telling(world: World) -> Telling:
    world.set_app()
    return Telling(world)


@pytest.fixture
def function(monkeypatch) -> ModuleType:
    """The handler's module, as Lambda starts it."""
    return function_of(monkeypatch, "webhook")


def http(
    telling: Telling, body: bytes, signature: str | None, is_packed: bool = False
) -> dict[str, Any]:
    """The event of API Gateway for a post."""
    headers = {"content-type": "application/json", "x-xero-signature": signature}
    return {
        "pathParameters": {"hook": telling.hook},
        "headers": {name: value for name, value in headers.items() if value},
        "body": base64.b64encode(body).decode() if is_packed else body.decode(),
        "isBase64Encoded": is_packed,
    }


def test_signature_is_the_one_that_xero_documents() -> None:
    digest = hmac.digest(KEY.encode(), b'{"events":[]}', "sha256")
    expected = base64.b64encode(digest).decode()
    assert signature_of(KEY, b'{"events":[]}') == expected


def test_rightly_signed_post_is_kept_without_what_it_names(telling, function) -> None:
    body = body_of(
        event("CONTACT"), event("CONTACT"), event("INVOICE", at=START), first=41
    )
    answer = http(telling, body, signature_of(KEY, body))
    assert function.status(telling.posts, answer) == 200
    (post,) = telling.queue.messages
    assert post.instance == telling.world.instance
    assert (post.events, post.first, post.last) == (3, 41, 43)
    assert [(one.category, one.count) for one in post.changes] == [
        ("CONTACT", 2),
        ("INVOICE", 1),
    ]
    assert post.changes[0].latest == datetime(2026, 11, 2, 9, 29, 58, 902000, UTC)
    assert post.changes[1].latest == START
    assert "0a1b" not in repr(post)


def test_signature_is_over_the_bytes_whether_gateway_packed_them_or_not(
    telling, function
) -> None:
    body = body_of(event(note="Kākā ☕ Grüße"))
    signature = signature_of(KEY, body)
    for is_packed in (False, True):
        answer = http(telling, body, signature, is_packed)
        assert function.status(telling.posts, answer) == 200
    raw = b'{"events":[],"entropy":"\xff\xfe"}'
    answer = http(telling, raw, signature_of(KEY, raw), True)
    assert function.status(telling.posts, answer) == 200


def test_body_that_was_written_anew_is_refused(telling, function) -> None:
    """The same JSON with other blanks is another body."""
    body = body_of(event())
    again = json.dumps(json.loads(body)).encode()
    assert json.loads(again) == json.loads(body) and again != body
    answer = http(telling, again, signature_of(KEY, body))
    assert function.status(telling.posts, answer) == 401
    assert telling.queue.messages == []


@pytest.mark.parametrize("place", [0, 1, 40, -2, -1])
def test_one_changed_byte_is_refused(telling, function, place: int) -> None:
    body = body_of(event())
    changed = bytearray(body)
    changed[place] ^= 1
    answer = http(telling, bytes(changed), signature_of(KEY, body), True)
    assert function.status(telling.posts, answer) == 401


def test_wrong_and_odd_signatures_are_refused(telling, function) -> None:
    body = body_of(event())
    right = signature_of(KEY, body)
    hexadecimal = hmac.digest(KEY.encode(), body, "sha256").hex()
    for wrong in (
        None,
        "",
        right[:-1],
        right + "=",
        f" {right}",
        right.swapcase(),
        hexadecimal,
        signature_of("another", body),
        signature_of(KEY + "\n", body),
        "☕" * 44,
        "\ud800",
        right + "," + right,
    ):
        answer = http(telling, body, wrong)
        assert function.status(telling.posts, answer) == 401, wrong
    assert telling.queue.messages == []


def test_body_that_is_no_base64_is_refused(telling, function) -> None:
    answer = http(telling, b"", "x") | {"body": "***", "isBase64Encoded": True}
    assert function.status(telling.posts, answer) == 401


def test_post_without_anything_is_refused(telling, function) -> None:
    assert function.status(telling.posts, {}) == 401
    bare = {"pathParameters": {"hook": telling.hook}, "headers": None}
    assert function.status(telling.posts, bare) == 401


def test_signature_is_compared_in_constant_time(telling, function, monkeypatch) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(webhook_posts.hmac, "compare_digest", compare)
    body = body_of()
    function.status(telling.posts, http(telling, body, "wrong"))
    assert compared == [(signature_of(KEY, body).encode(), b"wrong")]


def test_hook_that_is_none_or_has_no_key_is_refused(telling) -> None:
    body = body_of()
    signature = signature_of(KEY, body)
    for hook in ("", "f" * 32, telling.hook[:-1], telling.hook + "0", "../x", "#"):
        assert telling.posts.take(hook, body, signature) == "refused"
    telling.world.services.apps.forget_webhook_key(telling.world.instance)
    telling.world.clock.advance(minutes=1)
    assert telling.post() == "refused"
    telling.world.services.apps.delete(telling.world.instance)
    telling.posts._keys.clear()
    assert telling.posts.take("", body, signature) == "refused"


def test_new_key_counts_at_once_and_the_old_one_no_more(telling) -> None:
    assert telling.post() == "accepted"
    telling.world.services.apps.set_webhook_key(telling.world.instance, "a-newer-key")
    assert telling.post(key="a-newer-key") == "accepted"
    assert telling.post(key=KEY) == "refused"


def test_key_is_opened_once_a_minute_at_most(telling, monkeypatch) -> None:
    vault = telling.world.ports.vault
    opened = []
    open_it = vault.open
    monkeypatch.setattr(
        vault, "open", lambda *given: opened.append(1) or open_it(*given)
    )
    for _ in range(5):
        assert telling.post(event()) == "accepted"
        assert telling.post(event(), key="wrong") == "refused"
    assert len(opened) == 1


def test_key_of_one_instance_does_not_open_anothers_hook(telling) -> None:
    world = telling.world
    world.xero.client = ("other", "secret")
    made, _ = world.services.instances.create("Other", "https://other.example")
    world.services.apps.save(made.id, "other", "secret", "starter")
    world.services.apps.set_webhook_key(made.id, "the-others-key")
    body = body_of(event())
    signature = signature_of(KEY, body)
    assert telling.posts.take(made.hook, body, signature) == "refused"
    assert made.hook != telling.hook


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"events":{}}',
        b'{"events":null}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"events":[],"firstEventSequence":' + b"9" * 5000 + b"}",
    ],
    ids=range(9),
)
def test_what_xero_signed_and_is_not_of_its_form_is_taken_and_counted(
    telling, function, body: bytes
) -> None:
    """Refused, Xero would send it again for a day and then stop."""
    answer = http(telling, body, signature_of(KEY, body), True)
    assert function.status(telling.posts, answer) == 200
    assert telling.queue.messages == []


def test_events_of_odd_forms_are_left_out_and_the_rest_is_kept(telling) -> None:
    odd = [
        None,
        7,
        [],
        {},
        event(tenantId=None),
        event(tenantId=["x"]),
        event(tenantId="x" * 65),
        event(tenantId="a#b"),
        event(eventCategory=None),
        event(eventCategory="contact name"),
        event(eventCategory="X" * 41),
    ]
    late = [
        event(eventDateUtc=text)
        for text in ("", None, 5, "soon", "0001-01-01T00:00:00+14:00", "2026-13-01")
    ]
    assert telling.post(*odd, *late, event("INVOICE")) == "accepted"
    (post,) = telling.queue.messages
    assert [(one.category, one.count, one.latest) for one in post.changes] == [
        ("CONTACT", len(late), None),
        ("INVOICE", 1, datetime(2026, 11, 2, 9, 29, 58, 902000, UTC)),
    ]


def test_as_much_as_the_gateway_lets_in_is_taken(telling, function) -> None:
    """API Gateway: 10 MB. Lambda takes 6 MB of an event."""
    body = body_of(*[event("INVOICE", padding="x" * 200) for _ in range(9000)])
    assert 4_000_000 < len(body) < 6_000_000
    answer = http(telling, body, signature_of(KEY, body), True)
    assert function.status(telling.posts, answer) == 200
    (post,) = telling.queue.messages
    assert [one.count for one in post.changes] == [9000]


def test_what_could_not_be_kept_is_asked_for_again(telling, function, log) -> None:
    class Broken:
        def send(self, post: object) -> None:
            raise ConnectionError("SQS")

    of = telling.world.ports
    posts = Posts(of.hooks, of.vault, Broken(), of.clock)
    body = body_of(event())
    assert function.status(posts, http(telling, body, signature_of(KEY, body))) == 503


def test_neither_key_nor_body_nor_signature_is_in_the_log(
    telling, function, log: StringIO
) -> None:
    body = body_of(event(note="Secret Customer"))
    signature = signature_of(KEY, body)
    unreadable = b'{"Secret Customer'
    for sent, signed in (
        (body, signature),
        (body, "wrong-signature"),
        (unreadable, signature_of(KEY, unreadable)),
    ):
        function.status(telling.posts, http(telling, sent, signed))
    told = log.getvalue()
    assert "not of its form" in told
    for secret in (KEY, "Secret", signature, "wrong-signature", "0a1b", telling.hook):
        assert secret not in told
