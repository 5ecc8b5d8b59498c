"""A call that is sent twice with one key: what is done once, and for how long."""

import threading

import pytest

from infra.xero_simulator.faults import Fault

REDIRECT = "https://connector.example/oauth/callback"
KEY = {"Idempotency-Key": "k-1"}
BAYSIDE = {"Contacts": [{"Name": "Bayside"}]}


@pytest.fixture
def put(writer):
    def call(body=BAYSIDE, headers=KEY, **query):
        return writer.write("PUT", "Contacts", body, headers, **query)

    return call


@pytest.fixture
def held(xero):
    """How many contacts were written."""
    return lambda: len(xero.first.contacts) - 3


def test_second_call_is_answered_as_the_first_and_not_done(put, held):
    first, second = put(), put()
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.data == second.data
    assert held() == 1


def test_log_tells_what_was_written_under_which_key_and_what_was_replayed(put, control):
    put()
    put()
    logged = control("GET", "/requests", query_string={"method": "PUT"})
    assert logged["written"] == 1
    told = [
        (each["written"], each["idempotency_key"], each["replayed"])
        for each in logged["requests"]
    ]
    assert told == [(1, "k-1", False), (0, "k-1", True)]


def test_without_a_key_it_is_done_twice(put):
    assert put(headers={}).status_code == 200
    assert put(headers={}).status_code == 400


def test_errors_are_answered_again_though_they_are_mended(put, held, change):
    taken = {"Contacts": [{"Name": "Contact 1"}]}
    assert put(taken).status_code == 400
    fields = {"ContactID": "00000001-0000-4000-8000-000000000000"}
    change(action="archive", contact=fields)
    assert put(taken).status_code == 400
    assert put(taken, {"Idempotency-Key": "k-2"}).status_code == 200


def test_key_is_new_after_six_minutes(xero, put, held):
    assert put().status_code == 200
    xero.advance(seconds=359)
    assert put().status_code == 200
    xero.advance(seconds=1)
    assert put().status_code == 400  # done again, and the name is taken
    assert held() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"body": {"Contacts": [{"Name": "Other"}]}},
        {"summarizeErrors": "false"},
    ],
)
def test_key_of_another_request_is_refused(put, held, other):
    put()
    answer = put(**other)
    assert answer.status_code == 400
    assert answer.json["Detail"] == (
        "Idempotency-Key k-1 is used with a different request"
    )
    assert held() == 1


def test_method_and_organisation_belong_to_the_request(xero, put, writer):
    put()
    assert writer.write("POST", "Contacts", BAYSIDE, KEY).status_code == 400
    answer = xero.consent(
        {"organisation": xero.second.tenant_id}, scope="accounting.contacts"
    )
    other = {
        "Authorization": f"Bearer {answer['access_token']}",
        "xero-tenant-id": xero.second.tenant_id,
    }
    assert writer.write("PUT", "Contacts", BAYSIDE, KEY | other).status_code == 400


def test_key_belongs_to_an_app(xero, put, held):
    put()
    code = xero.code(client_id="other", scope="accounting.contacts")
    token = xero.token(
        ("other", "word"),
        grant_type="authorization_code",
        code=code,
        redirect_uri=REDIRECT,
    ).json["access_token"]
    headers = KEY | {"Authorization": f"Bearer {token}"}
    assert put({"Contacts": [{"Name": "Other"}]}, headers).status_code == 200
    assert held() == 2


def test_key_has_128_characters_at_most(put, held):
    assert put(headers={"Idempotency-Key": "k" * 129}).status_code == 400
    assert held() == 0
    assert put(headers={"Idempotency-Key": "k" * 128}).status_code == 200


def test_key_means_nothing_on_get(caller, change):
    assert len(caller.contacts(headers=KEY)) == 3
    change(action="add", contact={"Name": "New"})
    assert len(caller.contacts(headers=KEY)) == 4


def test_both_calls_count_against_the_limits(xero, put):
    xero.simulator.limits.rules.minute = 2
    assert put().headers["X-MinLimit-Remaining"] == "1"
    assert put().headers["X-MinLimit-Remaining"] == "0"
    assert put().status_code == 429


def test_lost_answer_is_answered_again(xero, put, held):
    xero.simulator.faults.add(Fault("reset_after_commit"))
    with pytest.raises(ConnectionResetError):
        put()
    assert held() == 1
    assert put().json["Contacts"][0]["Name"] == "Bayside"
    assert held() == 1


def test_500_is_kept_though_nothing_was_done(xero, put, held):
    xero.simulator.faults.add(Fault("error_500"))
    assert [put().status_code for _ in range(2)] == [500, 500]
    assert held() == 0
    assert put(headers={"Idempotency-Key": "k-2"}).status_code == 200


def test_500_is_kept_though_all_was_done(xero, put, held):
    xero.simulator.faults.add(Fault("error_500_after_commit"))
    assert [put().status_code for _ in range(2)] == [500, 500]
    assert held() == 1


def test_call_that_was_not_let_in_leaves_no_answer(xero, put, held):
    xero.simulator.limits.rules.minute = 0
    assert put().status_code == 429
    xero.simulator.limits.rules.minute = 60
    assert put().status_code == 200


def test_call_that_comes_meanwhile_waits_for_the_first(xero, put, held, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    write = xero.first.contacts.put

    def slow(record):
        begun.set()
        assert go_on.wait(10)
        write(record)

    monkeypatch.setattr(xero.first.contacts, "put", slow)
    answers = []
    first = threading.Thread(target=lambda: answers.append(put().data))
    first.start()
    assert begun.wait(10)
    second = threading.Thread(target=lambda: answers.append(put().data))
    second.start()
    go_on.set()
    for thread in (first, second):
        thread.join(10)
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert held() == 1
