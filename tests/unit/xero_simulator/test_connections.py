"""`/connections`: what a user has connected."""

import re

import pytest


def rows(caller, **query):
    answer = caller.get("/connections", **query)
    assert answer.status_code == 200
    return answer.json


@pytest.fixture
def bookkeeper(xero, caller):
    tokens = xero.consent({"user": xero.bookkeeper.user_id})
    return type(caller)(xero, tokens["access_token"], xero.first)


def test_row_has_the_fields_and_times_of_xero(xero, caller):
    (row,) = rows(caller)
    assert row["tenantId"] == xero.first.tenant_id
    assert row["tenantName"] == "First Ltd"
    assert row["tenantType"] == "ORGANISATION"
    assert re.fullmatch(r"2026-11-20T12:00:00\.\d{7}", row["createdDateUtc"])


def test_only_the_apps_limit_is_told(caller):
    headers = caller.get("/connections").headers
    assert headers["X-AppMinLimit-Remaining"] == "9999"
    assert "X-MinLimit-Remaining" not in headers
    assert "X-DayLimit-Remaining" not in headers


def test_needs_a_token(caller):
    assert caller.get("/connections", {"Authorization": None}).status_code == 401


def test_two_users_have_a_row_each_for_one_organisation(caller, bookkeeper):
    (mine,), (theirs,) = rows(caller), rows(bookkeeper)
    assert mine["tenantId"] == theirs["tenantId"]
    assert mine["id"] != theirs["id"]


def test_latest_consent_is_found_by_its_event(xero, caller):
    xero.consent({"organisation": xero.second.tenant_id})
    event = rows(caller)[1]["authEventId"]
    assert len(rows(caller)) == 2
    (row,) = rows(caller, authEventId=event)
    assert row["tenantId"] == xero.second.tenant_id


def test_deleting_ends_one_connection(xero, caller):
    xero.consent({"organisation": xero.second.tenant_id})
    first, second = rows(caller)
    gone = xero.http.delete(f"/connections/{first['id']}", headers=caller.headers)
    assert (gone.status_code, gone.data) == (204, b"")
    assert rows(caller) == [second]
    again = xero.http.delete(f"/connections/{first['id']}", headers=caller.headers)
    assert again.status_code == 404


def test_tenant_id_is_not_the_connections_id(xero, caller):
    path = f"/connections/{xero.first.tenant_id}"
    assert xero.http.delete(path, headers=caller.headers).status_code == 404


def test_foreign_connection_cannot_be_deleted(xero, caller, bookkeeper):
    (theirs,) = rows(bookkeeper)
    path = f"/connections/{theirs['id']}"
    assert xero.http.delete(path, headers=caller.headers).status_code == 404
    assert rows(bookkeeper) == [theirs]


def test_reconnecting_keeps_the_time_of_the_first_consent(xero, caller):
    (before,) = rows(caller)
    xero.http.delete(f"/connections/{before['id']}", headers=caller.headers)
    xero.advance(minutes=10)
    xero.consent()
    (after,) = rows(caller)
    assert after["createdDateUtc"] == before["createdDateUtc"]
    assert after["updatedDateUtc"] > after["createdDateUtc"]


def test_practice_is_a_row_of_another_type(xero, caller):
    tokens = xero.consent({"user": xero.accountant.user_id})
    accountant = type(caller)(xero, tokens["access_token"], xero.practice)
    assert [row["tenantType"] for row in rows(accountant)] == ["PRACTICE"]
