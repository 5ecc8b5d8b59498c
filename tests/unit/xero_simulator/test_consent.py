"""The consent page: who may ask, what is offered, what comes back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from infra.xero_simulator.oauth.registry import App


def returned(answer) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.location).query)


def test_page_offers_the_users_organisations(xero):
    page = xero.authorize().text
    assert "First Ltd" in page
    assert "Demo Company (AU)" in page
    assert "Accountants" not in page


def test_page_of_another_user_offers_that_users_tenants(xero):
    page = xero.authorize(user=xero.accountant.user_id).text
    assert "Shah &amp; Partners, Accountants" in page
    assert "First Ltd" not in page


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"redirect_uri": "https://connector.example/other"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "accounting.transactions"}, "invalid_scope"),
        ({"scope": "accounting.reports.read openid"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": "c" * 43}, "invalid_request"),
        (
            {"code_challenge": "c" * 43, "code_challenge_method": "plain"},
            "invalid_request",
        ),
        (
            {"code_challenge": "short", "code_challenge_method": "S256"},
            "invalid_request",
        ),
        ({"client_id": "native"}, "invalid_request"),
    ],
)
def test_bad_request_ends_on_a_page_and_never_at_the_app(xero, query, code):
    for form in (None, {"decision": "allow"}):
        answer = xero.authorize(form, **query)
        assert answer.status_code == 400
        assert answer.location is None
        assert code in answer.text


def test_what_was_asked_is_escaped_on_the_page(xero):
    page = xero.authorize(scope="<script>").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_allowing_returns_code_and_state(xero):
    answer = xero.authorize({"decision": "allow"})
    assert answer.status_code == 302
    assert answer.location.startswith("https://connector.example/oauth/callback?")
    assert returned(answer)["state"] == ["s/1"]
    assert returned(answer)["code"]


def test_cancelling_returns_access_denied_and_connects_nothing(xero):
    answer = xero.authorize({"decision": "cancel"})
    assert returned(answer) == {"error": ["access_denied"], "state": ["s/1"]}
    app = xero.simulator.registry.apps["client"]
    assert xero.simulator.registry.connections(app) == []


def test_organisation_of_somebody_else_cannot_be_connected(xero):
    answer = xero.authorize(
        {
            "decision": "allow",
            "user": xero.bookkeeper.user_id,
            "organisation": xero.second.tenant_id,
        }
    )
    assert answer.status_code == 400


def test_one_organisation_a_consent(xero):
    both = [xero.first.tenant_id, xero.second.tenant_id]
    answer = xero.authorize({"decision": "allow", "organisation": both})
    assert answer.status_code == 400


def test_several_organisations_with_bulk_connections_unless_switched_off(xero):
    xero.simulator.settings.bulk_connect = True
    both = {"decision": "allow", "organisation": list(xero.simulator.store.tenants)[:2]}
    assert 'type="checkbox"' in xero.authorize().text
    single = xero.authorize(both, acr_values="bulk_connect:false")
    assert single.status_code == 400
    assert xero.authorize(both).status_code == 302
    app = xero.simulator.registry.apps["client"]
    assert len(xero.simulator.registry.connections(app)) == 2


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/callback",
        "http://connector.example/callback",
        "http://localhost.example/callback",
        "https:///callback",
        "/callback",
    ],
)
def test_redirect_addresses_are_https_or_localhost(address):
    with pytest.raises(ValueError, match="http://localhost"):
        App("id", "secret", (address,))


def test_withheld_scopes_are_missing_from_the_token(xero):
    xero.simulator.settings.withheld_scopes = ["accounting.settings.read"]
    granted = xero.consent()["scope"].split()
    assert "accounting.settings.read" not in granted
    assert "accounting.contacts.read" in granted
