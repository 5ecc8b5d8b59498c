# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What keeps a customer, or a part of it, from being created in Xero, before it is
sent: Xero's limits (`writable.py`) and what is in Xero already.

Xero refuses a whole contact for one value that it does not take. So only a name stops
a customer; any other such value stays behind, and whoever sends it is told.
"""

import unicodedata
from typing import NamedTuple

from ..reasons import describe
from ..xero.our_numbers import prefix
from ..xero.writable import WRITABLE

# Format marks, control characters, blanks: a name of these alone is none.
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
# As much of a value as a person needs to see which one it is.
_SHOWN_LENGTH = 60


class Problem(NamedTuple):
    """A code of `reasons.py` with its details. What `stops` has to be mended before
    anything is sent; all other is told, and the rest goes."""

    code: str
    data: dict
    stops: bool = False

    def told(self, env):
        """The `Reason` in a person's words."""
        return describe(env, self.code, **self.data)


def name_problem(label, name):
    """Why Xero would refuse this as a contact's name, or None."""
    if not any(unicodedata.category(sign) not in _UNSEEN for sign in name):
        return Problem("customer_name_missing", {}, stops=True)
    problem = value_problem("Name", label, name)
    return problem and problem._replace(stops=True)


def value_problem(source, label, value):
    """Why Xero would refuse a text of one of its fields, or None.

    :param source: the field's name in `WRITABLE`
    :param label: what people call it
    """
    unfit = WRITABLE[source].unfit(value)
    if not unfit:
        return None
    shown = value if len(value) <= _SHOWN_LENGTH else f"{value[:_SHOWN_LENGTH]}…"
    data = {"field": label, "value": shown, "length": len(value), "limit": unfit.limit}
    return Problem(unfit.code, data)


def in_xero_already(env, alikes):
    """What stops a customer because Xero has a contact of its name or its number.

    :param alikes: what `look_alikes` found of it, that is not linked to it
    """
    problems = []
    if (found := _first(alikes, lambda alike: _has_our_number(env, alike))) is not None:
        problems.append(Problem("created_before", {"name": found.name}, stops=True))
    if (found := _first(alikes, _has_the_name)) is not None:
        code = "name_of_another" if found.partner_id else "name_taken"
        problems.append(Problem(code, {"name": found.name}, stops=True))
    return problems


def _first(alikes, meets):
    return next((alike for alike in alikes if meets(alike)), None)


def _has_the_name(alike):
    return "name" in alike.kinds and not alike.archived


def _has_our_number(env, alike):
    ours = prefix(env).casefold()
    return any(
        kind == "number" and (value or "").casefold().startswith(ours)
        for kind, value in alike.reasons
    )
