"""Where a walk through the pages of a resource stands.

Xero's word on pages is taken but not relied on: sizes are clamped, counts and whole
`pagination` objects go missing, an order once gave all rows on every page. So a walk
goes on until nothing can be left, never asks beyond that, and begins anew, once, where
fewer records came than Xero counted.
"""

from __future__ import annotations

from dataclasses import replace

from .model.sync import DONE, Step
from .pages import Page


def repeats(step: Step, page: Page) -> bool:
    """Whether this page came before in the same walk: it would never end."""
    return _print(step, page) in step.prints


def after(step: Step, page: Page) -> tuple[Step, Step]:
    """The step with this page counted, and where it goes on: at its next page, at its
    second walk, or done."""
    kept = _kept(step, page)
    if not _is_last(step, kept, page):
        return kept, kept
    if kept.missing and kept.walk == 1:
        return kept, replace(
            kept, walk=2, reached=0, came=0, page=1, prints=(), empty=False
        )
    return kept, replace(kept, state=DONE)


def _kept(step: Step, page: Page) -> Step:
    size = page.page_size or step.page_size
    reached, fresh = _reached(step, page)
    count = page.item_count
    if step.page > 1 and step.item_count is not None:
        count = max(step.item_count, count or 0)
    seen = _print(step, page)
    return replace(
        step,
        page=reached // size + 1,
        page_size=size,
        pages=step.pages + 1,
        records=step.records + len(page.records),
        reached=reached,
        came=step.came + fresh,
        item_count=count,
        prints=(*step.prints, seen) if seen else step.prints,
        empty=not page.records,
    )


def _print(step: Step, page: Page) -> str | None:
    """What the page is known by in its walk. One that brings the walk no further (it
    lies beyond a gap, or before what has come) comes once more in its place, and that
    is no repetition."""
    moves = _reached(step, page)[0] > step.reached
    return page.fingerprint if moves or not page.fingerprint else f">{page.fingerprint}"


def _reached(step: Step, page: Page) -> tuple[int, int]:
    """How far the walk has come without a gap, and how many of the records are new,
    where Xero gave pages of another size than it was asked for."""
    size = page.page_size or step.page_size
    start = (step.page - 1) * size
    if start > step.reached:
        return step.reached, 0
    fresh = max(0, len(page.records) - (step.reached - start))
    return max(step.reached, start + size), fresh


def _is_last(step: Step, kept: Step, page: Page) -> bool:
    if not page.resource.paged:
        return True
    if page.page_count is None:
        return not page.records
    complete = kept.item_count is not None and not kept.missing
    if not page.records:
        # One empty page may lie in the middle; two are the end, whatever the counts.
        return complete or step.empty or kept.page > page.page_count
    if len(page.records) > kept.page_size:
        return complete or kept.page > page.page_count
    full = len(page.records) == kept.page_size
    return kept.page > page.page_count and not (full and kept.missing)
