# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The filter by which new customers go to Xero by themselves: a domain, as text.

An administrator wrote it, and the cron works with it. So it is values only, it is
looked at with that administrator's rights in the connection's company, and one that is
broken or takes too long stops nothing but itself.
"""

from ast import literal_eval
from contextlib import contextmanager

import psycopg2

from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..lost import is_lost

# Nobody builds more of it by hand.
MAX_LENGTH = 10_000
TIMEOUT_SECONDS = 10


class FilterRefused(Exception):
    """The filter cannot be worked with; `code` as in `services/reasons.py`."""

    def __init__(self, code, **data):
        super().__init__(code)
        self.code = code
        self.data = data


def domain_of(text):
    """The domain that a text says, in values only.

    :raise FilterRefused: `filter_unreadable`, `filter_broken`
    """
    text = (text or "[]").strip()
    if len(text) > MAX_LENGTH or "\0" in text:
        raise FilterRefused("filter_unreadable")
    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise FilterRefused("filter_unreadable") from error
    if not isinstance(value, list | tuple):
        raise FilterRefused("filter_unreadable")
    try:
        return Domain(list(value))
    except (ValueError, TypeError, IndexError) as error:
        raise FilterRefused("filter_broken") from error


def looking(connection):
    """The customers as the filter sees them: as whoever set it, in the connection's
    company alone.

    :raise FilterRefused: `filter_user_gone`
    """
    user, company = connection.sudo().new_customers_user_id, connection.company_id
    if not user.active or company not in user.company_ids:
        raise FilterRefused("filter_user_gone", user=user.name or "")
    context = {"allowed_company_ids": company.ids, "lang": user.lang}
    env = connection.env(user=user.id, su=False, context=context)
    return env["res.partner"]


@contextmanager
def guarded(env):
    """Whatever the filter does within becomes `FilterRefused`, and is undone.

    What is about the transaction as a whole is raised as it is.
    """
    try:
        # Nothing of ours is to be blamed on the filter.
        env.flush_all()
        with env.cr.savepoint(flush=False):
            env.cr.execute(
                "SELECT set_config('statement_timeout', %s, TRUE)",
                [f"{TIMEOUT_SECONDS}s"],
            )
            yield
            env.cr.execute("SET LOCAL statement_timeout TO DEFAULT")
    except psycopg2.errors.QueryCanceled as error:
        raise FilterRefused("filter_slow", seconds=TIMEOUT_SECONDS) from error
    except psycopg2.Error as error:
        if is_lost(error):
            raise
        raise FilterRefused("filter_broken") from error
    except FilterRefused:
        raise
    except AccessError as error:
        raise FilterRefused("filter_forbidden") from error
    except Exception as error:  # noqa: BLE001  (a domain may run code of any addon)
        raise FilterRefused("filter_broken") from error
