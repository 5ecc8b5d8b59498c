"""Invoices change: they are dated, their contact's balances follow without a date."""

import pytest

from infra.xero_simulator.ledger import settle

NOW = "/Date(1795176000000+0000)/"
CONTACT = "00000001-0000-4000-8000-000000000000"
OTHER = "00000002-0000-4000-8000-000000000000"
WORK = [{"Description": "Work", "Quantity": 2, "UnitAmount": 50.25, "TaxAmount": 15.08}]


@pytest.fixture
def add(change):
    """Makes an invoice of a total of 115.58 unless its fields say otherwise."""

    def made(expected=200, **fields):
        contact = {"Contact": {"ContactID": CONTACT}, "LineItems": WORK}
        return change(expected, kind="invoices", action="add", invoice=contact | fields)

    return made


@pytest.fixture
def act(change):
    def acts(invoice, action, expected=200, after=None, **more):
        named = {"InvoiceID": invoice["InvoiceID"], **more.pop("fields", {})}
        if after:
            more["after"] = after
        return change(expected, "invoices", action=action, invoice=named, **more)

    return acts


@pytest.fixture
def balances(caller):
    def read(contact_id=CONTACT):
        (contact,) = caller.get(f"Contacts/{contact_id}").json["Contacts"]
        sides = contact.get("Balances", {})
        return {
            name: (side["Outstanding"], side["Overdue"]) for name, side in sides.items()
        }

    return read


def test_new_invoice_adds_up(add, caller):
    made = add()
    (read,) = caller.invoices(page=1)
    assert read["InvoiceID"] == made["InvoiceID"]
    assert (read["SubTotal"], read["TotalTax"], read["Total"]) == (100.5, 15.08, 115.58)
    assert read["AmountDue"] == 115.58
    assert read["LineItems"][0]["LineAmount"] == 100.5
    assert read["UpdatedDateUTC"] == NOW
    assert read["UpdatedDateUTCString"] == "2026-11-20T12:00:00Z"
    assert read["DateString"] == "2026-11-20T00:00:00"


def test_tax_that_is_included_is_not_added(add):
    made = add(LineAmountTypes="Inclusive")
    assert (made["SubTotal"], made["Total"]) == (85.42, 100.5)


def test_contact_becomes_a_customer_and_owes_without_being_dated(
    add, caller, balances, make_contact
):
    add()
    add(Type="ACCPAY", DueDate="2026-11-01")
    assert balances() == {
        "AccountsReceivable": (115.58, 0.0),
        "AccountsPayable": (115.58, 115.58),
    }
    (contact,) = caller.get(f"Contacts/{CONTACT}").json["Contacts"]
    assert contact["IsCustomer"] and contact["IsSupplier"]
    assert contact["UpdatedDateUTC"] == make_contact(1)["UpdatedDateUTC"]


def test_balances_are_in_the_base_currency(add, balances):
    add(CurrencyCode="USD", CurrencyRate=0.5)
    assert balances()["AccountsReceivable"][0] == 231.16


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED", "DELETED"])
def test_what_is_not_approved_is_not_owed(add, balances, status):
    add(Status=status)
    assert balances()["AccountsReceivable"][0] == 0


def test_payment_in_part_then_in_full(add, act, caller, balances):
    made = add()
    part = act(made, "pay", amount=15.58, date="2026-11-18")
    assert (part["Status"], part["AmountDue"]) == ("AUTHORISED", 100)
    assert balances()["AccountsReceivable"][0] == 100
    act(made, "pay")
    (paid,) = caller.invoices(page=1)
    assert paid["Status"] == "PAID"
    assert (paid["AmountPaid"], paid["AmountDue"]) == (115.58, 0)
    assert [p["Amount"] for p in paid["Payments"]] == [15.58, 100]
    assert paid["FullyPaidOnDate"] == "/Date(1795132800000+0000)/"
    assert balances()["AccountsReceivable"][0] == 0


def test_payment_is_a_change_of_the_invoice_alone(xero, add, act, caller):
    made = add()
    xero.advance(minutes=1)
    since = {"If-Modified-Since": "2026-11-20T12:00:00"}
    act(made, "pay")
    assert len(caller.invoices(since, page=1)) == 1
    assert caller.contacts(since, page=1) == []


def test_voided_invoice_is_no_longer_due(add, act, balances):
    voided = act(add(), "void")
    assert (voided["Status"], voided["AmountDue"], voided["Total"]) == (
        "VOIDED",
        0,
        115.58,
    )
    assert balances()["AccountsReceivable"][0] == 0


def test_update_moves_the_sums_and_the_contact(add, act, balances):
    made = add()
    line = {"Description": "More", "UnitAmount": 10}
    changed = act(made, "update", fields={"LineItems": [line], "Reference": "R"})
    assert (changed["Total"], changed["Reference"]) == (10, "R")
    act(made, "update", fields={"Contact": {"ContactID": OTHER}})
    assert balances()["AccountsReceivable"][0] == 0
    assert balances(OTHER)["AccountsReceivable"][0] == 10


def test_due_date_of_a_part_paid_invoice_is_no_change(xero, add, act, caller):
    made = add()
    act(made, "pay", amount=1)
    xero.advance(minutes=1)
    act(made, "update", fields={"DueDate": "2026-12-24", "SentToContact": True})
    (read,) = caller.invoices(page=1)
    assert read["DueDateString"] == "2026-12-24T00:00:00"
    assert read["UpdatedDateUTC"] == NOW
    act(made, "update", fields={"Reference": "R"})
    assert caller.invoices(page=1)[0]["UpdatedDateUTC"] != NOW


def test_invoices_of_a_merged_contact_become_the_winners(add, change, caller, balances):
    add()
    change(action="merge", contact={"ContactID": CONTACT}, into=OTHER)
    (read,) = caller.invoices(page=1)
    assert (read["Contact"]["ContactID"], read["Contact"]["Name"]) == (
        OTHER,
        "Contact 2",
    )
    assert balances()["AccountsReceivable"][0] == 0
    assert balances(OTHER)["AccountsReceivable"][0] == 115.58
    (winner,) = caller.get(f"Contacts/{OTHER}").json["Contacts"]
    assert winner["IsCustomer"]


def test_renamed_contact_is_renamed_on_its_invoices(add, change, caller):
    add()
    change(action="update", contact={"ContactID": CONTACT, "Name": "Renamed"})
    assert caller.invoices()[0]["Contact"]["Name"] == "Renamed"


def test_planned_change_happens_between_two_pages(add, act, caller, control):
    made, _ = add(), add()
    act(made, "pay", 202, after={"calls": 1})
    assert control("GET", "")["planned"] == [
        "pay in invoices after 1 calls of /api.xro/2.0/Invoices"
    ]
    pages = [
        caller.invoices(page=n, pageSize=1, order="InvoiceID", Statuses="AUTHORISED")
        for n in (1, 2)
    ]
    # Once the first one is paid, the second one moves onto page 1 and is never seen.
    assert (len(pages[0]), len(pages[1])) == (1, 0)


def test_planned_change_that_has_become_senseless_does_not_happen(add, act, caller):
    made = add()
    for _ in range(2):
        act(made, "pay", 202, after={"calls": 1})
    assert caller.get("Invoices", page=1).status_code == 200
    (paid,) = caller.invoices(page=1)
    assert len(paid["Payments"]) == 1


def test_nothing_is_due_of_a_deleted_draft(add, act):
    made = add(Status="DRAFT")
    deleted = act(made, "update", fields={"Status": "DELETED"})
    assert (deleted["AmountDue"], deleted["Total"]) == (0, 115.58)


@pytest.mark.parametrize(
    "fields",
    [
        {"Contact": None},
        {"Contact": {"ContactID": "nobody"}},
        {"InvoiceID": 5},
        {"LineItems": "x"},
        {"LineItems": [5]},
        {"LineItems": [{"UnitAmount": "much"}]},
        {"Date": "tomorrow"},
        {"Date": None},
        {"CurrencyRate": 0},
        {"CurrencyRate": "x"},
    ],
)
def test_invoice_that_makes_no_sense_is_refused(add, caller, fields):
    assert add(400, **fields)["error"]
    assert caller.invoices() == []


def test_change_that_makes_no_sense_is_refused(add, act, control):
    made = add()
    for amount in (0, -1, 115.59, "x"):
        assert act(made, "pay", 400, amount=amount)["error"]
    assert act(made, "pay", 400, date="never")["error"]
    act(made, "pay", amount=1)
    assert act(made, "void", 400)["error"]
    act(made, "pay")
    assert act(made, "pay", 400)["error"]
    assert act(made, "pay", 400, after={"calls": 1})["error"]
    assert act({"InvoiceID": "nobody"}, "pay", 400)["error"]
    assert control("GET", "")["planned"] == []


def test_worthless_values_do_not_disturb_the_balances(
    make_xero, make_contact, make_invoice
):
    bad = [
        make_invoice(1, AmountDue=None, CurrencyRate="x"),
        make_invoice(2, AmountDue="5.00", CurrencyRate=0, DueDate=None),
        make_invoice(3, Contact=None, AmountDue=7),
        make_invoice(4, Type=None, Status=None),
        make_invoice(5, AmountDue="9" * 99),
        make_invoice(6, AmountDue="1e-99", CurrencyRate="1e-17"),
    ]
    tenant = make_xero([make_contact(1)], invoices=bad).first
    settle(tenant, 0)
    (contact,) = tenant.contacts.records()
    assert str(contact["Balances"]["AccountsReceivable"]["Outstanding"]) == "5.00"
