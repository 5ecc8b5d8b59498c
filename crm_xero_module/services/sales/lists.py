# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What lists of sales documents show, as search domains over xero.transaction.

Each rule stands here once: searches, computes and groups are made of these domains.
An organisation has its own today, its own financial year and its own choice of what
is listed, so a rule is one condition for each group of connections that agree.
"""

from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Domain

from .days import FinancialYear, today_of

DRAFTS = ("DRAFT", "SUBMITTED")
OPEN = Domain("status", "=", "AUTHORISED") & Domain("open_amount", "!=", 0)
PERIODS = ("this_month", "last_month", "this_year", "last_year")


def listed(env):
    """What the choices of each connection let lists show; figures show all of it."""
    return _by_connection(
        env,
        lambda connection: (connection.show_drafts, connection.sales_since),
        _listed_of,
    )


def states(env):
    """{state for people: its domain}: no document meets two of them."""
    return _states(_by_connection(env, today_of, _due_before))


def states_on(today):
    """The same for documents of one organisation, whose day it is."""
    return _states(_due_before(today))


def _states(due):
    overdue = OPEN & Domain("kind", "=", "invoice") & due
    return {
        "draft": Domain("status", "=", "DRAFT"),
        "submitted": Domain("status", "=", "SUBMITTED"),
        "overdue": overdue,
        "open": OPEN & ~overdue,
        "paid": Domain("status", "=", "PAID")
        | Domain("status", "=", "AUTHORISED") & Domain("open_amount", "=", 0),
        "voided": Domain("status", "=", "VOIDED"),
        "deleted": Domain("status", "=", "DELETED"),
    }


def dated_in(env, period):
    """Documents of one of `PERIODS`, by the organisation's own days."""
    return _by_connection(
        env,
        lambda connection: _days_of(connection, period),
        lambda days: Domain("date", ">=", days[0]) & Domain("date", "<=", days[1]),
    )


def converted(env):
    """Documents whose amounts in the base currency are known."""
    return _by_connection(
        env,
        lambda connection: (connection.base_currency, connection.rate_direction),
        _converted_of,
    )


def _listed_of(choice):
    show_drafts, since = choice
    shown = Domain("status", "!=", "DELETED")
    if not show_drafts:
        shown &= Domain("status", "not in", DRAFTS)
    if since:
        shown &= Domain("date", ">=", since) | OPEN
    return shown


def _converted_of(base):
    code, direction = base
    at_home = Domain("currency_code", "=", code)
    if direction == "unproven":
        return at_home
    return at_home | Domain("currency_rate", "!=", 0)


def _due_before(today):
    undated = Domain("due_date", "=", False) & Domain("date", "<", today)
    return Domain("due_date", "<", today) | undated


def _days_of(connection, period):
    today = today_of(connection)
    year = FinancialYear.of(connection, today)
    month = today.replace(day=1)
    return {
        "this_month": (month, month + relativedelta(months=1, days=-1)),
        "last_month": (month - relativedelta(months=1), month - timedelta(days=1)),
        "this_year": (year.first, year.last),
        "last_year": (year.last_first, year.last_last),
    }[period]


def _by_connection(env, setting_of, domain_of):
    """`domain_of` what each connection has for `setting_of`, for its documents."""
    groups = defaultdict(list)
    for connection in env["xero.connection"].sudo().search([]):
        groups[setting_of(connection)].append(connection.id)
    if len(groups) == 1:
        return domain_of(*groups)
    return Domain.OR(
        Domain("connection_id", "in", ids) & domain_of(setting)
        for setting, ids in groups.items()
    )
