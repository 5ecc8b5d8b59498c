"""What one page makes of a sync: the row after it, its feed entries, the watermarks.

Values in, values out; writing them down is the worker's part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from . import balances
from .model.feed import PART, FeedEntry
from .model.sync import DONE, FULL, OVERLAP, RUNNING, Step, Sync, Watermark
from .pages import Page, Part


def after_page(
    sync: Sync,
    read: Step,
    page: Page,
    calls: int,
    began: datetime,
    now: datetime,
) -> Sync:
    """The sync with this page counted, which was asked for after `began` and left its
    step as `read`."""
    moved = replace(
        balances.after_page(sync, read, page).with_step(
            replace(read, began_at=read.began_at or began)
        ),
        attempts=0,
        nudges=0,
        calls=sync.calls + calls,
        started_at=sync.started_at or now,
        xero_started_at=sync.xero_started_at or page.read_at,
    )
    if read.state == DONE and not moved.is_read:
        moved = moved.with_step(replace(moved.step, state=RUNNING))
    return moved


def part_entries(
    sync: Sync, page: Page, spooled: Iterable[tuple[Part, str]], now: datetime
) -> list[FeedEntry]:
    """A feed entry for each part of the page and its name in the spool."""
    step = sync.step
    return [
        FeedEntry(
            kind=PART,
            sync=sync.id,
            created_at=now,
            correlation=sync.correlation,
            resource=page.resource.lands_as or page.resource.name,
            step=step.resource,
            key=page.resource.key,
            page=step.pages + 1,
            part=number,
            records=part.records,
            item_count=step.item_count if balances.is_by_ids(step) else page.item_count,
            mode=step.mode,
            read_at=page.read_at,
            sha256=name,
            bytes=len(part.data),
        )
        for number, (part, name) in enumerate(spooled, start=1)
    ]


def watermarks_after(
    ended: Sync, held: Mapping[str, Watermark]
) -> dict[str, Watermark]:
    """From where the next run reads: never back, whatever the clocks say, and never
    before everything was read once. (A mark may go while a sync lives: see `expire`.)
    Documents whose contacts are still to be read again are met again."""
    reached = (ended.xero_started_at or ended.created_at) - OVERLAP
    moved = {}
    for step in ended.steps:
        if step.resource == "contact_balances":
            continue
        if step.resource in balances.DOCUMENTS and ended.touches:
            continue
        mark = held.get(step.resource)
        known = mark and mark.shape == step.shape
        if step.since and not known:
            continue
        before = mark.moment if mark and known else reached
        moment = max(reached, before)
        whole = moment, step.item_count
        if step.mode != FULL:
            whole = mark.whole_at, mark.records
        moved[step.resource] = Watermark(moment, step.shape, *whole)
    return moved | _all_contacts(ended, {**held, **moved}, reached)


def _all_contacts(
    ended: Sync, marks: Mapping[str, Watermark], reached: datetime
) -> dict[str, Watermark]:
    """Where all contacts were read again, that is their slow pass, too."""
    for step in ended.steps:
        if step.resource == "contact_balances" and step.mode == FULL:
            mark = marks.get("contacts")
            if mark:
                whole = replace(mark, whole_at=reached, records=step.item_count)
                return {"contacts": whole}
    return {}
