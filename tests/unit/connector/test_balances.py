"""Whose balances a page of documents moves, whatever Xero writes into it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_connector.logic import balances
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.sync import Sync

from .fake_xero import ALL_SCOPES, SALES_SCOPES
from .world import World

A, B = "0A1B2C3D-0000-4000-8000-00000000000A", "0a1b2c3d-0000-4000-8000-00000000000b"


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.fill(100)
    world.clock.advance(hours=1)
    world.xero.scopes = (*ALL_SCOPES, *SALES_SCOPES)
    return world.connect()


def page(*records: Any) -> Any:
    raw = [
        one if isinstance(one, bytes) else json.dumps(one).encode() for one in records
    ]
    return SimpleNamespace(records=raw)


def contacts(*records: Any, since: datetime | None = None) -> list[str]:
    return list(balances._contacts_of(page(*records), since))


def test_contacts_are_named_in_one_form() -> None:
    documents = [{"Contact": {"ContactID": name, "Name": "X"}} for name in (A, B, A)]
    assert contacts(*documents) == [A.lower(), B, A.lower()]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"Contact": None},
        {"Contact": {}},
        {"Contact": []},
        {"Contact": "x"},
        {"Contact": {"ContactID": None}},
        {"Contact": {"ContactID": 7}},
        {"Contact": {"ContactID": ""}},
        {"Contact": {"ContactID": "a,b"}},
        {"Contact": {"ContactID": "x" * 65}},
        {"Contact": {"ContactID": "\u0661"}},
        [],
        None,
        7,
        b'{"Contact": {"ContactID": "a\\u0000b"}}',
    ],
)
def test_what_names_no_contact_moves_none(record: Any) -> None:
    assert contacts(record) == []


def test_record_that_only_python_reads_names_its_contact_too() -> None:
    raw = b'{"Total": NaN, "Contact": {"ContactID": "%s"}}' % B.encode()
    assert contacts(raw) == [B]


def test_documents_from_before_a_whole_reading_move_nobody() -> None:
    since = datetime(2026, 11, 2, tzinfo=UTC)
    told = {}
    for name, days in (("before", -1), ("at", 0), ("after", 1)):
        moment = since + timedelta(days=days)
        date = f"/Date({int(moment.timestamp() * 1000)}+1300)/"
        document = {"Contact": {"ContactID": B}, "UpdatedDateUTC": date}
        told[name] = contacts(document, since=since)
    assert told == {"before": [], "at": [B], "after": [B]}
    undated = {"Contact": {"ContactID": B}, "UpdatedDateUTC": "yesterday"}
    assert contacts(undated, since=since) == [B]


def sold(world: World, *names: str) -> None:
    """Sales invoices to these contacts, changed now."""
    changed = world.clock.now().isoformat()
    world.xero.sales["Invoices"] = [
        {"InvoiceID": f"{n:08d}", "Contact": {"ContactID": name}, "updated": changed}
        for n, name in enumerate(names)
    ]


def test_too_many_to_name_are_all_read_again(world: World, held, monkeypatch) -> None:
    monkeypatch.setattr(balances, "_MOST_NAMED", 3)
    monkeypatch.setattr(balances, "pages", lambda count: 9)
    world.run(held, features=["contacts", "sales"])
    world.clock.advance(minutes=15)
    sold(world, "00000001", "00000002", "00000003", "00000004")
    again = world.run(held, resources=["invoices"])
    assert [(one.resource, one.mode) for one in again.steps] == [
        ("invoices", "incremental"),
        ("contact_balances", "full"),
    ]
    assert (again.touched, again.touched_all) == ((), False)
    assert sum(part.records for part in brought(world, held, again)) == 100


def brought(world: World, held: Connection, sync: Sync) -> list[Any]:
    parts = world.parts(held, "contacts")
    return [part for part in parts if part.sync == sync.id]


def test_whole_reading_at_the_end_is_the_slow_pass_too(world: World, held) -> None:
    world.run(held, features=["contacts", "sales"])
    world.clock.advance(minutes=50)
    sold(world, "00000001")
    world.run(held, resources=["invoices"])
    mark = world.ports.syncs.watermarks(held.instance, held.id)["contacts"]
    assert mark.whole_at == world.clock.now() - timedelta(minutes=5)
    world.clock.advance(minutes=15)
    polled = world.run(held, features=["contacts"])
    assert polled.steps[-1].mode == "incremental"


def test_contacts_that_odoo_never_asked_for_are_not_read(world: World, held) -> None:
    sold(world, "00000001")
    only_sales = world.run(held, features=["sales"])
    assert "contact_balances" not in [one.resource for one in only_sales.steps]
    assert world.parts(held, "contacts") == []


def test_contacts_that_may_not_be_read_any_more_stop_nothing(
    world: World, held
) -> None:
    """Another user connected again, who allowed documents alone."""
    world.run(held, features=["contacts", "sales"])
    world.clock.advance(minutes=15)
    tokens = world.ports.token_sets
    held_now = world.services.connections.get(held.instance, held.id)
    token_set = tokens.get(held.instance, held_now.token_set)
    narrowed = ("accounting.settings.read", *SALES_SCOPES)
    tokens.rows[held.instance, token_set.id] = replace(token_set, scopes=narrowed)
    sold(world, "00000001")
    done = world.run(held, resources=["invoices"])
    assert (done.state, done.calls) == ("done", 1)
    moment = world.ports.syncs.watermarks(held.instance, held.id)["invoices"].moment
    assert moment == world.clock.now() - timedelta(minutes=5)


def test_cancelled_sync_leaves_its_contacts_to_the_next(world: World, held) -> None:
    world.run(held, features=["contacts", "sales"])
    world.clock.advance(minutes=15)
    sold(world, "00000001")
    stopped = world.start(held, resources=["invoices"])
    world.deliver()
    assert world.sync(stopped).touched == ("00000001",)
    cancelled = world.services.syncs.cancel(held.instance, stopped.id)
    assert cancelled.touched == ()
    world.deliver_all()
    world.clock.advance(minutes=15)
    again = world.run(held, resources=["invoices"])
    assert [one.resource for one in again.steps] == ["invoices", "contact_balances"]


def test_documents_that_are_added_after_the_contacts_move_them_again(
    world: World, held
) -> None:
    """A poll widens a sync whose contacts are being read again already."""
    world.run(held, features=["contacts", "sales"])
    world.clock.advance(minutes=15)
    sold(world, "00000001")
    sync = world.start(held, resources=["invoices"])
    world.deliver()
    world.xero.sales["CreditNotes"] = [
        {
            "CreditNoteID": "1",
            "Contact": {"ContactID": "00000002"},
            "updated": world.clock.now().isoformat(),
        }
    ]
    world.start(held, resources=["invoices", "credit_notes"])
    world.deliver_all()
    done = world.sync(sync)
    assert (done.state, done.touches) == ("done", False)
    names = [one.resource for one in done.steps]
    assert names == ["invoices", "contact_balances", "credit_notes", "contact_balances"]
