"""Xero's own SDK reads what is sold and owed at the simulator."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from xero_python.exceptions import HTTPStatusException

from tests.contract.xero_sdk import DESCRIBED, change, run_simulator, truth

CREDITS = {
    "CreditNotes": ("credit_notes", "credit_note_id", "CreditNoteID"),
    "Overpayments": ("overpayments", "overpayment_id", "OverpaymentID"),
    "Prepayments": ("prepayments", "prepayment_id", "PrepaymentID"),
}
EACH = pytest.mark.parametrize("plural", CREDITS)


@pytest.fixture(scope="module")
def sdk():
    """With 40 items; no test changes what another one expects."""
    yield from run_simulator("--contacts", "60", "--invoices", "500", "--items", "40")


@pytest.fixture(scope="module")
def described():
    yield from run_simulator("--dataset", str(DESCRIBED))


def test_items(sdk):
    items = sdk.accounting.get_items(sdk.tenant, order="Code", unitdp=4).items
    expected = sorted(truth(sdk, "Items"), key=lambda item: item["Code"])
    assert [i.code for i in items] == [i["Code"] for i in expected]
    assert len(items) == 40
    for item, record in zip(items, expected, strict=True):
        assert item.name == record["Name"]
        assert item.is_sold is record["IsSold"]
        price = record["SalesDetails"].get("UnitPrice")
        assert price is None or float(item.sales_details.unit_price) == price
        assert isinstance(item.updated_date_utc, datetime)
    assert any(item.is_tracked_as_inventory for item in items)


def test_lines_name_items_that_are_there(sdk):
    held = {i.item_id: i.code for i in sdk.accounting.get_items(sdk.tenant).items}
    invoices = sdk.accounting.get_invoices(sdk.tenant, page=1, page_size=500).invoices
    lines = [line for invoice in invoices for line in invoice.line_items]
    named = [line for line in lines if line.item]
    assert len({line.item_code for line in named}) > 20
    assert all(held[line.item.item_id] == line.item_code for line in named)


def test_single_item_in_full(described):
    (item,) = described.accounting.get_item(described.tenant, "DIG", unitdp=4).items
    assert item.item_id == "40000001-0000-4000-8000-000000000001"
    assert item.sales_details.unit_price == Decimal("412.5")
    assert item.purchase_details.account_code == "300"
    (tyre,) = described.accounting.get_item(described.tenant, "TYR-16").items
    assert (tyre.quantity_on_hand, tyre.total_cost_pool) == (10, 850)


@EACH
def test_all_credits_page_by_page(sdk, plural):
    name, key, field = CREDITS[plural]
    read, page = [], 1
    while True:
        answer = getattr(sdk.accounting, f"get_{name}")(
            sdk.tenant, page=page, page_size=5, order=field
        )
        read += getattr(answer, name)
        if page >= answer.pagination.page_count:
            break
        page += 1
    expected = truth(sdk, plural)
    assert [getattr(each, key) for each in read] == [each[field] for each in expected]
    assert len(read) > 3
    for credit, record in zip(read, expected, strict=True):
        assert credit.type == record["Type"]
        assert float(credit.remaining_credit) == record["RemainingCredit"]
        assert len(credit.line_items) == 1
        assert [
            (each.invoice.invoice_id, float(each.amount)) for each in credit.allocations
        ] == [
            (each["Invoice"]["InvoiceID"], each["Amount"])
            for each in record["Allocations"]
        ]


@EACH
def test_credits_unpaged_filtered_and_single(sdk, plural):
    name, key, _ = CREDITS[plural]
    get = getattr(sdk.accounting, f"get_{name}")
    unpaged = getattr(get(sdk.tenant), name)
    assert not any(each.line_items for each in unpaged)
    sales = [r["Type"] for r in truth(sdk, plural) if r["Type"][:3] in ("ACC", "REC")]
    kind = next(each for each in sales if each != "ACCPAYCREDIT")
    found = getattr(get(sdk.tenant, where=f'Type=="{kind}"', page=1), name)
    assert {each.type for each in found} == {kind}
    single = getattr(sdk.accounting, f"get_{name[:-1]}")
    (whole,) = getattr(single(sdk.tenant, getattr(found[0], key)), name)
    assert whole.contact.contact_status == "ACTIVE" or whole.contact.addresses
    assert whole.line_items


def test_every_invoice_agrees_with_its_credits(sdk):
    invoices = sdk.accounting.get_invoices(sdk.tenant, page=1, page_size=1000).invoices
    credited = 0
    for invoice in invoices:
        named = [
            *(invoice.credit_notes or []),
            *(invoice.overpayments or []),
            *(invoice.prepayments or []),
        ]
        credited += bool(named)
        assert sum(each.applied_amount for each in named) == invoice.amount_credited
        if invoice.status not in ("VOIDED", "DELETED"):
            settled = invoice.amount_paid + invoice.amount_credited
            assert invoice.amount_due == invoice.total - settled
    assert credited > 5


def test_credits_changed_since(described):
    before = datetime.now(UTC) - timedelta(minutes=1)
    made = change(
        described,
        "credit_notes",
        action="add",
        credit_note={
            "Contact": {"ContactID": "00000002-0000-4000-8000-000000000002"},
            "LineItems": [{"Description": "x", "UnitAmount": 5}],
        },
    )
    answer = described.accounting.get_credit_notes(
        described.tenant, if_modified_since=before, page=1
    )
    assert [note.credit_note_id for note in answer.credit_notes] == [
        made["CreditNoteID"]
    ]


def test_credit_note_in_full(described):
    (note,) = described.accounting.get_credit_note(
        described.tenant, "81000001-0000-4000-8000-000000000001"
    ).credit_notes
    assert (note.credit_note_number, note.status) == ("CN-0001", "PAID")
    assert note.allocations[0].date.isoformat() == "2026-09-25"
    assert note.allocations[0].amount == Decimal("40.00")
    assert note.contact.email_address == "bram@aldercomponents.example"


@pytest.mark.parametrize("number", [2, 14, 15, 22, 24])
def test_report_ends_in_the_contacts_balance(described, number):
    identifier = f"{number:08d}-0000-4000-8000-{number:012d}"
    (contact,) = described.accounting.get_contact(described.tenant, identifier).contacts
    (report,) = described.accounting.get_report_aged_receivables_by_contact(
        described.tenant, identifier, date="2027-12-31"
    ).reports
    closing = report.rows[-1].rows[-1].cells
    assert closing[0].value == "Closing Balance"
    owed = contact.balances.accounts_receivable.outstanding
    assert Decimal(closing[-1].value) == owed
    attribute = report.rows[2].rows[0].cells[0].attributes[0]
    assert attribute.id == "invoiceID"


def test_report_needs_a_contact(sdk):
    with pytest.raises(HTTPStatusException) as caught:
        sdk.accounting.get_report_aged_receivables_by_contact(sdk.tenant, "nobody")
    assert caught.value.status == 404


def test_invoice_as_a_pdf(described):
    path = described.accounting.get_invoice_as_pdf(
        described.tenant, "10000001-0000-4000-8000-000000000001"
    )
    pdf = Path(path).read_bytes()
    assert pdf.startswith(b"%PDF-") and b"INV-0001" in pdf


def test_online_invoice(described):
    (online,) = described.accounting.get_online_invoice(
        described.tenant, "10000001-0000-4000-8000-000000000001"
    ).online_invoices
    assert online.online_invoice_url.startswith("https://in.xero.com/")
    with pytest.raises(HTTPStatusException) as caught:
        described.accounting.get_online_invoice(
            described.tenant, "10000003-0000-4000-8000-000000000003"
        )
    assert caught.value.status == 404
