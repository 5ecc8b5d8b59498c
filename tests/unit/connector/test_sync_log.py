"""The log of a sync: words for a person, a code for a program, nothing personal."""

from __future__ import annotations

import re

import pytest

from lambda_connector.logic.faults import (
    Refused,
    Throttled,
    TimedOut,
    TokenRejected,
    Unavailable,
)
from lambda_connector.logic.model.connection import Connection
from lambda_connector.logic.model.sync import LogEntry, Sync

from .world import World

NAMES = ("Tāne Ōtāhuhu <b>", "tane@example.org", "Kauri Trading")


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.fill(1500)
    for row in world.xero.contacts:
        row |= {"Name": NAMES[0], "EmailAddress": NAMES[1]}
    world.clock.advance(hours=1)
    return world.connect()


def log(world: World, sync: Sync) -> list[LogEntry]:
    return world.services.syncs.log(sync.instance, sync.id, 0)


def line(world: World, sync: Sync, code: str) -> LogEntry:
    return next(one for one in log(world, sync) if one.code == code)


def test_page_is_told_with_its_resource_its_number_and_its_size(
    world: World, held
) -> None:
    sync = world.run(held, features=["contacts"])
    told = [one for one in log(world, sync) if one.code == "page_read"]
    assert [(one.resource, one.page, dict(one.data)["records"]) for one in told] == [
        ("organisation", 1, 1),
        ("contact_groups", 1, 0),
        ("contacts", 1, 1000),
        ("contacts", 2, 500),
    ]
    assert told[3].message == "Page 2 of contacts was read: 500 records."
    assert all(dict(one.data)["bytes"] > 0 for one in told)


def test_wait_in_place_and_long_wait_are_told_with_their_seconds(
    world: World, held
) -> None:
    sync = world.start(held)
    world.xero.faults.extend([Throttled("minute", 31), Throttled("day", 7200)])
    world.deliver()
    short, long = log(world, sync)
    assert (short.code, dict(short.data)) == ("throttled_minute", {"wait_seconds": 31})
    assert short.message == (
        "Xero's limit on calls is reached; the sync goes on by itself. Waiting 31 s,"
        " then it is tried again."
    )
    assert (long.code, dict(long.data)) == ("throttled_day", {"wait_seconds": 7200})
    world.clock.advance(hours=2)
    world.janitor()
    world.deliver_all()
    assert line(world, sync, "wait_over").message == (
        "The wait is over; the sync goes on."
    )


def test_outage_halving_token_and_end_are_told(world: World, held) -> None:
    sync = world.start(held)
    world.xero.faults.extend([Unavailable(), TokenRejected(), None, TimedOut()])
    world.deliver_all()
    codes = world.log_codes(sync)
    assert codes[:4] == ["xero_unavailable", "token_rejected", "page_read"] + [
        "page_halved"
    ]
    assert codes[-1] == "sync_done"
    assert line(world, sync, "page_halved").message == (
        "The page took too long or was too large. Pages of 500 are asked for now."
    )
    assert line(world, sync, "token_rejected").level == "info"


def test_refusal_is_told_with_xeros_number_and_its_words(world: World, held) -> None:
    sync = world.start(held)
    world.xero.faults.append(Refused(400, "16"))
    world.deliver()
    note, end = log(world, sync)
    assert (note.level, note.message) == ("warning", "Xero answered 400 16.")
    assert (end.level, end.code) == ("error", "xero_refused")
    assert end.message == world.sync(sync).detail


def test_lost_message_and_cancelling_are_told(world: World, held) -> None:
    sync = world.start(held)
    world.queue.clear()
    world.clock.advance(minutes=6)
    world.janitor()
    world.services.syncs.cancel(held.instance, sync.id)
    assert [(one.level, one.code) for one in log(world, sync)] == [
        ("warning", "no_progress"),
        ("info", "cancelled"),
    ]


def test_lines_are_numbered_without_a_gap_and_read_from_any(world: World, held) -> None:
    sync = world.run(held, features=["contacts"])
    lines = log(world, sync)
    assert [one.n for one in lines] == list(range(1, len(lines) + 1))
    assert world.services.syncs.log(held.instance, sync.id, 2) == lines[2:]


def test_every_line_is_a_sentence_a_code_and_numbers(world: World, held) -> None:
    """No name, address, token or id of a record, whatever happened."""
    sync = world.start(held, features=["contacts"])
    world.xero.distort = lambda envelope, _: envelope["pagination"].update(
        itemCount=9e9
    )
    faults = [Throttled("minute", 1), Unavailable("a"), TokenRejected(), TimedOut()]
    world.xero.faults.extend(faults)
    world.deliver_all()
    lines = log(world, sync)
    assert {"records_missing", "token_rejected", "sync_done"} <= {
        one.code for one in lines
    }
    for one in lines:
        assert re.fullmatch(r"[a-z_]+", one.code)
        assert re.fullmatch(r"[A-Z].*\.", one.message)
        assert all(isinstance(value, int) for _, value in one.data)
    text = repr(lines)
    assert not [name for name in NAMES if name in text]
    assert not [token for token in world.xero.access if token in text]
