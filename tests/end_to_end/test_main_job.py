"""Xero's customers are in the CRM, whatever happens on the way."""

from collections.abc import Iterator

import pytest

from infra.host.host import Host
from tests.whole import Company, whole_stack

CONTACTS = 2500
ADDED = 1500


@pytest.fixture(scope="module")
def company(host: Host) -> Iterator[Company]:
    data = ("--contacts", str(CONTACTS), "--seed", "11")
    with whole_stack(host, "main_job", data) as stack:
        yield Company.connected(stack)


def test_a_worker_killed_in_the_middle_leaves_the_crm_equal_to_xero(
    company: Company,
) -> None:
    slow = {"kind": "slow", "path": "/api.xro/2.0/Contacts", "after": 1, "seconds": 3}
    company.control("POST", "/faults", slow)
    run = company.job.sync_now(company.connection)
    company.until("the second page being read", company.no_fault_waits)
    company.kill_worker()
    assert company.finish(run)["state"] == "done"
    assert company.differences() == []


def test_odoo_killed_in_the_middle_leaves_the_crm_equal_to_xero(
    company: Company,
) -> None:
    before = company.partners()
    for number in range(ADDED):
        company.change("add", Name=f"Late Arrival {number} Ltd", IsCustomer=True)
    run = company.job.sync_now(company.connection)

    def some_came() -> bool:
        company.poke(run)
        return before < company.partners() < before + ADDED

    company.until("the first of them", some_came, every=0.05)
    company.kill_odoo()
    company.stack.restart_odoo()
    company.admin.log_in()
    assert company.partners() < before + ADDED, (
        "it was killed too late to show anything"
    )
    assert company.finish(run)["state"] == "done"
    assert company.partners() == before + ADDED
    assert company.differences() == []


def test_nothing_changed_brings_nothing_new(company: Company) -> None:
    before = company.partners()
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == "done"
    assert company.partners() == before
    assert company.differences() == []


def test_changes_in_xero_come_with_the_next_sync(company: Company) -> None:
    changed = company.change("add", Name="Kauri & Sons <Ltd> ‏", IsCustomer=True)
    company.change("update", ContactID=changed["ContactID"], Name="Kauri Sisters Ltd")
    company.change("add", Name="", IsCustomer=True, EmailAddress="nameless@example.org")
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == "done"
    assert company.differences() == []
    nameless = company.admin.search_read(
        "xero.sync.line", [("sync_id", "=", run)], ["reason", "remedy"]
    )
    assert len(nameless) == 1
    assert nameless[0]["reason"] and nameless[0]["remedy"]


def test_poison_in_xero_comes_as_text_beside_its_neighbour(company: Company) -> None:
    evil = '=HYPERLINK("https://evil.example")<script>alert(1)</script>\u202e'
    bad = company.change(
        "add", Name=evil, IsCustomer=True, Website="javascript:alert(1)"
    )
    company.change("add", Name="Its Neighbour Ltd", IsCustomer=True)
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == "done"
    assert company.differences() == []
    [contact] = company.admin.search_read(
        "xero.contact", [("xero_id", "=", bad["ContactID"])], ["name", "partner_id"]
    )
    assert contact["name"] == evil
    [partner] = company.admin.search_read(
        "res.partner", [("id", "=", contact["partner_id"][0])], ["name", "website"]
    )
    assert (partner["name"], partner["website"]) == (evil, False)
    told = company.admin.search_read(
        "xero.sync.line", [("sync_id", "=", run)], ["reason"]
    )
    assert any("javascript:" in line["reason"] for line in told)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "rate_limited", "retry_after": 2},
        {"kind": "rate_limited", "retry_after": None, "problem": "concurrent"},
        {"kind": "unavailable_html"},
        {"kind": "token_expired"},
    ],
    ids=lambda fault: "-".join(str(part) for part in fault.values()),
)
def test_a_fault_of_xero_delays_and_loses_nothing(company: Company, fault) -> None:
    company.change("add", Name=f"Contact behind {fault}", IsCustomer=True)
    company.control("POST", "/faults", {**fault, "path": "/api.xro/2.0/Contacts"})
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == "done"
    assert company.no_fault_waits()
    assert company.differences() == []


def test_a_disconnection_at_xero_is_told_and_mended_by_reconnecting(
    company: Company,
) -> None:
    company.control("POST", f"/organisations/{company.organisation}/disconnect")
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == "failed"
    state = company.job.state(company.connection)
    assert state["state"] == "reconnect"
    assert state["state_message"]

    company.job.connect(company.connection, company.organisation)
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == "done"
    assert company.differences() == []
