# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a connection is synced by itself. Moments are UTC without a zone."""

from datetime import datetime, timedelta

SHORTEST, LONGEST = 5, 1440
# Until the connector has proposed something, in minutes.
USUAL = 15
PLAN_EVERY = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1)
# Multiples of the golden ratio fall far apart, however many there are.
_SPREAD = 0.618034


def interval_of(connection):
    """The time between two syncs; None where none begins by itself."""
    if connection.schedule == "manual":
        return None
    if connection.schedule == "fixed":
        minutes = connection.interval_minutes
    else:
        minutes = (connection.plan or {}).get("proposed") or USUAL
    # A person's is refused where it is out of these, but only when it is saved.
    return timedelta(minutes=min(max(int(minutes), SHORTEST), LONGEST))


def next_after(connection, begun):
    """When the sync that follows one is due; None where none begins by itself.

    Each connection has its own places on the clock, so that those of one database
    don't begin together. The first one that is at least half an interval away is
    taken: a sync in between, of a person, thus costs no more calls a day.
    """
    interval = interval_of(connection)
    if interval is None:
        return None
    offset = interval * (connection.id * _SPREAD % 1)
    earliest = begun + interval / 2
    intervals_done = (earliest - offset - _EPOCH) // interval
    place = _EPOCH + offset + interval * intervals_done
    due = place if place >= earliest else place + interval
    return due.replace(microsecond=0)


def settled_next(connection, newest_begun, now):
    """When the next sync is due, after what happened; None: not by itself.

    The first one is a person's: before it, it is still being chosen what comes.

    :param newest_begun: when the newest sync began that read all that was due, of
        whoever began it; None where there is none
    """
    interval = interval_of(connection)
    if interval is None or newest_begun is None:
        return None
    due = connection.next_sync_at
    if not due:
        return next_after(connection, now)
    if newest_begun + interval / 2 > due:
        # Somebody was first, or the interval is longer now.
        return next_after(connection, newest_begun)
    # A shorter interval counts at once.
    return min(due, next_after(connection, now))


def is_plan_due(connection, now, changed_at=None):
    """Whether to ask the connector anew what it proposes.

    :param changed_at: when webhooks became what they are, as they make polls rarer
    """
    asked_at = connection.plan_at
    if not asked_at or (changed_at and changed_at > asked_at):
        return True
    return now - asked_at >= PLAN_EVERY


def pause_after(connection, tries):
    """How long to leave it after so many tries in vain: twice as long each time, and
    no longer than between two syncs."""
    interval = interval_of(connection)
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 12), interval)
