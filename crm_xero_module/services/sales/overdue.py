# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which customers are overdue for the people who sell: beyond the amount and the days
of grace that the organisation's company has in its settings.

The amount is compared in the organisation's base currency; where overdue invoices in
other currencies are not converted yet, they count only while any amount does.
"""

from datetime import timedelta

from odoo.tools import SQL
from odoo.tools.misc import formatLang

from .days import today_of
from .shown import figures_of, partners_where


def overdue_of(partners):
    """The figures (`figures_of`) of the organisations that a partner is overdue with.

    :return: {partner id: [figures, …]}, without partners that are not overdue
    """
    companies = partners.env["res.company"].sudo()
    found = {}
    for partner_id, rows in figures_of(partners).items():
        overdue = [row for row in rows if _is_beyond(row, companies)]
        if overdue:
            found[partner_id] = overdue
    return found


def _is_beyond(row, companies):
    company = companies.browse(row["company_id"])
    return (
        row["overdue_count"] > 0
        and row["overdue"] >= company.xero_overdue_threshold
        and (row["overdue_days"] or 0) > company.xero_overdue_days
    )


def overdue_partners(env):
    """SQL of the ids of the partners that `overdue_of` tells of."""
    connections = (
        env["xero.connection"].sudo().search([("company_id", "in", env.companies.ids)])
    )
    # The others add nothing to what is overdue.
    among = SQL("f.overdue_count > 0")
    return partners_where(env, beyond(connections), among)


def beyond(connections, now=None):
    """SQL that tells whether `figures` (connection_id, overdue_count, overdue,
    oldest_due) are beyond the limits.

    :param now: naive UTC, the present by default
    """
    limits = [
        (
            row.id,
            row.company_id.xero_overdue_threshold,
            today_of(row, now) - timedelta(days=row.company_id.xero_overdue_days),
        )
        for row in connections
    ]
    return SQL(
        """
        EXISTS (
            SELECT FROM unnest(%s::int[], %s::numeric[], %s::date[])
                     AS limits(connection_id, threshold, due_before)
             WHERE limits.connection_id = figures.connection_id
               AND figures.overdue_count > 0
               AND figures.overdue >= limits.threshold
               AND figures.oldest_due < limits.due_before
        )
        """,
        *([limit[column] for limit in limits] for column in range(3)),
    )


def said_amount(env, row):
    """What is overdue, as people read it: “4,200.00 NZD”, with what is not converted
    beside it: “4,200.00 NZD + 1,200.00 USD”."""
    digits = env["res.currency"].get_all_currencies().get(row["currency_id"], {})
    amounts = [(row["overdue"], row["currency_code"], digits.get("digits", (0, 2))[1])]
    amounts += [
        (figures.get("overdue"), code, 2)
        for code, figures in row["unconverted"].items()
    ]
    return " + ".join(
        f"{formatLang(env, amount, digits=places)} {code or ''}".strip()
        for amount, code, places in amounts
        if amount
    )


def said_days(env, days):
    """“37 days overdue”."""
    if days == 1:
        return env._("1 day overdue")
    return env._("%(days)s days overdue", days=days)
