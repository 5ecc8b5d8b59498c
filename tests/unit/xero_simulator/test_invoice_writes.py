"""Invoices that an app creates and changes: lines, sums, numbers, contacts."""

from decimal import Decimal

import pytest

from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.writes import invoice_contact as contacts
from infra.xero_simulator.writes import invoice_rules as rules
from infra.xero_simulator.writes import lines
from tests.unit.xero_simulator.books import faults

ONE_BY_ONE = {"summarizeErrors": "false"}
NO_ID = "00000000-0000-0000-0000-000000000000"
DIGGER = {
    "ItemID": "40000001-0000-4000-8000-000000000001",
    "Code": "DIG",
    "Name": "Digger",
    "Description": "Hire of a digger",
    "PurchaseDescription": "Digger from the pool",
    "SalesDetails": {
        "UnitPrice": Decimal("412.5"),
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    },
    "PurchaseDetails": {
        "UnitPrice": Decimal("250"),
        "COGSAccountCode": "310",
        "TaxType": "INPUT2",
    },
    "IsSold": True,
    "IsPurchased": True,
}
UNSOLD = {
    "ItemID": "40000002-0000-4000-8000-000000000002",
    "Code": "VAN",
    "Name": "Van",
    "SalesDetails": {},
    "IsSold": False,
    "IsPurchased": True,
}
WORK = {"Description": "Work", "UnitAmount": 50.25, "Quantity": 2, "AccountCode": "200"}


def id_of(number):
    return f"{number:08d}-0000-4000-8000-000000000000"


def sale(*lines, **fields):
    return {
        "Type": "ACCREC",
        "Contact": {"ContactID": id_of(1)},
        "LineItems": lines or [WORK],
        **fields,
    }


@pytest.fixture
def xero(make_xero, make_contact):
    return make_xero([make_contact(n) for n in (1, 2, 3)], items=[DIGGER, UNSOLD])


@pytest.fixture
def put(writer):
    """Creates invoices one by one: an element for each."""

    def call(*invoices, **query):
        body = {"Invoices": invoices}
        answer = writer.write("PUT", "Invoices", body, **ONE_BY_ONE, **query)
        assert answer.status_code == 200, answer.text
        return answer.json["Invoices"]

    return call


@pytest.fixture
def post(writer):
    def call(*invoices):
        body = {"Invoices": invoices}
        answer = writer.write("POST", "Invoices", body, **ONE_BY_ONE)
        assert answer.status_code == 200, answer.text
        return answer.json["Invoices"]

    return call


def messages(element):
    return [each["Message"] for each in element.get("ValidationErrors", [])]


def test_draft_takes_from_its_item_what_is_left_out(put):
    (made,) = put(sale({"ItemCode": "DIG", "Quantity": 2}))
    assert made["StatusAttributeString"] == "OK"
    (line,) = made["LineItems"]
    assert line.pop("LineItemID")
    assert line == {
        "ItemCode": "DIG",
        "Item": {"ItemID": DIGGER["ItemID"], "Name": "Digger", "Code": "DIG"},
        "Description": "Hire of a digger",
        "Quantity": 2.0,
        "UnitAmount": 412.5,
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
        "LineAmount": 825.0,
        "TaxAmount": 123.75,
        "Tracking": [],
    }
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (825, 123.75, 948.75)
    assert (made["AmountDue"], made["AmountPaid"]) == (948.75, 0)


def test_what_a_line_says_itself_goes_before_its_item(put):
    said = {
        "ItemCode": "DIG",
        "Description": "Two days",
        "UnitAmount": 400,
        "AccountCode": "260",
        "TaxType": "NONE",
    }
    (made,) = put(sale(said))
    (line,) = made["LineItems"]
    assert line.items() >= said.items()
    assert (line["Quantity"], line["LineAmount"], line["TaxAmount"]) == (1, 400, 0)


def test_bill_takes_what_its_item_costs(put):
    bill = sale({"ItemCode": "DIG"}, Type="ACCPAY", Reference="for sales only")
    (made,) = put(bill)
    (line,) = made["LineItems"]
    assert (line["UnitAmount"], line["AccountCode"]) == (250, "310")
    assert line["Description"] == "Digger from the pool"
    assert (made["InvoiceNumber"], made["Reference"]) == ("", "")


def test_draft_without_more_is_of_today_and_due_on_no_day(put, writer):
    (made,) = put(sale())
    assert made["Status"] == "DRAFT"
    assert made["LineAmountTypes"] == "Exclusive"
    assert made["DateString"] == "2026-11-20T00:00:00"
    assert not {"DueDate", "DueDateString"} & made.keys()
    assert (made["CurrencyCode"], made["CurrencyRate"]) == ("NZD", 1)
    assert made["UpdatedDateUTCString"] == "2026-11-20T12:00:00Z"
    assert made["Contact"]["Name"] == "Contact 1"
    (read,) = writer.get(f"Invoices/{made['InvoiceID']}").json["Invoices"]
    assert read | {"StatusAttributeString": "OK"} == made


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-03", "2026-11-03T00:00:00"),
        ("2026-11-03T23:30:00", "2026-11-03T00:00:00"),
        ("/Date(1793664000000+0000)/", "2026-11-03T00:00:00"),
    ],
)
def test_dates_are_read_in_each_form(put, text, shown):
    (made,) = put(sale(Date=text, DueDate=text, ExpectedPaymentDate=text))
    assert made["DateString"] == made["DueDateString"] == shown
    assert made["ExpectedPaymentDate"] == "/Date(1793664000000+0000)/"


@pytest.mark.parametrize(
    ("kind", "tax", "total"),
    [
        ("Exclusive", 15.08, 115.58),
        ("Inclusive", 13.11, 100.50),
        ("NoTax", 0, 100.50),
    ],
)
def test_tax_is_beside_in_or_not_at_all(put, kind, tax, total):
    (made,) = put(sale(LineAmountTypes=kind))
    (line,) = made["LineItems"]
    assert line["TaxType"] == ("NONE" if kind == "NoTax" else "OUTPUT2")
    assert (line["TaxAmount"], made["Total"]) == (tax, total)
    assert made["SubTotal"] == round(total - tax, 2)


def test_tax_of_a_line_may_be_said(put):
    (made,) = put(sale(WORK | {"TaxAmount": 15}))
    assert (made["TotalTax"], made["Total"]) == (15, 115.50)


def test_line_without_an_account_has_no_tax(put):
    (made,) = put(sale({"Description": "Only words"}))
    (line,) = made["LineItems"]
    assert "TaxType" not in line
    assert (line["Quantity"], line["UnitAmount"], line["LineAmount"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"UnitAmount": 5}, (1, 5, 5)),
        ({"LineAmount": 30}, (1, 30, 30)),
        ({"LineAmount": 30, "Quantity": 4}, (4, 7.5, 30)),
        ({"UnitAmount": "2.50", "Quantity": "3"}, (3, 2.5, 7.5)),
        ({"UnitAmount": 100, "DiscountRate": 10}, (1, 100, 90)),
        ({"UnitAmount": 100, "DiscountAmount": 12.5}, (1, 100, 87.5)),
        ({"UnitAmount": -8}, (1, -8, -8)),
    ],
)
def test_amounts_that_are_left_out_follow(put, amounts, expected):
    (made,) = put(sale({"Description": "x"} | amounts))
    (line,) = made["LineItems"]
    got = line["Quantity"], line["UnitAmount"], line["LineAmount"]
    assert got == expected


def test_discount_of_the_lines_is_told(put):
    (made,) = put(sale(WORK | {"DiscountRate": 10}, WORK))
    assert (made["IsDiscounted"], made["TotalDiscount"]) == (True, 10.05)


def test_unit_amount_is_kept_to_cents_unless_four_places_are_asked_for(put):
    line = {"Description": "x", "UnitAmount": 1.23456, "Quantity": 1000}
    (cents,) = put(sale(line))
    (places,) = put(sale(line), unitdp=4)
    assert cents["LineItems"][0]["UnitAmount"] == 1.23
    assert cents["Total"] == 1230
    assert places["LineItems"][0]["UnitAmount"] == 1.2346
    assert places["Total"] == 1234.60


def test_xero_gives_the_number_where_none_is_sent(put):
    first, taken, third = put(sale(), sale(InvoiceNumber="INV-N00003"), sale())
    numbers = [each["InvoiceNumber"] for each in (first, taken, third)]
    assert numbers == ["INV-N00001", "INV-N00003", "INV-N00004"]


def test_numbers_of_sales_are_unique_those_of_bills_are_not(put, post):
    first, second = put(sale(InvoiceNumber="A"), sale(InvoiceNumber="A"))
    assert messages(first) == []
    assert messages(second) == [rules.UNIQUE]
    assert second["InvoiceID"] == NO_ID
    bill = sale(Type="ACCPAY", InvoiceNumber="A")
    assert [messages(each) for each in put(bill, bill)] == [[], []]
    post({"InvoiceID": first["InvoiceID"], "Status": "DELETED"})
    assert messages(put(sale(InvoiceNumber="A"))[0]) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Contact": None}, contacts.NO_CONTACT),
        ({"Contact": {}}, contacts.NO_CONTACT),
        ({"Contact": {"EmailAddress": "a@b.example"}}, contacts.NO_CONTACT),
        (
            {"Contact": {"ContactID": id_of(7)}},
            f"There is no contact with the ContactID {id_of(7)}.",
        ),
        ({"LineItems": []}, rules.NO_LINES),
        ({"Type": None}, rules.NO_TYPE),
        ({"Status": "PAID"}, rules.NOT_SO),
        ({"Status": "VOIDED"}, rules.NOT_SO),
        ({"Status": "AUTHORISED"}, rules.NO_DUE_DATE),
        ({"CurrencyCode": "EUR"}, rules.NO_CURRENCY.format("EUR")),
        ({"Url": "crm.example/7"}, rules.BAD_URL),
        ({"Url": "javascript:alert(1)"}, rules.BAD_URL),
        ({"LineItems": [{"ItemCode": "NONE"}]}, lines.NO_ITEM.format("NONE")),
        ({"LineItems": [{"ItemCode": "VAN"}]}, lines.NO_ITEM.format("VAN")),
        ({"LineItems": [{"UnitAmount": 5}]}, lines.NO_DESCRIPTION),
        (
            {"LineItems": [WORK | {"TaxType": "GST on Income"}]},
            lines.NO_TAX_TYPE.format("GST on Income"),
        ),
        (
            {"LineItems": [WORK | {"LineAmount": 99}]},
            lines.OTHER_TOTAL.format("99.00", "100.50"),
        ),
        (
            {"Type": "ACCPAY", "LineItems": [WORK | {"DiscountRate": 5}]},
            lines.NO_DISCOUNT,
        ),
    ],
)
def test_what_xero_does_not_take_is_said(put, xero, fields, expected):
    (refused,) = put(sale() | fields)
    assert any(message.startswith(expected) for message in messages(refused))
    assert refused["StatusAttributeString"] == "ERROR"
    assert refused["InvoiceID"] == NO_ID
    assert len(xero.first.invoices) == 0
    assert len(xero.first.contacts) == 3


def test_refusal_without_the_flag_is_400(writer):
    answer = writer.write("PUT", "Invoices", {"Invoices": [sale(LineItems=[])]})
    assert answer.status_code == 400
    (element,) = answer.json["Elements"]
    assert (element["InvoiceID"], messages(element)) == (NO_ID, [rules.NO_LINES])


@pytest.mark.parametrize(
    "fields",
    [
        {"Type": "ACCRECCREDIT"},
        {"Status": "NEW"},
        {"LineAmountTypes": "NO_TAX"},
        {"Date": "tomorrow"},
        {"Date": 5},
        {"LineItems": "x"},
        {"LineItems": [{"Description": "x", "UnitAmount": "much"}]},
        {"LineItems": [{"Description": "x", "UnitAmount": 1e300}]},
        {"LineItems": [{"Description": "x", "UnitAmount": True}]},
        {"LineItems": [WORK | {"LineItemID": "x"}]},
        {"Contact": "Bayside"},
        {"Contact": {"ContactID": "x"}},
        {"BrandingThemeID": "x"},
        {"CurrencyRate": "x"},
        {"CurrencyCode": "dollar"},
        {"CurrencyCode": "nzd"},
    ],
)
def test_what_is_no_invoice_is_not_read_at_all(writer, xero, fields):
    answer = writer.write("PUT", "Invoices", {"Invoices": [sale() | fields]})
    assert (answer.status_code, answer.json["ErrorNumber"]) == (400, 14)
    assert len(xero.first.invoices) == 0


def test_approved_invoice_is_owed(put, xero):
    def act(**fields):
        return put(sale(Status="AUTHORISED", DueDate="2026-11-10", **fields))[0]

    assert messages(act(LineItems=[{"Description": "x"}])) == [rules.NO_ACCOUNT]
    assert act()["Status"] == "AUTHORISED"
    contact = xero.first.contacts.get(id_of(1))
    assert contact["IsCustomer"] is True
    assert contact["Balances"]["AccountsReceivable"] == {
        "Outstanding": Decimal("115.58"),
        "Overdue": Decimal("115.58"),
    }


def test_contact_is_found_by_number_or_name(put, change):
    change(action="update", contact={"ContactID": id_of(2), "ContactNumber": "N-2"})
    by_number, by_name = put(
        sale(Contact={"ContactNumber": "N-2"}), sale(Contact={"Name": "CONTACT 3"})
    )
    assert by_number["Contact"]["ContactID"] == id_of(2)
    assert by_name["Contact"]["ContactID"] == id_of(3)
    assert by_name["Contact"]["Name"] == "CONTACT 3"


def test_unknown_name_makes_a_contact(put, xero):
    (made,) = put(sale(Contact={"Name": "Made in passing"}))
    held = xero.first.contacts.get(made["Contact"]["ContactID"])
    assert held["Name"] == "Made in passing"


def test_more_of_a_contact_than_its_id_changes_it_and_drops_its_persons(put, change):
    change(
        action="update",
        contact={
            "ContactID": id_of(1),
            "EmailAddress": "a@b.example",
            "ContactPersons": [{"FirstName": "Ann"}],
        },
    )
    (alone,) = put(sale())
    assert alone["Contact"]["ContactPersons"] == [{"FirstName": "Ann"}]
    (named,) = put(sale(Contact={"ContactID": id_of(1), "Name": "Contact 1"}))
    assert named["Contact"]["ContactPersons"] == [{"FirstName": "Ann"}]
    (changed,) = put(sale(Contact={"ContactID": id_of(1), "LastName": "P"}))
    assert changed["Contact"]["LastName"] == "P"
    assert changed["Contact"]["ContactPersons"] == []


def test_contact_of_a_refused_invoice_stays_as_it_is(put, xero):
    contact = {"ContactID": id_of(1), "LastName": "P"}
    put(sale(Contact=contact, LineItems=[]))
    assert "LastName" not in xero.first.contacts.get(id_of(1))


def test_archived_contact_gets_no_invoice(put, change):
    change(action="archive", contact={"ContactID": id_of(1)})
    assert messages(put(sale())[0]) == [contacts.UNUSABLE.format("Contact 1")]


def test_draft_is_found_by_its_reference_and_by_who_made_it(put, writer, change):
    put(sale(Reference="ODOO-1-7-1"), sale(Reference="other"))
    by_hand = sale(Reference="ODOO-1-7-1")
    change(kind="invoices", action="add", invoice=by_hand)
    where = 'Type=="ACCREC" AND Reference=="ODOO-1-7-1"'
    assert len(writer.invoices(where=where)) == 2
    (mine,) = writer.invoices(where=where, createdByMyApp="true")
    assert mine["InvoiceNumber"] == "INV-N00001"


def test_post_names_an_invoice_by_its_id_or_number_or_makes_it(put, post, xero):
    (made,) = put(sale(InvoiceNumber="A"))
    by_id, by_number, new = post(
        {"InvoiceID": made["InvoiceID"], "Reference": "one"},
        sale(InvoiceNumber="A", Reference="two"),
        sale(InvoiceNumber="B"),
    )
    assert by_id["InvoiceID"] == by_number["InvoiceID"] == made["InvoiceID"]
    assert (by_id["Reference"], by_number["Reference"]) == ("one", "two")
    assert new["InvoiceID"] != made["InvoiceID"]
    assert len(xero.first.invoices) == 2
    (unknown,) = post({"InvoiceID": id_of(9)})
    assert messages(unknown) == [f"There is no invoice with the InvoiceID {id_of(9)}."]


def test_what_is_not_sent_of_an_invoice_stays(put, post, xero):
    (made,) = put(sale(WORK, {"ItemCode": "DIG"}, Url="https://crm.example/7"))
    xero.advance(seconds=5)
    (changed,) = post({"InvoiceID": made["InvoiceID"], "Reference": "new"})
    moved = {"Reference", "UpdatedDateUTC", "UpdatedDateUTCString"}
    assert {name for name in changed if changed[name] != made[name]} == moved
    assert changed["UpdatedDateUTC"] == "/Date(1795176005000+0000)/"


def test_blank_number_and_currency_are_as_not_sent(put, post):
    blank = {"InvoiceNumber": "", "CurrencyCode": "", "BrandingThemeID": ""}
    (made,) = put(sale() | blank)
    (changed,) = post({"InvoiceID": made["InvoiceID"], **blank})
    for each in (made, changed):
        assert (each["InvoiceNumber"], each["CurrencyCode"]) == ("INV-N00001", "NZD")
        assert "BrandingThemeID" not in each


def test_lines_are_made_anew_but_for_those_that_are_named(put, post):
    (made,) = put(sale(WORK, {"ItemCode": "DIG", "Quantity": 3}))
    work, digger = made["LineItems"]
    (changed,) = post(
        {
            "InvoiceID": made["InvoiceID"],
            "LineItems": [
                {"LineItemID": digger["LineItemID"], "Quantity": 1},
                {"Description": "Work", "UnitAmount": 1},
            ],
        }
    )
    kept, new = changed["LineItems"]
    assert kept["LineItemID"] == digger["LineItemID"]
    assert (kept["ItemCode"], kept["LineAmount"]) == ("DIG", 412.5)
    assert new["LineItemID"] != work["LineItemID"]
    assert changed["SubTotal"] == 413.5


def test_other_amount_types_work_all_lines_out_anew(put, post):
    (made,) = put(sale())
    named = {"InvoiceID": made["InvoiceID"], "LineAmountTypes": "Inclusive"}
    (changed,) = post(named)
    assert (changed["Total"], changed["TotalTax"]) == (100.50, 13.11)


def test_statuses_go_on_and_end(put, post):
    def act(made, **fields):
        (element,) = post({"InvoiceID": made["InvoiceID"], **fields})
        return messages(element) or element["Status"]

    first, second = put(sale(DueDate="2026-12-01"), sale())
    assert act(first, Status="SUBMITTED") == "SUBMITTED"
    assert act(first, Status="DRAFT") == [rules.NOT_NOW]
    assert act(first, Status="AUTHORISED") == "AUTHORISED"
    assert act(first, Status="PAID") == [rules.NOT_NOW]
    assert act(first, Status="DELETED") == [rules.NOT_NOW]
    assert act(first, Status="VOIDED") == "VOIDED"
    assert act(first, Reference="late") == [rules.NOT_NOW]
    assert act(second, Status="DELETED") == "DELETED"
    assert act(second, Status="DRAFT") == [rules.NOT_NOW]


def test_paid_invoice_cannot_be_changed(put, post, change):
    (made,) = put(sale(Status="AUTHORISED", DueDate="2026-12-01"))
    paid = {"InvoiceID": made["InvoiceID"]}
    change(kind="invoices", action="pay", invoice=paid, amount=10)
    (refused,) = post(paid | {"Reference": "late"})
    assert messages(refused) == [rules.NOT_NOW]


def test_invoice_is_changed_at_its_own_address(writer, put):
    (made,) = put(sale())
    path = f"Invoices/{made['InvoiceID']}"
    (changed,) = writer.write("POST", path, {"Reference": "x"}).json["Invoices"]
    assert changed["Reference"] == "x"
    assert writer.write("POST", f"Invoices/{id_of(9)}", {}).status_code == 404


def test_rate_is_that_of_the_latest_invoice_in_the_currency(
    put, make_invoice, xero, change
):
    fields = {"CurrencyCode": "USD", "CurrencyRate": Decimal("0.587304")}
    xero.first.invoices.put(make_invoice(1, **fields))
    change(action="update", contact={"ContactID": id_of(1), "DefaultCurrency": "EUR"})
    latest, said, unknown = put(
        sale(CurrencyCode="USD"),
        sale(CurrencyCode="USD", CurrencyRate=0.61),
        sale(CurrencyCode="EUR"),
    )
    rates = [each["CurrencyRate"] for each in (latest, said, unknown)]
    assert rates == [0.587304, 0.61, 1]


def test_who_may_only_read_does_not_write(caller, writer, xero):
    assert caller.write("PUT", "Invoices", sale()).status_code == 401
    assert len(xero.first.invoices) == 0


def test_books_of_an_organisation_agree_after_writing(make_xero):
    xero = make_xero()
    tenant = generate(21, 0, 20, 30)
    for name, collection in xero.first.collections.items():
        collection.fill(tenant.collections[name].records())
    xero.first.organisation |= tenant.organisation
    xero.first.balanced_on = tenant.balanced_on
    writer = xero.connect(scope="accounting.contacts accounting.invoices")
    contact = {"ContactID": tenant.contacts.records()[0]["ContactID"]}
    items = [each for each in tenant.items.records() if each["IsSold"]]
    codes = [{"ItemCode": each["Code"], "Quantity": 1.5} for each in items[:5]]
    for kind in ("Exclusive", "Inclusive", "NoTax"):
        approved = sale(*codes, Contact=contact, LineAmountTypes=kind) | {
            "Status": "AUTHORISED",
            "DueDate": "2026-11-01",
        }
        answer = writer.write("PUT", "Invoices", {"Invoices": [approved]})
        assert answer.status_code == 200, answer.text
    assert faults(xero.first, 1_795_132_800_000) == []


def test_tax_is_computed_as_the_generator_does(make_xero):
    """Its own lines, written anew, come to the same amounts."""
    tenant = generate(3, 0, 5, 40)
    xero = make_xero(tenant.contacts.records(), items=tenant.items.records())
    xero.first.organisation |= tenant.organisation
    writer = xero.connect(scope="accounting.contacts accounting.invoices")
    names = ("Description", "Quantity", "UnitAmount", "DiscountRate", "AccountCode")
    compared = 0
    for invoice in tenant.invoices.records():
        if invoice["Type"] != "ACCREC":
            continue
        made = sale(
            *({n: _plain(e[n]) for n in names if n in e} for e in invoice["LineItems"]),
            LineAmountTypes=invoice["LineAmountTypes"],
            Contact={"ContactID": invoice["Contact"]["ContactID"]},
        )
        answer = writer.write("PUT", "Invoices", made, unitdp=4)
        (written,) = answer.json["Invoices"]
        sums = ("SubTotal", "TotalTax", "Total")
        assert [written[n] for n in sums] == [float(invoice[n]) for n in sums]
        compared += 1
    assert compared > 20


def _plain(value):
    return float(value) if isinstance(value, Decimal) else value
