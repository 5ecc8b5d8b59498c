"""A walk through the pages neither skips a record nor goes round in circles, whatever
is changed between two pages and whatever Xero says of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_connector.logic.faults import TimedOut, TooLarge
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.sync import Sync
from lambda_connector.logic.pages import MIN_PAGE_SIZE
from lambda_connector.logic.ports import PageRequest

from .world import World

COUNT = 2500
Envelope = dict[str, Any]


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.fill(COUNT)
    world.clock.advance(hours=1)
    return world.connect()


def ids(world: World, held: Connection, sync: Sync) -> list[str]:
    """The contacts that the sync brought, in order, duplicates included."""
    found = []
    for part in world.parts(held, "contacts"):
        if part.sync == sync.id:
            data = world.ports.spool.get(held.instance, held.id, part.sha256)
            rows = json.loads(gzip.decompress(data))["Contacts"]
            found += [row["ContactID"] for row in rows]
    return found


def pages_asked(world: World) -> list[tuple[int, int]]:
    return [
        (int(one.parameters["page"]), int(one.parameters["pageSize"]))
        for one in world.xero.reads
        if one.path == "Contacts"
    ]


def contact(world: World, number: str) -> Envelope:
    now = world.clock.now().isoformat()
    return {"ContactID": number, "Name": f"Late {number}", "updated": now}


def update(world: World, index: int) -> None:
    world.xero.contacts[index] |= contact(
        world, world.xero.contacts[index]["ContactID"]
    )


def archive(world: World, index: int) -> None:
    update(world, index)
    world.xero.contacts[index]["ContactStatus"] = "ARCHIVED"


def merge(world: World, index: int) -> None:
    archive(world, index)
    other = world.xero.contacts[index - 1]["ContactID"]
    world.xero.contacts[index]["MergedToContactID"] = other


def insert(world: World, index: int) -> None:
    after = world.xero.contacts[index]["ContactID"]
    world.xero.contacts.append(contact(world, f"{after}-new"))


@pytest.mark.parametrize("change", [update, archive, merge, insert])
@pytest.mark.parametrize("index", [3, 998, 1000, 1700, 2499])
@pytest.mark.parametrize("page", [2, 3])
def test_what_changes_between_two_pages_is_not_skipped(
    world: World, held, change: Callable[[World, int], None], index: int, page: int
) -> None:
    """Before, at and after the offset. What came before its change comes with the next
    sync, whatever moved only comes twice."""
    before = {row["ContactID"] for row in world.xero.contacts}

    def between(request: PageRequest) -> None:
        if request.parameters.get("page") == str(page):
            world.xero.before_read = None
            world.clock.advance(minutes=1)
            change(world, index)

    world.xero.before_read = between
    done = world.run(held)
    assert done.state == "done"
    assert set(ids(world, held, done)) >= before
    changed = {
        row["ContactID"] for row in world.xero.contacts if row["Name"][:4] == "Late"
    }
    # Whom a contact was merged into has its documents now, and shows no trace of it.
    winners = {row.get("MergedToContactID") for row in world.xero.contacts} - {None}
    assert set(ids(world, held, world.run(held))) == changed | winners


def test_record_that_vanished_before_the_offset_has_the_rest_read_again(
    world: World, held
) -> None:
    """Then one moved over the boundary and was skipped, though counts of rows agree."""

    def between(request: PageRequest) -> None:
        if request.parameters.get("page") == "2":
            world.xero.before_read = None
            del world.xero.contacts[5]

    world.xero.before_read = between
    done = world.run(held)
    assert set(ids(world, held, done)) >= {
        row["ContactID"] for row in world.xero.contacts
    }
    assert "records_missing" in world.log_codes(done)
    assert (done.steps[1].came, done.calls) == (2499, 7)


# Xero's word on pages


def says(**pagination: Any) -> Callable[[Envelope, PageRequest], None]:
    def distort(envelope: Envelope, request: PageRequest) -> None:
        envelope["pagination"] |= pagination

    return distort


def all_come_once(world: World, held: Connection) -> Sync:
    done = world.run(held)
    assert done.state == "done"
    assert ids(world, held, done) == [row["ContactID"] for row in world.xero.contacts]
    return done


def test_numbers_may_be_texts(world: World, held) -> None:
    world.xero.distort = lambda envelope, _: envelope.update(
        pagination={name: str(n) for name, n in envelope["pagination"].items()}
    )
    assert all_come_once(world, held).calls == 4


def test_pagination_may_be_missing(world: World, held) -> None:
    """Then nothing tells the last page but an empty one."""
    world.xero.distort = lambda envelope, _: envelope.pop("pagination")
    assert all_come_once(world, held).calls == 5


def test_pagination_may_be_missing_and_the_page_size_clamped(
    world: World, held
) -> None:
    world.xero.max_page_size = 500
    world.xero.distort = lambda envelope, _: envelope.pop("pagination")
    assert all_come_once(world, held).calls == 7


@pytest.mark.parametrize("page", ["1", "2", "3"])
def test_pagination_may_be_missing_on_one_page(world: World, held, page: str) -> None:
    def distort(envelope: Envelope, request: PageRequest) -> None:
        if request.parameters["page"] == page:
            del envelope["pagination"]

    world.xero.distort = distort
    all_come_once(world, held)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_page_count_may_be_too_low(world: World, held, count: int) -> None:
    world.xero.distort = says(pageCount=count)
    assert all_come_once(world, held).calls == 4


@pytest.mark.parametrize("lie", [{"pageCount": 10**6}, {"pageCount": 7}])
def test_page_count_may_be_too_high(world: World, held, lie: Envelope) -> None:
    world.xero.distort = says(**lie)
    assert all_come_once(world, held).calls == 5


def test_page_count_may_be_too_high_and_records_uncounted(world: World, held) -> None:
    world.xero.distort = says(pageCount=10**6, itemCount=None)
    assert all_come_once(world, held).calls == 6


def test_item_count_that_is_too_high_has_all_read_twice_and_no_more(
    world: World, held
) -> None:
    world.xero.distort = says(itemCount=10**6)
    done = world.run(held)
    assert (done.state, done.calls) == ("done", 7)
    assert world.log_codes(done).count("records_missing") == 2
    wanted = [row["ContactID"] for row in world.xero.contacts]
    assert ids(world, held, done) == wanted * 2


def test_missing_records_are_told_in_words(world: World, held) -> None:
    world.xero.distort = says(itemCount=2600)
    log = world.services.syncs.log(held.instance, world.run(held).id, 0)
    first, second = [line for line in log if line.code == "records_missing"]
    assert first.message == (
        "Xero counted 2600 of contacts, 2500 came. All pages are read once more."
    )
    assert second.message == (
        "Xero counted 2600 of contacts, 2500 came. The next full sync brings what may"
        " be missing."
    )
    assert dict(second.data) == {"records": 2500, "item_count": 2600}
    assert {first.level, second.level} == {"warning"}


def test_empty_page_in_the_middle_is_not_the_end(world: World, held) -> None:
    """And as fewer came than Xero counted, a second walk brings what it hid."""
    hidden = []

    def distort(envelope: Envelope, request: PageRequest) -> None:
        if request.parameters["page"] == "2" and not hidden:
            hidden.extend(envelope["Contacts"])
            envelope["Contacts"] = []

    world.xero.distort = distort
    done = world.run(held)
    wanted = [row["ContactID"] for row in world.xero.contacts]
    assert ids(world, held, done)[-COUNT:] == wanted
    assert [part.page for part in world.parts(held, "contacts")] == list(range(1, 7))


@pytest.mark.parametrize("size", [100, 250, 500, 999])
def test_page_size_may_be_clamped(world: World, held, size: int) -> None:
    world.xero.max_page_size = size
    done = all_come_once(world, held)
    assert done.calls == 1 + -(-COUNT // size)


@pytest.mark.parametrize(("page", "size"), [(2, 400), (2, 500), (3, 125), (3, 7)])
def test_page_size_may_be_clamped_in_the_middle(
    world: World, held, page: int, size: int
) -> None:
    def clamp(request: PageRequest) -> None:
        if request.parameters.get("page") == str(page):
            world.xero.max_page_size = size

    world.xero.before_read = clamp
    done = world.run(held)
    assert done.state == "done"
    assert set(ids(world, held, done)) == {
        row["ContactID"] for row in world.xero.contacts
    }


def test_page_size_may_become_larger_than_asked_for(world: World, held) -> None:
    """Then the page lies beyond a gap, which is read before it."""
    world.xero.max_page_size = 250
    rows = sorted(world.xero.contacts, key=lambda row: row["ContactID"])

    def distort(envelope: Envelope, request: PageRequest) -> None:
        page = int(request.parameters["page"])
        if page == 3:
            world.xero.max_page_size = 1000
            envelope["Contacts"] = rows[(page - 1) * 1000 : page * 1000]
            envelope["pagination"] |= {"pageSize": 1000, "pageCount": 3}

    world.xero.distort = distort
    done = world.run(held)
    assert (done.state, done.steps[1].came) == ("done", COUNT)
    assert set(ids(world, held, done)) == {row["ContactID"] for row in rows}


def test_page_sizes_that_change_for_ever_stop_the_sync(world: World, held) -> None:
    def alternate(request: PageRequest) -> None:
        page = request.parameters.get("page", "1")
        world.xero.max_page_size = 100 if len(world.xero.reads) % 2 else 300
        if page == "1":
            world.xero.max_page_size = 1000

    def distort(envelope: Envelope, request: PageRequest) -> None:
        """Larger than what was asked for, too."""
        size, page = world.xero.max_page_size, int(request.parameters["page"])
        rows = sorted(world.xero.contacts, key=lambda row: row["ContactID"])
        envelope["Contacts"] = rows[(page - 1) * size % COUNT :][:size]
        envelope["pagination"] |= {"pageSize": size, "pageCount": 10**6}

    world.xero.before_read, world.xero.distort = alternate, distort
    failed = world.run(held)
    assert (failed.state, failed.code) == ("failed", "paging_loop")
    assert len(world.xero.reads) < 20


@pytest.mark.parametrize("pages", [[1], [1, 2], [1, 2, 3, 2]])
def test_pages_that_come_round_again_stop_the_sync(
    world: World, held, pages: list[int]
) -> None:
    """The same one always, two in turn, or one that came before the latest."""
    world.xero.fill(9000)
    rows = sorted(world.xero.contacts, key=lambda row: row["ContactID"])

    def distort(envelope: Envelope, request: PageRequest) -> None:
        shown = pages[(int(request.parameters["page"]) - 1) % len(pages)]
        envelope["Contacts"] = rows[(shown - 1) * 1000 : shown * 1000]

    world.xero.distort = distort
    failed = world.run(held)
    assert (failed.state, failed.code) == ("failed", "paging_loop")
    assert len(pages_asked(world)) <= len(pages) + 1
    assert world.log_codes(failed)[-1] == "paging_loop"


def test_all_rows_on_every_page_are_all_there_is(world: World, held) -> None:
    world.xero.ignores_page = True
    assert all_come_once(world, held).calls == 2


def test_all_rows_on_every_page_and_more_counted_than_come(world: World, held) -> None:
    world.xero.ignores_page = True
    world.xero.distort = says(itemCount=9000)
    assert world.run(held).code == "paging_loop"


# Pages that are too large or too slow


@pytest.mark.parametrize("fault", [TimedOut(), TooLarge()])
def test_large_or_slow_pages_are_halved_down_to_125_at_the_same_offset(
    world: World, held, fault: Exception
) -> None:
    world.start(held)
    world.deliver()
    world.deliver()
    world.xero.faults.extend([fault] * 3)
    world.deliver_all()
    asked = pages_asked(world)
    assert asked[:5] == [(1, 1000), (2, 1000), (3, 500), (5, 250), (9, 125)]
    assert asked[5:] == [(n, 125) for n in range(10, 21)]
    (sync,) = world.services.syncs.recent(held.instance, held.id)
    wanted = [row["ContactID"] for row in world.xero.contacts]
    assert (sync.state, ids(world, held, sync)) == ("done", wanted)
    log = world.services.syncs.log(held.instance, sync.id, 0)
    sizes = [dict(line.data) for line in log if line.code == "page_halved"]
    assert sizes == [{"page_size": n} for n in (500, 250, MIN_PAGE_SIZE)]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_walk_skips_a_record_or_lasts_for_ever(data: st.DataObject) -> None:
    """Sizes clamped anew at each page, inserts, time-outs and counts that lie."""
    world = World.in_memory()
    world.xero.fill(COUNT)
    held = world.connect()
    wanted = {row["ContactID"] for row in world.xero.contacts}
    sizes = st.sampled_from([125, 250, 300, 500, 1000])
    moments = st.sampled_from(["", "", "insert", "clamp", "slow", "count"])

    def between(request: PageRequest) -> None:
        match data.draw(moments) if request.path == "Contacts" else "":
            case "insert":
                insert(world, data.draw(st.integers(0, COUNT - 1)))
            case "clamp":
                world.xero.max_page_size = data.draw(sizes)
            case "slow":
                raise TimedOut
            case "count":
                world.xero.distort = says(pageCount=data.draw(st.integers(0, 30)))

    world.xero.before_read = between
    sync = world.start(held)
    for _ in range(400):
        world.deliver_all()
        if not world.sync(sync).is_live:
            break
        world.clock.advance(minutes=20)
        world.janitor()
    done = world.sync(sync)
    assert done.state == "done"
    assert set(ids(world, held, done)) >= wanted
