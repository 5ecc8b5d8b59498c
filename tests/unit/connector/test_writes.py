"""Writing to Xero: once for each key, whatever gets lost, and what a person is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lambda_connector.handlers.observability import metrics
from lambda_connector.logic import writes
from lambda_connector.logic.faults import (
    Failed,
    OrganisationGone,
    Refused,
    ScopeMissing,
    Throttled,
    TimedOut,
    TokenRejected,
    TooLarge,
    Unavailable,
    Unreadable,
)
from lambda_connector.logic.model.connection import Connection

from .disorder import Fate, Killed, mortal_ports
from .fake_books import NAME_TAKEN
from .fake_xero import ALL_SCOPES, EVERY_SCOPE
from .http_events import Answer, Api
from .world import World

KEY = "5f0c3c1e-0001"
NUMBER = "ODOO-0a1b2c3d-7"
CONTACT = {"Name": "Rata Bakery", "ContactNumber": NUMBER, "EmailAddress": "r@x.nz"}
NOBODY = "0a1b2c3d-0000-4000-8000-0000000000ff"
LOST = [Unavailable(), TimedOut(), Unreadable(), TooLarge()]


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.scopes = EVERY_SCOPE
    return world.connect()


def create(
    world: World, held: Connection, key: str = KEY, automatic: bool = False, **members
) -> Answer:
    body = {"contact": {**CONTACT, **members}, "automatic": automatic}
    return post(world, f"/v1/connections/{held.id}/contacts", key, body)


def change(
    world: World, held: Connection, contact: dict, key: str = KEY, **members: Any
) -> Answer:
    seen = members.pop("seen", contact["UpdatedDateUTC"])
    path = f"/v1/connections/{held.id}/contacts/{contact['ContactID']}"
    body = {"contact": members, "seen": seen}
    return Api(world)("PATCH", path, body, headers={"Idempotency-Key": key})


def draft(world: World, held: Connection, key: str = KEY, **members: Any) -> Answer:
    invoice = {
        "Contact": {"ContactID": NOBODY},
        "Reference": "ODOO-0a1b2c3d-31-1",
        "LineItems": [{"Description": "Tea", "Quantity": 2, "UnitAmount": 4.125}],
        **members,
    }
    path = f"/v1/connections/{held.id}/invoices"
    return post(world, path, key, {"invoice": invoice})


def post(world: World, path: str, key: str, body: Any) -> Answer:
    return Api(world)("POST", path, body, headers={"Idempotency-Key": key})


def names(world: World) -> list[str]:
    return [row["Name"] for row in world.xero.books.contacts]


def row(world: World, held: Connection, key: str = KEY):
    return world.ports.writes.get(held.instance, held.id, key)


# Contacts are made


def test_contact_is_made_once_for_its_key(world: World, held) -> None:
    made = create(world, held)
    assert (made.status, made.json["outcome"]) == (201, "created")
    assert made.json["contact"]["Name"] == "Rata Bakery"
    assert made.json["read_at"] == "2026-11-02T09:30:00.000Z"
    again = create(world, held)
    assert (again.status, again.json["outcome"]) == (200, "found")
    assert again.json["contact"]["ContactID"] == made.json["contact"]["ContactID"]
    assert names(world) == ["Rata Bakery"]
    (sent,) = world.xero.written
    assert (sent.method, sent.path) == ("PUT", "Contacts")
    assert sent.body == {"Contacts": [CONTACT]}
    assert sent.parameters == {"summarizeErrors": "false"}


def test_record_is_answered_without_what_is_said_of_the_call(world, held) -> None:
    assert "StatusAttributeString" not in create(world, held).json["contact"]


def test_nulls_are_not_sent(world: World, held) -> None:
    person = {"FirstName": "Ana", "LastName": None}
    create(world, held, TaxNumber=None, ContactPersons=[person], LastName="")
    (sent,) = world.xero.written[0].body["Contacts"]
    assert "TaxNumber" not in sent and sent["LastName"] == ""
    assert sent["ContactPersons"] == [{"FirstName": "Ana"}]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: type(fault).__name__)
def test_lost_answer_is_told_and_the_contact_found(world: World, held, fault) -> None:
    world.xero.lost.append(fault)
    lost = create(world, held)
    assert (lost.status, lost.json) == (202, {"outcome": "unknown", "retry_after": 15})
    found = create(world, held)
    assert (found.status, found.json["outcome"]) == (200, "found")
    assert names(world) == ["Rata Bakery"]
    assert len(world.xero.written) == 1


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: type(fault).__name__)
def test_what_never_reached_xero_is_sent_again_under_the_same_key(
    world: World, held, fault
) -> None:
    world.xero.faults.append(fault)
    assert create(world, held).status == 202
    assert create(world, held).json["outcome"] == "created"
    first, second = world.xero.written
    assert first.key == second.key
    assert names(world) == ["Rata Bakery"]


@pytest.mark.parametrize("done", [False, True])
def test_error_of_xeros_own_is_looked_into_and_not_repeated(
    world: World, held, done: bool
) -> None:
    """It would be, for six minutes, to the same key."""
    (world.xero.lost if done else world.xero.faults).append(Failed())
    failed = create(world, held)
    assert failed.json == {"outcome": "unknown", "retry_after": 5}
    assert row(world, held).is_open
    assert create(world, held).json["outcome"] == ("found" if done else "created")
    assert names(world) == ["Rata Bakery"]
    assert len({sent.key for sent in world.xero.written}) == len(world.xero.written)


def test_contact_that_was_renamed_before_it_was_looked_for_is_ours(world, held) -> None:
    world.xero.lost.append(TimedOut())
    create(world, held)
    world.xero.books.contacts[0]["Name"] = "Rata Bakery Ltd"
    world.clock.advance(days=1)
    assert create(world, held).json["outcome"] == "found"


def test_number_of_an_older_contact_is_not_ours_because_an_answer_was_lost(
    world: World, held
) -> None:
    other = world.xero.books.add(world.clock.now(), Name="Tui", ContactNumber=NUMBER)
    world.clock.advance(hours=1)
    world.xero.lost.append(TimedOut())
    world.xero.faults.append(TimedOut())
    create(world, held)
    refused = create(world, held)
    assert refused.code == "contact_number_taken"
    (named,) = refused.json["contacts"]
    assert named["ContactID"] == other["ContactID"]


def test_number_that_is_there_under_the_same_name_is_the_contact(world, held) -> None:
    """A restored Odoo makes again what an earlier life of it made."""
    there = world.xero.books.add(
        world.clock.now(), Name="rata  bakery ", ContactNumber=NUMBER
    )
    found = create(world, held)
    assert (found.status, found.json["outcome"]) == (200, "found")
    assert found.json["contact"]["ContactID"] == there["ContactID"]


def test_number_that_is_there_under_another_name_is_told(world: World, held) -> None:
    world.xero.books.add(world.clock.now(), Name="Tui", ContactNumber=NUMBER)
    for _ in range(2):
        refused = create(world, held)
        assert (refused.status, refused.code) == (409, "contact_number_taken")
        assert refused.json["contacts"][0]["Name"] == "Tui"
    assert names(world) == ["Tui"]


@pytest.mark.parametrize("as_400", [False, True])
@pytest.mark.parametrize(
    "name", ["Rata Bakery", 'The "Rata"', "Rata \\ Bakery", "Rātā Café"]
)
def test_name_that_is_taken_is_told_with_who_has_it(
    world: World, held, as_400: bool, name: str
) -> None:
    world.xero.books.in_words_of_400 = as_400
    books = world.xero.books
    there = books.add(world.clock.now(), Name=name.upper(), EmailAddress="t@x.nz")
    books.add(world.clock.now(), Name=f"{name} and Sons")
    plain = name.replace("ā", "a").replace("é", "e")
    archived = books.add(world.clock.now(), Name=plain, ContactStatus="ARCHIVED")
    refused = create(world, held, Name=name)
    assert (refused.status, refused.code) == (409, "contact_exists")
    first, second = refused.json["contacts"]
    assert first == {
        "ContactID": there["ContactID"],
        "Name": name.upper(),
        "ContactNumber": None,
        "EmailAddress": "t@x.nz",
        "ContactStatus": "ACTIVE",
    }
    assert second["ContactID"] == archived["ContactID"]
    assert world.xero.fetched[-1].parameters["includeArchived"] == "true"


def test_taken_name_is_told_also_where_nobody_says_who_has_it(world, held) -> None:
    world.xero.books.refusals.append((NAME_TAKEN.format("X"),))
    world.xero.faults.extend([None, Unavailable()])
    refused = create(world, held)
    assert (refused.code, refused.json["contacts"]) == ("contact_exists", [])


@pytest.mark.parametrize("as_400", [False, True])
def test_xeros_words_are_handed_on_readable(world: World, held, as_400: bool) -> None:
    world.xero.books.in_words_of_400 = as_400
    said = (
        "Email address must be valid.\r\n ",
        "x" * 900,
        "Email address must be valid.",
    )
    world.xero.books.refusals.append(said)
    refused = create(world, held)
    assert (refused.status, refused.code) == (422, "xero_validation")
    assert refused.json["messages"] == ["Email address must be valid.", "x" * 500]


def test_what_was_refused_may_be_mended_under_the_same_key(world: World, held) -> None:
    """With another one to Xero, which would repeat the refusal."""
    world.xero.books.refusals.append(("Email address must be valid.",))
    create(world, held, EmailAddress="?")
    made = create(world, held)
    assert made.json["outcome"] == "created"
    first, second = world.xero.written
    assert first.key != second.key


def test_refusal_whose_answer_was_lost_is_told_the_next_time(
    world: World, held
) -> None:
    world.xero.books.refusals.append(("Email address must be valid.",))
    world.xero.lost.append(TimedOut())
    assert create(world, held).status == 202
    assert create(world, held).code == "xero_validation"


def test_key_of_something_else_is_refused(world: World, held) -> None:
    create(world, held)
    other = create(world, held, Name="Tui Foods")
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    world.xero.lost.append(TimedOut())
    create(world, held, "another-key", Name="Tui", ContactNumber="ODOO-0a1b2c3d-8")
    lost = create(world, held, "another-key", Name="Tu", ContactNumber="ODOO-1")
    assert lost.code == "idempotency_key_reused"
    assert names(world) == ["Rata Bakery", "Tui"]


def test_who_asks_is_not_part_of_what_is_asked(world: World, held) -> None:
    create(world, held, automatic=True)
    assert create(world, held, automatic=False).json["outcome"] == "found"


def test_key_is_known_for_thirty_days(world: World, held) -> None:
    create(world, held)
    world.clock.advance(days=29, hours=23)
    assert create(world, held).json["outcome"] == "found"
    world.clock.advance(hours=2)
    other = create(world, held, Name="Tui", ContactNumber="ODOO-0a1b2c3d-8")
    assert other.json["outcome"] == "created"


def test_contact_is_found_by_its_number_after_the_key_is_forgotten(world, held) -> None:
    create(world, held)
    world.clock.advance(days=31)
    assert create(world, held).json["outcome"] == "found"
    assert names(world) == ["Rata Bakery"]


def test_two_at_once_make_one(world: World, held) -> None:
    """The second comes while the first waits for Xero."""
    second: list[Answer] = []
    write = world.xero.books.write

    def meanwhile(request: Any, now: Any) -> bytes:
        if not second:
            second.append(create(world, held))
        return write(request, now)

    world.xero.books.write = meanwhile  # type: ignore[method-assign]
    assert create(world, held).json["outcome"] == "created"
    assert (second[0].status, second[0].code) == (409, "write_in_progress")
    assert second[0].json["retry_after"] == 30
    assert names(world) == ["Rata Bakery"]


def test_lease_of_a_dead_one_runs_out(world: World, held) -> None:
    moment = 0
    while True:
        fresh = World.in_memory()
        fresh.xero.scopes = EVERY_SCOPE
        there = fresh.connect()
        mortal = fresh.through(mortal_ports(fresh.ports, Fate(moment)))
        try:
            asked = fresh.instance, there.id, KEY, dict(CONTACT), False
            mortal.contacts.create(*asked)
        except Killed:
            fresh.clock.advance(seconds=31)
            assert create(fresh, there).status in (200, 201)
            assert names(fresh) == ["Rata Bakery"]
            assert row(fresh, there).leased_until is None
        else:
            break
        moment += 1
    assert moment >= 14


# Limits


@pytest.mark.parametrize("fault", [Throttled("minute", 2), TokenRejected()])
def test_what_xero_did_not_do_is_sent_again_at_once_under_another_key(
    world: World, held, fault
) -> None:
    world.xero.faults.append(fault)
    assert create(world, held).json["outcome"] == "created"
    first, second = world.xero.written
    assert first.key != second.key
    assert len(first.key) == 64


def test_longer_wait_is_told(world: World, held) -> None:
    world.xero.faults.append(Throttled("minute", 39.2))
    refused = create(world, held)
    assert (refused.status, refused.code) == (429, "throttled")
    assert refused.headers["Retry-After"] == "40"
    assert not row(world, held).is_open


def test_calls_that_are_kept_are_for_people(world: World, held) -> None:
    world.xero.day_remaining = 51
    world.run(held)
    refused = create(world, held, automatic=True)
    assert (refused.status, refused.code) == (429, "throttled")
    assert row(world, held) is None and not world.xero.written
    assert create(world, held).status == 201


def test_day_that_is_used_up_is_not_asked_about(world: World, held) -> None:
    world.xero.faults.append(Throttled("day", 7200))
    assert create(world, held).json["retry_after"] == 7200
    assert create(world, held).json["retry_after"] == 7200
    assert len(world.xero.written) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (ScopeMissing(), "scope_missing"),
        (Refused(404, ""), "record_unknown"),
        (Refused(400, "17"), "xero_refused"),
    ],
)
def test_what_xero_refuses_altogether(world: World, held, fault, code: str) -> None:
    world.xero.faults.append(fault)
    assert create(world, held).code == code
    assert row(world, held).code == code and not row(world, held).is_open
    assert create(world, held).json["outcome"] == "created"


def test_organisation_that_is_gone(world: World, held) -> None:
    world.xero.faults.append(OrganisationGone())
    world.xero.tenants_of_consent = []
    assert create(world, held).code == "organisation_gone"


def test_without_the_right_nothing_is_asked(world: World) -> None:
    world.xero.scopes = ALL_SCOPES
    held = world.connect()
    refused = create(world, held)
    assert (refused.status, refused.code) == (403, "scope_missing")
    assert refused.json["missing"] == ["accounting.contacts"]
    assert draft(world, held).json["missing"] == ["accounting.invoices"]


def test_nothing_is_begun_for_which_there_is_no_time(world: World, held) -> None:
    world.xero.faults.append(TokenRejected())
    identity = world.xero.refresh

    def slow(*given: Any) -> Any:
        world.clock.advance(seconds=20)
        return identity(*given)

    world.xero.refresh = slow  # type: ignore[method-assign]
    refused = create(world, held)
    assert (refused.status, refused.code) == (502, "xero_unavailable")
    assert names(world) == []


def test_xero_has_twenty_seconds_and_all_of_it_less_than_the_api(world, held) -> None:
    create(world, held)
    assert world.xero.written[0].seconds == writes.LONGEST == 20
    assert writes.IN_ALL < timedelta(seconds=28) < writes.LEASE


def test_who_outlived_his_lease_is_not_believed(world: World, held) -> None:
    """Somebody else has begun meanwhile; his word counts."""
    write = world.xero.books.write

    def overtaken(request: Any, now: Any) -> bytes:
        moved = row(world, held)
        world.ports.writes.save(replace(moved, version=moved.version + 1))
        return write(request, now)

    world.xero.books.write = overtaken  # type: ignore[method-assign]
    assert create(world, held).code == "write_in_progress"
    world.clock.advance(seconds=31)
    assert create(world, held).json["outcome"] == "found"
    assert names(world) == ["Rata Bakery"]


# One contact is read


def test_contact_as_it_is_now(world: World, held) -> None:
    known = world.xero.books.add(world.clock.now(), Name="Kauri", Balance=1.5)
    path = f"/v1/connections/{held.id}/contacts/{known['ContactID']}"
    answer = Api(world)("GET", path)
    assert answer.json == {"contact": known, "read_at": "2026-11-02T09:30:00.000Z"}
    assert Api(world)("GET", path[:-4] + "0000").code == "record_unknown"


# Contacts are changed


@pytest.fixture
def known(world: World) -> dict[str, Any]:
    return world.xero.books.add(
        world.clock.now(),
        Name="Kauri Cafe",
        EmailAddress="old@kauri.nz",
        Website="https://kauri.nz",
        Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "1"}, {"PhoneType": "FAX"}],
        ContactPersons=[{"FirstName": "Ana"}, {"FirstName": "Ben"}],
    )


def test_contact_is_changed(world: World, held, known) -> None:
    before = dict(known)
    world.clock.advance(minutes=1)
    answer = change(world, held, before, EmailAddress="new@kauri.nz")
    assert (answer.status, answer.json["outcome"]) == (200, "updated")
    assert answer.json["contact"]["EmailAddress"] == "new@kauri.nz"
    assert answer.json["contact"]["Website"] == "https://kauri.nz"
    (sent,) = world.xero.written
    assert (sent.method, sent.path) == ("POST", f"Contacts/{known['ContactID']}")
    body = {"ContactID": known["ContactID"], "EmailAddress": "new@kauri.nz"}
    assert sent.body == {"Contacts": [body]}


@pytest.mark.parametrize(
    "members",
    [
        {"EmailAddress": "old@kauri.nz"},
        {"TaxNumber": ""},
        {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "1", "PhoneAreaCode": ""}]},
        {"Phones": [{"PhoneType": "MOBILE", "PhoneNumber": ""}]},
        {"Addresses": [{"AddressType": "POBOX", "City": ""}]},
        {"ContactPersons": [{"FirstName": "Ben"}, {"FirstName": "Ana"}]},
        {"ContactPersons": []},
        {},
    ],
)
def test_what_is_so_already_is_not_written(world, held, known, members) -> None:
    answer = change(world, held, known, seen="long ago", **members)
    assert (answer.status, answer.json["outcome"]) == (200, "found")
    assert not world.xero.written


@pytest.mark.parametrize(
    "members",
    [
        {"EmailAddress": ""},
        {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "2"}]},
        {"Addresses": [{"AddressType": "POBOX", "City": "Otaki"}]},
        {"ContactPersons": [{"FirstName": "Ben"}]},
        {"ContactPersons": [{"FirstName": "Ana", "IncludeInEmails": True}, {}]},
    ],
)
def test_what_differs_is_written(world: World, held, known, members) -> None:
    assert change(world, held, known, **members).json["outcome"] == "updated"


def test_lost_change_is_found(world: World, held, known) -> None:
    before = dict(known)
    world.clock.advance(minutes=1)
    world.xero.lost.append(TimedOut())
    assert change(world, held, before, EmailAddress="new@kauri.nz").status == 202
    again = change(world, held, before, EmailAddress="new@kauri.nz")
    assert again.json["outcome"] == "found"
    assert len(world.xero.written) == 1


def test_change_of_what_somebody_changed_meanwhile_is_refused(
    world: World, held, known
) -> None:
    before = dict(known)
    known |= {"Name": "Kauri", "UpdatedDateUTC": "/Date(1793000000000)/"}
    refused = change(world, held, before, EmailAddress="new@kauri.nz")
    assert (refused.status, refused.code) == (409, "contact_changed")
    assert refused.json["contact"] == known
    assert refused.json["read_at"] == "2026-11-02T09:30:00.000Z"
    assert not world.xero.written
    again = change(world, held, known, EmailAddress="new@kauri.nz")
    assert again.json["outcome"] == "updated"


def test_same_moment_written_otherwise_is_the_same(world: World, held, known) -> None:
    seen = known["UpdatedDateUTC"].replace("+0000", "")
    answer = change(world, held, known, seen=seen, EmailAddress="new@kauri.nz")
    assert answer.json["outcome"] == "updated"


def test_archived_contact_is_not_changed(world: World, held, known) -> None:
    known["ContactStatus"] = "ARCHIVED"
    assert change(world, held, known, Name="New").code == "contact_archived"
    unknown = {**known, "ContactID": NOBODY}
    assert change(world, held, unknown, Name="New").code == "record_unknown"


def test_name_of_another_contact_is_told_without_the_own(world, held, known) -> None:
    world.xero.books.add(world.clock.now(), Name="Tui")
    refused = change(world, held, known, Name="tui")
    assert refused.code == "contact_exists"
    assert [one["Name"] for one in refused.json["contacts"]] == ["Tui"]
    world.xero.books.refusals.append(("Country must be letters.",))
    assert change(world, held, known, Name="Rimu").code == "xero_validation"


# Invoices are drafted


def test_invoice_is_drafted_once_for_its_key(world: World, held) -> None:
    made = draft(world, held)
    assert (made.status, made.json["outcome"]) == (201, "created")
    sent = world.xero.written[0]
    assert (sent.method, sent.path) == ("PUT", "Invoices")
    assert sent.parameters == {"summarizeErrors": "false", "unitdp": "4"}
    (invoice,) = sent.body["Invoices"]
    assert (invoice["Type"], invoice["Status"]) == ("ACCREC", "DRAFT")
    assert invoice["LineItems"][0]["UnitAmount"] == 4.125
    again = draft(world, held)
    assert (again.status, again.json["outcome"]) == (200, "found")
    assert again.json["invoice"]["InvoiceID"] == made.json["invoice"]["InvoiceID"]
    assert len(world.xero.books.invoices) == 1


def test_lost_draft_is_found_by_its_reference(world: World, held) -> None:
    world.xero.books.invoices.append(
        {
            "InvoiceID": NOBODY,
            "Type": "ACCREC",
            "Reference": "ODOO-0a1b2c3d-31-1",
            "Contact": {"ContactID": "another"},
            "Status": "DELETED",
        }
    )
    world.xero.lost.append(TimedOut())
    assert draft(world, held).status == 202
    world.clock.advance(hours=5)
    found = draft(world, held)
    assert (found.status, found.json["outcome"]) == (200, "found")
    assert found.json["invoice"]["InvoiceID"] != NOBODY
    assert len(world.xero.books.invoices) == 2
    where = world.xero.fetched[-1].parameters["where"]
    assert where == 'Type=="ACCREC" AND Reference=="ODOO-0a1b2c3d-31-1"'


def test_draft_that_was_deleted_yields_to_another_of_its_reference(world, held) -> None:
    world.xero.lost.append(TimedOut())
    draft(world, held)
    (first,) = world.xero.books.invoices
    world.xero.books.invoices.insert(0, {**first, "InvoiceID": "x", "Status": "VOIDED"})
    found = draft(world, held)
    assert found.json["invoice"]["InvoiceID"] == first["InvoiceID"]


def test_errors_of_a_line_are_handed_on(world: World, held) -> None:
    said = {"ValidationErrors": [{"Description": "Item code 'TEA' is not valid"}]}
    answer = {"Invoices": [{"InvoiceID": NOBODY, "LineItems": [said]}]}
    world.xero.books.write = lambda *_: json.dumps(answer).encode()  # type: ignore
    refused = draft(world, held)
    assert refused.json["messages"] == ["Item code 'TEA' is not valid"]


# What is taken


@pytest.mark.parametrize(
    "members",
    [
        {"Name": None},
        {"Name": ""},
        {"Name": "x" * 256},
        {"Name": "Tea\x00"},
        {"Name": "Tea\uffff"},
        {"ContactNumber": None},
        {"ContactNumber": "../Invoices"},
        {"ContactStatus": "ARCHIVED"},
        {"IsCustomer": True},
        {"EmailAddress": 5},
        {"DefaultCurrency": "NZDX"},
        {"Phones": [{"PhoneType": "PAGER", "PhoneNumber": "1"}]},
        {"Addresses": [{"AddressType": "POBOX", "City": "x" * 256}]},
        {"ContactPersons": [{"FirstName": "x"}] * 6},
    ],
)
def test_contact_that_is_none_is_refused_before_xero(world, held, members) -> None:
    refused = create(world, held, **members)
    assert (refused.status, refused.code) == (422, "request_invalid")
    assert not world.xero.written and not world.ports.writes.rows


@pytest.mark.parametrize(
    "members",
    [
        {"Reference": 'x" OR Type=="ACCPAY'},
        {"Reference": "back\\slash"},
        {"Type": "ACCPAY"},
        {"Status": "AUTHORISED"},
        {"Contact": {"ContactID": NOBODY, "Name": "New"}},
        {"LineItems": []},
        {"LineItems": [{"AccountCode": "200"}]},
        {"LineItems": [{"Quantity": "2"}]},
        {"Url": "javascript:alert(1)"},
        {"Date": "2026-1-2"},
    ],
)
def test_invoice_that_is_none_is_refused_before_xero(world, held, members) -> None:
    refused = draft(world, held, **members)
    assert (refused.status, refused.code) == (422, "request_invalid")
    assert not world.xero.written


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with blank", "a#b#c#d#e"])
def test_key_of_another_form_is_refused(world: World, held, key: str) -> None:
    assert create(world, held, key).code == "request_invalid"
    body = {"contact": CONTACT}
    path = f"/v1/connections/{held.id}/contacts"
    assert Api(world)("POST", path, body).code == "request_invalid"


# What is kept and said


def test_neither_body_nor_name_nor_xeros_words_are_kept_or_logged(
    world: World, held, log
) -> None:
    known = world.xero.books.add(world.clock.now(), Name="Kauri Cafe")
    create(world, held)
    create(world, held, "a-second-key", ContactNumber="ODOO-0a1b2c3d-8")
    world.xero.books.refusals.append(("Rata must not be so.",))
    create(world, held, "a-third-key", ContactNumber="ODOO-0a1b2c3d-9", Name="Rimu")
    world.xero.lost.append(TimedOut())
    change(world, held, known, "a-fourth-key", EmailAddress="secret@kauri.nz")
    draft(world, held, "a-fifth-key")
    said = log.getvalue() + repr(world.ports.writes.rows)
    assert '"outcome":"created"' in said.replace(" ", "")
    for secret in ("Rata", "Rimu", "Kauri", "r@x.nz", "secret@", NUMBER, "31-1", "Tea"):
        assert secret not in said


def test_each_outcome_is_counted(world: World, held) -> None:
    create(world, held)
    create(world, held)
    draft(world, held)
    counted = json.dumps(metrics.serialize_metric_set())
    for name in ("ContactCreated", "ContactFound", "InvoiceCreated"):
        assert name in counted
