"""Sales in the CRM are Xero's, whatever happens on the way."""

import datetime
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import requests

from infra.demo.sales_comparison import SimulatedBooks, cents, compare_sales
from infra.host.host import Host
from tests.whole import Company, whole_stack

CONTACTS = 300
INVOICES = 3000
LIST = "/api.xro/2.0/Invoices"


@pytest.fixture(scope="module")
def company(host: Host) -> Iterator[Company]:
    data = ("--contacts", str(CONTACTS), "--seed", "5", "--invoices", str(INVOICES))
    with whole_stack(host, "sales", data) as stack:
        yield Company.connected(stack)


@pytest.fixture
def books(company: Company) -> SimulatedBooks:
    return SimulatedBooks(company.stack.simulator_url, company.organisation)


def finish(company: Company, run: int) -> None:
    """Follow a sync to its end, and wait until the figures are worked out."""
    assert company.finish(run)["state"] == "done"
    company.job.wait_for_figures(run)


def differences(company: Company, books: SimulatedBooks) -> list[str]:
    return [*company.differences(), *compare_sales(books, company.admin).differences]


def test_a_worker_killed_between_two_pages_leaves_the_books_equal(
    company: Company, books: SimulatedBooks
) -> None:
    slow = {"kind": "slow", "path": LIST, "after": 1, "seconds": 3}
    company.control("POST", "/faults", slow)
    run = company.job.sync_now(company.connection)
    company.until("the second page being read", company.no_fault_waits)
    company.kill_worker()
    finish(company, run)
    assert differences(company, books) == []


def test_odoo_killed_while_invoices_come_leaves_the_books_equal(
    company: Company, books: SimulatedBooks
) -> None:
    changed = [each for each in books.records("invoices") if _is_open(each)]
    for invoice in changed:
        company.change_of(
            "invoices", "pay", invoice={"InvoiceID": invoice["InvoiceID"]}
        )
    contact = changed[0]["Contact"]["ContactID"]
    for number in range(1500):
        company.change_of("invoices", "add", invoice=_invoice(contact, number))
    before = company.admin.call("xero.transaction", "search_count", [])
    run = company.job.sync_now(company.connection)

    def some_came() -> bool:
        company.poke(run)
        return company.admin.call("xero.transaction", "search_count", []) > before

    company.until("the first of them", some_came, every=0.05)
    company.kill_odoo()
    company.stack.restart_odoo()
    company.admin.log_in()
    finish(company, run)
    assert differences(company, books) == []


def test_whatever_becomes_of_documents_in_xero_comes_with_the_next_sync(
    company: Company, books: SimulatedBooks
) -> None:
    invoices = [each for each in books.records("invoices") if _is_open(each)]
    paid, voided, credited, merged = random.Random(4).sample(invoices, 4)
    due = Decimal(str(credited["AmountDue"]))
    company.change_of(
        "invoices",
        "pay",
        invoice={"InvoiceID": paid["InvoiceID"]},
        amount=1,
    )
    company.change_of("invoices", "void", invoice={"InvoiceID": voided["InvoiceID"]})
    contact = credited["Contact"]["ContactID"]
    note = company.change_of(
        "credit_notes", "add", credit_note=_credit(contact, float(due) + 10)
    )
    company.change_of(
        "credit_notes",
        "allocate",
        credit_note={"CreditNoteID": note["CreditNoteID"]},
        invoice=credited["InvoiceID"],
        amount=float(due),
    )
    item = books.records("items")[0]
    company.change_of("items", "delete", item={"ItemID": item["ItemID"]})
    loser = merged["Contact"]["ContactID"]
    if loser != contact:
        company.control(
            "POST",
            f"/organisations/{company.organisation}/contacts",
            {"action": "merge", "contact": {"ContactID": loser}, "into": contact},
        )
    finish(company, company.job.sync_now(company.connection))
    # The hour after which items are read again is over.
    asked = _connector(
        company, "POST", "syncs", json={"mode": "full", "resources": ["items"]}
    )
    finish(company, _run_of(company, asked["id"]))
    assert differences(company, books) == []


def test_receivables_of_earlier_days_are_those_of_xeros_report(
    company: Company, books: SimulatedBooks
) -> None:
    owing = [
        each
        for each in books.records("contacts")
        if cents(_balance(each, "Outstanding"))
    ]
    today = datetime.date.today()
    chosen = random.Random(7)
    for contact in chosen.sample(owing, min(6, len(owing))):
        for days in (30, chosen.randrange(60, 400)):
            day = (today - datetime.timedelta(days=days)).isoformat()
            held = company.admin.search_read(
                "xero.receivable",
                [("contact_id.xero_id", "=", contact["ContactID"])],
                ["outstanding"],
                context={"xero_day": day},
            )
            here = sum((cents(row["outstanding"]) for row in held), Decimal(0))
            report = _connector(
                company,
                "GET",
                f"contacts/{contact['ContactID']}/aged-receivables",
                params={"date": day},
            )
            assert here == _closing(report), (contact["Name"], day)


def _connector(company: Company, method: str, path: str, **request: Any) -> Any:
    """Call the connector for this connection, with Odoo's key."""
    told = company.stack.describe()
    fields = ["connector_ref"]
    row = company.admin.read("xero.connection", company.connection, fields)
    address = f"{told['connector']}/v1/connections/{row['connector_ref']}/{path}"
    headers = {"Authorization": f"Bearer {told['instance_key']}"}
    answer = requests.request(method, address, headers=headers, timeout=60, **request)
    answer.raise_for_status()
    return answer.json()


def _run_of(company: Company, sync: str) -> int:
    """The run in Odoo that shows a sync of the connector."""
    (last,) = company.admin.call("xero.sync", "search", [], order="id desc", limit=1)
    company.poke(last)

    def found() -> list[int]:
        company.poke(last)
        return company.admin.call("xero.sync", "search", [("connector_ref", "=", sync)])

    return company.until("its run", found)[0]


def _closing(report: dict[str, Any]) -> Decimal:
    """The report's closing balance: the last cell of its last row."""
    sections = [row for row in report["Reports"][0]["Rows"] if row.get("Rows")]
    return cents(sections[-1]["Rows"][-1]["Cells"][-1]["Value"])


def test_an_invoice_can_be_looked_at_and_paid_online(
    company: Company, books: SimulatedBooks
) -> None:
    invoice = next(each for each in books.records("invoices") if _is_open(each))
    here = company.admin.search_read(
        "xero.transaction", [("xero_id", "=", invoice["InvoiceID"])], ["id"]
    )
    address = f"{company.admin.url}/xero/transactions/{here[0]['id']}/pdf"
    answer = company.admin.http.get(address, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF")
    stored = company.admin.call(
        "ir.attachment", "search_count", [("mimetype", "=", "application/pdf")]
    )
    assert stored == 0


def _balance(contact: dict[str, Any], name: str) -> Any:
    balances = contact.get("Balances") or {}
    return (balances.get("AccountsReceivable") or {}).get(name)


def _is_open(invoice: dict[str, Any]) -> bool:
    return (
        invoice.get("Type") == "ACCREC"
        and invoice.get("Status") == "AUTHORISED"
        and cents(invoice.get("AmountDue")) > 2
    )


def _invoice(contact: str, number: int) -> dict[str, Any]:
    return {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": contact},
        "InvoiceNumber": f"LATE-{number}",
        "Date": "2026-10-01",
        "DueDate": "2026-10-21",
        "LineItems": [{"Description": "Tea", "Quantity": 2, "UnitAmount": 10.5}],
    }


def _credit(contact: str, amount: float) -> dict[str, Any]:
    return {
        "Type": "ACCRECCREDIT",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": contact},
        "Date": "2026-11-01",
        "LineItems": [{"Description": "Sorry", "Quantity": 1, "UnitAmount": amount}],
    }
