"""Xero's own SDK reads the simulator, as it would read Xero."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.exceptions import ApiException, HTTPStatusException
from xero_python.identity import IdentityApi

DESCRIBED = Path(__file__).parents[2] / "infra/xero_simulator/datasets/described"
REDIRECT = "http://localhost:8070/oauth/callback"
SCOPES = "offline_access accounting.contacts.read accounting.settings.read"
CONTACTS = 230
WELL_FORMED = 26  # of the described contacts; the others are bad input


class Sdk:
    """The SDK's two APIs, signed in at a simulator."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.token = self._sign_in()
        settings = OAuth2Token(client_id="client", client_secret="secret")
        client = ApiClient(Configuration(oauth2_token=settings))
        client.oauth2_token_getter(lambda: self.token)
        client.oauth2_token_saver(lambda token: setattr(self, "token", token))
        self.client = client
        self.accounting = AccountingApi(client, f"{address}/api.xro/2.0")
        self.identity = IdentityApi(client, address)
        (connection,) = self.identity.get_connections()
        self.tenant = connection.tenant_id

    def control(self, method: str, path: str, **sent: object) -> dict:
        """Call the simulator's own API."""
        answer = requests.request(method, f"{self.address}/_simulator{path}", **sent)
        answer.raise_for_status()
        return answer.json()

    def _sign_in(self) -> dict:
        page = requests.Request(
            "GET",
            f"{self.address}/identity/connect/authorize",
            params={
                "response_type": "code",
                "client_id": "client",
                "redirect_uri": REDIRECT,
                "scope": SCOPES,
            },
        ).prepare()
        allowed = requests.post(
            page.url, data={"decision": "allow"}, allow_redirects=False
        )
        form = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(allowed.headers["Location"]).query)["code"][0],
            "redirect_uri": REDIRECT,
        }
        answer = requests.post(
            f"{self.address}/connect/token", data=form, auth=("client", "secret")
        )
        token = answer.json()
        return token | {"scope": token["scope"].split()}


def run_simulator(*options: str):
    """A simulator of its own process, and the SDK signed in at it."""
    command = [
        *(sys.executable, "-m", "infra.xero_simulator", "--port", "0"),
        *("--client-id", "client", "--client-secret", "secret"),
        *("--redirect-uri", REDIRECT, *options),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    sdk = Sdk(json.loads(process.stdout.readline())["simulator"])
    sdk.control("PUT", "/limits", json={"minute": 10_000, "day": 10_000})
    yield sdk
    process.terminate()
    assert process.wait(timeout=5) == 0


@pytest.fixture(scope="module")
def sdk():
    yield from run_simulator("--contacts", str(CONTACTS))


@pytest.fixture(scope="module")
def described():
    yield from run_simulator("--dataset", str(DESCRIBED))


def truth(sdk: Sdk) -> list[dict]:
    path = f"/organisations/{sdk.tenant}/contacts"
    return sdk.control("GET", path)["Contacts"]


def test_connection(sdk):
    (connection,) = sdk.identity.get_connections()
    assert connection.tenant_type == "ORGANISATION"
    assert connection.tenant_name == "Kauri Point Trading (NZ)"
    assert isinstance(connection.created_date_utc, datetime)
    found = sdk.identity.get_connections(auth_event_id=connection.auth_event_id)
    assert [row.id for row in found] == [connection.id]


def test_organisation(sdk):
    (organisation,) = sdk.accounting.get_organisations(sdk.tenant).organisations
    assert organisation.organisation_id == sdk.tenant
    assert organisation.base_currency.value == "NZD"
    assert organisation.timezone.value == "NEWZEALANDSTANDARDTIME"
    assert organisation.financial_year_end_month == 3
    assert isinstance(organisation.created_date_utc, datetime)


def test_organisation_as_described(described):
    (organisation,) = described.accounting.get_organisations(
        described.tenant
    ).organisations
    assert organisation.short_code == "!mBdtL"
    assert organisation.payment_terms.sales.day == 14
    assert organisation.addresses[1].address_type == "DELIVERY"


def test_all_contacts_page_by_page(sdk):
    read = []
    for page in (1, 2, 3):
        answer = sdk.accounting.get_contacts(
            sdk.tenant,
            page=page,
            page_size=100,
            order="ContactID",
            include_archived="true",
        )
        assert answer.pagination.item_count == CONTACTS
        assert answer.pagination.page_count == 3
        read += [(c.contact_id, c.name) for c in answer.contacts]
    expected = [(c["ContactID"], c["Name"]) for c in truth(sdk)]
    assert read == expected


def test_archived_contacts_are_left_out_unless_asked_for(sdk):
    answer = sdk.accounting.get_contacts(sdk.tenant, page=1, page_size=1000)
    active = [c for c in truth(sdk) if c["ContactStatus"] == "ACTIVE"]
    assert len(answer.contacts) == len(active) < CONTACTS


def test_single_contact_in_full(described):
    answer = described.accounting.get_contact(
        described.tenant, "00000001-0000-4000-8000-000000000001"
    )
    (contact,) = answer.contacts
    assert contact.balances.accounts_receivable.outstanding == Decimal("118.90")
    assert contact.discount == Decimal("13.00")
    assert [p.first_name for p in contact.contact_persons] == ["Suki", "Raj"]
    assert [g.name for g in contact.contact_groups] == ["Retail", "Preferred"]
    assert contact.payment_terms.sales.type.value == "OFCURRENTMONTH"
    assert contact.purchases_tracking_categories[1].tracking_option_name == "Blue"
    assert contact.attachments[0].file_name == "terms.pdf"
    assert contact.updated_date_utc.tzinfo is not None


def test_contact_by_number(described):
    answer = described.accounting.get_contact_by_contact_number(described.tenant, "SB2")
    assert answer.contacts[0].name == "Alder Components Co."


def test_well_formed_contacts_as_described(described):
    ids = [c["ContactID"] for c in truth(described)][:WELL_FORMED]
    answer = described.accounting.get_contacts(
        described.tenant, i_ds=ids, page=1, include_archived="true"
    )
    assert len(answer.contacts) == WELL_FORMED
    by_name = {contact.name: contact for contact in answer.contacts}
    assert by_name["Bay Side Club"].merged_to_contact_id == (
        "00000011-0000-4000-8000-000000000011"
    )
    assert by_name["Kestrel Media Group"].phones[4].phone_type == "OFFICE"
    assert by_name["Only a Name"].addresses is None


def test_contacts_by_id(sdk):
    wanted = [c["ContactID"] for c in truth(sdk) if c["ContactStatus"] == "ACTIVE"][:3]
    answer = sdk.accounting.get_contacts(sdk.tenant, i_ds=wanted)
    assert {c.contact_id for c in answer.contacts} == set(wanted)


def test_contacts_changed_since(sdk):
    before = datetime.now(UTC) - timedelta(minutes=1)
    chosen = next(c for c in truth(sdk) if c["ContactStatus"] == "ACTIVE")
    change = {"ContactID": chosen["ContactID"], "EmailAddress": "new@mail.example"}
    sdk.control(
        "POST",
        f"/organisations/{sdk.tenant}/contacts",
        json={"action": "update", "contact": change},
    )
    answer = sdk.accounting.get_contacts(sdk.tenant, if_modified_since=before, page=1)
    assert [c.email_address for c in answer.contacts] == ["new@mail.example"]


def test_summary(sdk):
    answer = sdk.accounting.get_contacts(sdk.tenant, summary_only="true", page=1)
    assert len(answer.contacts) == 100
    assert answer.contacts[0].addresses is None


def test_search(described):
    answer = described.accounting.get_contacts(
        described.tenant, search_term="smythe", page=1
    )
    assert [c.name for c in answer.contacts] == ["Smythe & Hall Ltd"]


def test_unknown_contact(sdk):
    with pytest.raises(HTTPStatusException) as caught:
        sdk.accounting.get_contact(sdk.tenant, "nobody")
    assert caught.value.status == 404


def test_refused_query_is_read_as_xeros_error(sdk):
    with pytest.raises(HTTPStatusException) as caught:
        sdk.accounting.get_contacts(sdk.tenant, order="Nonsense")
    assert caught.value.status == 400
    assert json.loads(caught.value.body)["ErrorNumber"] == 16


def test_missing_tenant(sdk):
    with pytest.raises(ApiException) as caught:
        sdk.accounting.get_organisations("00000000-0000-0000-0000-000000000000")
    assert caught.value.status == 403


def test_too_many_calls(sdk):
    # With Retry-After the SDK's HTTP library would wait and call again.
    fault = {"kind": "rate_limited", "problem": "concurrent"}
    sdk.control("POST", "/faults", json=fault)
    with pytest.raises(ApiException) as caught:
        sdk.accounting.get_organisations(sdk.tenant)
    assert caught.value.status == 429
    assert caught.value.headers["X-Rate-Limit-Problem"] == "concurrent"


def test_token_is_refreshed_by_the_sdk(sdk, monkeypatch):
    monkeypatch.setattr(TokenApi, "refresh_token_url", f"{sdk.address}/connect/token")
    before = sdk.token
    sdk.client.refresh_oauth2_token()
    assert sdk.token["refresh_token"] != before["refresh_token"]
    assert sdk.accounting.get_organisations(sdk.tenant).organisations
