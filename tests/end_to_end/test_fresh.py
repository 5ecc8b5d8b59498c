"""A change in Xero comes to be seen in the CRM by itself, soon, and at few calls."""

import datetime
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from infra.demo.sales_comparison import SimulatedBooks, compare_sales
from infra.demo.webhooks import register_webhook
from infra.host.host import Host
from tests.whole import Company, whole_stack

CONTACTS, INVOICES = 120, 200
BURST = 500
# What a person may wait for a change; the product promises a minute.
SOON_SECONDS = 60
# Xero's events are collected by the simulator, then by the second queue.
COLLECTED_SECONDS = 8


@pytest.fixture(scope="module")
def company(host: Host) -> Iterator[Company]:
    data = ("--contacts", str(CONTACTS), "--seed", "11", "--invoices", str(INVOICES))
    with whole_stack(host, "fresh", data) as stack:
        company = Company.connected(stack)
        run = company.job.sync_now(company.connection)
        assert company.finish(run)["state"] == "done"
        plan = stack.plan
        register_webhook(company.admin, stack.simulator_url, plan.app.client_id)
        yield company


@pytest.fixture
def books(company: Company) -> SimulatedBooks:
    return SimulatedBooks(company.stack.simulator_url, company.organisation)


def webhook(company: Company, method: str, what: str, body: Any = None) -> Any:
    """What the simulator has for the app's webhook."""
    client_id = company.stack.plan.app.client_id
    return company.control(method, f"/apps/{client_id}/webhook{what}", body)


def customers(company: Company, name: str) -> int:
    named = [("name", "=", name)]
    return company.admin.call("res.partner", "search_count", named)


def newest_run(company: Company) -> dict[str, Any]:
    (run,) = company.admin.call(
        "xero.sync",
        "search_read",
        [("kind", "=", "sync")],
        ["trigger", "state", "steps", "is_open"],
        limit=1,
    )
    return run


def calls(company: Company) -> int:
    return company.control("GET", "/requests?path=/api.xro")["count"]


def a_customer(books: SimulatedBooks) -> str:
    """The id of a contact that is in the CRM."""
    return next(
        contact["ContactID"]
        for contact in books.records("contacts")
        if contact["ContactStatus"] == "ACTIVE" and contact.get("IsCustomer")
    )


def rename(company: Company, books: SimulatedBooks, name: str) -> None:
    company.change("update", ContactID=a_customer(books), Name=name)


def settle(company: Company) -> None:
    """Wait until nothing has been under way for longer than events are collected."""
    quiet_since = time.monotonic()

    def at_rest() -> bool:
        nonlocal quiet_since
        company.janitor()
        live = company.admin.call("xero.sync", "search_count", [("is_open", "=", True)])
        if live or webhook(company, "GET", "")["waiting"]:
            quiet_since = time.monotonic()
        return time.monotonic() - quiet_since > COLLECTED_SECONDS

    company.until("rest", at_rest, every=1)


def seen_soon(company: Company, name: str) -> float:
    """Seconds until the CRM has a customer of that name; nobody presses a thing."""
    since = time.monotonic()
    company.until(f"the customer {name}", lambda: customers(company, name))
    return time.monotonic() - since


def problems(company: Company, books: SimulatedBooks) -> list[str]:
    settle(company)
    return [*company.differences(), *compare_sales(books, company.admin).differences]


def test_a_change_in_xero_is_seen_within_a_minute_and_nobody_asked(
    company: Company, books: SimulatedBooks
) -> None:
    name = "Harbour Lights (renamed)"
    rename(company, books, name)
    assert seen_soon(company, name) < SOON_SECONDS
    assert newest_run(company)["trigger"] == "webhook"
    assert problems(company, books) == []


def test_a_burst_of_five_hundred_events_costs_three_calls_at_most(
    company: Company, books: SimulatedBooks
) -> None:
    settle(company)
    before = calls(company)
    webhook(company, "PUT", "/manner", {"held": True})
    path = f"/organisations/{company.organisation}/burst"
    company.control("POST", path, {"events": BURST, "collection": "contacts"})
    name = "The Last of the Burst"
    rename(company, books, name)
    webhook(company, "PUT", "/manner", {"held": False})
    webhook(company, "POST", "/deliver")
    seen_soon(company, name)
    settle(company)
    assert calls(company) - before <= 3
    assert company.differences() == []


def test_what_was_told_twice_backwards_and_a_day_later_changes_nothing(
    company: Company, books: SimulatedBooks
) -> None:
    settle(company)
    before = partner_versions(company)
    webhook(company, "PUT", "/manner", {"duplicates": True, "disorder": True})
    assert webhook(company, "POST", "/replay", {"seconds": 86_400})["events"] > BURST
    webhook(company, "POST", "/deliver")
    webhook(company, "PUT", "/manner", {"duplicates": False, "disorder": False})
    settle(company)
    assert partner_versions(company) == before
    assert problems(company, books) == []


def partner_versions(company: Company) -> dict[int, str]:
    found = company.admin.call("res.partner", "search_read", [], ["write_date"])
    return {row["id"]: row["write_date"] for row in found}


def test_a_payment_moves_the_balance_that_xero_does_not_tell_of(
    company: Company, books: SimulatedBooks
) -> None:
    invoice = next(
        invoice
        for invoice in books.records("invoices")
        if invoice["Type"] == "ACCREC" and invoice["Status"] == "AUTHORISED"
    )
    contact = invoice["Contact"]["ContactID"]
    company.change_of(
        "invoices",
        "pay",
        invoice={"InvoiceID": invoice["InvoiceID"]},
        amount=str(invoice["AmountDue"]),
        date=datetime.date.today().isoformat(),
    )

    def agrees() -> bool:
        (there,) = (
            one for one in books.records("contacts") if one["ContactID"] == contact
        )
        return mirrored_balances(company, contact) == there.get("Balances")

    company.until("the balance in the mirror to be Xero's", agrees)
    assert problems(company, books) == []


def mirrored_balances(company: Company, contact: str) -> Any:
    (found,) = company.admin.call(
        "xero.contact", "search_read", [("xero_id", "=", contact)], ["payload"]
    )
    return found["payload"].get("Balances")


def test_a_batch_function_that_dies_with_the_events_loses_none(
    company: Company, books: SimulatedBooks
) -> None:
    settle(company)
    company.kill_poller("webhookbatch")
    name = "Told to a Dead Function"
    rename(company, books, name)
    seen_soon(company, name)
    assert problems(company, books) == []


def test_odoo_that_was_down_sees_all_when_it_is_back(
    company: Company, books: SimulatedBooks
) -> None:
    settle(company)
    company.kill_odoo()
    name = "Changed While Odoo Was Down"
    rename(company, books, name)
    company.stack.restart_odoo()
    company.admin.log_in()
    seen_soon(company, name)
    assert problems(company, books) == []


def test_without_webhooks_the_schedule_brings_it(
    company: Company, books: SimulatedBooks
) -> None:
    settle(company)
    webhook(company, "DELETE", "")
    name = "Found by the Schedule"
    rename(company, books, name)
    company.let_the_next_sync_be_due()
    company.wake()
    seen_soon(company, name)
    assert newest_run(company)["trigger"] == "schedule"
    plan = company.stack.plan
    register_webhook(company.admin, company.stack.simulator_url, plan.app.client_id)
    assert problems(company, books) == []


def test_a_connection_removed_in_xero_is_told_and_connecting_again_mends_it(
    company: Company, books: SimulatedBooks
) -> None:
    settle(company)
    path = f"/organisations/{company.organisation}/disconnect"
    company.control("POST", path)
    run = company.job.sync_now(company.connection)
    company.finish(run)
    state = company.job.state(company.connection)
    assert state["state"] == "reconnect", state
    assert "Xero" in state["state_message"]
    company.wake()
    company.until("an activity", lambda: activities(company) == 1, every=1)
    company.job.connect(company.connection)
    company.wake()
    company.until("the activity to be done", lambda: not activities(company), every=1)
    name = "Changed After Connecting Again"
    rename(company, books, name)
    seen_soon(company, name)
    assert problems(company, books) == []


def activities(company: Company) -> int:
    about = [
        ("res_model", "=", "xero.connection"),
        ("res_id", "=", company.connection),
    ]
    return company.admin.call("mail.activity", "search_count", about)


def test_a_post_that_xero_did_not_sign_changes_nothing(company: Company) -> None:
    address = webhook(company, "GET", "")["address"]
    settle(company)
    before = calls(company)
    for signature in ("", "bm90aGluZw==", None):
        headers = {} if signature is None else {"x-xero-signature": signature}
        answer = requests.post(address, data='{"events": []}', headers=headers)
        assert (answer.status_code, answer.content) == (401, b"")
    settle(company)
    assert calls(company) == before
