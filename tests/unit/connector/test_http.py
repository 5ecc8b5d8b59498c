"""Xero's answers over HTTP, told apart: against a server that answers as told."""

from __future__ import annotations

import base64
import gzip
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from lambda_connector.logic.faults import (
    ClientRefused,
    Failed,
    GrantRefused,
    Invalid,
    OrganisationGone,
    Refused,
    ScopeMissing,
    Throttled,
    TimedOut,
    TokenRejected,
    TooLarge,
    Unavailable,
    Unreadable,
)
from lambda_connector.logic.pages import pack
from lambda_connector.logic.ports import (
    Answer,
    DocumentRequest,
    PageRequest,
    WriteRequest,
)
from lambda_connector.xero.accounting import HttpXeroApi, modified_since
from lambda_connector.xero.http import retry_after
from lambda_connector.xero.identity import HttpXeroIdentity

from .answering import Server

REQUEST = PageRequest("Contacts", {"page": "1"}, max_bytes=10_000)
PDF = DocumentRequest("Invoices/i/pdf", 10_000, "application/pdf")
WRITE = WriteRequest(
    "PUT",
    "Contacts",
    {"Contacts": [{"Name": "Café"}]},
    "the-key",
    5.0,
    10_000,
    {"summarizeErrors": "false"},
)


def read(server: Server, request: PageRequest = REQUEST, seconds: float = 5) -> Answer:
    return HttpXeroApi(server.url, seconds).read("token", "tenant", request)


def identity(server: Server) -> HttpXeroIdentity:
    return HttpXeroIdentity(server.url, server.url, 5.0)


def test_call_says_what_xero_needs(server: Server) -> None:
    since = datetime(2026, 11, 2, 9, 30, 15, 999999, tzinfo=UTC)
    read(server, PageRequest("Contacts", {"page": "2"}, since))
    ((path, headers, _),) = server.asked
    assert path == "/api.xro/2.0/Contacts?page=2"
    assert headers["Authorization"] == "Bearer token"
    assert headers["xero-tenant-id"] == "tenant"
    assert headers["Accept"] == "application/json"
    assert headers["If-Modified-Since"] == "2026-11-02T09:30:15"


def test_document_as_it_came(server: Server) -> None:
    api = HttpXeroApi(server.url, 5.0)
    for server.body in (b"%PDF-1.4", gzip.compress(b"%PDF-1.4")):
        server.headers = {"X-DayLimit-Remaining": "812"}
        got = api.document("token", "tenant", PDF)
        assert (got.body, got.day_remaining) == (b"%PDF-1.4", 812)
    path, headers, _ = server.asked[0]
    assert path == "/api.xro/2.0/Invoices/i/pdf"
    assert headers["Accept"] == "application/pdf"
    assert headers["xero-tenant-id"] == "tenant"


@pytest.mark.parametrize(
    "body", [b"x" * 10_001, gzip.compress(bytes(10_001)), b"x" * 30_000_000]
)
def test_document_that_is_too_large_is_not_held(server: Server, body: bytes) -> None:
    server.body = body
    with pytest.raises(TooLarge):
        HttpXeroApi(server.url, 5.0).document("token", "tenant", PDF)


def test_document_that_is_none(server: Server) -> None:
    for server.status, server.body, fault in (
        (204, b"", Unreadable),
        (304, b"", Unreadable),
        (404, b"The resource you're looking for cannot be found", Refused),
        (503, b"<html>", Unavailable),
    ):
        with pytest.raises(fault):
            HttpXeroApi(server.url, 5.0).document("token", "tenant", PDF)


def test_modified_since_is_utc_to_the_second() -> None:
    auckland = timezone(timedelta(hours=13))
    moment = datetime(2026, 11, 2, 9, 0, 0, 5, tzinfo=auckland)
    assert modified_since(moment) == "2026-11-01T20:00:00"


def test_plain_body_is_packed_without_a_time(server: Server) -> None:
    server.body = b'{"Contacts": []}'
    answer = read(server)
    assert answer.packed == pack(server.body) and answer.body == server.body


def test_gzip_of_xero_is_kept_as_it_came_but_for_its_time(server: Server) -> None:
    server.body = gzip.compress(b'{"Contacts": []}', mtime=1_700_000_000)
    server.headers = {"Content-Encoding": "gzip"}
    answer = read(server)
    assert answer.body == gzip.decompress(answer.packed) == b'{"Contacts": []}'
    assert answer.packed == server.body[:4] + bytes(4) + server.body[8:]


def test_unchanged_has_no_body_whatever_its_headers_say(server: Server) -> None:
    since = datetime(2026, 11, 2, tzinfo=UTC)
    server.status, server.body = 304, b""
    server.headers = {"Content-Encoding": "gzip"}
    answer = read(server, PageRequest("Contacts", {}, since, 10_000))
    assert answer.unchanged and answer.body == b""


def test_plain_body_that_is_called_gzip_is_read(server: Server) -> None:
    server.body, server.headers = b'{"Contacts": []}', {"Content-Encoding": "gzip"}
    assert read(server).body == server.body


def test_limits_and_date_are_read_from_the_headers(server: Server) -> None:
    server.headers = {
        "X-DayLimit-Remaining": "812",
        "X-MinLimit-Remaining": "x",
        "Date": "Mon, 02 Nov 2026 09:30:00 GMT",
    }
    answer = read(server)
    assert (answer.day_remaining, answer.minute_remaining) == (812, None)


@pytest.mark.parametrize(
    ("status", "headers", "body", "fault"),
    [
        (500, {}, b'{"Detail": "An error occurred"}', Failed),
        (503, {}, b"<html>Not Available</html>", Failed),
        (502, {}, b"", Failed),
        (504, {}, b"", Unavailable),
        (401, {}, b'{"Detail": "TokenExpired: token expired"}', TokenRejected),
        (401, {}, b"not json", TokenRejected),
        (401, {}, b'{"Detail": "AuthorizationUnsuccessful"}', ScopeMissing),
        (
            401,
            {"WWW-Authenticate": 'Bearer error="insufficent_scope"'},
            b"",
            ScopeMissing,
        ),
        (403, {"WWW-Authenticate": "insufficient_scope"}, b"", ScopeMissing),
        (403, {}, b'{"Detail": "AuthenticationUnsuccessful"}', OrganisationGone),
        (403, {}, b'{"Detail": "AuthorizationUnsuccessful"}', ScopeMissing),
        (403, {}, b"<html>", Refused),
        (400, {}, b'{"ErrorNumber": 51, "Type": "HighVolumeException"}', Refused),
        (404, {}, b"The resource you're looking for cannot be found", Refused),
        (301, {"Location": "http://127.0.0.1:1/"}, b"", Refused),
        (429, {}, b"", Throttled),
    ],
)
def test_refusals_are_told_apart(server: Server, status, headers, body, fault) -> None:
    server.status, server.headers, server.body = status, headers, body
    with pytest.raises(fault) as caught:
        read(server)
    assert type(caught.value) is fault


def test_write_says_all_that_xero_asks_of_one(server: Server) -> None:
    came = HttpXeroApi(server.url, 5.0).write("token", "tenant", WRITE)
    assert came.body == b"{}"
    # By the server's Date header, to the second.
    assert came.answered_at and came.answered_at.microsecond == 0
    ((path, headers, content),) = server.asked
    assert path == "/api.xro/2.0/Contacts?summarizeErrors=false"
    assert json.loads(content) == {"Contacts": [{"Name": "Café"}]}
    assert headers["Idempotency-Key"] == "the-key"
    assert headers["xero-tenant-id"] == "tenant"
    assert headers["Content-Type"] == headers["Accept"] == "application/json"


def test_write_that_xero_does_not_take_is_told_in_its_words(server: Server) -> None:
    errors = [{"Message": "Email address must be valid."}, {"Description": "No name."}]
    elements = [{"ContactPersons": [{"ValidationErrors": errors}]}]
    server.status = 400
    server.body = json.dumps({"ErrorNumber": 10, "Elements": elements}).encode()
    with pytest.raises(Invalid) as caught:
        HttpXeroApi(server.url, 5.0).write("token", "tenant", WRITE)
    assert caught.value.messages == ("Email address must be valid.", "No name.")
    assert "Email" not in str(caught.value)
    server.body = b'{"ErrorNumber": 17, "Message": "No data"}'
    with pytest.raises(Refused):
        HttpXeroApi(server.url, 5.0).write("token", "tenant", WRITE)


def test_write_that_takes_too_long_has_its_own_time(server: Server) -> None:
    server.pause = 1.0
    with pytest.raises(TimedOut):
        hurried = replace(WRITE, seconds=0.2)
        HttpXeroApi(server.url, 5.0).write("token", "tenant", hurried)


@pytest.mark.parametrize(
    ("headers", "kind", "seconds"),
    [
        ({"X-Rate-Limit-Problem": "minute", "Retry-After": "31"}, "minute", 31),
        ({"X-Rate-Limit-Problem": "Daily", "Retry-After": "66975"}, "daily", 66975),
        ({"X-Rate-Limit-Problem": "concurrent"}, "concurrent", None),
        ({}, "", None),
    ],
)
def test_limits_are_told_apart(server: Server, headers, kind, seconds) -> None:
    server.status, server.headers = 429, headers
    with pytest.raises(Throttled) as caught:
        read(server)
    assert (caught.value.kind, caught.value.retry_after) == (kind, seconds)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5),
        (" 0.5 ", 0.5),
        ("-3", 0),
        ("", None),
        (None, None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after_in_any_form(text: str | None, seconds: float | None) -> None:
    assert retry_after(text) == seconds


def test_retry_after_as_a_date() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert 85 < retry_after(format_datetime(later, usegmt=True)) <= 90


def test_silent_server_times_out(server: Server) -> None:
    server.pause = 1.0
    with pytest.raises(TimedOut):
        read(server, seconds=0.2)


def test_dripping_server_times_out_as_a_whole(server: Server) -> None:
    """No single wait is long, so a library's own time-out would never end it."""
    server.body, server.pause, server.piece = b"x" * 3_000_000, 0.1, 300_000
    with pytest.raises(TimedOut):
        read(server, PageRequest("Contacts", {}), seconds=0.4)


def test_single_bytes_that_drip_time_out_as_a_whole(server: Server) -> None:
    """A read of a large chunk would wait for all of it."""
    server.body, server.pause, server.piece = b"x" * 1000, 0.01, 1
    began = time.monotonic()
    with pytest.raises(TimedOut):
        read(server, seconds=0.2)
    assert time.monotonic() - began < 8


def test_body_that_is_cut_short_is_no_answer(server: Server) -> None:
    server.body, server.headers = b'{"Contacts": [', {"Content-Length": "500"}
    with pytest.raises(Unavailable):
        read(server)


def test_gzip_that_is_broken_or_cut_is_unreadable(server: Server) -> None:
    server.headers = {"Content-Encoding": "gzip"}
    whole = gzip.compress(b"x" * 1000)
    for body in (whole[:-9], b"\x1f\x8b\x08nonsense"):
        server.body = body
        with pytest.raises(Unreadable):
            read(server)


@pytest.mark.parametrize("zipped", [False, True])
def test_answer_that_unpacks_too_large(server: Server, zipped: bool) -> None:
    server.body = b" " * 20_000
    if zipped:
        server.body = gzip.compress(server.body)
        server.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(TooLarge):
        read(server)


@pytest.mark.parametrize("zipped", [False, True])
def test_list_of_connections_without_end(server: Server, zipped: bool) -> None:
    server.body = b" " * 2_000_000
    if zipped:
        server.body = gzip.compress(server.body)
    with pytest.raises(TooLarge):
        HttpXeroApi(server.url, 5).tenants("t", None)


def test_nobody_listens() -> None:
    with pytest.raises(Unavailable) as caught:
        HttpXeroApi("http://127.0.0.1:1", 1).read("token-x", "tenant", REQUEST)
    assert "token-x" not in str(caught.value)


def test_connections_of_the_consent_only_and_organisations_only(
    server: Server,
) -> None:
    rows = [
        {"id": "1", "tenantId": "a", "tenantType": "ORGANISATION", "tenantName": "A"},
        {"id": "2", "tenantId": "b", "tenantType": "PRACTICE", "tenantName": "B"},
        {
            "id": "3",
            "tenantId": "c",
            "tenantType": "ORGANISATION",
            "tenantName": "C",
            "authEventId": "other",
        },
    ]
    server.body = json.dumps(rows).encode()
    api = HttpXeroApi(server.url, 5)
    assert [one.organisation for one in api.tenants("t", "event")] == ["a"]
    assert [one.organisation for one in api.tenants("t", None)] == ["a", "c"]
    server.body = b'{"rows": []}'
    with pytest.raises(Unreadable):
        api.tenants("t", None)


def test_connection_that_is_gone_already_is_disconnected(server: Server) -> None:
    server.status, server.body = 404, b"not found"
    HttpXeroApi(server.url, 5).disconnect("t", "row")
    assert server.asked[0][0] == "/connections/row"


def test_page_of_html_does_not_pass_for_a_disconnection(server: Server) -> None:
    server.status, server.body = 204, b""
    HttpXeroApi(server.url, 5).disconnect("t", "row")
    server.status, server.body = 200, b"<html>a proxy's</html>"
    with pytest.raises(Unreadable):
        HttpXeroApi(server.url, 5).disconnect("t", "row")


@pytest.mark.parametrize(
    ("status", "body", "known"),
    [
        (200, {"access_token": "x"}, True),
        (400, {"error": "invalid_client"}, False),
        (401, {"error": "invalid_client"}, False),
        (400, {"error": "unauthorized_client"}, True),
        (400, {"error": "invalid_scope"}, True),
        (403, {"message": "Forbidden"}, None),
        (500, {}, None),
        (429, {}, None),
    ],
)
def test_only_a_clear_refusal_says_that_a_client_is_wrong(
    server: Server, status: int, body: dict, known: bool | None
) -> None:
    server.status, server.body = status, json.dumps(body).encode()
    assert identity(server).recognises("client", "secret") is known


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (400, b'{"error": "invalid_grant"}', GrantRefused),
        (400, b'{"error": "invalid_client"}', ClientRefused),
        (400, b'{"error": "unauthorized_client"}', Refused),
        (403, b'{"message": "Forbidden"}', Refused),
        (429, b"", Throttled),
        (500, b'{"error": "server_error"}', Unavailable),
        (503, b"<html>", Unavailable),
        (200, b"<html>", Unavailable),
        (200, b"[]", Unavailable),
        (200, b"{}", Unreadable),
        (200, b'{"access_token": "a.b.c"}', Unreadable),
        (200, b'{"access_token": 1, "refresh_token": {}}', Unreadable),
        (200, b'{"access_token": "", "refresh_token": "r"}', Unreadable),
        (200, b'{"access_token": "a", "refresh_token": "\\ud800"}', Unreadable),
    ],
)
def test_refusals_of_tokens_are_told_apart(server: Server, status, body, fault) -> None:
    server.status, server.body = status, body
    with pytest.raises(fault):
        identity(server).refresh("client", "secret", "refresh")
    with pytest.raises(fault):
        identity(server).exchange("client", "secret", "code", "https://c/cb", None)


def jwt(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    return f"header.{payload.decode()}.signature"


@pytest.mark.parametrize(
    ("answer", "claims", "scopes"),
    [
        ({"scope": "a b"}, {"scope": ["c"]}, ("a", "b")),
        ({}, {"scope": ["a", "b"]}, ("a", "b")),
        ({}, {"scope": "a b"}, ("a", "b")),
        ({"scope": 5}, {}, ()),
        ({"scope": {}}, {"scope": None}, ()),
        ({}, ["not", "claims"], ()),
    ],
)
def test_granted_scopes_are_those_of_the_answer_or_of_the_claims(
    server: Server, answer: dict, claims: object, scopes: tuple[str, ...]
) -> None:
    tokens = {"access_token": jwt(claims), "refresh_token": "r", "expires_in": "x"}
    server.body = json.dumps(tokens | answer).encode()
    grant = identity(server).refresh("client", "secret", "refresh")
    assert (grant.scopes, grant.lifetime) == (scopes, 1800)


def test_claims_name_the_user_and_the_consent(server: Server) -> None:
    claims = {"xero_userid": "user", "authentication_event_id": "event"}
    tokens = {"access_token": jwt(claims), "refresh_token": "r"}
    server.body = json.dumps(tokens).encode()
    grant = identity(server).exchange("client", "secret", "code", "https://c/cb", None)
    assert (grant.user, grant.event) == ("user", "event")
