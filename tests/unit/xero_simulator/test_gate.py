"""Which calls of the Accounting API are let in, and how the others are refused."""

import pytest


def test_without_token_401(caller):
    answer = caller.get("Organisation", {"Authorization": None})
    assert answer.status_code == 401
    assert answer.json["Title"] == "Unauthorized"


@pytest.mark.parametrize("value", ["Bearer nonsense", "Bearer", "Basic YTpi"])
def test_with_a_token_that_is_none_401(caller, value):
    assert caller.get("Organisation", {"Authorization": value}).status_code == 401


def test_token_expires_after_thirty_minutes(xero, caller):
    xero.advance(minutes=29)
    assert caller.get("Organisation").status_code == 200
    xero.advance(minutes=1)
    answer = caller.get("Organisation")
    assert answer.status_code == 401
    assert answer.json["Detail"] == "TokenExpired: token expired at 11/20/2026 12:30:00"


@pytest.mark.parametrize("tenant", [None, "", "bbbbbbbb-0000-4000-8000-000000000001"])
def test_without_a_known_tenant_403(caller, tenant):
    answer = caller.get("Organisation", {"xero-tenant-id": tenant})
    assert answer.status_code == 403
    assert answer.json["Detail"] == "AuthenticationUnsuccessful"


def test_tenant_that_was_not_connected_403(xero, caller):
    answer = caller.get("Organisation", {"xero-tenant-id": xero.second.tenant_id})
    assert answer.status_code == 403


def test_disconnected_tenant_403_while_the_token_still_works(xero, caller):
    (row,) = caller.get("/connections").json
    xero.http.delete(f"/connections/{row['id']}", headers=caller.headers)
    assert caller.get("Organisation").status_code == 403
    assert caller.get("/connections").json == []


def test_user_removed_from_the_organisation_403(xero, caller):
    xero.adviser.tenant_ids.discard(xero.first.tenant_id)
    assert caller.get("Organisation").status_code == 403


def test_missing_scope_401_says_so_in_a_header(xero):
    answer = xero.connect(scope="accounting.contacts.read").get("Organisation")
    assert answer.status_code == 401
    assert answer.json["Detail"] == "AuthorizationUnsuccessful"
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_json_has_to_be_asked_for(caller):
    for accept in (None, "*/*", "application/xml"):
        assert caller.get("Organisation", {"Accept": accept}).status_code == 406


def test_unknown_path_is_plain_text(caller):
    answer = caller.get("Nonsense")
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert answer.text == "The resource you're looking for cannot be found"


def test_wrong_method_says_which_are_right(xero, caller):
    answer = xero.http.delete("/api.xro/2.0/Organisation", headers=caller.headers)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_path_ignores_case(caller):
    assert caller.get("/api.xro/2.0/organisation").status_code == 200


def test_answers_are_dated_by_the_simulators_clock(xero, caller):
    xero.advance(minutes=10)
    answer = caller.get("Organisation")
    assert answer.headers["Date"] == "Fri, 20 Nov 2026 12:10:00 GMT"
    assert answer.json["DateTimeUTC"] == "/Date(1795176600000)/"
    assert answer.headers["Xero-Correlation-Id"]


def test_answer_is_indented_with_crlf(caller):
    assert caller.get("Organisation").data.startswith(b'{\r\n  "Id": "')


def test_answer_is_compressed_on_request(caller):
    answer = caller.get("Organisation", {"Accept-Encoding": "gzip, deflate"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.data.startswith(b"\x1f\x8b")


def test_organisation_comes_in_the_envelope(xero, caller):
    document = caller.get("Organisation").json
    assert list(document) == [
        "Id",
        "Status",
        "ProviderName",
        "DateTimeUTC",
        "Organisations",
    ]
    assert document["Organisations"] == [xero.first.organisation]
