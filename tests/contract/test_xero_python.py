"""Xero's own SDK reads the simulator, as it would read Xero."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from xero_python.api_client.oauth2 import TokenApi
from xero_python.exceptions import ApiException, HTTPStatusException

from tests.contract.xero_sdk import DESCRIBED, change, run_simulator, truth

CONTACTS, INVOICES = 230, 260
# Of the described records; the others are bad input.
WELL_FORMED, WELL_FORMED_INVOICES = 26, 24
HOSTILE = "\x00\x1b[31m <b>&amp;</b> =1+1 🎉 \u202eשלום"


@pytest.fixture(scope="module")
def sdk():
    yield from run_simulator("--contacts", str(CONTACTS), "--invoices", str(INVOICES))


@pytest.fixture(scope="module")
def changing():
    """An organisation of which no test expects what another one made."""
    yield from run_simulator("--contacts", "3", "--invoices", "0")


@pytest.fixture(scope="module")
def described():
    yield from run_simulator("--dataset", str(DESCRIBED))


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
    fields = {"ContactID": chosen["ContactID"], "EmailAddress": "new@mail.example"}
    change(sdk, "contacts", action="update", contact=fields)
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


def test_contacts_unpaged(sdk):
    answer = sdk.accounting.get_contacts(sdk.tenant)
    active = [c for c in truth(sdk) if c["ContactStatus"] == "ACTIVE"]
    assert len(answer.contacts) == len(active)
    assert answer.pagination is None
    assert {contact.balances for contact in answer.contacts} == {None}


def test_contacts_filtered(described):
    answer = described.accounting.get_contacts(
        described.tenant, where='Name=="muller & sohne gmbh"', page=1
    )
    assert [c.default_currency.value for c in answer.contacts] == ["EUR"]


def test_hostile_texts_of_a_contact_arrive_as_they_are(changing):
    fields = {
        "Name": HOSTILE,
        "FirstName": "x" * 255,
        "EmailAddress": HOSTILE,
        "ContactPersons": [{"LastName": HOSTILE}, {}],
        "Addresses": [{"AddressType": "STREET", "AddressLine1": HOSTILE}],
    }
    made = change(changing, "contacts", action="add", contact=fields)
    (contact,) = changing.accounting.get_contact(
        changing.tenant, made["ContactID"]
    ).contacts
    assert contact.name == contact.email_address == HOSTILE
    assert contact.addresses[0].address_line1 == HOSTILE
    assert [p.last_name for p in contact.contact_persons] == [HOSTILE, None]


def test_contact_groups(sdk):
    answer = sdk.accounting.get_contact_groups(sdk.tenant, order="Name")
    names = [group.name for group in answer.contact_groups]
    assert names == sorted(g["Name"] for g in truth(sdk, "ContactGroups"))
    assert {group.status for group in answer.contact_groups} == {"ACTIVE"}


def test_contact_groups_with_hostile_names(described):
    answer = described.accounting.get_contact_groups(described.tenant)
    assert [group.name for group in answer.contact_groups] == [
        group.get("Name")
        for group in truth(described, "ContactGroups")
        if group.get("Status") != "DELETED"
    ]


def test_contact_group_with_its_members(described):
    (group,) = described.accounting.get_contact_group(
        described.tenant, "90000002-0000-4000-8000-000000000002"
    ).contact_groups
    assert group.name == "Preferred"
    assert [contact.name for contact in group.contacts] == [
        "Alder Components Co.",
        "Ridgeback University",
    ]


def test_all_invoices_page_by_page(sdk):
    read = []
    for page in (1, 2, 3):
        answer = sdk.accounting.get_invoices(
            sdk.tenant,
            page=page,
            page_size=100,
            order="InvoiceID",
            include_archived="true",
            unitdp=4,
        )
        assert answer.pagination.page_count == 3
        read += answer.invoices
    expected = truth(sdk, "Invoices")
    assert [i.invoice_id for i in read] == [i["InvoiceID"] for i in expected]
    for invoice, record in zip(read, expected, strict=True):
        assert float(invoice.total) == record["Total"]
        assert invoice.contact.contact_id == record["Contact"]["ContactID"]
        assert [float(line.unit_amount) for line in invoice.line_items] == [
            line["UnitAmount"] for line in record["LineItems"]
        ]
        assert len(invoice.payments) == len(record["Payments"])


def test_sales_invoices_only(sdk):
    answer = sdk.accounting.get_invoices(
        sdk.tenant, where='Type=="ACCREC"', page=1, page_size=1000
    )
    sales = [i for i in truth(sdk, "Invoices") if i["Type"] == "ACCREC"]
    assert len(answer.invoices) == len(sales) > 0
    assert {invoice.type for invoice in answer.invoices} == {"ACCREC"}


def test_invoices_unpaged(sdk):
    answer = sdk.accounting.get_invoices(sdk.tenant)
    assert len(answer.invoices) == len(truth(sdk, "Invoices"))
    assert not any(invoice.line_items for invoice in answer.invoices)


def test_invoices_in_summary_and_by_status(sdk):
    summary = sdk.accounting.get_invoices(sdk.tenant, summary_only="true")
    assert summary.pagination.item_count == len(truth(sdk, "Invoices"))
    assert summary.invoices[0].line_items is None
    paid = sdk.accounting.get_invoices(sdk.tenant, statuses=["PAID"])
    assert {invoice.status for invoice in paid.invoices} == {"PAID"}
    assert all(invoice.line_items for invoice in paid.invoices)
    assert all(invoice.fully_paid_on_date for invoice in paid.invoices)


def test_single_invoice_in_full(described):
    identifier = "10000001-0000-4000-8000-000000000001"
    (invoice,) = described.accounting.get_invoice(
        described.tenant, identifier, unitdp=4
    ).invoices
    assert invoice.contact.email_address == "bram@aldercomponents.example"
    assert invoice.line_items[1].unit_amount == Decimal("1.8725")
    assert invoice.line_items[0].discount_rate == Decimal("10.00")
    assert [t.option for t in invoice.line_items[0].tracking] == ["North", "Blue"]
    assert invoice.payments[0].reference == "Bank transfer"
    assert invoice.amount_due == (
        invoice.total - invoice.amount_paid - invoice.amount_credited
    )
    assert invoice.attachments[0].file_name == "timesheet.pdf"
    assert invoice.due_date.isoformat() == "2026-10-14"


def test_well_formed_invoices_as_described(described):
    ids = [i["InvoiceID"] for i in truth(described, "Invoices")]
    answer = described.accounting.get_invoices(
        described.tenant, i_ds=ids[:WELL_FORMED_INVOICES], page=1
    )
    assert len(answer.invoices) == WELL_FORMED_INVOICES
    by_id = {invoice.invoice_id: invoice for invoice in answer.invoices}
    japanese = by_id["10000011-0000-4000-8000-000000000011"]
    assert japanese.currency_code.value == "JPY"
    assert len(by_id["10000022-0000-4000-8000-000000000022"].line_items) == 50


def test_hostile_texts_of_an_invoice_arrive_as_they_are(changing):
    customer = next(c for c in truth(changing) if c["ContactStatus"] == "ACTIVE")
    fields = {
        "Contact": {"ContactID": customer["ContactID"]},
        "Reference": HOSTILE,
        "InvoiceNumber": "9" * 255,
        "LineItems": [{"Description": HOSTILE, "UnitAmount": -0.0001}],
    }
    before = datetime.now(UTC) - timedelta(minutes=1)
    made = change(changing, "invoices", action="add", invoice=fields)
    change(
        changing, "invoices", action="void", invoice={"InvoiceID": made["InvoiceID"]}
    )
    (invoice,) = changing.accounting.get_invoices(
        changing.tenant, if_modified_since=before, page=1, unitdp=4
    ).invoices
    assert (invoice.reference, invoice.invoice_number) == (HOSTILE, "9" * 255)
    assert invoice.line_items[0].description == HOSTILE
    assert invoice.line_items[0].unit_amount == Decimal("-0.0001")
    assert invoice.status == "VOIDED"


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
