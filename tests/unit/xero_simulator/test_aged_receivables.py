"""The report of what a customer owes: sums worked out by hand from few documents."""

import pytest

CONTACT = "00000001-0000-4000-8000-000000000000"
OTHER = "00000002-0000-4000-8000-000000000000"
PATH = "Reports/AgedReceivablesByContact"


@pytest.fixture
def ids(change):
    """Four documents of a customer, of which two settle one another in part."""

    def add(kind, name, amount, day, **fields):
        whole = {
            "Contact": {"ContactID": CONTACT},
            "Date": day,
            "LineItems": [{"UnitAmount": amount}],
            **fields,
        }
        return change(kind=kind, **{"action": "add", name: whole})

    first = add("invoices", "invoice", 100, "2026-09-10", DueDate="2026-09-30")
    second = add(
        *("invoices", "invoice", 60, "2026-11-05"),
        DueDate="2026-12-05",
        CurrencyCode="USD",
        CurrencyRate=0.5,
    )
    credit = add("credit_notes", "credit_note", 30, "2026-10-01")
    add("invoices", "invoice", 999, "2026-10-01", Status="DRAFT")
    add("invoices", "invoice", 999, "2026-10-01", Type="ACCPAY")
    add("invoices", "invoice", 999, "2026-10-01", Contact={"ContactID": OTHER})
    paid = {"InvoiceID": first["InvoiceID"]}
    change(kind="invoices", action="pay", invoice=paid, amount=25, date="2026-10-15")
    change(
        kind="credit_notes",
        action="allocate",
        credit_note={"CreditNoteID": credit["CreditNoteID"]},
        invoice=first["InvoiceID"],
        amount=10,
        date="2026-11-10",
    )
    return [first["InvoiceID"], credit["CreditNoteID"], second["InvoiceID"]]


@pytest.fixture
def report(caller):
    """The report's opening, rows and closing, as the texts of their cells."""

    def read(**query):
        answer = caller.get(PATH, contactId=CONTACT, **query)
        assert answer.status_code == 200, answer.text
        (whole,) = answer.json["Reports"]
        header, opening, rows, closing = whole["Rows"]
        assert header["RowType"] == "Header"
        texts = [
            [[cell["Value"] for cell in row["Cells"]] for row in section["Rows"]]
            for section in (opening, rows, closing)
        ]
        return whole, *texts

    return read


def test_report_of_all_that_is_open(ids, report):
    whole, opening, rows, closing = report()
    assert rows == [
        [
            *("2026-09-10T00:00:00", "INV-N00001", "2026-09-30T00:00:00"),
            *("51 days overdue", "100.00", "25.00", "10.00", "65.00"),
        ],
        [
            *("2026-10-01T00:00:00", "CN-N00001", "2026-10-01T00:00:00", ""),
            *("-30.00", "0.00", "-10.00", "-20.00"),
        ],
        [
            *("2026-11-05T00:00:00", "INV-N00002", "2026-12-05T00:00:00", ""),
            *("120.00", "0.00", "0.00", "120.00"),
        ],
        ["Total", "", "", "", "190.00", "25.00", "0.00", "165.00"],
    ]
    assert opening[0][1:] == ["Opening Balance", "", "", "", "", "", "0.00"]
    assert closing[0][-1] == "165.00"
    assert whole["ReportTitles"] == [
        "Invoices",
        "Contact 1",
        "From 10 September 2026 to 30 November 2026",
        "Showing payments to 30 November 2026",
    ]
    assert whole["ReportDate"] == "20 November 2026"
    cells = [row["Cells"] for row in whole["Rows"][2]["Rows"]]
    found = [row[0]["Attributes"][0] for row in cells[:3]]
    assert found == [{"Value": each, "Id": "invoiceID"} for each in ids]


def test_report_agrees_with_the_balance(ids, report, caller):
    (contact,) = caller.get(f"Contacts/{CONTACT}").json["Contacts"]
    balance = contact["Balances"]["AccountsReceivable"]
    assert balance == {"Outstanding": 165.0, "Overdue": 65.0}


def test_report_as_of_a_day_counts_what_had_come_by_then(ids, report):
    _, _, rows, _ = report(date="2026-10-14")
    assert [row[1] for row in rows] == ["INV-N00001", "CN-N00001", ""]
    assert [row[-1] for row in rows] == ["100.00", "-30.00", "70.00"]
    assert rows[0][3] == "14 days overdue"
    _, _, rows, _ = report(date="2026-10-15")
    assert rows[0][-4:] == ["100.00", "25.00", "0.00", "75.00"]
    _, _, rows, _ = report(date="2026-09-09")
    assert rows == [["Total", "", "", "", *["0.00"] * 4]]


def test_documents_before_the_period_are_the_opening_balance(ids, report):
    _, opening, rows, closing = report(fromDate="2026-10-02", toDate="2026-11-06")
    assert opening == [["2026-10-02T00:00:00", "Opening Balance", *[""] * 5, "45.00"]]
    assert [row[1] for row in rows[:-1]] == ["INV-N00002"]
    assert closing == [
        ["Closing Balance", "", "", "", "120.00", "0.00", "0.00", "165.00"]
    ]
    _, _, rows, closing = report(toDate="2026-10-31")
    assert [row[1] for row in rows[:-1]] == ["INV-N00001", "CN-N00001"]
    assert closing[0][-1] == "45.00"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"contactId": ""}, 400),
        ({"contactId": "nobody"}, 404),
        ({"contactId": CONTACT, "date": "31/10/2026"}, 400),
        ({"contactId": CONTACT, "toDate": ""}, 400),
    ],
)
def test_report_that_cannot_be_given(caller, query, status):
    assert caller.get(PATH, **query).status_code == status


def test_report_has_a_scope_of_its_own(xero):
    without = xero.connect(scope="openid accounting.invoices.read")
    assert without.get(PATH, contactId=CONTACT).status_code == 401


def test_credit_whose_record_is_not_there_counts_by_its_own_date(
    make_xero, make_contact, make_invoice
):
    named = {
        "CreditNoteID": "x",
        "AppliedAmount": 30,
        "Date": "/Date(1790812800000+0000)/",
    }
    invoice = make_invoice(
        1, Date="/Date(1788220800000+0000)/", Total=100, CreditNotes=[named]
    )
    caller = make_xero([make_contact(1)], invoices=[invoice]).connect()
    for day, due in (("2026-09-30", "100.00"), ("2026-10-01", "70.00")):
        answer = caller.get(PATH, contactId=CONTACT, date=day)
        rows = answer.json["Reports"][0]["Rows"][2]["Rows"]
        assert rows[0]["Cells"][-1]["Value"] == due
