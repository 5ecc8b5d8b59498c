"""What Xero told to have changed and nothing has read since."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .sync import DONE, Sync

CLOCKS_DIFFER = timedelta(seconds=1)
"""By which the clocks of two functions may. A mark that is read twice costs a call, one
that is read never costs the change."""
AFTER_FAILURE = timedelta(minutes=15)
"""What a sync that failed or was cancelled left over is not begun anew at once."""


@dataclass(frozen=True)
class Mark:
    """A resource with changes: when the first and the latest of them was heard of.

    `changed_at` is when Xero says that the oldest was made, `correlation` is that of
    the post that told of the first; both for the logs and metrics alone.
    """

    resource: str
    first_at: datetime
    last_at: datetime
    changed_at: datetime | None = None
    correlation: str = ""

    def joined_with(self, other: Mark | None) -> Mark:
        """Both in one."""
        if not other:
            return self
        first, then = sorted((self, other), key=lambda mark: mark.first_at)
        changed = [mark.changed_at for mark in (first, then) if mark.changed_at]
        return replace(
            first,
            last_at=max(first.last_at, then.last_at),
            changed_at=min(changed, default=None),
        )

    def since(self, began_at: datetime | None) -> Mark | None:
        """What a reading that began then has left of it."""
        if not began_at:
            return self
        if self.last_at + CLOCKS_DIFFER <= began_at:
            return None
        first = min(self.last_at, max(self.first_at, began_at))
        # What was changed when is known of the oldest only, which was read.
        return replace(self, first_at=first, changed_at=None)


@dataclass(frozen=True)
class Dirty:
    """The marks of one connection. Events are only marks: twice, late or in another
    order they make the same row.

    `wake_at` is when the janitor looks, and is set while there are marks: whoever made
    or left them may have died. `started_at` is the latest start on their account,
    `not_before` a pause after a sync that did not get to its end, `heard_at` when Xero
    last told of a change.
    """

    instance: str
    connection: str
    version: int = 0
    marks: tuple[Mark, ...] = ()
    wake_at: datetime | None = None
    heard_at: datetime | None = None
    started_at: datetime | None = None
    not_before: datetime | None = None

    def marked(self, told: Collection[Mark], now: datetime) -> Dirty:
        """With these marks too; at least one."""
        marks = {mark.resource: mark for mark in self.marks}
        for mark in told:
            marks[mark.resource] = mark.joined_with(marks.get(mark.resource))
        heard = max(mark.last_at for mark in told)
        heard = max(heard, self.heard_at or heard)
        changed = replace(self, marks=tuple(marks.values()), heard_at=heard)
        return changed.woken(now)

    def without(self, resources: set[str]) -> Dirty:
        """Those marks gone."""
        kept = tuple(mark for mark in self.marks if mark.resource not in resources)
        return replace(self, marks=kept)

    def woken(self, at: datetime) -> Dirty:
        """One version on, and looked at then, if anything is left to be read."""
        wake_at = at if self.marks else None
        return replace(self, version=self.version + 1, wake_at=wake_at)

    def after(self, ended: Sync, now: datetime) -> Dirty:
        """What is left when this sync has ended: a mark goes only where the reading of
        its resource began after it, and came to its end."""
        if ended.state != DONE:
            later = now + AFTER_FAILURE
            return replace(self, not_before=later).woken(later)
        began = {step.resource: step.began_at for step in ended.steps}
        left = [mark.since(began.get(mark.resource)) for mark in self.marks]
        kept = tuple(mark for mark in left if mark)
        return replace(self, marks=kept, not_before=None).woken(now)
