"""How often syncs are proposed to be, and that a day of them fits Xero's limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_connector.logic.balances import DOCUMENTS
from lambda_connector.logic.due import due_steps, pages
from lambda_connector.logic.model.app import DAY_LIMITS
from lambda_connector.logic.model.connection import Budget
from lambda_connector.logic.model.sync import (
    DONE,
    FULL,
    INCREMENTAL,
    OVERLAP,
    REQUEST,
    WEBHOOK,
    Sync,
    Watermark,
)
from lambda_connector.logic.resources import RESOURCES, resource_of, resources_of
from lambda_connector.logic.schedules import (
    MINUTES,
    OPEN_SHARE,
    RECONCILING,
    Choice,
    Extra,
    Share,
    Webhooks,
    choices_of,
    daily_calls,
    extra_calls,
    proposed,
)

from .fake_xero import ALL_SCOPES, SALES_SCOPES
from .http_events import Api
from .world import World

ALL = ["contacts", "items", "sales"]
START = datetime(2026, 11, 2, tzinfo=UTC)
DAY = timedelta(days=1)
CONFIRMED = Webhooks(is_set=True, is_confirmed=True)
NO_EXTRA = Extra(0.0, 0.0)


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    world.xero.scopes = (*ALL_SCOPES, *SALES_SCOPES)
    return world


# As Odoo asks


def test_schedule_is_answered_as_odoo_reads_it(world: World) -> None:
    held = world.connect()
    world.run(held, features=ALL)
    for _ in range(5):
        world.clock.advance(minutes=15)
        world.run(held, features=ALL)
    path = f"/v1/connections/{held.id}/schedule"
    answer = Api(world)("GET", path, features=",".join(ALL))
    assert answer.status == 200
    choices = answer.json["choices"]
    assert [one["minutes"] for one in choices] == list(MINUTES)
    assert choices[2] == {"minutes": 15, "calls": 363, "fits": True}
    assert choices[0] == {"minutes": 5, "calls": 950, "fits": False}
    assert {**answer.json, "choices": []} == {
        "day_limit": 1000,
        "reserved": 50,
        "proposed": 10,
        "choices": [],
        "daily": [
            {"name": "organisation", "calls": 1},
            {"name": "contact_groups", "calls": 1},
            {"name": "open_invoices", "calls": 1},
        ],
    }


@pytest.mark.parametrize("features", ["", "report", "contacts,", "contacts,nothing"])
def test_features_that_nothing_syncs_are_refused(world: World, features: str) -> None:
    held = world.connect()
    path = f"/v1/connections/{held.id}/schedule"
    answer = Api(world)("GET", path, features=features)
    assert (answer.status, answer.code) == (422, "request_invalid")


def test_schedule_of_no_connection_is_not_found(world: World) -> None:
    answer = Api(world)("GET", "/v1/connections/1a/schedule", features="contacts")
    assert (answer.status, answer.code) == (404, "not_found")


def test_webhooks_count_from_when_xero_confirmed_this_very_key(world: World) -> None:
    held = world.connect()
    world.run(held, features=ALL)

    def plan():
        where = world.instance, held.id
        return world.services.schedules.plan(*where, ALL)

    assert plan().share.for_polling == 750
    world.services.apps.set_webhook_key(world.instance, "k" * 40)
    assert (plan().share.for_polling, plan().proposed) == (650, 15)
    world.clock.advance(minutes=1)
    now = world.clock.now()
    world.ports.hooks.confirm(world.instance, now)
    assert plan().proposed == RECONCILING
    world.clock.advance(minutes=1)
    world.services.apps.set_webhook_key(world.instance, "l" * 40)
    assert plan().proposed == 15


# What a day costs


def marks_of(names: tuple[str, ...], contacts: int, invoices: int, opened: int):
    """Everything was read just now; so much is there."""
    counts = {"contacts": contacts, "invoices": invoices, "open_invoices": opened}
    known = [*names, *(["open_invoices"] if "invoices" in names else [])]
    reached = START - OVERLAP
    return {
        name: Watermark(reached, resource_of(name).shape, reached, counts.get(name))
        for name in known
    }


def day_of_syncs(names, marks, minutes: int, changes: int, worst: bool) -> int:
    """Calls of 24 hours of syncs, by the rules that real ones follow. In each, so many
    contacts' documents changed; `worst` has the weekly passes on that day."""
    marks, calls = dict(marks), 0
    if worst:
        late = START - timedelta(days=8)
        for name in ("contacts", "invoices", "open_invoices"):
            if name in marks:
                marks[name] = replace(marks[name], whole_at=late)
    now = START + timedelta(minutes=minutes)
    while now <= START + DAY:
        steps = due_steps(names, marks, now)
        for step in steps:
            mark = marks[step.resource]
            whole = step.mode == FULL and resource_of(step.resource).paged
            calls += pages(mark.records) if whole else 1
            whole_at = now - OVERLAP if step.mode == FULL else mark.whole_at
            marks[step.resource] = replace(
                mark, moment=now - OVERLAP, whole_at=whole_at
            )
        brought = {step.resource for step in steps}
        if changes and "contacts" in names and brought & set(DOCUMENTS):
            calls += min(-(-changes // 40), pages(marks["contacts"].records))
        now += timedelta(minutes=minutes)
    return calls


SIZES = st.sampled_from([0, 1, 999, 1_000, 1_001, 19_500, 20_001, 100_000])
FEATURES = st.lists(st.sampled_from(ALL), min_size=1, unique=True)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(features=FEATURES, contacts=SIZES, invoices=SIZES, data=st.data())
@pytest.mark.parametrize("tier", list(DAY_LIMITS))
@pytest.mark.parametrize("webhooks", [Webhooks(), Webhooks(True), CONFIRMED])
def test_day_at_the_proposed_interval_fits(
    tier: str, webhooks: Webhooks, features, contacts: int, invoices: int, data
) -> None:
    """Whatever changes: as long as each sync meets what the latest ones met, and also
    on the day on which the weekly passes come."""
    names = resources_of(features)
    opened = data.draw(st.integers(0, invoices // OPEN_SHARE), "open invoices")
    changes = data.draw(st.sampled_from([0, 1, 40, 41, 200]), "changes in a sync")
    marks = marks_of(names, contacts, invoices, opened)
    share = Share(DAY_LIMITS[tier], webhooks)
    balances = min(-(-changes // 40), pages(contacts))
    moves = "contacts" in names and "invoices" in names
    extra = Extra(float(balances if moves else 0), 0.0)
    choices = choices_of(names, marks, extra, share)
    minutes = proposed(choices, share, Budget(), START)
    calls = day_of_syncs(names, marks, minutes, changes, worst=True)
    by_minutes = {choice.minutes: choice for choice in choices}
    assert calls <= by_minutes[minutes].calls
    if by_minutes[minutes].fits:
        assert calls <= share.for_polling < share.day_limit - share.reserved
    else:
        # Not even once a day: so many contacts, of so small a tier.
        assert minutes == MINUTES[-1]
        assert all(not choice.fits for choice in choices)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    features=FEATURES,
    contacts=SIZES,
    minutes=st.sampled_from(MINUTES),
    worst=st.booleans(),
)
def test_calls_of_an_interval_are_not_far_from_those_of_a_day(
    features, contacts: int, minutes: int, worst: bool
) -> None:
    """Never too few, and too many by no more than passes that are not due that day and
    what the first sync of the day shares with the last."""
    names = resources_of(features)
    marks = marks_of(names, contacts, 5_000, 400)
    choices = choices_of(names, marks, NO_EXTRA, Share(1000))
    told = {choice.minutes: choice.calls for choice in choices}[minutes]
    calls = day_of_syncs(names, marks, minutes, 0, worst)
    slow = sum(daily_calls(names, marks).values())
    assert calls <= told <= calls + 2 * slow + len(names)


def test_longer_intervals_never_cost_more() -> None:
    for extra in (NO_EXTRA, Extra(1.5, 288.0), Extra(2.0, 24.0)):
        names = resources_of(ALL)
        marks = marks_of(names, 30_000, 100_000, 9_000)
        choices = choices_of(names, marks, extra, Share(5000))
        calls = [choice.calls for choice in choices]
        assert calls == sorted(calls, reverse=True)
        fits = [choice.fits for choice in choices]
        assert fits == sorted(fits)


# What is proposed


@pytest.mark.parametrize(
    ("remaining", "hours", "minutes"),
    [
        (None, 0, 15),
        (1000, 0, 15),
        (300, 0, 15),
        (280, 0, 30),
        (150, 0, 30),
        (140, 0, 60),
        (0, 0, 60),
        (0, 23, 60),
        (0, 24, 15),
    ],
)
def test_few_calls_of_today_stretch_the_interval(
    remaining: int | None, hours: int, minutes: int
) -> None:
    """To twice below a quarter, to four times below a tenth; for a day."""
    choices = [Choice(one, 100, one >= 15) for one in MINUTES]
    budget = Budget(remaining, None, START if remaining is not None else None)
    now = START + timedelta(hours=hours)
    assert proposed(choices, Share(1000), budget, now) == minutes


def test_nothing_longer_than_a_day_is_proposed() -> None:
    choices = [Choice(one, 100, False) for one in MINUTES]
    spent = Budget(0, None, START)
    assert proposed(choices, Share(1000), spent, START) == 1440


def test_webhooks_leave_polling_to_find_what_got_lost() -> None:
    choices = [Choice(one, 100, True) for one in MINUTES]
    share = Share(5000)
    assert proposed(choices, share, Budget(), START) == 5
    set_only = replace(share, webhooks=Webhooks(is_set=True))
    assert proposed(choices, set_only, Budget(), START) == 5
    confirmed = replace(share, webhooks=CONFIRMED)
    assert proposed(choices, confirmed, Budget(), START) == 30
    assert (share.for_polling, set_only.for_polling) == (3750, 3250)


# What the latest syncs cost


def ended(calls: int, hours: float, **changes) -> Sync:
    steps = due_steps(("contacts", "invoices"), {}, START)
    known = tuple(replace(one, mode=INCREMENTAL, state=DONE) for one in steps)
    created = START - timedelta(hours=hours)
    made = Sync("i", "c", "c-1", 9, INCREMENTAL, DONE, known, created, None)
    return replace(made, calls=calls, **changes)


def test_calls_beyond_one_for_each_resource_are_expected_again() -> None:
    recent = [ended(2 + n, 0.25 * (n + 1)) for n in range(8)]
    extra = extra_calls(recent, ("contacts", "invoices"), START)
    assert extra.each == 3.5
    assert extra.syncs == 8 * 12
    assert extra.in_a_day(288) == 1008
    # Fewer syncs bring the same changes, perhaps in as many calls.
    assert extra.in_a_day(24) == 336


def test_other_syncs_say_nothing_of_the_schedules() -> None:
    recent = [ended(4, 0.1 * n) for n in range(1, 9)]
    others = [
        ended(90, 0.1, trigger=WEBHOOK),
        ended(90, 0.1, mode=FULL),
        ended(90, 0.1, state="failed"),
        ended(90, 25),
    ]
    names = ("contacts", "invoices")
    told = extra_calls([*others, *recent], names, START)
    assert told == extra_calls(recent, names, START)
    assert (told.each, others[0].trigger, recent[0].trigger) == (2.0, WEBHOOK, REQUEST)


def test_until_enough_is_known_one_call_for_balances_is_expected() -> None:
    few = [ended(90, 0.5)] * 4
    assert extra_calls(few, ("contacts", "invoices"), START).each == 1.0
    assert extra_calls(few, ("contacts",), START).each == 0.0


def test_contacts_that_are_read_again_are_calls_beyond() -> None:
    known = ended(0, 1).steps
    for mode in (INCREMENTAL, FULL):
        again = replace(known[0], resource="contact_balances", mode=mode, pages=3)
        recent = [ended(5, 0.1 * n, steps=(*known, again)) for n in range(9)]
        assert extra_calls(recent, ("contacts", "invoices"), START).each == 3.0


def test_passes_over_everything_are_not_counted_twice() -> None:
    whole = replace(ended(0, 1).steps[0], mode=FULL, pages=30)
    recent = [ended(31, 0.1 * n, steps=(whole, ended(0, 1).steps[1])) for n in range(9)]
    assert extra_calls(recent, ("contacts", "invoices"), START).each == 0.0


def test_what_is_read_at_its_own_times_is_named() -> None:
    names = resources_of(ALL)
    assert daily_calls(names, marks_of(names, 4_100, 90_000, 2_500)) == {
        "organisation": 1,
        "contact_groups": 1,
        "contacts": 5,
        "open_invoices": 3,
    }
    never_counted = marks_of(names, 10, 90_000, 0)
    del never_counted["open_invoices"]
    assert daily_calls(names, never_counted)["open_invoices"] == 9
    assert daily_calls(("items",), {}) == {}
    assert set(RESOURCES) >= set(names)
