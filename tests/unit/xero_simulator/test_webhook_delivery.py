"""How events come to an app: collected, tried again, given up, kept, repeated."""

from itertools import count

import pytest

from infra.xero_simulator import mutations
from infra.xero_simulator.webhooks.posting import Answer

WEBHOOK = "https://connector.example/webhooks/1"
FAILED = Answer(503, 0.01)


@pytest.fixture
def deliver(xero, webhook):
    """What is due is posted; the sequences of each post since."""

    def delivered():
        seen = len(xero.receiver.posts)
        xero.simulator.webhooks.deliver()
        return [
            (each["firstEventSequence"], each["lastEventSequence"])
            for each in xero.receiver.posts[seen:]
        ]

    return delivered


@pytest.fixture
def manner(webhook):
    return lambda **values: webhook("PUT", "/manner", json=values)


def test_events_of_a_second_are_one_post(xero, burst, deliver):
    burst(2)
    xero.advance(seconds=0.9)
    burst(1)
    assert deliver() == []
    xero.advance(seconds=0.1)
    assert deliver() == [(1, 3)]
    assert deliver() == []


def test_a_hundred_do_not_wait_and_fill_a_post(burst, deliver):
    burst(250)
    assert deliver() == [(1, 100), (101, 200), (201, 250)]


def test_a_burst_changes_the_books_only_by_dates(xero, caller, burst, deliver):
    before = [each["Name"] for each in caller.contacts(page=1, order="ContactID")]
    xero.advance(minutes=1)
    burst(500)
    after = caller.contacts(page=1, order="ContactID")
    assert [each["Name"] for each in after] == before
    assert {each["UpdatedDateUTC"] for each in after} == {"/Date(1795176060000+0000)/"}
    assert deliver()[-1] == (401, 500)


def test_nothing_is_kept_before_an_intent_was_received(xero, control, burst):
    control("PUT", "/apps/client/webhook", json={"address": "https://x.example/"})
    burst(1)
    assert control("GET", "/apps/client/webhook")["waiting"] == 0


def test_what_happens_until_a_new_address_proves_itself_is_kept(
    burst, deliver, webhook
):
    webhook("PUT", json={"address": "https://connector.example/other"})
    burst(100)
    assert deliver() == []
    webhook("POST", "/intent")
    assert deliver() == [(1, 100)]


def test_what_fails_is_tried_at_once_and_each_quarter_of_an_hour(xero, burst, deliver):
    burst(100)
    xero.receiver.answer = FAILED
    assert deliver() == [(1, 100), (1, 100)]
    xero.advance(minutes=14, seconds=59)
    assert deliver() == []
    xero.advance(seconds=1)
    assert deliver() == [(1, 100)]
    assert deliver() == []
    xero.receiver.answer = Answer(204, 0.01)
    xero.advance(minutes=15)
    assert deliver() == [(1, 100)]
    xero.advance(minutes=15)
    assert deliver() == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(401, 0.01), "The answer was 401, not 200"),
        (Answer(302, 0.01), "The answer was 302, not 200"),
        (Answer(200, 5.1), "The answer took longer than 5 seconds"),
        (Answer(None, 5.0, error="No answer"), "No answer"),
    ],
)
def test_no_receipt(xero, burst, deliver, webhook, answer, problem):
    burst(1)
    xero.receiver.answer = answer
    xero.advance(seconds=1)
    deliver()
    (post,) = webhook("GET", "/deliveries")["deliveries"]
    assert not post["received"]
    assert [each["problem"] for each in post["attempts"]] == [problem, problem]


def test_later_events_do_not_wait_for_those_that_failed(xero, burst, deliver):
    burst(1)
    xero.receiver.answer = FAILED
    xero.advance(seconds=1)
    deliver()
    xero.receiver.answer = Answer(200, 0.01)
    burst(1)
    xero.advance(seconds=1)
    assert deliver() == [(2, 2)]


def fail_for(xero, deliver, quarters):
    xero.receiver.answer = FAILED
    tries = len(deliver())
    for _ in range(quarters):
        xero.advance(minutes=15)
        tries += len(deliver())
    return tries


def test_after_a_day_the_webhook_is_disabled_and_keeps_what_happens(
    xero, burst, deliver, webhook
):
    burst(100)
    assert fail_for(xero, deliver, 95) == 2 + 95
    assert webhook("GET")["status"] == "OK"
    assert fail_for(xero, deliver, 1) == 1
    shown = webhook("GET")
    assert (shown["status"], shown["reason"]) == (
        "DISABLED",
        "The answer was 503, not 200",
    )
    burst(2)
    xero.advance(hours=1)
    assert deliver() == []
    assert webhook("GET")["waiting"] == 102


def test_enabled_again_it_gets_all_that_was_kept_in_order(
    xero, burst, deliver, webhook
):
    burst(150)
    fail_for(xero, deliver, 96)
    burst(1)
    xero.advance(days=3)
    xero.receiver.answer = Answer(200, 0.01)
    assert webhook("POST", "/intent")["status"] == "OK"
    assert deliver() == [(1, 100), (101, 150), (151, 151)]
    assert webhook("GET")["waiting"] == 0


def test_a_failed_intent_leaves_it_disabled(xero, burst, deliver, webhook):
    burst(100)
    fail_for(xero, deliver, 96)
    assert webhook("POST", "/intent")["status"] == "DISABLED"


def test_after_31_days_events_are_forgotten(xero, burst, deliver, webhook):
    burst(100)
    fail_for(xero, deliver, 96)
    xero.advance(days=30)
    burst(1)
    xero.advance(hours=1)
    xero.receiver.answer = Answer(200, 0.01)
    webhook("POST", "/intent")
    assert deliver() == [(101, 101)]
    assert webhook("POST", "/replay", json={"seconds": 40 * 86400}) == {"events": 1}


def test_duplicates(xero, burst, deliver, manner):
    manner(duplicates=True)
    burst(120)
    assert deliver() == [(1, 100), (1, 100), (101, 120), (101, 120)]
    assert xero.receiver.bodies[-1] == xero.receiver.bodies[-2]


def test_disorder_mixes_events_and_loses_none(xero, burst, deliver, manner):
    manner(disorder=True, events_a_post=50)
    burst(500)
    spans = deliver()
    assert len(spans) == 10
    assert any(last - first >= 50 for first, last in spans)
    assert len(xero.receiver.events) == 500


def test_held_until_told_otherwise(xero, burst, deliver, manner, webhook):
    manner(held=True)
    burst(150)
    xero.advance(hours=1)
    assert deliver() == []
    assert webhook("POST", "/deliver") == {"posts": 2, "waiting": 0}
    burst(1)
    manner(held=False, collect_seconds=0)
    assert deliver() == [(151, 151)]


def test_what_failed_is_tried_when_somebody_asks(xero, burst, deliver, webhook):
    burst(1)
    xero.receiver.answer = FAILED
    assert webhook("POST", "/deliver") == {"posts": 2, "waiting": 1}
    xero.receiver.answer = Answer(200, 0.01)
    assert deliver() == []
    assert webhook("POST", "/deliver") == {"posts": 1, "waiting": 0}


def test_time_that_passes_meanwhile_holds_nothing_back(make_xero):
    """The clock of a process goes on between making a post and looking at it."""
    xero = make_xero()
    ticking = count(1_795_176_000)
    xero.simulator.clock._source = lambda: next(ticking)
    subscription = xero.simulator.webhooks.subscribe("client", WEBHOOK, ["CONTACT"])
    xero.receiver.key = subscription.key
    xero.simulator.webhooks.send_intent(subscription)
    xero.connect()
    change = {"action": "add", "contact": {"Name": "New"}}
    mutations.carry_out(xero.first, xero.simulator.clock, "contacts", change)
    assert xero.simulator.webhooks.deliver_at_once(subscription) == 1


def test_the_last_day_is_repeated(xero, burst, deliver, webhook):
    burst(100)
    deliver()
    xero.advance(days=1, seconds=1)
    burst(100)
    deliver()
    assert webhook("POST", "/replay") == {"events": 100}
    assert deliver() == [(101, 200)]
    assert webhook("POST", "/replay", json={"seconds": 90000}) == {"events": 200}
    assert deliver() == [(1, 100), (101, 200)]


def test_wrong_manner_is_refused(manner, webhook):
    for wrong in ({"events_a_post": 0}, {"held": "yes"}, {"speed": 1}):
        assert webhook("PUT", "/manner", 400, json=wrong)["error"]
    assert webhook("POST", "/replay", 400, json={"seconds": -1})["error"]


def test_unregistered_it_is_told_nothing(xero, burst, webhook, control):
    webhook("DELETE", expected=204)
    burst(1)
    xero.advance(hours=1)
    xero.simulator.webhooks.deliver()
    assert xero.receiver.posts == []
    assert "no webhook" in webhook("GET", expected=400)["error"]
