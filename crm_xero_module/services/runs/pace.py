# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How long a run still takes, by the pace that each of its steps had lately.

A pace is kept as two numbers, {step: [seconds, records]}, and `at`, when records last
came. The time since then belongs to the step whose records come, be it Xero's, the
database's or a pause. What was longer ago counts less and less: of the work of a minute
ago a quarter.
"""

from .progress import DERIVED, FIGURES, IMPORT, UNCOUNTED, is_reading, sizes_of

HALF_SECONDS = 30.0
# A longer pause (a limit of Xero's, a restart) says nothing of the pace.
LONGEST_PAUSE = 60.0
# What is known after less is no pace yet.
LEAST_SECONDS = 3.0
# Beyond, a number of hours is no help to anybody.
LONGEST_LEFT = 48 * 3600


def begun(now):
    """The pace of a run that begins `now` (seconds)."""
    return {"at": now}


def noted(pace, name, records, now):
    """`pace` after so many more `records` came in a step."""
    spent = min(max(now - pace["at"], 0.0), LONGEST_PAUSE)
    fades = 0.5 ** (spent / HALF_SECONDS)
    seconds, before = pace.get(name, (0.0, 0.0))
    return {
        **pace,
        "at": max(now, pace["at"]),
        name: [seconds * fades + spent, before * fades + records],
    }


def time_left(steps, pace):
    """Seconds that these steps still take, None where nothing tells; and whether that
    is the least, as Xero has not counted all that it will send."""
    paces = {name: spent for name, spent in pace.items() if name != "at"}
    if sum(seconds for seconds, _records in paces.values()) < LEAST_SECONDS:
        return None, True
    left, is_least = 0.0, any(_is_open_ended(step) for step in steps)
    for step, (done, size) in zip(steps, sizes_of(steps), strict=True):
        if done >= size:
            continue
        cost = _cost(step, paces)
        if cost is None:
            is_least = True
        else:
            left += (size - done) * cost
    return (left, is_least) if 0 < left < LONGEST_LEFT else (None, is_least)


def _is_open_ended(step):
    """Whether a step has pages of which nobody knows how many."""
    waits = step["total"] is None and step["state"] in ("waiting", "running")
    return waits and is_reading(step) and step["name"] not in UNCOUNTED | DERIVED


def _cost(step, paces):
    """Seconds a record: as this step had it lately, else as others of its kind."""
    own = paces.get(step["name"])
    alike = [own] if own else _alike(step, paces)
    records = sum(records for _seconds, records in alike)
    return sum(seconds for seconds, _records in alike) / records if records else None


def _alike(step, paces):
    return [
        spent for name, spent in paces.items() if _kind(name) == _kind(step["name"])
    ]


def _kind(name):
    """Steps of a kind take about as long for a record."""
    if name == FIGURES:
        return FIGURES
    return IMPORT if name.startswith(IMPORT) else "reading"
