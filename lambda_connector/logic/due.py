"""What a sync reads: what is due of what was asked for, and from where on.

Xero's incremental reads have blind spots: what a contact owes, is owed, and whether it
is a customer or supplier changes without the contact being touched, and so do due date
and sent flag of an invoice that is paid in part (developer.xero.com, Contacts and
Invoices, "If-Modified-Since"). Most of it follows from documents that were read (see
`balances`); bills leave no trace that is read. So contacts are read as a whole now and
then, the more of them the more rarely, and open invoices each week.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from .model.sync import FULL, INCREMENTAL, PAGE_SIZE, WAITING, Step, Watermark
from .resources import DAY, HOUR, RESOURCES, SECOND_READS, Resource, resource_of

WEEK = timedelta(days=7)
DAILY_PAGES = 20
"""Contacts that cost no more calls are read as a whole each day."""
_ORDER = (*RESOURCES, *SECOND_READS)
_INVOICES = ("invoices", "open_invoices")

Marks = Mapping[str, Watermark]


def due_steps(names: Sequence[str], marks: Marks, now: datetime) -> tuple[Step, ...]:
    """The steps that read what is due of these resources. Where none is, those that
    are read most often: who asks for a sync is not told that nothing happened."""
    due = [name for name in names if _is_due(RESOURCES[name], marks.get(name), now)]
    intervals = {name: RESOURCES[name].every or timedelta(0) for name in names}
    shortest = min(intervals.values())
    wanted = due or [name for name in names if intervals[name] == shortest]
    if "invoices" in wanted and _is_open_pass_due(marks, now):
        wanted = [*wanted, "open_invoices"]
    whole = {"contacts"} if _is_slow_pass_due(marks.get("contacts"), now) else set()
    return steps(wanted, marks, whole)


def steps(
    names: Sequence[str], marks: Marks, whole: set[str] | frozenset[str] = frozenset()
) -> tuple[Step, ...]:
    """In the order of the table; contacts that are known come last, so that they are
    read after the documents that move their balances. What has no watermark for just
    what is asked for now is read as a whole, as are those of `whole`."""
    known = {name for name in names if _is_known(resource_of(name), marks.get(name))}
    ordered = sorted(names, key=_ORDER.index)
    if "contacts" in known:
        ordered.sort(key=lambda name: name == "contacts")
    return tuple(
        _step(resource_of(name), name in known - whole, marks) for name in ordered
    )


def pages(records: int | None) -> int:
    """Calls that a list of so many records costs, read as a whole."""
    return max(1, math.ceil((records or 0) / PAGE_SIZE))


def slow_pass(contacts: int | None) -> timedelta:
    """How often so many contacts are read as a whole. A single page costs one call, as
    do those that changed; only the bytes that Xero counts speak against each time."""
    whole = pages(contacts)
    if whole == 1:
        return HOUR
    return DAY if whole <= DAILY_PAGES else WEEK


def _step(resource: Resource, is_known: bool, marks: Marks) -> Step:
    mark = marks.get(resource.name)
    since = mark.moment if mark and is_known and resource.incremental else None
    mode = INCREMENTAL if since else FULL
    known = mark.records if mark else None
    return Step(resource.name, resource.shape, WAITING, mode, since, known=known)


def _is_known(resource: Resource, mark: Watermark | None) -> bool:
    return mark is not None and mark.shape == resource.shape


def _is_due(resource: Resource, mark: Watermark | None, now: datetime) -> bool:
    """The watermark's overlap leaves a daily sync its few minutes of unevenness."""
    if not resource.every or not mark or not _is_known(resource, mark):
        return True
    return mark.moment + resource.every <= now


def _is_slow_pass_due(mark: Watermark | None, now: datetime) -> bool:
    if not mark or not mark.whole_at:
        return True
    return mark.whole_at + slow_pass(mark.records) <= now


def _is_open_pass_due(marks: Marks, now: datetime) -> bool:
    """A week after all invoices, or those that were open, were last read."""
    read = [marks[name].whole_at for name in _INVOICES if name in marks]
    latest = max((moment for moment in read if moment), default=None)
    return latest is not None and latest + WEEK <= now
