"""What an incremental sync reads: what is due, from where the last one began."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lambda_connector.logic.faults import Throttled
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.sync import Sync, Watermark
from lambda_connector.logic.problems import Problem
from lambda_connector.logic.resources import RESOURCES

from .fake_xero import ALL_SCOPES, SALES_SCOPES
from .world import World

ALL = ["contacts", "items", "sales"]
EACH_TIME = dict.fromkeys(("contacts", "invoices", "credit_notes"), "incremental")
HOURLY = {"items": "full", "overpayments": "incremental", "prepayments": "incremental"}
SLOW = {"contacts": "full"}
"""A single page of them: as a whole they cost no more."""
DAILY = {"organisation": "full", "contact_groups": "full"}


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.fill(3)
    world.clock.advance(hours=1)
    world.xero.scopes = (*ALL_SCOPES, *SALES_SCOPES)
    return world.connect()


def modes(sync: Sync) -> dict[str, str]:
    return {step.resource: step.mode for step in sync.steps}


def marks(world: World, held: Connection) -> dict[str, Watermark]:
    return world.ports.syncs.watermarks(held.instance, held.id)


def widen(monkeypatch, name: str, **parameters: str) -> None:
    """Another release asks for more."""
    changed = replace(RESOURCES[name], parameters=parameters)
    monkeypatch.setitem(RESOURCES, name, changed)


def test_first_sync_reads_all_of_its_features_in_full(world: World, held) -> None:
    assert modes(world.run(held, features=ALL)) == dict.fromkeys(RESOURCES, "full")


def test_resources_of_two_features_are_read_once_in_the_tables_order(
    world: World, held
) -> None:
    first = world.run(held, features=["sales", "items", "contacts", "sales"])
    assert list(modes(first)) == list(RESOURCES)
    paths = [request.path for request in world.xero.reads]
    assert paths == [resource.path for resource in RESOURCES.values()]


def test_invoices_are_sales_in_an_order_that_no_change_can_move(
    world: World, held
) -> None:
    world.run(held, resources=["invoices"])
    assert dict(world.xero.reads[-1].parameters) == {
        "where": 'Type=="ACCREC"',
        "unitdp": "4",
        "includeArchived": "true",
        "order": "InvoiceID",
        "page": "1",
        "pageSize": "1000",
    }


def test_items_come_as_one_list_with_those_that_are_as_before(
    world: World, held
) -> None:
    """So that one which is not in it any more is known to be deleted."""
    world.xero.sales["Items"] = [{"ItemID": "1"}, {"ItemID": "2"}]
    for _ in range(2):
        items = world.run(held, features=["items"]).steps[-1]
        assert (items.mode, items.pages, items.records) == ("full", 1, 2)
        assert dict(world.xero.reads[-1].parameters) == {"unitdp": "4"}
        assert world.xero.reads[-1].since is None
        world.clock.advance(hours=2)


def test_hourly_resources_are_read_again_after_an_hour(world: World, held) -> None:
    world.run(held, features=ALL)
    world.clock.advance(minutes=54)
    assert modes(world.run(held, features=ALL)) == EACH_TIME
    world.clock.advance(minutes=2)
    assert modes(world.run(held, features=ALL)) == EACH_TIME | HOURLY | SLOW
    world.clock.advance(minutes=50)
    assert modes(world.run(held, features=ALL)) == EACH_TIME


def test_daily_resources_are_read_again_after_a_day(world: World, held) -> None:
    world.run(held, features=ALL)
    world.clock.advance(hours=23, minutes=54)
    assert modes(world.run(held, features=ALL)) == EACH_TIME | HOURLY | SLOW
    world.clock.advance(minutes=2)
    assert modes(world.run(held, features=ALL)) == DAILY | EACH_TIME
    world.clock.advance(hours=1)
    assert modes(world.run(held, features=ALL)) == EACH_TIME | HOURLY | SLOW


def test_day_of_polling_costs_what_the_table_says(world: World, held) -> None:
    """See test_resources: 362 calls, as counted here."""
    world.run(held, features=ALL)
    world.clock.advance(days=1)
    before = len(world.xero.reads)
    for _ in range(96):
        assert world.run(held, features=ALL).state == "done"
        world.clock.advance(minutes=15)
    assert len(world.xero.reads) - before == 362


def test_where_nothing_is_due_what_is_read_most_often_is(world: World, held) -> None:
    world.run(held, features=["items"])
    again = world.run(held, features=["items"])
    assert (again.state, modes(again)) == ("done", {"items": "full"})


def test_daily_sync_a_few_minutes_early_still_reads_the_daily_ones(
    world: World, held
) -> None:
    """Schedules are uneven; without room for it every second day would go by."""
    world.run(held, features=["contacts"])
    world.clock.advance(hours=23, minutes=58)
    assert "organisation" in modes(world.run(held, features=["contacts"]))


def test_resources_that_are_named_are_read_due_or_not(world: World, held) -> None:
    world.run(held, features=ALL)
    again = world.run(held, resources=["contacts", "organisation"])
    assert modes(again) == {"organisation": "full", "contacts": "incremental"}


def test_full_sync_reads_all_in_full_due_or_not(world: World, held) -> None:
    world.run(held, features=ALL)
    again = world.run(held, "full", features=ALL)
    assert modes(again) == dict.fromkeys(RESOURCES, "full")


def test_feature_that_is_new_is_read_in_full_beside_the_others(
    world: World, held
) -> None:
    world.run(held, features=["contacts"])
    new = ("items", "invoices", "credit_notes", "overpayments", "prepayments")
    expected = {"contacts": "incremental"} | dict.fromkeys(new, "full")
    assert modes(world.run(held, features=ALL)) == expected


@pytest.mark.parametrize("name", ["contacts", "organisation"])
def test_resource_of_which_more_is_asked_is_read_in_full_at_once(
    world: World, held, monkeypatch, name: str
) -> None:
    world.run(held, features=["contacts"])
    widen(monkeypatch, name, summaryOnly="false")
    first = modes(world.run(held, features=["contacts"]))
    assert first == {"contacts": "incremental"} | {name: "full"}
    again = modes(world.run(held, features=["contacts"]))
    assert again == {"contacts": "incremental"}


def test_release_during_a_sync_has_the_resource_read_again(
    world: World, held, monkeypatch
) -> None:
    """Some pages were read as before, so the mark is still of the former shape."""
    before = RESOURCES["contacts"].shape
    sync = world.start(held, features=["contacts"])
    world.deliver()
    widen(monkeypatch, "contacts", includeArchived="true", more="true")
    world.deliver_all()
    assert world.sync(sync).state == "done"
    assert marks(world, held)["contacts"].shape == before
    assert modes(world.run(held, features=["contacts"])) == {"contacts": "full"}


def test_every_resource_has_a_mark_of_the_run_that_read_it(world: World, held) -> None:
    began = world.clock.now()
    world.start(held, features=ALL)
    while world.queue:
        world.deliver()
        world.clock.advance(minutes=7)
    reached = began - timedelta(minutes=5)
    counted = dict.fromkeys(("contacts", "invoices", "credit_notes"), 0)
    counted |= {"contacts": 3, "overpayments": 0, "prepayments": 0}
    assert marks(world, held) == {
        name: Watermark(reached, resource.shape, reached, counted.get(name))
        for name, resource in RESOURCES.items()
    }


def test_mark_that_went_while_the_sync_lived_stays_gone(world: World, held) -> None:
    """The feed expired: what the incremental run brings is no substitute for all."""
    world.run(held, features=["contacts"])
    world.clock.advance(days=13)
    world.run(held, features=["contacts"])
    world.clock.advance(minutes=30)
    waiting = world.start(held, features=["contacts"])
    assert waiting.steps[-1].mode == "incremental"
    world.clock.advance(days=2)
    feeds = world.services.feeds
    assert feeds.expire(feeds.head(held.instance, held.id)) == 4
    world.deliver_all()
    assert world.sync(waiting).state == "done"
    assert "contacts" not in marks(world, held)
    assert modes(world.run(held, features=["contacts"])) == {
        **DAILY,
        "contacts": "full",
    }


def test_shape_is_what_is_asked_for_and_nothing_else() -> None:
    contacts = RESOURCES["contacts"]
    assert replace(contacts, every=timedelta(1), key="X").shape == contacts.shape
    for change in ({"path": "X"}, {"order": "Name"}, {"parameters": {"x": "y"}}):
        assert replace(contacts, **change).shape != contacts.shape
    assert len({one.shape for one in RESOURCES.values()}) == len(RESOURCES)


# Rights


def test_rights_that_were_not_granted_are_said_before_xero_is_asked(
    world: World,
) -> None:
    held = world.connect()
    for wanted, scopes in (
        ({"features": ALL}, {*SALES_SCOPES}),
        ({"resources": ["invoices"]}, {"accounting.invoices.read"}),
    ):
        with pytest.raises(Problem) as caught:
            world.start(held, **wanted)
        assert (caught.value.code, caught.value.status) == ("scope_missing", 403)
        assert set(caught.value.extra["missing"]) == scopes
    assert world.xero.reads == [] and world.queue == []
    assert world.run(held, features=["contacts"]).state == "done"


def test_rights_are_those_of_the_tokens_as_they_are_now(world: World) -> None:
    held = world.connect()
    world.xero.scopes = (*ALL_SCOPES, *SALES_SCOPES)
    world.reconnect(held)
    assert world.run(held, features=["sales"]).state == "done"


# A full sync takes the place of another


def test_full_sync_takes_the_place_of_an_incremental_one(world: World, held) -> None:
    world.xero.fill(1500)
    first = world.start(held, features=["contacts"])
    for _ in range(3):
        world.deliver()
    full = world.start(held, "full", features=["contacts"])
    over = world.sync(first)
    assert full.id != first.id
    assert (over.state, over.code) == ("cancelled", "superseded")
    assert over.detail == "A full sync took its place."
    assert world.log_codes(first)[-1] == "superseded"
    assert world.endings(held)[-1].code == "superseded"
    assert marks(world, held) == {}
    world.deliver_all()
    assert world.sync(full).state == "done"


def test_waiting_sync_is_superseded_too(world: World, held) -> None:
    first = world.start(held, features=["contacts"])
    world.xero.faults.append(Throttled("day", 3600))
    world.deliver()
    assert world.sync(first).state == "waiting"
    full = world.start(held, "full", features=["contacts"])
    assert world.sync(first).code == "superseded"
    world.clock.advance(hours=3)
    world.deliver_all()
    world.janitor()
    world.deliver_all()
    assert world.sync(full).state == "done"


def test_full_sync_that_has_brought_nothing_yet_is_answered(world: World, held) -> None:
    first = world.start(held, "full", features=["contacts"])
    assert world.start(held, "full", features=["contacts"]).id == first.id
    assert world.start(held, features=["contacts"]).id == first.id


def test_full_sync_that_has_brought_pages_begins_anew(world: World, held) -> None:
    """Who asks for everything may have come to the feed after these pages."""
    first = world.start(held, "full", features=["contacts"])
    world.deliver()
    assert world.start(held, features=["contacts"]).id == first.id
    full = world.start(held, "full", features=["contacts"])
    assert full.id != first.id
    assert world.sync(first).code == "superseded"
