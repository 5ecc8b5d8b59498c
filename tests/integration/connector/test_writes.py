"""Contacts and drafts: the deployed functions write them to the Xero simulator over
HTTP, which takes, refuses and forgets as Xero does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from lambda_connector.logic.resources import FEATURES

from .deployed import Deployed, SimulatedXero, deployed_for, simulated_xero

_numbers = itertools.count(1)
LOST = ("reset_after_commit", "error_500_after_commit")
NEVER_CAME = ("reset", "error_500", "unavailable_html", "offline")


@pytest.fixture(scope="module")
def xero() -> Iterator[SimulatedXero]:
    with simulated_xero(6) as xero:
        yield xero


@pytest.fixture(scope="module")
def running(xero: SimulatedXero) -> Iterator[Deployed]:
    with deployed_for(xero, xero_timeout_seconds=3) as running:
        yield running


@pytest.fixture(scope="module")
def begun(running: Deployed) -> dict[str, Any]:
    running.begin()
    return running.connect(*FEATURES)


@pytest.fixture
def held(begun: dict[str, Any], xero: SimulatedXero) -> dict[str, Any]:
    xero.simulator.faults.clear()
    return begun


@pytest.fixture
def number() -> str:
    """Another one for each test; also its contact's name and its write's key."""
    return f"ODOO-0a1b2c3d-{next(_numbers)}"


def create(running: Deployed, held: dict[str, Any], number: str, **members: Any) -> Any:
    contact = {"Name": f"Rata {number}", "ContactNumber": number, **members}
    path = f"/v1/connections/{held['id']}/contacts"
    return running(
        "POST", path, {"contact": contact}, headers={"idempotency-key": number}
    )


def change(
    running: Deployed, held: dict[str, Any], known: dict[str, Any], **members: Any
) -> Any:
    path = f"/v1/connections/{held['id']}/contacts/{known['ContactID']}"
    body = {"contact": members, "seen": known["UpdatedDateUTC"]}
    key = f"change-{known['ContactNumber']}"
    return running("PATCH", path, body, headers={"idempotency-key": key})


def draft(running: Deployed, held: dict[str, Any], number: str, customer: str) -> Any:
    invoice = {
        "Contact": {"ContactID": customer},
        "Reference": number,
        "LineItems": [{"Description": "Tea", "Quantity": 2, "UnitAmount": 4.125}],
        "LineAmountTypes": "Exclusive",
        "Date": "2026-11-02",
        "Url": "https://crm.example/odoo/crm/31",
    }
    path = f"/v1/connections/{held['id']}/invoices"
    return running(
        "POST", path, {"invoice": invoice}, headers={"idempotency-key": f"i-{number}"}
    )


def there(xero: SimulatedXero, number: str) -> list[dict[str, Any]]:
    """What Xero has under our number or reference."""
    rows = [*xero.first.contacts.records(), *xero.first.invoices.records()]
    return [
        row
        for row in rows
        if number in (row.get("ContactNumber"), row.get("Reference"))
    ]


def test_contact_is_made_read_and_changed(running, held, xero, number) -> None:
    persons = [
        {"FirstName": "Ana", "LastName": "Ngata", "EmailAddress": "ana@rata.example"}
    ]
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "5551234", "PhoneAreaCode": "04"}]
    addresses = [{"AddressType": "POBOX", "City": "Otaki", "Country": "New Zealand"}]
    made = create(
        running,
        held,
        number,
        FirstName="Ben",
        EmailAddress="ben@rata.example",
        ContactPersons=persons,
        Phones=phones,
        Addresses=addresses,
    )
    assert (made.status, made.json["outcome"]) == (201, "created"), made.body
    contact = made.json["contact"]
    path = f"/v1/connections/{held['id']}/contacts/{contact['ContactID']}"
    assert running("GET", path).json["contact"]["Name"] == f"Rata {number}"
    known = running("GET", path).json["contact"]
    changed = change(running, held, known, EmailAddress="rata@rata.example")
    assert changed.json["outcome"] == "updated"
    (now,) = there(xero, number)
    assert now["EmailAddress"] == "rata@rata.example"
    assert [one["FirstName"] for one in now["ContactPersons"]] == ["Ana"]
    city = [one.get("City") for one in now["Addresses"] if one.get("City")]
    assert city == ["Otaki"]
    again = change(running, held, known, EmailAddress="rata@rata.example")
    assert again.json["outcome"] == "found"


@pytest.mark.parametrize("kind", LOST)
def test_lost_answer_is_found_in_xero(running, held, xero, number, kind: str) -> None:
    xero.fault(kind)
    lost = create(running, held, number)
    assert (lost.status, lost.json["outcome"]) == (202, "unknown")
    found = create(running, held, number)
    assert (found.status, found.json["outcome"]) == (200, "found")
    assert len(there(xero, number)) == 1


@pytest.mark.parametrize("kind", NEVER_CAME)
def test_what_never_came_is_sent_again(running, held, xero, number, kind: str) -> None:
    xero.fault(kind)
    assert create(running, held, number).status == 202
    assert create(running, held, number).json["outcome"] == "created"
    assert len(there(xero, number)) == 1


def test_slow_answer_is_a_lost_one(running, held, xero, number) -> None:
    xero.fault("slow", seconds=5)
    assert create(running, held, number).status == 202
    assert create(running, held, number).status in (200, 201)
    assert len(there(xero, number)) == 1


def test_limit_of_the_minute_is_waited_out_under_another_key(
    running, held, xero, number
) -> None:
    xero.fault("rate_limited", retry_after=1)
    assert create(running, held, number).status == 201
    assert len(there(xero, number)) == 1


def test_name_that_is_taken(running, held, xero, number) -> None:
    other = next(iter(xero.first.contacts.records()))
    refused = create(running, held, number, Name=other["Name"].upper())
    assert (refused.status, refused.code) == (409, "contact_exists")
    found = [one["ContactID"] for one in refused.json["contacts"]]
    assert found == [other["ContactID"]]
    assert create(running, held, number).status == 201


def test_number_that_is_taken(running, held, xero, number) -> None:
    made = create(running, held, number).json["contact"]
    path = f"/v1/connections/{held['id']}/contacts"
    for name, code in ((made["Name"], "found"), ("Rimu", "contact_number_taken")):
        contact = {"Name": name, "ContactNumber": number}
        key = {"idempotency-key": f"another-{name}".replace(" ", "")}
        came = running("POST", path, {"contact": contact}, headers=key)
        assert (came.json.get("outcome") or came.code) == code
    assert len(there(xero, number)) == 1


def test_xeros_words_are_handed_on(running, held, xero, number) -> None:
    refused = create(running, held, number, EmailAddress="not an address")
    assert (refused.status, refused.code) == (422, "xero_validation")
    assert refused.json["messages"] and there(xero, number) == []
    assert create(running, held, number, EmailAddress="a@b.example").status == 201


def test_contact_that_somebody_changed_meanwhile(running, held, xero, number) -> None:
    known = create(running, held, number).json["contact"]
    seen = {**known, "UpdatedDateUTC": "/Date(1000000000000+0000)/"}
    refused = change(running, held, seen, FirstName="Ana")
    assert (refused.status, refused.code) == (409, "contact_changed")
    assert refused.json["contact"]["UpdatedDateUTC"] == known["UpdatedDateUTC"]
    assert not there(xero, number)[0].get("FirstName")
    assert change(running, held, known, FirstName="Ana").json["outcome"] == "updated"


def test_invoice_is_drafted_once(running, held, xero, number) -> None:
    customer = create(running, held, number).json["contact"]["ContactID"]
    reference = f"{number}-1"
    xero.fault("reset_after_commit", path="/api.xro/2.0/Invoices")
    assert draft(running, held, reference, customer).status == 202
    found = draft(running, held, reference, customer)
    assert (found.status, found.json["outcome"]) == (200, "found"), found.body
    (invoice,) = there(xero, reference)
    assert (invoice["Type"], invoice["Status"]) == ("ACCREC", "DRAFT")
    assert found.json["invoice"]["InvoiceID"] == invoice["InvoiceID"]
    made = draft(running, held, f"{number}-2", customer)
    assert (made.status, made.json["invoice"]["Total"]) == (201, 8.25)
    assert draft(running, held, f"{number}-2", customer).json["outcome"] == "found"


def test_a_write_is_counted_and_nothing_of_it_logged(
    running, held, xero, log, capsys, number
) -> None:
    capsys.readouterr()
    create(running, held, number)
    assert '"ContactCreated"' in capsys.readouterr().out
    create(running, held, f"{number}-9", Name=f"Rata {number}")
    logged = log.getvalue()
    assert "contact_exists" in logged
    for text in (number, "Rata", running.key, "eyJ"):
        assert text not in logged
