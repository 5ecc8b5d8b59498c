"""An invoice as a PDF, and the address at which its customer sees it."""

import re

import pytest

from infra.xero_simulator.pdf import one_page

PDF = {"Accept": "application/pdf"}
ID = "00000001-1000-4000-8000-000000000000"


@pytest.fixture
def xero(make_xero, make_contact, make_invoice):
    texts = [(None, 1, 2), ("Work (half)\n\\day", 3, 4), ("Ω é", "x", None)]
    lines = [
        {"Description": text, "Quantity": quantity, "LineAmount": amount}
        for text, quantity, amount in texts
    ]
    return make_xero(
        [make_contact(1)],
        invoices=[
            make_invoice(1, LineItems=lines, DateString="2026-11-01T00:00:00"),
            make_invoice(2, Status="DRAFT"),
            make_invoice(3, Type="ACCPAY"),
            make_invoice(4, LineItems=None, Contact=None, InvoiceNumber=None),
            make_invoice(5, Status="VOIDED", LineItems=[{}] * 500),
        ],
    )


def objects(pdf: bytes) -> list[bytes]:
    """What the table of a PDF leads to."""
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n\Z", pdf)[1])
    table = re.match(rb"xref\n0 (\d+)\n((?:.{18} \n)+)trailer", pdf[start:])
    rows = re.findall(rb"(\d{10}) \d{5} n", table[2])
    assert int(table[1]) == len(rows) + 1
    return [pdf[int(row) :].partition(b"endobj")[0] for row in rows]


def test_pdf_is_one_whose_table_leads_to_its_objects():
    pdf = one_page(["One", "Two (2) \\ é Ω"])
    assert pdf.startswith(b"%PDF-1.4\n")
    found = objects(pdf)
    for number, held in enumerate(found, 1):
        assert held.startswith(b"%d 0 obj\n" % number)
    length = int(re.search(rb"/Length (\d+)", found[-1])[1])
    stream = re.search(rb"stream\n(.*)\nendstream", found[-1], re.DOTALL)[1]
    assert len(stream) == length
    assert b"(One) Tj" in stream and b"(Two \\(2\\) \\\\ \xe9 ?) Tj" in stream


@pytest.mark.parametrize("path", [f"Invoices/{ID}", f"Invoices/{ID}/pdf"])
def test_invoice_as_a_pdf(caller, path):
    answer = caller.get(path, PDF)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    shown = objects(answer.data)[-1]
    for text in (b"First Ltd", b"Invoice INV-1", b"Contact 1", b"Work \\(half\\)"):
        assert text in shown


def test_any_invoice_has_a_pdf_and_nobody_has_none(caller):
    for number in range(2, 6):
        identifier = ID.replace("1", str(number), 1)
        assert objects(caller.get(f"Invoices/{identifier}", PDF).data)
    assert caller.get("Invoices/nobody", PDF).status_code == 404
    assert caller.get("Invoices/nobody/pdf", PDF).status_code == 404


def test_lists_are_no_pdf_and_a_pdf_is_no_json(caller):
    assert caller.get("Invoices", PDF).status_code == 406
    refused = caller.get(f"Invoices/{ID}/pdf")
    assert refused.status_code == 406
    assert "application/pdf" in refused.text


def test_online_invoice_is_at_xeros_and_stays(caller):
    one, again = (caller.get(f"Invoices/{n}/OnlineInvoice") for n in (ID, "INV-1"))
    (found,) = one.json["OnlineInvoices"]
    assert re.fullmatch(r"https://in\.xero\.com/\w{40}", found["OnlineInvoiceUrl"])
    assert again.json["OnlineInvoices"] == [found]
    (other,) = caller.get("Invoices/INV-5/OnlineInvoice").json["OnlineInvoices"]
    assert other != found


@pytest.mark.parametrize("name", ["INV-2", "INV-3", "nobody"])
def test_no_online_invoice_of_a_draft_or_a_bill(caller, name):
    assert caller.get(f"Invoices/{name}/OnlineInvoice").status_code == 404
