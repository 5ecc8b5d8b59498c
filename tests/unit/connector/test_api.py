"""The HTTP contract: every route, every refusal, and who sees what."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from lambda_connector.handlers import problem_documents
from lambda_connector.logic.problems import CODES, Problem

from .http_events import Api
from .world import CONSUMER, World

SYNC = {"resources": ["organisation", "contacts"], "mode": "incremental"}


@pytest.fixture
def api(world: World) -> Api:
    return Api(world)


@pytest.fixture
def connection(world: World) -> dict[str, Any]:
    """A connected organisation as the API shows it, with a finished sync."""
    world.xero.fill(1200)
    held = world.connect()
    world.run(held)
    return Api(world)("GET", f"/v1/connections/{held.id}").json


def test_the_whole_way_from_app_to_feed(world: World, api: Api) -> None:
    empty = api("GET", "/v1/app").json
    assert (empty["client_id"], empty["verified"], empty["tier"]) == (
        None,
        None,
        "starter",
    )
    assert empty["redirect_uri"] == "https://c.example/oauth/callback"
    body = {"client_id": "client", "client_secret": "secret"}
    saved = api("PUT", "/v1/app", body)
    assert saved.status == 200 and saved.json["verified"] is True
    assert b"secret" not in saved.body.replace(b"secret_set_at", b"")

    wish = {"reference": "1", "features": ["contacts"], "connection": None}
    begun = api("POST", "/v1/authorizations", wish)
    assert begun.status == 201
    consent, state = begun.json["id"], world.state(begun.json["authorize_url"])
    completion = f"/v1/authorizations/{consent}/completion"
    assert api("POST", completion, {"organisation": None}).code == (
        "authorization_pending"
    )

    back = api("GET", "/oauth/callback", key="", state=state, code="good-code")
    assert back.status == 302
    began, _, proof = back.headers["Location"].rpartition("-")
    assert began == f"https://crm.example/xero/return?authorization={consent}"
    # Who began and did not come back completes nothing.
    assert api("POST", completion, {"organisation": None}).code == (
        "authorization_pending"
    )
    completion = f"/v1/authorizations/{consent}-{proof}/completion"
    came = api("POST", completion, {"organisation": None})
    assert (came.status, came.json["status"]) == (200, "connected")
    held = came.json["connection"]
    assert held["state"] == "connected" and held["feed"]["head"] == 0
    assert held["budget"]["day_limit"] == 1000

    path = f"/v1/connections/{held['id']}"
    started = api("POST", f"{path}/syncs", SYNC)
    assert (started.status, started.json["state"]) == (202, "queued")
    assert api("POST", f"{path}/syncs", SYNC).status == 200
    world.deliver_all()
    sync = api("GET", f"/v1/syncs/{started.json['id']}").json
    assert sync["state"] == "done" and sync["finished_at"].endswith("Z")
    assert api("GET", f"{path}/syncs").json["syncs"] == [sync]
    log = api("GET", f"/v1/syncs/{sync['id']}/log", after=1).json["entries"]
    assert [entry["n"] for entry in log] == [2, 3]

    where = {"epoch": held["feed"]["epoch"], "consumer": CONSUMER}
    feed = api("GET", f"{path}/feed", after=0, **where).json
    assert [entry["kind"] for entry in feed["entries"]] == [
        "part",
        "part",
        "sync_finished",
    ]
    part = api("GET", f"{path}/feed/parts/1", **where)
    assert part.headers["Content-Type"] == "application/gzip"
    assert part.headers["X-Content-SHA256"] == feed["entries"][0]["sha256"]
    assert json.loads(gzip.decompress(part.body))["Organisations"]
    last = {name: feed["entries"][2][name] for name in ("n", "stamp")}
    done = api("POST", f"{path}/feed/acknowledgement", last | where)
    assert done.json == {"acknowledged": 3}
    assert api("DELETE", path).status == 204
    assert api("DELETE", "/v1/app").status == 204


def test_lists_show_the_own_instance_only(world: World, api: Api, connection) -> None:
    other, key = world.services.instances.create("Other", "https://other.example")
    assert api("GET", "/v1/connections", key=key).json == {"connections": []}
    assert api("GET", "/v1/app", key=key).json["client_id"] is None
    assert api("GET", "/v1/app", key=key).json["instance"]["id"] == other.id
    assert len(api("GET", "/v1/connections").json["connections"]) == 1


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer  ", "xo_1"])
def test_other_authorization_headers_are_refused(api: Api, header: str) -> None:
    answer = api("GET", "/v1/app", key="", headers={"authorization": header})
    assert answer.code == "instance_key_invalid"


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"client_id": "x"}, "body.client_secret"),
        ({"client_id": "", "client_secret": "y"}, "body.client_id"),
        ({"client_id": "a b", "client_secret": "y"}, "body.client_id"),
        ({"client_id": "x", "client_secret": "y\n"}, "body.client_secret"),
        ({"client_id": "x", "client_secret": "y" * 257}, "body.client_secret"),
        ({"client_id": 5, "client_secret": "y"}, "body.client_id"),
        ({"client_id": "x", "client_secret": "y", "tier": "gold"}, "body.tier"),
        ({"client_id": "x", "client_secret": "y", "instance": "z"}, "body.instance"),
    ],
)
def test_invalid_bodies_name_the_place_and_never_the_value(
    api: Api, body: dict[str, Any], location: str
) -> None:
    answer = api("PUT", "/v1/app", body)
    assert (answer.status, answer.code) == (422, "request_invalid")
    assert location in [error["location"] for error in answer.json["errors"]]
    assert b"yyyy" not in answer.body


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", '"x"', "5"])
def test_body_that_is_no_object_is_invalid(api: Api, raw: str) -> None:
    answer = api("PUT", "/v1/app", raw=raw)
    assert (answer.status, answer.code) == (422, "request_invalid")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"epoch": "e", "after": -1, "consumer": CONSUMER},
        {"epoch": "e", "after": "x", "consumer": CONSUMER},
        {"epoch": "e", "after": 10**30, "consumer": CONSUMER},
        {"epoch": "e", "after": 0, "consumer": "me"},
        {"epoch": "", "after": 0, "consumer": CONSUMER},
    ],
)
def test_invalid_positions(api: Api, connection, query: dict[str, Any]) -> None:
    answer = api("GET", f"/v1/connections/{connection['id']}/feed", **query)
    assert (answer.status, answer.code) == (422, "request_invalid")


@pytest.mark.parametrize(
    "body",
    [
        {"resources": [], "mode": "full"},
        {"resources": ["bills"], "mode": "full"},
        {"features": ["bills"], "mode": "full"},
        {"features": [], "mode": "full"},
        {"mode": "full"},
        {"features": ["contacts"], "resources": ["contacts"], "mode": "full"},
        {"resources": ["contacts"], "mode": "quick"},
        {"resources": "contacts", "mode": "full"},
    ],
)
def test_invalid_syncs(api: Api, connection, body: dict[str, Any]) -> None:
    answer = api("POST", f"/v1/connections/{connection['id']}/syncs", body)
    assert (answer.status, answer.code) == (422, "request_invalid")


@pytest.mark.parametrize(
    "code", ["reconnect_needed", "organisation_gone", "user_removed", "scope_missing"]
)
def test_sync_of_a_stopped_connection_says_why(
    world: World, api: Api, code: str
) -> None:
    held = world.connect()
    world.services.connections.stop(held, code)
    path = f"/v1/connections/{held.id}"
    assert api("GET", path).json["state_code"] == code
    assert api("POST", f"{path}/syncs", SYNC).code == code


@pytest.mark.parametrize("name", ["x" * 65, "%00", "..", "'; --", "é", "a-b-c"])
def test_ids_of_any_form_are_never_an_error_of_ours(api: Api, name: str) -> None:
    for path in (f"/v1/connections/{name}", f"/v1/syncs/{name}"):
        assert api("GET", path).status in (404, 422)


def test_unknown_addresses_and_methods(api: Api) -> None:
    unknown = api("GET", "/v1/nothing")
    assert (unknown.status, unknown.code) == (404, "route_unknown")
    wrong = api("POST", "/v1/app", {"x": 1})
    assert (wrong.status, wrong.code) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "DELETE, GET, PUT"
    assert api("PATCH", "/v1/connections/1").headers["Allow"] == "DELETE, GET"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"state": "", "code": "x"},
        {"state": "guess", "code": "x"},
        {"code": "x"},
        {"state": "<script>alert(1)</script>", "error": "<b>"},
        {"state": "x" * 6000, "code": "y" * 6000},
    ],
)
def test_state_that_is_not_valid_gets_a_page_for_a_person(
    api: Api, query: dict[str, str]
) -> None:
    answer = api("GET", "/oauth/callback", key="", **query)
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"Go back to Odoo" in answer.body
    assert b"<script" not in answer.body and "Location" not in answer.headers


def test_replayed_state_gets_the_page(world: World, api: Api) -> None:
    world.set_app()
    _, url = world.services.authorizations.begin(
        world.instance, "", ("contacts",), None, "https://c.example/cb"
    )
    once = {"key": "", "state": world.state(url), "code": "good-code"}
    assert api("GET", "/oauth/callback", **once).status == 302
    assert api("GET", "/oauth/callback", **once).status == 400


def test_refused_consent_comes_back_to_odoo(world: World, api: Api) -> None:
    world.set_app()
    made, url = world.services.authorizations.begin(
        world.instance, "", ("contacts",), None, "https://c.example/cb"
    )
    refused = {"state": world.state(url), "error": "access_denied"}
    assert api("GET", "/oauth/callback", key="", **refused).status == 302
    completion = f"/v1/authorizations/{made.id}/completion"
    answer = api("POST", completion, {"organisation": None})
    assert (answer.status, answer.code) == (403, "consent_denied")


def test_unexpected_error_tells_nothing_of_itself(
    world: World, api: Api, monkeypatch, log
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("token abc of Kauri Trading")

    monkeypatch.setattr(world.ports.apps, "get", fail)
    answer = api("GET", "/v1/app")
    assert (answer.status, answer.code) == (500, "internal_error")
    assert b"Kauri" not in answer.body
    assert "RuntimeError" in log.getvalue() and "Kauri" not in log.getvalue()


def test_every_code_has_its_words_and_a_status_that_fits() -> None:
    for code, words in CODES.items():
        assert words.title and words.sentence.endswith("."), code
        assert words.status == 0 or 400 <= words.status < 600, code
    answer = problem_documents.problem_response(Problem("stuck"), "1")
    assert answer.status_code == 500


def test_secrets_never_reach_the_logs(world: World, api: Api, log) -> None:
    api("PUT", "/v1/app", {"client_id": "client", "client_secret": "secret"})
    api("PUT", "/v1/app", {"client_id": "", "client_secret": "hush-hush"})
    world.xero.known = False
    api("PUT", "/v1/app", {"client_id": "client", "client_secret": "hush-hush"})
    logged = log.getvalue()
    assert "xero_client_invalid" in logged
    assert "hush-hush" not in logged and world.key not in logged
