"""Faults on demand, as a client without a network meets them."""

import pytest

from infra.xero_simulator.fault_kinds import KINDS
from infra.xero_simulator.faults import Fault

PAGE = "/api.xro/2.0/Contacts"


def strike(xero, kind, **fields):
    answer = xero.http.post("/_simulator/faults", json={"kind": kind, **fields})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("kind", "status", "mimetype"),
    [
        ("error_500", 500, "application/json"),
        ("unavailable_html", 503, "text/html"),
        ("unavailable_text", 503, "text/plain"),
        ("offline", 503, "text/plain"),
        ("token_expired", 401, "application/json"),
        ("tenant_refused", 403, "application/json"),
        ("scope_missing", 401, "application/json"),
        ("truncated_json", 200, "application/json"),
    ],
)
def test_fault_answers_once_and_is_gone(xero, caller, kind, status, mimetype):
    strike(xero, kind, path=PAGE)
    answer = caller.get("Contacts")
    assert (answer.status_code, answer.mimetype) == (status, mimetype)
    assert caller.get("Contacts").status_code == 200


def test_fault_lets_calls_pass_then_hits_as_often_as_asked(xero, caller):
    strike(xero, "error_500", path=PAGE, after=1, times=2)
    seen = [caller.get("Contacts").status_code for _ in range(4)]
    assert seen == [200, 500, 500, 200]


def test_fault_hits_its_path_and_method_only(xero, caller):
    strike(xero, "error_500", path="/connect/token", method="POST")
    assert caller.get("Contacts").status_code == 200
    assert xero.token(grant_type="x").status_code == 500


def test_faults_strike_in_the_order_given(xero, caller):
    strike(xero, "error_500")
    strike(xero, "offline")
    seen = [caller.get("Contacts").status_code for _ in range(3)]
    assert seen == [500, 503, 200]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"problem": "day", "retry_after": 66975}, {"Retry-After": "66975"}),
        ({"problem": "concurrent"}, {}),
    ],
)
def test_rate_limit_with_and_without_retry_after(xero, caller, fields, expected):
    strike(xero, "rate_limited", path=PAGE, **fields)
    answer = caller.get("Contacts")
    assert answer.status_code == 429
    assert answer.headers["X-Rate-Limit-Problem"] == fields["problem"]
    assert answer.headers.get("Retry-After") == expected.get("Retry-After")


def test_refresh_can_fail_with_a_good_token(xero):
    token = xero.consent()["refresh_token"]
    strike(xero, "invalid_grant", path="/connect/token")
    form = {"grant_type": "refresh_token", "refresh_token": token}
    assert xero.token(**form).json == {"error": "invalid_grant"}
    assert xero.token(**form).status_code == 200


def test_answer_lost_after_commit_has_rotated_the_token(xero):
    token = xero.consent()["refresh_token"]
    strike(xero, "reset_after_commit", path="/connect/token")
    form = {"grant_type": "refresh_token", "refresh_token": token}
    with pytest.raises(ConnectionResetError):
        xero.token(**form)
    xero.advance(minutes=31)
    assert xero.token(**form).json == {"error": "invalid_grant"}


def test_same_page_comes_whichever_is_asked_for(xero, caller):
    strike(xero, "same_page", path=PAGE, times=2)
    first = caller.names(page=1, pageSize=1)
    assert caller.names(page=2, pageSize=1) == first
    assert caller.names(page=2, pageSize=1) != first


def test_not_modified_is_a_304_without_body(xero, caller):
    strike(xero, "not_modified", path=PAGE)
    answer = caller.get("Contacts", {"If-Modified-Since": "2026-11-20T00:00:00"})
    assert (answer.status_code, answer.data) == (304, b"")


def test_slow_call_keeps_its_place_among_the_concurrent_ones(xero, caller, monkeypatch):
    xero.simulator.limits.rules.concurrent = 1
    meanwhile = []

    def sleep(seconds):
        meanwhile.append((seconds, caller.get("Contacts").status_code))

    monkeypatch.setattr("infra.xero_simulator.fault_kinds.time.sleep", sleep)
    strike(xero, "slow", path=PAGE, seconds=25)
    assert caller.get("Contacts").status_code == 200
    assert meanwhile == [(25, 429)]


def test_waiting_faults_are_listed_and_cleared(xero, caller):
    strike(xero, "error_500", times=5)
    (waiting,) = xero.http.get("/_simulator/faults").json["faults"]
    assert (waiting["kind"], waiting["times"]) == ("error_500", 5)
    assert xero.http.delete("/_simulator/faults").status_code == 204
    assert caller.get("Contacts").status_code == 200


@pytest.mark.parametrize("body", [{"kind": "nonsense"}, {"kind": "slow", "x": 1}, {}])
def test_fault_that_makes_no_sense_is_refused(xero, body):
    answer = xero.http.post("/_simulator/faults", json=body)
    assert answer.status_code == 400
    assert answer.json["error"]


def test_every_kind_can_be_ordered():
    assert {Fault(kind).kind for kind in KINDS} == set(KINDS)
