"""Intent to receive: an app has to answer right and wrong signatures as it should."""

import pytest

from infra.xero_simulator.webhooks.posting import Answer

PATH = "/apps/client/webhook"


@pytest.fixture
def registered(xero, control):
    made = control("PUT", PATH, json={"address": "https://connector.example/hook"})
    xero.receiver.key = made["signing_key"]
    return made


def test_new_webhook_waits_for_an_intent(registered):
    assert registered["status"] == "INTENT_TO_RECEIVE_REQUIRED"
    assert len(registered["signing_key"]) == 88
    assert registered["categories"] == [
        "CONTACT",
        "INVOICE",
        "CREDITNOTE",
        "PREPAYMENT",
        "OVERPAYMENT",
    ]


def test_state_shows_which_apps_have_a_webhook(registered, control):
    states = {each["client_id"]: each["webhook"] for each in control("GET", "")["apps"]}
    assert states == {
        "client": "INTENT_TO_RECEIVE_REQUIRED",
        "other": None,
        "native": None,
    }


def test_app_that_checks_signatures_is_confirmed(xero, registered, control):
    answer = control("POST", f"{PATH}/intent")
    assert (answer["status"], answer["reason"]) == ("OK", None)
    judged = {(each["rightly_signed"], each["status"]) for each in answer["posts"]}
    assert judged == {(True, 200), (False, 401)}
    assert len(answer["posts"]) == 4
    assert xero.receiver.posts == []
    assert b'"events":' in xero.receiver.bodies[0]


@pytest.mark.parametrize(
    ("answer", "wrong", "reason"),
    [
        (Answer(200, 0.1), 200, "A wrong signature was answered 200, not 401"),
        (Answer(200, 0.1), 403, "A wrong signature was answered 403, not 401"),
        (Answer(401, 0.1), 401, "A right signature was answered 401, not 200"),
        (Answer(202, 0.1), 401, "A right signature was answered 202, not 200"),
        (Answer(200, 5.1), 401, "The answer took longer than 5 seconds"),
        (Answer(200, 0.1, has_body=True), 401, "The answer has a body"),
        (Answer(200, 0.1, has_cookie=True), 401, "The answer sets a cookie"),
        (Answer(None, 5.0, error="No answer"), 401, "No answer"),
    ],
)
def test_any_other_answer_is_refused(xero, registered, control, answer, wrong, reason):
    xero.receiver.answer, xero.receiver.status_of_wrong = answer, wrong
    shown = control("POST", f"{PATH}/intent")
    assert shown["status"] == "INTENT_TO_RECEIVE_REQUIRED"
    assert shown["reason"] == reason


def test_another_address_has_to_prove_itself_and_the_key_stays(registered, control):
    control("POST", f"{PATH}/intent")
    again = control("PUT", PATH, json={"address": "https://connector.example/other"})
    assert again["status"] == "INTENT_TO_RECEIVE_REQUIRED"
    assert again["signing_key"] == registered["signing_key"]


def test_other_categories_need_no_intent(registered, control):
    control("POST", f"{PATH}/intent")
    body = {"address": registered["address"], "categories": ["INVOICE"]}
    assert control("PUT", PATH, json=body)["status"] == "OK"


@pytest.mark.parametrize(
    "address",
    [
        "http://connector.example/hook",
        "https://connector.example:8443/hook",
        "https://me:word@connector.example/hook",
        "https://connector.example/hook#part",
        "ftp://connector.example/hook",
        "https:///hook",
        "hook",
        "",
    ],
)
def test_address_that_xero_would_not_post_to_is_refused(control, address):
    assert control("PUT", PATH, 400, json={"address": address})["error"]


@pytest.mark.parametrize(
    "address", ["http://localhost:8070/hook", "https://connector.example:443/hook"]
)
def test_address_that_can_be_reached(control, address):
    assert control("PUT", PATH, json={"address": address})["address"] == address


@pytest.mark.parametrize("categories", [[], ["PAYMENT"], ["CONTACT", "contact"]])
def test_unknown_category_is_refused(control, categories):
    body = {"address": "https://x.example/", "categories": categories}
    assert "CREDITNOTE" in control("PUT", PATH, 400, json=body)["error"]


def test_unknown_app_is_refused(control):
    path = "/apps/nobody/webhook"
    body = {"address": "https://x.example/"}
    assert "nobody" in control("PUT", path, 400, json=body)["error"]
