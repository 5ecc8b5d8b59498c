"""Xero's own SDK writes contacts and invoices at the simulator."""

from datetime import date
from decimal import Decimal

import pytest
from xero_python.accounting import (
    Address,
    Contact,
    ContactPerson,
    Contacts,
    Invoice,
    Invoices,
    LineAmountTypes,
    LineItem,
    Phone,
)
from xero_python.exceptions import AccountingBadRequestException

from tests.contract.xero_sdk import WRITING, run_simulator, truth


@pytest.fixture(scope="module")
def sdk():
    """No test changes what another one expects."""
    options = ("--contacts", "20", "--invoices", "50", "--items", "20")
    yield from run_simulator(*options, scopes=WRITING)


def bayside(name: str) -> Contact:
    return Contact(
        name=name,
        contact_number=f"N-{name}",
        email_address="bob@bayside.example",
        phones=[Phone(phone_type="MOBILE", phone_number="555 1", phone_area_code="21")],
        addresses=[Address(address_type="POBOX", city="Bluff", country="New Zealand")],
        contact_persons=[ContactPerson(first_name="Ann", last_name="Lee")],
    )


def held(sdk, contact_id: str) -> dict:
    return next(each for each in truth(sdk) if each["ContactID"] == contact_id)


def create(sdk, *contacts: Contact, **options: object) -> list[Contact]:
    sent = Contacts(contacts=list(contacts))
    return sdk.accounting.create_contacts(sdk.tenant, sent, **options).contacts


def test_contact_is_created_and_changed(sdk):
    (made,) = create(sdk, bayside("Bayside"))
    record = held(sdk, made.contact_id)
    assert (record["Name"], record["ContactNumber"]) == ("Bayside", "N-Bayside")
    assert record["Phones"][3]["PhoneNumber"] == "555 1"
    change = Contacts(contacts=[Contact(last_name="Partridge")])
    (changed,) = sdk.accounting.update_contact(
        sdk.tenant, made.contact_id, change
    ).contacts
    assert (changed.name, changed.last_name) == ("Bayside", "Partridge")
    assert [each.first_name for each in changed.contact_persons] == ["Ann"]
    assert changed.addresses[1].city == "Bluff"
    archive = Contacts(contacts=[Contact(contact_status="ARCHIVED")])
    sdk.accounting.update_contact(sdk.tenant, made.contact_id, archive)
    assert held(sdk, made.contact_id)["ContactStatus"] == "ARCHIVED"


def test_contact_is_changed_or_created_by_its_number(sdk):
    (made,) = create(sdk, bayside("Upserted"))
    both = [
        Contact(contact_number="N-Upserted", first_name="Zoe"),
        Contact(name="New by upsert"),
    ]
    changed, new = sdk.accounting.update_or_create_contacts(
        sdk.tenant, Contacts(contacts=both)
    ).contacts
    assert (changed.contact_id, changed.first_name) == (made.contact_id, "Zoe")
    assert held(sdk, new.contact_id)["Name"] == "New by upsert"


def test_taken_name_is_an_exception_that_says_so(sdk):
    create(sdk, bayside("Taken"))
    with pytest.raises(AccountingBadRequestException) as refused:
        create(sdk, Contact(name="Taken"), summarize_errors=True)
    error = refused.value.error_data
    assert error["Type"] == "ValidationException"
    assert "is already assigned to another contact" in str(refused.value)


def test_refused_one_is_told_among_the_others(sdk):
    create(sdk, bayside("There"))
    good, bad = create(
        sdk, Contact(name="Not there"), Contact(name="There"), summarize_errors=False
    )
    assert (good.status_attribute_string, good.has_validation_errors) == ("OK", False)
    assert (bad.status_attribute_string, bad.has_validation_errors) == ("ERROR", True)
    assert "must be unique" in bad.validation_errors[0].message


def test_same_key_creates_once(sdk):
    first, second = (
        create(sdk, Contact(name="Once"), idempotency_key="once")[0] for _ in range(2)
    )
    assert first.contact_id == second.contact_id


def test_invoice_is_created_with_what_its_item_says(sdk):
    item = next(each for each in truth(sdk, "Items") if each["IsSold"])
    (contact,) = create(sdk, bayside("Buyer"))
    draft = Invoice(
        type="ACCREC",
        status="DRAFT",
        contact=Contact(contact_id=contact.contact_id),
        line_items=[LineItem(item_code=item["Code"], quantity=2)],
        line_amount_types=LineAmountTypes.EXCLUSIVE,
        date=date(2026, 11, 20),
        reference="ODOO-1-7-1",
        url="https://crm.example/odoo/crm/7",
    )
    (made,) = sdk.accounting.create_invoices(
        sdk.tenant, Invoices(invoices=[draft]), summarize_errors=False
    ).invoices
    assert made.status_attribute_string == "OK"
    assert (made.status, made.date, made.due_date) == ("DRAFT", draft.date, None)
    (line,) = made.line_items
    assert line.description == item["Description"]
    assert (line.account_code, line.tax_type) == ("200", "OUTPUT2")
    net = 2 * Decimal(str(item["SalesDetails"]["UnitPrice"]))
    assert Decimal(str(made.sub_total)) == net
    assert made.invoice_number
    where = 'Type=="ACCREC" AND Reference=="ODOO-1-7-1"'
    (found,) = sdk.accounting.get_invoices(sdk.tenant, where=where).invoices
    assert found.invoice_id == made.invoice_id


def test_invoice_is_changed(sdk):
    (contact,) = create(sdk, bayside("Changer"))
    draft = Invoice(
        type="ACCREC",
        contact=Contact(contact_id=contact.contact_id),
        line_items=[LineItem(description="Work", unit_amount=10, quantity=1)],
    )
    (made,) = sdk.accounting.create_invoices(
        sdk.tenant, Invoices(invoices=[draft])
    ).invoices
    (changed,) = sdk.accounting.update_invoice(
        sdk.tenant, made.invoice_id, Invoices(invoices=[Invoice(reference="new")])
    ).invoices
    assert (changed.reference, changed.total) == ("new", 10)
    (deleted,) = sdk.accounting.update_or_create_invoices(
        sdk.tenant,
        Invoices(invoices=[Invoice(invoice_id=made.invoice_id, status="DELETED")]),
    ).invoices
    assert deleted.status == "DELETED"


def test_refused_invoice_says_why(sdk):
    nobody = Invoice(type="ACCREC", line_items=[])
    (refused,) = sdk.accounting.create_invoices(
        sdk.tenant, Invoices(invoices=[nobody]), summarize_errors=False
    ).invoices
    assert refused.has_errors is True
    assert [each.message for each in refused.validation_errors] == [
        "A Contact must be specified for this type of transaction",
        "One or more line items must be specified",
    ]
