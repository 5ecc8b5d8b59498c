"""Import profiles on the whole stack: previewed, done, filtered, followed."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from infra.host.host import Host
from tests.whole import Company, whole_stack

CONTACTS = 1200
PROFILE_FIELDS = ["name", "which", "target"]


@pytest.fixture(scope="module")
def company(host: Host) -> Iterator[Company]:
    """A company whose contacts are in the mirror and not in the CRM yet."""
    data = ("--contacts", str(CONTACTS), "--seed", "4")
    with whole_stack(host, "imports", data) as stack:
        company = Company.connected(stack)
        set_auto_run(company, ["customers"], False)
        sync(company)
        assert company.partners() == 0
        yield company


def profiles(company: Company) -> dict[tuple[str, str], int]:
    """The ready-made profiles by target and scope."""
    found = company.admin.search_read("xero.import.profile", [], PROFILE_FIELDS)
    return {(each["target"], each["which"]): each["id"] for each in found}


def set_auto_run(company: Company, scopes: list[str], value: bool) -> None:
    ids = [id for (_, which), id in profiles(company).items() if which in scopes]
    company.admin.call("xero.import.profile", "write", ids, {"auto_run": value})


def sync(company: Company) -> int:
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == "done"
    return run


def run_of(action: dict[str, Any]) -> int:
    return action["res_id"]


def preview(company: Company, profile: int) -> int:
    action = company.admin.call("xero.import.profile", "action_preview", [profile])
    run = run_of(action)
    assert company.finish(run)["state"] == "done"
    return run


def do_exactly(company: Company, previewed: int) -> int:
    action = company.admin.call("xero.sync", "action_do_preview", [previewed])
    return run_of(action)


def lines(company: Company, run: int, *fields: str, **wanted: str) -> list[dict]:
    domain = [("sync_id", "=", run), *((k, "=", v) for k, v in wanted.items())]
    return company.admin.search_read("xero.sync.line", domain, list(fields))


def count_partners(company: Company) -> int:
    every = {"context": {"active_test": False}}
    return company.admin.call("res.partner", "search_count", [], **every)


def calls_to_xero(company: Company) -> int:
    return company.control("GET", "/requests?path=/api.xro")["count"]


def linked(company: Company, xero_id: str) -> dict[str, Any]:
    fields = ["partner_id", "link_state", "is_leading", "archived"]
    every = {"context": {"active_test": False}}
    [contact] = company.admin.search_read(
        "xero.contact", [("xero_id", "=", xero_id)], fields, **every
    )
    return contact


def test_a_preview_is_done_exactly_also_when_odoo_is_killed_in_the_middle(
    company: Company,
) -> None:
    calls, before = calls_to_xero(company), count_partners(company)
    for target in ("company", "contact"):
        previewed = preview(company, profiles(company)[target, "customers"])
        assert lines(company, previewed, "outcome", outcome="create")
        assert count_partners(company) == before
        run = do_exactly(company, previewed)

        def some_came(start: int = before, run: int = run) -> bool:
            company.poke(run)
            return count_partners(company) > start

        company.until("the first of them", some_came, every=0.05)
        company.kill_odoo()
        company.stack.restart_odoo()
        company.admin.log_in()
        assert company.finish(run)["state"] == "done"
        before = count_partners(company)
    assert company.differences() == []
    assert calls_to_xero(company) == calls, "the mirror has it all"


def test_what_changed_since_the_preview_is_left_and_named(company: Company) -> None:
    new, other = (
        company.change("add", Name=f"Previewed {number} Ltd", IsCustomer=True)
        for number in (1, 2)
    )
    sync(company)
    profile = profiles(company)["company", "customers"]
    previewed = preview(company, profile)
    assert len(lines(company, previewed, "outcome", outcome="create")) == 2

    company.change("update", ContactID=other["ContactID"], Name="Not as previewed Ltd")
    sync(company)
    run = do_exactly(company, previewed)
    assert company.finish(run)["state"] == "done"
    assert linked(company, new["ContactID"])["partner_id"]
    assert not linked(company, other["ContactID"])["partner_id"]
    [left] = lines(company, run, "record_name", code="changed_since_preview")
    assert left["record_name"] == "Previewed 2 Ltd"


def test_the_next_sync_brings_the_rest_by_itself(company: Company) -> None:
    set_auto_run(company, ["customers"], True)
    sync(company)
    assert company.differences() == []


def test_the_link_follows_a_merge_in_xero_and_an_archived_contact_comes_back(
    company: Company,
) -> None:
    loser = company.change("add", Name="Merged Away Ltd", IsCustomer=True)
    sync(company)
    partner = linked(company, loser["ContactID"])["partner_id"]
    winner = company.change(
        "add", Name="Stays Ltd", IsCustomer=True, ContactStatus="ARCHIVED"
    )
    sync(company)
    assert not linked(company, winner["ContactID"])["partner_id"]

    company.change("restore", ContactID=winner["ContactID"])
    path = f"/organisations/{company.organisation}/contacts"
    merge = {"action": "merge", "contact": loser, "into": winner["ContactID"]}
    company.control("POST", path, merge)
    sync(company)
    stays, gone = (linked(company, one["ContactID"]) for one in (winner, loser))
    assert stays["partner_id"] == gone["partner_id"] != False  # noqa: E712
    assert stays["partner_id"][0] == partner[0]
    assert (stays["is_leading"], gone["is_leading"]) == (True, False)
    assert stays["partner_id"][1] == "Stays Ltd"
    # The customer id is given once, on create: here by the contact that is gone.
    [difference] = company.differences()
    assert "'Stays Ltd': ref" in difference


def test_vendors_come_by_choice_of_their_group_and_no_others(company: Company) -> None:
    group = company.control(
        "POST",
        f"/organisations/{company.organisation}/contact_groups",
        {"action": "add", "contact_group": {"Name": "Partners"}},
    )
    member = [{"ContactGroupID": group["ContactGroupID"], "Name": "Partners"}]
    chosen = company.change(
        "add", Name="Chosen Vendor Ltd", IsSupplier=True, ContactGroups=member
    )
    other = company.change("add", Name="Other Vendor Ltd", IsSupplier=True)
    sync(company)
    assert not linked(company, chosen["ContactID"])["partner_id"]

    [mirrored] = company.admin.search_read(
        "xero.contact.group", [("xero_id", "=", group["ContactGroupID"])], ["name"]
    )
    choice = {"vendors": "groups", "vendor_group_ids": [[6, 0, [mirrored["id"]]]]}
    company.admin.call("xero.connection", "write", [company.connection], choice)
    sync(company)
    assert linked(company, chosen["ContactID"])["partner_id"]
    assert not linked(company, other["ContactID"])["partner_id"]


def test_odoo_killed_in_the_middle_of_a_preview_ends_it_as_it_would_have(
    company: Company,
) -> None:
    profile = profiles(company)["company", "customers"]
    undisturbed = preview(company, profile)
    fields = ["created_count", "updated_count", "unchanged_count", "skipped_count"]
    wanted = company.admin.read("xero.sync", undisturbed, fields)
    action = company.admin.call("xero.import.profile", "action_preview", [profile])
    run = run_of(action)
    company.poke(run)
    company.stack.odoo.signal(signal.SIGKILL)
    company.stack.odoo.running.wait()
    company.stack.restart_odoo()
    company.admin.log_in()
    assert company.finish(run)["state"] == "done"
    found = company.admin.read("xero.sync", run, fields)
    assert {name: found[name] for name in fields} == {
        name: wanted[name] for name in fields
    }
