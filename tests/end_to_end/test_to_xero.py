"""What the CRM sends to Xero gets there, once, whatever happens on the way."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from infra.demo.odoo_client import OdooRefused
from infra.demo.sales_comparison import SimulatedBooks
from infra.demo.to_xero import OVER, ToXero
from infra.demo.to_xero_comparison import compare_to_xero
from infra.host.host import Host
from tests.whole import Company, whole_stack

CONTACTS = "/api.xro/2.0/Contacts"
INVOICES = "/api.xro/2.0/Invoices"
A_DAY = 24 * 3600


@pytest.fixture(scope="module")
def company(host: Host) -> Iterator[Company]:
    with whole_stack(host, "to_xero", ("--contacts", "60", "--seed", "3")) as stack:
        company = Company.connected(stack)
        finish(company)
        yield company


@pytest.fixture
def books(company: Company) -> SimulatedBooks:
    return SimulatedBooks(company.stack.simulator_url, company.organisation)


@pytest.fixture
def to_xero(company: Company) -> ToXero:
    return ToXero(company.admin)


def finish(company: Company) -> None:
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == "done"


def customer(company: Company, name: str, **values: Any) -> int:
    """A company of the CRM with two persons."""
    partner = company.admin.call(
        "res.partner",
        "create",
        {
            "name": name,
            "is_company": True,
            "email": f"office@{name.split()[0].lower()}.example",
            "city": "Napier",
            **values,
        },
    )
    for first in ("Mia", "Noah"):
        person = {
            "parent_id": partner,
            "name": f"{first} {name.split()[0]}",
            "xero_first_name": first,
            "xero_last_name": name.split()[0],
            "email": f"{first.lower()}@{name.split()[0].lower()}.example",
        }
        company.admin.call("res.partner", "create", person)
    return partner


def fault(company: Company, kind: str, method: str, path: str, **more: Any) -> None:
    company.control(
        "POST", "/faults", {"kind": kind, "method": method, "path": path, **more}
    )


def settled(company: Company, entry: int) -> dict[str, Any]:
    """Wait until the worker is through with an entry; a person presses "Send now"."""

    def over() -> dict[str, Any] | None:
        seen = ToXero(company.admin).entry(entry)
        if seen["state"] in OVER:
            return seen
        company.janitor()
        ToXero(company.admin).send(entry)
        return None

    return company.until(f"entry {entry} to be over", over, every=1)


def problems(company: Company, books: SimulatedBooks) -> list[str]:
    """Where the CRM and Xero differ, after a sync has brought what Xero holds."""
    finish(company)
    written = compare_to_xero(books, company.admin).differences
    return [*company.differences(), *written]


def test_a_customer_is_created_with_its_persons_and_a_sync_changes_nothing(
    company: Company, books: SimulatedBooks, to_xero: ToXero
) -> None:
    partner = customer(company, "Totara Tools")
    before = company.admin.call("res.partner", "search_count", [])
    entry = to_xero.queue_customer(partner)
    assert to_xero.queue_customer(partner) == entry, "pressed twice"
    assert to_xero.send(entry)["state"] == "done"
    (contact,) = books_named(books, "Totara Tools")
    persons = [each["FirstName"] for each in contact["ContactPersons"]]
    assert sorted(persons) == ["Mia", "Noah"]
    assert problems(company, books) == []
    assert company.admin.call("res.partner", "search_count", []) == before


def books_named(books: SimulatedBooks, name: str) -> list[dict[str, Any]]:
    return [each for each in books.records("contacts") if each["Name"] == name]


@pytest.mark.parametrize(
    "kind", ["reset_after_commit", "truncated_body", "error_500", "unavailable_html"]
)
def test_a_lost_or_broken_answer_makes_one_contact(
    company: Company, books: SimulatedBooks, to_xero: ToXero, kind: str
) -> None:
    name = f"{kind.replace('_', '').title()} Limited"
    entry = to_xero.queue_customer(customer(company, name))
    fault(company, kind, "PUT", CONTACTS)
    to_xero.send(entry)
    assert settled(company, entry)["state"] == "done"
    assert len(books_named(books, name)) == 1
    assert problems(company, books) == []


def test_an_answer_lost_a_day_ago_makes_one_contact(
    company: Company, books: SimulatedBooks, to_xero: ToXero
) -> None:
    entry = to_xero.queue_customer(customer(company, "Yesterday Yachts"))
    fault(company, "reset_after_commit", "PUT", CONTACTS)
    to_xero.send(entry)
    assert to_xero.entry(entry)["state"] == "waiting"
    company.control("POST", "/clock", {"advance_seconds": A_DAY})
    assert settled(company, entry)["state"] == "done"
    assert len(books_named(books, "Yesterday Yachts")) == 1
    assert problems(company, books) == []


def test_odoo_killed_while_xero_writes_makes_one_contact(
    company: Company, books: SimulatedBooks, to_xero: ToXero
) -> None:
    entry = to_xero.queue_customer(customer(company, "Killed Kiosk"))
    fault(company, "slow", "PUT", CONTACTS, seconds=4)

    def pressed() -> None:
        try:
            to_xero.send(entry)
        except (OdooRefused, requests.RequestException):
            return

    click = threading.Thread(target=pressed)
    click.start()
    company.until("the write being under way", company.no_fault_waits)
    company.kill_odoo()
    click.join()
    company.stack.restart_odoo()
    company.admin.log_in()
    assert settled(company, entry)["state"] == "done"
    assert len(books_named(books, "Killed Kiosk")) == 1
    assert problems(company, books) == []


def test_a_database_older_than_the_contact_finds_it_again(
    company: Company, books: SimulatedBooks, to_xero: ToXero
) -> None:
    """What a restored backup does not know of has our number in Xero."""
    partner = customer(company, "Backup Bakery")
    entry = to_xero.queue_customer(partner)
    fault(company, "reset_after_commit", "PUT", CONTACTS)
    to_xero.send(entry)
    finish(company)
    linked = company.admin.search_read(
        "xero.contact", [("partner_id", "=", partner)], ["name", "contact_number"]
    )
    assert [row["name"] for row in linked] == ["Backup Bakery"]
    assert settled(company, entry)["state"] == "done"
    assert len(books_named(books, "Backup Bakery")) == 1
    assert problems(company, books) == []


def test_a_draft_invoice_of_an_opportunity_is_there_once(
    company: Company, books: SimulatedBooks, to_xero: ToXero
) -> None:
    partner = customer(company, "Invoice Inn")
    lead = company.admin.call(
        "crm.lead",
        "create",
        {
            "name": "A winter of tea",
            "type": "opportunity",
            "partner_id": partner,
            "expected_revenue": 1234.5,
        },
    )
    assert to_xero.send(to_xero.queue_customer(partner))["state"] == "done"
    entry = to_xero.queue_invoice(lead)
    fault(company, "reset_after_commit", "PUT", INVOICES)
    to_xero.send(entry)
    assert settled(company, entry)["state"] == "done"
    ours = [
        each
        for each in books.records("invoices")
        if (each.get("Reference") or "").startswith("ODOO-")
    ]
    assert [(each["Status"], each["SubTotal"]) for each in ours] == [("DRAFT", 1234.5)]
    assert problems(company, books) == []


def test_both_ways_new_customers_and_changes_go_and_nothing_comes_back(
    company: Company, books: SimulatedBooks
) -> None:
    partner = customer(company, "Both Ways Brewery")
    won = company.admin.search_read("crm.stage", [("is_won", "=", True)], ["id"])
    company.admin.call(
        "crm.lead",
        "create",
        {
            "name": "Won",
            "type": "opportunity",
            "partner_id": partner,
            "stage_id": won[0]["id"],
        },
    )
    company.admin.call(
        "xero.connection",
        "write",
        [company.connection],
        {"direction": "both", "new_customers_delay": 0},
    )
    lines = company.admin.search_read(
        "xero.import.mapping",
        [("profile_id.name", "=", "Companies"), ("target_field", "=", "city")],
        ["id"],
    )
    company.admin.call(
        "xero.import.mapping", "write", [lines[0]["id"]], {"back": "crm"}
    )
    until_in_xero(company, books, "Both Ways Brewery", "Napier")
    company.admin.call("res.partner", "write", [partner], {"city": "Gisborne"})
    until_in_xero(company, books, "Both Ways Brewery", "Gisborne")
    writes = writes_of(company)
    assert problems(company, books) == []
    finish(company)
    assert writes_of(company) == writes, "what was sent came back as a change"


def until_in_xero(
    company: Company, books: SimulatedBooks, name: str, city: str
) -> None:
    """Wait until Xero holds one contact of a name, in a city."""

    def there() -> bool:
        look_for_changes_now(company)
        finish(company)
        found = books_named(books, name)
        assert len(found) <= 1
        cities = {
            row.get("City") for each in found for row in each.get("Addresses") or ()
        }
        return city in cities

    company.until(f"{name} in {city}", there, every=2)


def look_for_changes_now(company: Company) -> None:
    """The minute in which it was looked for what goes to Xero is over."""
    values = {"to_xero_at": False}
    company.admin.call("xero.connection", "write", [company.connection], values)


def writes_of(company: Company) -> int:
    """How many records the simulator was told to write."""
    return company.control("GET", "/requests")["written"]
