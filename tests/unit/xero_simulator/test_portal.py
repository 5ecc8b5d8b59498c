"""The pages of a developer and of a Xero user."""

import re
from html import unescape

import pytest

PAGE = "/developer/apps/client/webhooks"
ADDRESS = "https://connector.example/webhooks/1"


@pytest.fixture
def text(xero):
    """What a page says, without its tags."""

    def read(path=PAGE):
        html = xero.http.get(path).text
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())

    return read


@pytest.fixture
def submit(xero):
    def sends(more="", expected=303, **form):
        answer = xero.http.post(PAGE + more, data=form)
        assert answer.status_code == expected
        return answer

    return sends


def test_a_person_registers_a_webhook_and_sees_events_arrive(
    xero, caller, text, submit, burst
):
    assert "Webhooks key" not in text()
    submit(address=ADDRESS, category=["CONTACT", "INVOICE"])
    assert "Intent to receive required" in text()
    page = xero.http.get(PAGE).text
    xero.receiver.key = unescape(re.search(r'id="key"[^>]*value="([^"]+)"', page)[1])
    submit("/intent")
    assert "OK Tell the app of" in text()
    burst(3)
    assert "3 events wait" in text()
    submit("/deliver")
    assert "0 events wait" in text()
    assert "3 CONTACT 1–3 1 20 Nov 12:00:00 200" in text()
    submit("/replay")
    assert "3 events wait" in text()


def test_what_was_wrong_with_the_answers_is_said(xero, text, submit):
    submit(address=ADDRESS, category=["CONTACT"])
    submit("/intent")
    assert "A right signature was answered 401, not 200" in text()
    assert "Intent to receive required" in text()


def test_bad_address_is_said_and_stays_to_be_corrected(submit):
    page = submit(expected=400, address="http://x.example/hook", category="CONTACT")
    assert "https on port 443" in page.text
    assert 'value="http://x.example/hook"' in page.text


def test_page_never_runs_what_it_is_given(submit):
    page = submit(expected=400, address='"><script>', category="CONTACT")
    assert "<script>" not in page.text


def test_manner_is_set_and_taken_back(webhook, submit):
    submit("/manner", duplicates="on", held="on")
    manner = webhook("GET")["manner"]
    assert (manner["duplicates"], manner["disorder"], manner["held"]) == (1, 0, 1)
    submit("/manner")
    assert webhook("GET")["manner"]["held"] is False


def test_unknown_app_has_no_page(xero):
    assert xero.http.get("/developer/apps/nobody/webhooks").status_code == 404


@pytest.mark.parametrize("more", ["/intent", "/deliver", "/replay", "/manner"])
def test_buttons_of_an_app_without_a_webhook_do_nothing(submit, text, more):
    submit(more)
    assert "Webhooks key" not in text()


def test_overview_leads_to_the_pages(xero):
    page = xero.http.get("/").text
    assert f'href="{PAGE}"' in page
    assert 'href="/connected-apps"' in page


def test_pages_are_no_calls_of_xero(xero, control):
    xero.http.get(PAGE)
    xero.http.get("/connected-apps")
    assert control("GET", "/requests")["count"] == 0


def test_a_person_disconnects_an_app(xero, caller, text):
    assert "Odoo CRM First Ltd Aroha Ngata 20 November 2026, 12:00" in text(
        "/connected-apps"
    )
    page = xero.http.get("/connected-apps").text
    (connection,) = re.findall(r'name="connection" value="([^"]+)"', page)
    assert caller.get("Organisation").status_code == 200
    done = xero.http.post("/connected-apps/disconnect", data={"connection": connection})
    assert done.status_code == 303
    assert caller.get("Organisation").status_code == 403
    assert "No app is connected" in text("/connected-apps")


def test_a_person_resets_the_demo_company(xero, text):
    old = xero.second.tenant_id
    assert old in text("/connected-apps")
    xero.http.post("/connected-apps/reset", data={"organisation": old})
    assert xero.second.name in text("/connected-apps")
    assert old not in text("/connected-apps")


def test_only_demo_companies_are_reset(xero):
    first = xero.first.tenant_id
    xero.http.post("/connected-apps/reset", data={"organisation": first})
    assert xero.simulator.store.get(first)
