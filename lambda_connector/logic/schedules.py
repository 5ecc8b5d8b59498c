"""How often an organisation can be read within the day's calls, and what that costs.

The limits are Xero's and known here, so the interval is proposed here; Odoo starts the
syncs. What is proposed is counted, not guessed: by the due rules of `due`, the sizes
that were met last, and what the latest syncs cost beyond a call for each resource.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .apps import Apps
from .budget import reserved
from .clock import Clock
from .due import Marks, pages, slow_pass
from .model.connection import Budget
from .model.sync import DONE, INCREMENTAL, OVERLAP, REQUEST, Sync
from .ports import ConnectionStore, HookStore, SyncStore
from .problems import Problem
from .resources import DAY, RESOURCES, resources_of

MINUTES = (5, 10, 15, 20, 30, 60, 120, 240, 480, 1440)
"""The intervals that are offered."""
RECONCILING = 30
"""Where webhooks bring changes, polling only finds what they lost."""
OPEN_SHARE = 10
"""One invoice in so many is taken to be open, until the open ones were counted."""
_DAY_MINUTES = 1440
_RECENT = 50
_FEWEST_RECENT = 5
_USUAL_EXTRA = 1.0
"""Where too few syncs are known: a call more for contacts whose documents changed."""


@dataclass(frozen=True)
class Webhooks:
    """Whether Xero may tell of changes, and whether it has shown that it does."""

    is_set: bool = False
    is_confirmed: bool = False


@dataclass(frozen=True)
class Share:
    """What the day's calls allow, and what syncs at intervals may use of them."""

    day_limit: int
    webhooks: Webhooks = Webhooks()

    @property
    def reserved(self) -> int:
        return reserved(self.day_limit)

    @property
    def for_polling(self) -> int:
        """Less what is kept for people, and a part for clicks and what webhooks set
        going."""
        percent = 30 if self.webhooks.is_set else 20
        return self.day_limit - self.reserved - self.day_limit * percent // 100


@dataclass(frozen=True)
class Choice:
    """An interval, the calls that it costs in 24 hours, and whether they are there."""

    minutes: int
    calls: int
    fits: bool


@dataclass(frozen=True)
class Plan:
    """`daily` names what is read at its own times, whatever the interval."""

    share: Share
    proposed: int
    choices: tuple[Choice, ...]
    daily: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Schedules:
    syncs: SyncStore
    connections: ConnectionStore
    apps: Apps
    hooks: HookStore
    clock: Clock

    def plan(self, instance: str, connection: str, features: Iterable[str]) -> Plan:
        """What syncs of these features would cost the connection, and how often they
        should be."""
        if not self.connections.get(instance, connection):
            raise Problem("not_found")
        names = resources_of(features)
        recent = self.syncs.recent(instance, connection, _RECENT)
        marks = self.syncs.watermarks(instance, connection)
        now = self.clock.now()
        share = Share(self.apps.day_limit(instance), self._webhooks(instance))
        choices = choices_of(names, marks, extra_calls(recent, names, now), share)
        budget = self.connections.budget(instance, connection)
        return Plan(
            share,
            proposed(choices, share, budget, now),
            choices,
            tuple(daily_calls(names, marks).items()),
        )

    def _webhooks(self, instance: str) -> Webhooks:
        app = self.apps.get(instance)
        if not app or not app.webhook_key_set_at:
            return Webhooks()
        confirmed = self.hooks.heard(instance).confirmed_at
        is_confirmed = bool(confirmed) and confirmed >= app.webhook_key_set_at
        return Webhooks(is_set=True, is_confirmed=is_confirmed)


@dataclass(frozen=True)
class Extra:
    """Calls of a sync beyond one for each resource, and syncs in 24 hours when that
    was seen."""

    each: float
    syncs: float

    def in_a_day(self, syncs: int) -> int:
        """Fewer syncs bring the same changes, in fewer calls but never in more."""
        return math.ceil(self.each * max(syncs, self.syncs))


def extra_calls(recent: Sequence[Sync], names: Sequence[str], now: datetime) -> Extra:
    """From the incremental syncs of the last 24 hours, but those of webhooks, which
    have their own part of the day."""
    seen = [
        sync
        for sync in recent
        if sync.state == DONE
        and sync.mode == INCREMENTAL
        and sync.trigger == REQUEST
        and sync.created_at > now - DAY
    ]
    if len(seen) < _FEWEST_RECENT:
        moves_balances = {"contacts", "invoices"} <= set(names)
        return Extra(_USUAL_EXTRA if moves_balances else 0.0, 0.0)
    each = sum(_beyond(sync) for sync in seen) / len(seen)
    spanned = now - min(sync.created_at for sync in seen)
    return Extra(each, len(seen) * (DAY / max(spanned, timedelta(hours=1))))


def _beyond(sync: Sync) -> int:
    """Whole passes are counted by themselves; contacts that are read again are not."""
    plain = sum(
        1 if step.mode == INCREMENTAL else max(1, step.pages)
        for step in sync.steps
        if step.resource != "contact_balances"
    )
    return max(0, sync.calls - plain)


def daily_calls(names: Sequence[str], marks: Marks) -> dict[str, int]:
    """What is read at its own times: each day, or each week, which is counted as if
    that day were every day."""
    once = {name: 1 for name in names if RESOURCES[name].every == DAY}
    return once | _slow_passes(names, marks)


def _slow_passes(names: Sequence[str], marks: Marks) -> dict[str, int]:
    """See `due`. A single page of contacts costs nothing: it is read in place of those
    that changed."""
    passes = {}
    counted = {name: mark.records or 0 for name, mark in marks.items()}
    if "contacts" in names and pages(counted.get("contacts")) > 1:
        passes["contacts"] = pages(counted["contacts"])
    if "invoices" in names:
        unknown = math.ceil(counted.get("invoices", 0) / OPEN_SHARE)
        passes["open_invoices"] = pages(counted.get("open_invoices", unknown))
    return passes


def choices_of(
    names: Sequence[str], marks: Marks, extra: Extra, share: Share
) -> tuple[Choice, ...]:
    """For each interval. What is read most often is read by every sync: see `due`."""
    slow = _slow_passes(names, marks)
    contacts = slow_pass(marks["contacts"].records) if "contacts" in marks else DAY
    intervals = [RESOURCES[name].every or timedelta(0) for name in names]
    shortest = min(intervals)
    intervals = [each if each > shortest else timedelta(0) for each in intervals]
    choices = []
    for minutes in MINUTES:
        calls = sum(reads(every, minutes) for every in intervals)
        calls += slow.get("open_invoices", 0)
        calls += slow.get("contacts", 0) * reads(contacts, minutes)
        calls += extra.in_a_day(_DAY_MINUTES // minutes)
        choices.append(Choice(minutes, calls, calls <= share.for_polling))
    return tuple(choices)


def reads(every: timedelta, minutes: int) -> int:
    """How often in 24 hours a resource is read that is due so long after it was read,
    less the watermark's overlap, by syncs at this interval."""
    apart = math.ceil(max(0.0, (every - OVERLAP) / timedelta(minutes=minutes))) or 1
    return math.ceil(_DAY_MINUTES / (apart * minutes))


def proposed(
    choices: Sequence[Choice], share: Share, budget: Budget, now: datetime
) -> int:
    """The shortest that fits, longer where webhooks bring the changes and where few of
    today's calls are left."""
    fitting = [choice.minutes for choice in choices if choice.fits]
    minutes = min(fitting, default=MINUTES[-1])
    if share.webhooks.is_confirmed:
        minutes = max(minutes, RECONCILING)
    wanted = minutes * stretch(share, budget, now)
    return min((one for one in MINUTES if one >= wanted), default=MINUTES[-1])


def stretch(share: Share, budget: Budget, now: datetime) -> int:
    """By how much to slow down for what Xero last said is left of its day. What it
    said a day ago is of another day."""
    if budget.day_remaining is None or not budget.as_of or now - budget.as_of >= DAY:
        return 1
    left = (budget.day_remaining - share.reserved) / (share.day_limit - share.reserved)
    return 4 if left < 0.1 else 2 if left < 0.25 else 1
