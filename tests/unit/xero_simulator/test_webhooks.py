"""What apps are told, how it is written, and when it is posted."""

import json

import pytest

from infra.xero_simulator.webhooks.payload import sign

CONTACT = "00000001-0000-4000-8000-000000000000"
OTHER = "00000002-0000-4000-8000-000000000000"
LINES = [{"Description": "Work", "UnitAmount": 50}]
PARTY = {"Contact": {"ContactID": CONTACT}}


@pytest.fixture
def told(xero, webhook):
    """The events that were not told yet, posted now."""

    def events():
        seen = len(xero.receiver.events)
        webhook("POST", "/deliver")
        return xero.receiver.events[seen:]

    return events


@pytest.fixture
def add(change):
    def made(kind, name, **fields):
        whole = PARTY | {"LineItems": LINES} | fields
        return change(kind=kind, **{"action": "add", name: whole})

    return made


def kinds(events):
    return [(each["eventCategory"], each["eventType"]) for each in events]


def test_event_is_as_xero_writes_it(xero, change, told):
    xero.advance(seconds=0.25)
    made = change(action="add", contact={"Name": "New"})
    assert told() == [
        {
            "resourceUrl": "http://localhost:8071/api.xro/2.0/Contacts/"
            + made["ContactID"],
            "resourceId": made["ContactID"],
            "tenantId": xero.first.tenant_id,
            "tenantType": "ORGANISATION",
            "eventCategory": "CONTACT",
            "eventType": "CREATE",
            "eventDateUtc": "2026-11-20T12:00:00.250",
        }
    ]


@pytest.mark.parametrize(
    ("action", "more", "subject"),
    [
        ("update", {"contact": {"EmailAddress": "x@mail.example"}}, CONTACT),
        ("archive", {}, CONTACT),
        ("merge", {"into": OTHER}, CONTACT),
    ],
)
def test_changed_contact_is_an_update(change, told, action, more, subject):
    contact = {"ContactID": CONTACT} | more.pop("contact", {})
    change(action=action, contact=contact, **more)
    events = told()
    assert kinds(events) == [("CONTACT", "UPDATE")]
    assert events[0]["resourceId"] == subject


def test_balance_and_role_tell_nothing(change, told):
    change(action="update", contact={"ContactID": CONTACT, "IsCustomer": True})
    assert told() == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("items", {"action": "add", "item": {"Name": "Thing"}}),
        ("contact_groups", {"action": "add", "contact_group": {"Name": "Group"}}),
    ],
)
def test_items_and_groups_tell_nothing(change, told, kind, body):
    change(kind=kind, **body)
    assert told() == []


@pytest.mark.parametrize("kind", ["ACCREC", "ACCPAY"])
def test_invoice_and_its_payment(add, change, told, kind):
    made = {"InvoiceID": add("invoices", "invoice", Type=kind)["InvoiceID"]}
    change(kind="invoices", action="pay", invoice=made, amount=1)
    change(kind="invoices", action="unpay", invoice=made)
    change(kind="invoices", action="void", invoice=made)
    assert kinds(told()) == [("INVOICE", "CREATE")] + 3 * [("INVOICE", "UPDATE")]


def test_due_date_of_what_is_paid_in_part_tells_nothing(add, change, told):
    made = {"InvoiceID": add("invoices", "invoice")["InvoiceID"]}
    change(kind="invoices", action="pay", invoice=made, amount=1)
    told()
    made["DueDate"] = "2026-12-24"
    change(kind="invoices", action="update", invoice=made)
    assert told() == []


@pytest.mark.parametrize(
    ("kind", "name", "key", "category"),
    [
        ("credit_notes", "credit_note", "CreditNoteID", "CREDITNOTE"),
        ("prepayments", "prepayment", "PrepaymentID", "PREPAYMENT"),
        ("overpayments", "overpayment", "OverpaymentID", "OVERPAYMENT"),
    ],
)
def test_credit_and_its_allocation(add, change, told, kind, name, key, category):
    invoice, credit = add("invoices", "invoice"), add(kind, name)
    told()
    act = {"kind": kind, name: {key: credit[key]}}
    change(action="allocate", invoice=invoice["InvoiceID"], amount=1, **act)
    assert kinds(told()) == [("INVOICE", "UPDATE"), (category, "UPDATE")]


def test_credit_note_tells_type_and_status(add, change, told):
    made = add("credit_notes", "credit_note", Type="ACCPAYCREDIT", Status="DRAFT")
    named = {"CreditNoteID": made["CreditNoteID"]}
    change(kind="credit_notes", action="delete", credit_note=named)
    data = [each["data"] for each in told()]
    assert data == [
        {"Type": "ACCPAYCREDIT", "Status": "DRAFT"},
        {"Type": "ACCPAYCREDIT", "Status": "DELETED"},
    ]


def test_what_an_app_writes_is_told_as_well(writer, told):
    name = {"Name": "Written"}
    writer.write("PUT", "Contacts", name)
    writer.write("POST", "Contacts", name | {"EmailAddress": "w@mail.example"})
    invoice = {"Type": "ACCREC", "Contact": name, "LineItems": [{"Description": "x"}]}
    writer.write("PUT", "Invoices", invoice)
    assert kinds(told()) == [
        ("CONTACT", "CREATE"),
        ("CONTACT", "UPDATE"),
        ("INVOICE", "CREATE"),
    ]


def test_refused_write_tells_nothing(writer, told):
    assert writer.write("PUT", "Contacts", {"Name": ""}).status_code == 400
    assert told() == []


def test_only_connected_organisations_are_told_of(xero, control, told):
    def changes(tenant):
        path = f"/organisations/{tenant.tenant_id}/contacts"
        control("POST", path, json={"action": "add", "contact": {"Name": "New"}})

    changes(xero.second)
    assert told() == []
    xero.consent({"organisation": xero.second.tenant_id})
    changes(xero.second)
    changes(xero.first)
    tenants = [each["tenantId"] for each in told()]
    assert tenants == [xero.second.tenant_id, xero.first.tenant_id]
    assert len(xero.receiver.posts) == 1
    control("POST", f"/organisations/{xero.first.tenant_id}/disconnect")
    changes(xero.first)
    assert told() == []


def test_another_apps_connection_tells_this_one_nothing(xero, change, control, told):
    control("POST", f"/organisations/{xero.first.tenant_id}/disconnect")
    code = xero.code(client_id="other")
    form = {"grant_type": "authorization_code", "code": code}
    answer = xero.token(
        ("other", "word"),
        redirect_uri="https://connector.example/oauth/callback",
        **form,
    )
    assert answer.status_code == 200
    change(action="archive", contact={"ContactID": CONTACT})
    assert told() == []


def test_demo_company_after_its_reset_is_told_of_under_its_new_id(xero, control, told):
    path = f"/organisations/{xero.second.tenant_id}/reset"
    tenant = control("POST", path)["id"]
    xero.consent({"organisation": tenant})
    control("POST", f"/organisations/{tenant}/burst", json={"events": 1})
    assert [each["tenantId"] for each in told()] == [tenant]


def test_category_that_was_not_chosen_is_not_told(change, add, webhook, told):
    address = webhook("GET")["address"]
    webhook("PUT", json={"address": address, "categories": ["INVOICE"]})
    change(action="archive", contact={"ContactID": CONTACT})
    add("invoices", "invoice")
    assert kinds(told()) == [("INVOICE", "CREATE")]


def test_body_is_signed_as_it_is_and_has_blanks_that_nobody_would_write(
    xero, burst, webhook
):
    burst(3)
    webhook("POST", "/deliver")
    body = xero.receiver.bodies[-1]
    again = json.dumps(json.loads(body)).encode()
    (shown, *_) = webhook("GET", "/deliveries")["deliveries"]
    assert shown["body"].encode() == body
    assert shown["signature"] == sign(xero.receiver.key, body)
    assert shown["signature"] != sign(xero.receiver.key, again)


@pytest.mark.parametrize(
    "body",
    [
        {"events": 0},
        {"events": "5"},
        {"events": True},
        {"events": 5, "collection": "items"},
        {"events": 5, "collection": "invoices"},
        {},
    ],
)
def test_burst_of_nothing_is_refused(xero, control, body):
    path = f"/organisations/{xero.first.tenant_id}/burst"
    assert control("POST", path, 400, json=body)["error"]
