"""Contacts that are read again because their documents changed.

What a contact owes, and whether it is a customer, follows from its documents and leaves
no trace on itself, so Xero's incremental reads miss it (developer.xero.com, Contacts,
"If-Modified-Since"). A sync remembers whose documents it brought, forgets who was read
after them, and reads the others again at its end: by their ids, or all of them where
that costs no more calls. The documents' watermarks move only when none is left, so that
whatever happens before, the next sync finds the same contacts.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from .due import pages
from .envelope import Record
from .model.sync import (
    DONE,
    FULL,
    INCREMENTAL,
    OVERLAP,
    RUNNING,
    WEBHOOK,
    Step,
    Sync,
    Watermark,
)
from .pages import Page, xero_time
from .resources import SECOND_READS

DOCUMENTS = ("invoices", "credit_notes", "overpayments", "prepayments")
"""The resources whose records move what a contact owes or is owed."""
BATCH = 40
"""Ids in one call, as Xero advises for the length of its address."""
PATIENCE = timedelta(hours=1)
"""How long a burst that webhooks tell of may leave balances to the next poll."""
_MOST_NAMED = 5000
"""Beyond it all contacts are read again: they stand in the sync's row."""
_BALANCES = SECOND_READS["contact_balances"]
_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


class _Contact(msgspec.Struct):
    id: Any = msgspec.field(default=None, name="ContactID")


class _Record(msgspec.Struct):
    """What is looked at of a document or a contact."""

    contact: _Contact | None = msgspec.field(default=None, name="Contact")
    updated: Any = msgspec.field(default=None, name="UpdatedDateUTC")
    merged_into: Any = msgspec.field(default=None, name="MergedToContactID")


_decode = msgspec.json.Decoder(_Record).decode


def is_by_ids(step: Step) -> bool:
    """Whether the step asks for single contacts instead of walking through all."""
    return step.resource == _BALANCES.name and step.mode == INCREMENTAL


def batch(sync: Sync) -> tuple[str, ...]:
    """The contacts that such a step asks for next."""
    return sync.touched[:BATCH]


def after_batch(sync: Sync) -> tuple[Step, Step] | None:
    """The step with its batch counted, and where it goes on, as `walk.after`; None of a
    step that walks. A contact that Xero does not know any more counts as read."""
    step, asked = sync.step, len(batch(sync))
    if not is_by_ids(step):
        return None
    read = replace(
        step,
        pages=step.pages + 1,
        records=step.records + asked,
        came=step.came + asked,
    )
    is_last = asked == len(sync.touched)
    return read, replace(read, state=DONE) if is_last else read


def after_page(sync: Sync, read: Step, page: Page) -> Sync:
    """The sync with what this page means for contacts; `read` is the step after it."""
    if is_by_ids(sync.step):
        return replace(sync, touched=sync.touched[BATCH:])
    if page.resource.path == _BALANCES.path:
        return _seen(sync, read, page)
    return _touched(sync, page) if read.resource in DOCUMENTS else sync


def at_once(sync: Sync) -> Sync:
    """The sync before its next page. Where those contacts that changed and those that
    were touched cost more calls than all, all are read."""
    step = sync.step
    if step.resource != "contacts" or step.began_at or step.mode == FULL:
        return sync
    if not sync.touches or not _is_whole_cheaper(sync, step.known):
        return sync
    return sync.with_step(replace(step, mode=FULL, since=None))


def next_step(sync: Sync, marks: Mapping[str, Watermark], now: datetime) -> Step | None:
    """The step that reads contacts again at the end of the others, if one is needed."""
    if not sync.touches:
        return None
    count = _count(sync, marks)
    whole = _is_whole_cheaper(sync, count)
    calls = pages(count) if whole else _batches(sync)
    if calls > 1 and _may_leave(sync, marks, now):
        return None
    step = Step(_BALANCES.name, _BALANCES.shape, RUNNING, FULL)
    if whole:
        return step
    return replace(
        step, mode=INCREMENTAL, page_size=BATCH, item_count=len(sync.touched)
    )


def reads_contacts(sync: Sync, marks: Mapping[str, Watermark]) -> bool:
    """Whether Odoo has the contacts at all, or gets them by this sync."""
    return "contacts" in marks or any(one.resource == "contacts" for one in sync.steps)


def _batches(sync: Sync) -> int:
    return math.ceil(len(sync.touched) / BATCH)


def _is_whole_cheaper(sync: Sync, count: int | None) -> bool:
    """At the same price all are better than some."""
    return sync.touched_all or (count is not None and _batches(sync) >= pages(count))


def _count(sync: Sync, marks: Mapping[str, Watermark]) -> int | None:
    """How many contacts there are, as far as it is known."""
    for step in sync.steps:
        if step.resource == "contacts" and step.mode == FULL:
            return step.item_count
    return marks["contacts"].records if "contacts" in marks else None


def _may_leave(sync: Sync, marks: Mapping[str, Watermark], now: datetime) -> bool:
    """Whether the next poll, which meets the same documents again, may do it: a burst
    of changes that webhooks tell of must not use up the day."""
    read = [
        marks[step.resource].moment
        for step in sync.steps
        if step.resource in DOCUMENTS and step.resource in marks
    ]
    return sync.trigger == WEBHOOK and min(read, default=now) > now - PATIENCE


def _seen(sync: Sync, read: Step, page: Page) -> Sync:
    """Contacts that came after their documents. Whom others were merged into has their
    documents now, and a trace is on the others only."""
    if read.mode == FULL:
        done = read.state == DONE
        return replace(sync, touched=(), touched_all=False) if done else sync
    merged = (_record(one).merged_into for one in page.records)
    came = {one.lower() for one in page.ids}
    named = dict.fromkeys((*sync.touched, *_ids(merged)))
    return _naming(sync, [one for one in named if one not in came])


def _touched(sync: Sync, page: Page) -> Sync:
    """Contacts whose documents the page brought. Where all contacts were read before it
    in this sync, only of documents that changed since."""
    whole = any(
        step.resource == "contacts" and step.mode == FULL and step.state == DONE
        for step in sync.steps
    )
    began = sync.xero_started_at
    since = began - OVERLAP if whole and began else None
    named = dict.fromkeys((*sync.touched, *_contacts_of(page, since)))
    return _naming(sync, list(named))


def _naming(sync: Sync, names: Sequence[str]) -> Sync:
    if sync.touched_all or len(names) > _MOST_NAMED:
        return replace(sync, touched=(), touched_all=True)
    return replace(sync, touched=tuple(names))


def _contacts_of(page: Page, since: datetime | None) -> Iterator[str]:
    for document in map(_record, page.records):
        moment = xero_time(document.updated)
        if document.contact and not (since and moment and moment < since):
            yield from _ids([document.contact.id])


def _ids(values: Iterable[Any]) -> Iterator[str]:
    """Those that are ids, in one form: Xero's case of letters varies."""
    for value in values:
        if isinstance(value, str) and _ID.fullmatch(value):
            yield value.lower()


def _record(raw: Record) -> _Record:
    """As `envelope` reads what msgspec does not."""
    try:
        return _decode(raw)
    except msgspec.DecodeError:
        pass
    try:
        held = json.loads(bytes(raw), strict=False)
    except ValueError:
        held = None
    return _Record(
        _Contact(_member(_member(held, "Contact"), "ContactID")),
        _member(held, "UpdatedDateUTC"),
        _member(held, "MergedToContactID"),
    )


def _member(held: Any, name: str) -> Any:
    return held.get(name) if isinstance(held, dict) else None
