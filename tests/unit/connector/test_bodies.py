"""What a request may carry, and what is said of the rest: never a 500, always where."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from infra.local import gateway
from infra.local.stack import Route

from .http_events import Answer, Api, Context, answer_of, http_event
from .world import CONSUMER, World

GOOD = {"client_id": "client", "client_secret": "secret"}
JSON = "application/json"


@pytest.fixture
def api(world: World) -> Api:
    return Api(world)


def put(api: Api, body: str, kind: str | None = JSON, encoded: bool = False) -> Answer:
    """`PUT /v1/app` with this body as API Gateway hands it over."""
    headers = {"authorization": f"Bearer {api.world.key}"}
    if kind is not None:
        headers["content-type"] = kind
    event = http_event("PUT", "/v1/app", {}, headers, body)
    event["isBase64Encoded"] = encoded
    return answer_of(api.application.answer(event, Context()))


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def padded(length: int) -> bytes:
    text = json.dumps(GOOD).encode()
    return text + b" " * (length - len(text))


@pytest.mark.parametrize("kind", [JSON, f"{JSON}; charset=utf-8", f"{JSON} ;x=y"])
def test_json_is_taken_as_text_and_as_base64(api: Api, kind: str) -> None:
    text = json.dumps(GOOD)
    assert put(api, text, kind).status == 200
    assert put(api, base64_of(text.encode()), kind, encoded=True).status == 200


def test_body_of_64_kb_is_taken_and_one_byte_more_is_not(api: Api) -> None:
    assert put(api, padded(64 * 1024).decode()).status == 200
    assert put(api, base64_of(padded(64 * 1024)), encoded=True).status == 200
    for answer in (
        put(api, padded(64 * 1024 + 1).decode()),
        put(api, base64_of(padded(64 * 1024 + 1)), encoded=True),
        put(api, "é" * 33_000),
    ):
        assert (answer.status, answer.code) == (413, "body_too_large")


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/jsonx",
        "application/json5",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
    ],
)
def test_only_json_is_taken(api: Api, kind: str | None) -> None:
    """Forms too, which powertools would read, have to be JSON here."""
    for body in (json.dumps(GOOD), "client_id=client&client_secret=secret"):
        answer = put(api, body, kind)
        assert (answer.status, answer.code) == (415, "body_unreadable")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"client_id": "a", "client_id": "b", "client_secret": "s"}', "twice"),
        ('{"client_id": "a", "client_secret": {"x": 1, "x": 1}}', "twice"),
        ('{"client_id": NaN, "client_secret": "s"}', "NaN"),
        ('{"client_id": -Infinity, "client_secret": "s"}', "Infinity"),
        ('{"client_id": 1' + "0" * 5000 + "}", "huge"),
        ("[" * 60_000, "deeply"),
        ('{"a":' * 10_000, "deeply"),
        ("{", "not JSON"),
        ('{"client_id": "a\x00"}', "not JSON"),
        ("\ufeff{}", "not JSON"),
        ("{}{}", "not JSON"),
        ("{'client_id': 'a'}", "not JSON"),
    ],
)
def test_text_that_means_nothing_or_two_things(api: Api, body: str, said: str) -> None:
    answer = put(api, body)
    assert (answer.status, answer.code) == (422, "request_invalid")
    (error,) = answer.json["errors"]
    assert error["location"] == "body" and said in error["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (base64_of(b'{"client_id": "\xff"}'), "UTF-8"),
        (base64_of(json.dumps(GOOD).encode("utf-16")), "UTF-8"),
        ("not base64!", "base64"),
        ("=", "base64"),
    ],
)
def test_bytes_that_are_no_text(api: Api, body: str, said: str) -> None:
    answer = put(api, body, encoded=True)
    assert (answer.status, answer.code) == (422, "request_invalid")
    assert said in answer.json["errors"][0]["message"]


def test_lone_surrogate_that_came_as_text(api: Api) -> None:
    assert put(api, '{"client_id": "\ud800", "client_secret": "s"}').status == 422


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "a\x00", "a\n", "\x7f", "\ud800", "x" * 257, "a\t"]
)
def test_texts_that_no_client_id_has(api: Api, text: str) -> None:
    answer = api("PUT", "/v1/app", {**GOOD, "client_id": text})
    assert (answer.status, answer.code) == (422, "request_invalid")
    assert answer.json["errors"][0]["location"] == "body.client_id"


@pytest.mark.parametrize("value", [True, "1", 1.5, -1, 10**12, 10**400, None, [1]])
def test_numbers_that_are_no_position(world: World, api: Api, value: Any) -> None:
    held = world.connect()
    body = {"epoch": "e", "n": value, "consumer": CONSUMER}
    path = f"/v1/connections/{held.id}/feed/acknowledgement"
    answer = api("POST", path, body)
    assert (answer.status, answer.code) == (422, "request_invalid")
    assert answer.json["errors"][0]["location"] == "body.n"


@pytest.mark.parametrize(
    "query",
    [
        "epoch=e&after=1&after=2&consumer=" + CONSUMER,
        "epoch=e&after=1,2&consumer=" + CONSUMER,
        "epoch=e&epoch=f&after=1&consumer=" + CONSUMER,
        f"epoch=e&after=1&consumer={CONSUMER}&consumer={CONSUMER}",
        "epoch=&after=1&consumer=" + CONSUMER,
        "epoch=e&after=&consumer=" + CONSUMER,
        "epoch=e&after=%00&consumer=" + CONSUMER,
        "epoch=e&after=1e3&consumer=" + CONSUMER,
        "epoch=e&after=9" + "9" * 5000 + "&consumer=" + CONSUMER,
        "epoch=e&after=1",
    ],
)
def test_parameters_that_are_none_or_several(
    world: World, api: Api, query: str
) -> None:
    """API Gateway joins those that come several times by commas."""
    held = world.connect()
    environ = EnvironBuilder(
        path=f"/v1/connections/{held.id}/feed",
        query_string=query,
        headers={"Authorization": f"Bearer {world.key}"},
    ).get_environ()
    event = gateway.event(Request(environ), Route("ANY", "/v1/{proxy+}", "Api"), {})
    answer = answer_of(api.application.answer(event, Context()))
    assert (answer.status, answer.code) == (422, "request_invalid")
    assert answer.json["errors"][0]["location"].startswith("query.")


def test_state_that_came_twice_gets_the_page_for_a_person(api: Api) -> None:
    environ = EnvironBuilder(
        path="/oauth/callback", query_string="state=a&state=b&code=x,y&error="
    ).get_environ()
    route = Route("GET", "/oauth/callback", "Api")
    event = gateway.event(Request(environ), route, {})
    answer = answer_of(api.application.answer(event, Context()))
    assert answer.status == 400 and b"Go back to Odoo" in answer.body


def test_body_where_none_belongs_is_not_looked_at(world: World, api: Api) -> None:
    assert api("GET", "/v1/app", raw="{").status == 200
    assert api("DELETE", "/v1/app", raw="x" * 70_000).status == 204


def test_failure_before_any_route_is_a_problem_document(
    world: World, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the table does not answer")

    monkeypatch.setattr(world.ports.instances, "key", fail)
    answer = api("GET", "/v1/app")
    assert (answer.status, answer.code) == (500, "internal_error")


def test_answer_that_is_not_as_its_type_says_is_our_error(
    world: World, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "lambda_connector.handlers.routes.app.app_json", lambda *_: {"tier": 1}
    )
    answer = api("GET", "/v1/app")
    assert (answer.status, answer.code) == (500, "internal_error")
