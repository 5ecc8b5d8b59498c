"""Walks through the simulator's pages over HTTP while its users work, and its limits:
nothing is skipped, and waiting is neither a failure nor a message that comes back."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.xero_simulator import mutations
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.limits import Rules
from infra.xero_simulator.schedule import Planned
from lambda_connector.logic.clock import SystemClock
from tests.unit.connector.world import CONSUMER

from .deployed import (
    Deployed,
    SimulatedXero,
    WorkerContext,
    deployed_for,
    simulated_xero,
)

CONTACTS, INVOICES = 1150, 1600
FIRST = "00000000-0000-4000-8000-0000000000{:02d}"
LAST = "ffffffff-ffff-4fff-bfff-ffffffffff{:02d}"
BOTH = ["contacts", "sales"]


@dataclass
class Time:
    """The connector's and the simulator's time, which nobody has to wait for."""

    xero: SimulatedXero
    ahead: timedelta = timedelta()
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC) + self.ahead

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)
        self.xero.simulator.clock.advance(seconds)


@dataclass
class Walker:
    """The deployed functions, an organisation connected with all its features, and
    what its messages went through."""

    deployed: Deployed
    xero: SimulatedXero
    time: Time
    held: dict[str, Any]
    receives: list[int] = field(default_factory=list)

    def start(self, mode: str = "incremental", features: list[str] = BOTH) -> dict:
        path = f"/v1/connections/{self.held['id']}/syncs"
        return self.deployed("POST", path, {"mode": mode, "features": features}).json

    def work_all(self) -> None:
        sqs, url = self.deployed.sqs, self.deployed.settings.sync_queue_url
        while messages := sqs.receive_message(
            QueueUrl=url, AttributeNames=["All"], MaxNumberOfMessages=1
        ).get("Messages"):
            (message,) = messages
            count = int(message["Attributes"]["ApproximateReceiveCount"])
            self.receives.append(count)
            record = {"messageId": message["MessageId"], "body": message["Body"]}
            worker = self.deployed.handlers["worker"]
            answer = worker.handler({"Records": [record]}, WorkerContext())
            assert answer == {"batchItemFailures": []}
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def finish(self, started: dict, rounds: int = 60) -> dict:
        """Let time go by, a wait at once, until the sync has ended."""
        for _ in range(rounds):
            self.work_all()
            now = self.deployed.sync(started)
            if now["finished_at"]:
                return now
            due = datetime.fromisoformat(now["due_at"])
            self.time.advance((due - self.time.now()).total_seconds() + 1)
            self.deployed.janitor()
        raise AssertionError("the sync never ended")

    def run(self, *wanted: Any) -> dict:
        return self.finish(self.start(*wanted))

    def records(self, sync: dict, resource: str) -> list[dict]:
        """What that sync put in the feed, in order."""
        feed, found = f"/v1/connections/{self.held['id']}/feed", []
        where = {"epoch": self.held["feed"]["epoch"], "consumer": CONSUMER}
        at: dict[str, Any] = {"after": 0, "stamp": ""}
        while entries := self.deployed("GET", feed, **at, **where).json["entries"]:
            for entry in entries:
                if entry["sync"] == sync["id"] and entry.get("resource") == resource:
                    part = self.deployed("GET", f"{feed}/parts/{entry['n']}", **where)
                    found += json.loads(gzip.decompress(part.body))[entry["key"]]
            at = {"after": entries[-1]["n"], "stamp": entries[-1]["stamp"]}
        return found

    def ids(self, sync: dict, resource: str) -> list[str]:
        key = {"contacts": "ContactID", "invoices": "InvoiceID"}[resource]
        return [record[key] for record in self.records(sync, resource)]

    def codes(self, sync: dict) -> list[str]:
        log = self.deployed("GET", f"/v1/syncs/{sync['id']}/log").json["entries"]
        return [entry["code"] for entry in log]

    def in_xero(self, resource: str) -> list[str]:
        held = self.xero.first.collections[resource]
        rows = [row.record for row in held.ordered(held.key)]
        if resource == "invoices":
            rows = [row for row in rows if row["Type"] == "ACCREC"]
        return [row[held.key] for row in rows]

    def between_pages(self, resource: str, act: Callable[[], object]) -> None:
        """Once the first page of that resource has been answered."""
        path = f"/api.xro/2.0/{resource.title()}"
        plan = Planned(path, 1, act, "a change between two pages")
        self.xero.simulator.schedule.plan(plan)

    def change(self, collection: str, action: str, record: dict, **more: Any) -> dict:
        body = {"action": action, collection.rstrip("s"): record, **more}
        tenant, clock = self.xero.first, self.xero.simulator.clock
        return mutations.carry_out(tenant, clock, collection, body)


@pytest.fixture(scope="module")
def xero() -> Iterator[SimulatedXero]:
    with simulated_xero(1) as xero:
        yield xero


@pytest.fixture(scope="module")
def running(xero: SimulatedXero) -> Iterator[Deployed]:
    with deployed_for(xero, xero_timeout_seconds=3) as running:
        yield running


@pytest.fixture
def walker(running: Deployed, xero: SimulatedXero, monkeypatch) -> Iterator[Walker]:
    moving = Time(xero)
    monkeypatch.setattr(SystemClock, "now", lambda _: moving.now())
    monkeypatch.setattr(SystemClock, "sleep", lambda _, seconds: moving.sleep(seconds))
    fill(xero, CONTACTS, INVOICES)
    running.begin()
    assert running("PUT", "/v1/app", running.app).json["verified"] is True
    form = {"decision": "allow", "organisation": xero.first.tenant_id}
    consent = running.consent(form, features=tuple(BOTH))
    yield Walker(running, xero, moving, running.complete(consent).json["connection"])
    xero.simulator.limits.rules = Rules(minute=100_000, day=1_000_000)
    xero.simulator.schedule.clear()


def fill(xero: SimulatedXero, contacts: int, invoices: int) -> None:
    """The organisation as it is in every test."""
    fresh = generate(1, 0, contacts, invoices, lines=1)
    for name, records in fresh.collections.items():
        setattr(xero.first, name, records)


# Changes between two pages

Change = Callable[[Walker, str], object]


def contact(action: str, **fields: Any) -> Change:
    def act(walker: Walker, identifier: str) -> object:
        record = {"ContactID": identifier, **fields}
        return walker.change("contacts", action, record)

    return act


def merge(walker: Walker, identifier: str) -> object:
    into = next(one for one in walker.in_xero("contacts") if one != identifier)
    return walker.change("contacts", "merge", {"ContactID": identifier}, into=into)


def invoice(action: str, **fields: Any) -> Change:
    def act(walker: Walker, identifier: str) -> object:
        record = {"InvoiceID": identifier, **fields}
        return walker.change("invoices", action, record)

    return act


@pytest.mark.parametrize(
    "change",
    [contact("update", Name="Late Ltd"), contact("archive"), merge],
    ids=["updated", "archived", "merged"],
)
@pytest.mark.parametrize("place", [0, 999, 1000, -1])
def test_contact_changed_between_two_pages_comes_now_and_with_the_next_sync(
    walker: Walker, change: Change, place: int
) -> None:
    before = walker.in_xero("contacts")
    changed = before[place]
    walker.time.advance(600)
    walker.between_pages("contacts", lambda: change(walker, changed))
    done = walker.run("incremental", ["contacts"])
    assert walker.ids(done, "contacts") == before
    again = walker.run("incremental", ["contacts"])
    assert changed in walker.ids(again, "contacts")
    assert set(walker.ids(again, "contacts")) <= {changed, before[0], before[1]}


@pytest.mark.parametrize("place", [FIRST, LAST], ids=["before", "after"])
def test_contacts_inserted_between_two_pages_skip_none(
    walker: Walker, place: str
) -> None:
    """Before the offset they move others onto the next page a second time."""
    before = walker.in_xero("contacts")

    def insert() -> None:
        for number in range(5):
            contact("add", Name=f"Late {number}")(walker, place.format(number))

    walker.time.advance(600)
    walker.between_pages("contacts", insert)
    done = walker.run("incremental", ["contacts"])
    came = walker.ids(done, "contacts")
    assert set(came) >= set(before)
    assert len(came) == CONTACTS + 5
    again = walker.run("incremental", ["contacts"])
    inserted = {place.format(number) for number in range(5)}
    assert set(walker.ids(again, "contacts")) == inserted
    assert set(came) | inserted == set(walker.in_xero("contacts"))


def open_invoice(walker: Walker, part: slice) -> str:
    """One that may be paid and voided, in that part of the list."""
    held = walker.xero.first.invoices
    for identifier in walker.in_xero("invoices")[part]:
        row = held.get(identifier)
        if row["Status"] == "AUTHORISED" and row["AmountDue"] == row["Total"]:
            return identifier
    raise AssertionError("no open invoice")


@pytest.mark.parametrize("action", ["pay", "void"])
@pytest.mark.parametrize(
    "part", [slice(0, 999), slice(1000, None)], ids=["before", "after"]
)
def test_invoice_paid_or_voided_between_two_pages_skips_none(
    walker: Walker, action: str, part: slice
) -> None:
    before = walker.in_xero("invoices")
    assert len(before) > 1000
    changed = open_invoice(walker, part)
    walker.time.advance(600)
    walker.between_pages("invoices", lambda: invoice(action)(walker, changed))
    done = walker.run("incremental", ["sales"])
    assert walker.ids(done, "invoices") == before
    again = walker.run("incremental", ["sales"])
    (record,) = walker.records(again, "invoices")
    assert record["InvoiceID"] == changed
    assert record["Status"] == {"pay": "PAID", "void": "VOIDED"}[action]


def test_page_that_never_comes_in_time_is_halved_down_to_125(walker: Walker) -> None:
    """At the same offset, so that nothing comes twice or not at all."""
    for after in (1, 0, 0):
        walker.xero.fault("slow", after=after, seconds=4)
    done = walker.run("incremental", ["contacts"])
    assert walker.ids(done, "contacts") == walker.in_xero("contacts")
    assert walker.codes(done).count("page_halved") == 3
    log = walker.xero.simulator.log
    assert log.summary("/api.xro/2.0/Contacts", "GET", 0)["count"] > 3


# Limits


def queued(walker: Walker) -> dict[str, int]:
    """How many messages each queue holds, the dead letters' too."""
    counts = {}
    for url in walker.deployed.sqs.list_queues()["QueueUrls"]:
        attributes = walker.deployed.sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["All"]
        )["Attributes"]
        counts[url.rpartition("/")[2]] = sum(
            int(attributes[f"ApproximateNumberOfMessages{kind}"])
            for kind in ("", "NotVisible", "Delayed")
        )
    assert any("dead" in name for name in counts)
    return counts


def ends_late_and_without_error(walker: Walker, started: dict, code: str) -> dict:
    began = walker.time.now()
    done = walker.finish(started)
    assert (done["state"], done["code"], done["detail"]) == ("done", None, None)
    assert code in walker.codes(done)
    assert walker.time.now() - began > timedelta(seconds=0.4)
    assert set(walker.receives) == {1}
    assert set(queued(walker).values()) == {0}
    assert walker.deployed.state(walker.held) == ("connected", None)
    return done


@pytest.mark.parametrize(
    ("problem", "retry_after", "code"),
    [
        ("minute", None, "throttled_minute"),
        ("minute", 40, "throttled_minute"),
        ("MINUTE", 7200, "throttled_minute"),
        ("day", None, "throttled_day"),
        ("day", 66975, "throttled_day"),
        ("Daily", 1, "throttled_day"),
        ("DayLimit", None, "throttled_day"),
        ("concurrent", None, "throttled_concurrent"),
        ("concurrent", 40, "throttled_concurrent"),
        ("appminute", None, "throttled_appminute"),
        ("AppMinute", 90, "throttled_appminute"),
    ],
)
def test_throttled_sync_ends_done_and_no_message_comes_back(
    walker: Walker, problem: str, retry_after: int | None, code: str
) -> None:
    for after in (0, 1):
        walker.xero.fault(
            "rate_limited", problem=problem, retry_after=retry_after, after=after
        )
    done = ends_late_and_without_error(walker, walker.start(), code)
    for name in ("contacts", "invoices"):
        assert walker.ids(done, name) == walker.in_xero(name)


def test_minute_of_few_calls_is_kept_to(walker: Walker) -> None:
    """The simulator's own window, with the Retry-After that it says."""
    walker.xero.simulator.limits.rules = Rules(minute=2)
    done = ends_late_and_without_error(walker, walker.start(), "throttled_minute")
    assert walker.ids(done, "contacts") == walker.in_xero("contacts")


@pytest.mark.parametrize(("tier", "day"), [("starter", 1000), ("core", 5000)])
def test_day_ends_with_its_reserve_untouched_and_the_sync_goes_on_tomorrow(
    walker: Walker, tier: str, day: int
) -> None:
    body = walker.deployed.app | {"tier": tier}
    assert walker.deployed("PUT", "/v1/app", body).status == 200
    walker.xero.simulator.limits.rules = Rules(minute=100_000, day=day)
    spend(walker, day - day // 20 - 2)
    started = walker.start()
    walker.work_all()
    waiting = walker.deployed.sync(started)
    assert (waiting["state"], waiting["code"]) == ("waiting", "throttled_reserve")
    shown = walker.deployed("GET", f"/v1/connections/{walker.held['id']}").json
    assert shown["budget"]["day_remaining"] == shown["budget"]["reserved"] == day // 20
    assert shown["budget"]["day_limit"] == day
    done = ends_late_and_without_error(walker, started, "throttled_reserve")
    looked = walker.codes(done).count("throttled_reserve")
    assert 1 <= looked <= 24
    assert walker.ids(done, "invoices") == walker.in_xero("invoices")


def spend(walker: Walker, calls: int) -> None:
    """So many of the day's calls, made by somebody else with the same app."""
    limits, app = walker.xero.simulator.limits, walker.deployed.app["client_id"]
    for _ in range(calls):
        assert limits.enter(app, walker.xero.first.tenant_id) is None
        limits.leave(app, walker.xero.first.tenant_id)


def test_day_that_is_used_up_is_waited_for_as_long_as_xero_says(
    walker: Walker,
) -> None:
    walker.xero.simulator.limits.rules = Rules(minute=100_000, day=1000)
    spend(walker, 1000)
    began, started = walker.time.now(), walker.start()
    walker.work_all()
    waiting = walker.deployed.sync(started)
    assert (waiting["state"], waiting["code"]) == ("waiting", "throttled_day")
    budget = walker.deployed("GET", f"/v1/connections/{walker.held['id']}").json[
        "budget"
    ]
    assert budget["day_remaining"] == 0
    done = ends_late_and_without_error(walker, started, "throttled_day")
    assert walker.codes(done).count("throttled_day") == 1
    assert walker.time.now() - began <= timedelta(days=1, minutes=1)
