"""`/Invoices`: its shapes, filters and order."""

from decimal import Decimal

import pytest

LINE = {"Description": "Work", "UnitAmount": Decimal("1.2345"), "Quantity": 2}
FULL = {
    "Payments": [{"PaymentID": "p", "Amount": Decimal("1.00")}],
    "CreditNotes": [],
    "LineItems": [LINE],
    "HasAttachments": True,
    "CISDeduction": Decimal("3.00"),
    "Attachments": [{"FileName": "a.pdf"}],
    "Total": Decimal("2.50"),
}
NO_DETAILS = {
    "Addresses": [],
    "Phones": [],
    "ContactGroups": [],
    "ContactPersons": [],
    "HasValidationErrors": False,
}


@pytest.fixture
def reading(make_xero, make_contact, make_invoice):
    """A caller that reads the invoices that are given as fields of each."""

    def reads(*invoices):
        contacts = [make_contact(n, EmailAddress=f"{n}@c.example") for n in (1, 2)]
        made = [make_invoice(n, **fields) for n, fields in enumerate(invoices, 1)]
        return make_xero(contacts, invoices=made).connect()

    return reads


def numbers(invoices):
    return [invoice["InvoiceNumber"] for invoice in invoices]


def test_paged_invoice_has_its_lines_and_little_of_its_contact(reading, make_contact):
    (record,) = reading(FULL).invoices(page=1)
    assert FULL.keys() - record.keys() == {"Attachments"}
    assert record["LineItems"][0]["Description"] == "Work"
    contact = make_contact(1)
    assert record["Contact"] == {
        "ContactID": contact["ContactID"],
        "Name": contact["Name"],
        **NO_DETAILS,
    }


def test_unpaged_invoice_has_no_lines(reading):
    answer = reading(FULL).get("Invoices")
    (record,) = answer.json["Invoices"]
    assert "pagination" not in answer.json
    assert record["LineItems"] == []
    assert record["Payments"] == [{"PaymentID": "p", "Amount": 1.0}]
    assert record["Contact"].items() >= NO_DETAILS.items()


def test_single_invoice_has_everything_and_its_whole_contact(reading, make_contact):
    caller = reading(FULL | {"InvoiceNumber": "INV 7/b"})
    by_id = caller.get("Invoices/00000001-1000-4000-8000-000000000000")
    (record,) = by_id.json["Invoices"]
    assert record.keys() >= FULL.keys()
    assert record["Contact"] == make_contact(1, EmailAddress="1@c.example")


def test_single_invoice_is_found_by_its_number(reading):
    (record,) = reading({}, {}).get("Invoices/INV-2").json["Invoices"]
    assert record["InvoiceNumber"] == "INV-2"


def test_unknown_invoice_is_a_plain_404(reading):
    answer = reading().get("Invoices/nobody")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")


def test_summary_is_paged_and_leaves_the_costly_fields_out(reading):
    answer = reading(FULL).get("Invoices", summaryOnly="true")
    (record,) = answer.json["Invoices"]
    assert answer.json["pagination"]["itemCount"] == 1
    left_out = {"Payments", "LineItems", "HasAttachments", "CISDeduction"}
    assert not record.keys() & left_out
    assert record["Total"] == 2.5


def test_statuses_page_the_list_and_show_lines(reading):
    caller = reading(FULL | {"Status": "PAID"}, FULL, FULL | {"Status": "DRAFT"})
    answer = caller.get("Invoices", Statuses="paid,DRAFT")
    assert answer.json["pagination"]["itemCount"] == 2
    assert numbers(answer.json["Invoices"]) == ["INV-1", "INV-3"]
    assert answer.json["Invoices"][0]["LineItems"]


@pytest.mark.parametrize(
    ("query", "written"),
    [({}, b'"UnitAmount": 1.23,'), ({"unitdp": 4}, b'"UnitAmount": 1.2345,')],
)
def test_unit_amount_has_two_digits_unless_four_are_asked_for(reading, query, written):
    caller = reading(FULL)
    assert written in caller.get("Invoices", page=1, **query).data
    assert written in caller.get("Invoices/INV-1", **query).data


@pytest.mark.parametrize(
    "lines",
    [
        None,
        "x",
        [None],
        [{}],
        [{"UnitAmount": None}],
        [{"UnitAmount": "1.5"}],
        [{"UnitAmount": Decimal("1E+22")}],
    ],
)
def test_lines_of_another_form_are_served_as_they_are(reading, lines):
    (record,) = reading({"LineItems": lines}).invoices(page=1)
    assert record["LineItems"] == lines


@pytest.mark.parametrize("contact", [None, "x", {}, {"ContactID": "nobody"}])
def test_contact_of_another_form_breaks_nothing(reading, contact):
    caller = reading({"Contact": contact})
    (listed,) = caller.invoices(page=1)
    (single,) = caller.get("Invoices/INV-1").json["Invoices"]
    assert single["Contact"] == contact
    if isinstance(contact, dict):
        assert listed["Contact"] == contact | NO_DETAILS


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"InvoiceNumbers": "inv-1, INV-3"}, ["INV-1", "INV-3"]),
        ({"IDs": "00000002-1000-4000-8000-000000000000,x"}, ["INV-2"]),
        ({"ContactIDs": "00000002-0000-4000-8000-000000000000"}, ["INV-3"]),
        ({"searchTerm": "ORANGE"}, ["INV-2"]),
        ({"searchTerm": "inv-"}, ["INV-1", "INV-2", "INV-3"]),
        ({"createdByMyApp": "true"}, []),
        (
            {"createdByMyApp": "false", "includeArchived": "true"},
            [f"INV-{n}" for n in (1, 2, 3)],
        ),
        ({"Statuses": "", "page": 2}, []),
    ],
)
def test_parameters_pick_invoices(reading, make_invoice, query, found):
    other = make_invoice(0, to=2)["Contact"]
    caller = reading({}, {"Reference": "an orange"}, {"Contact": other})
    assert numbers(caller.invoices(**query)) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("InvoiceID", "123"),
        ("InvoiceId DESC", "321"),
        ("Date", "231"),
        ("DueDate DESC", "123"),
        ("Total", "312"),
        ("Contact.Name DESC", "123"),
        ("UpdatedDateUTC DESC", "321"),
    ],
)
def test_order(reading, order, found):
    caller = reading(
        {"Date": "/Date(1795132800000+0000)/", "Total": Decimal("9.00")},
        {"Date": "/Date(9000+0000)/", "Total": Decimal("10.00")},
        {"Date": "/Date(100000+0000)/", "Total": None},
    )
    assert "".join(n[-1] for n in numbers(caller.invoices(order=order))) == found


def test_changes_since_a_second(reading):
    since = {"If-Modified-Since": "2026-11-18T11:06:42"}
    assert numbers(reading({}, {}, {}).invoices(since, page=1)) == ["INV-3"]


def test_pages_are_clamped_and_counted(reading):
    answer = reading(*[{}] * 5).get("Invoices", page=2, pageSize=3)
    assert numbers(answer.json["Invoices"]) == ["INV-4", "INV-5"]
    assert answer.json["pagination"] == {
        "page": 2,
        "pageSize": 3,
        "pageCount": 2,
        "itemCount": 5,
    }


def test_invoices_need_their_scope(make_xero):
    xero = make_xero()
    refused = xero.connect(scope="accounting.contacts.read").get("Invoices")
    assert refused.status_code == 401
    assert xero.connect(scope="accounting.invoices").get("Invoices").status_code == 200
