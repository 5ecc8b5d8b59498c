# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keeps what was owed at the end of each day of the organisation's.

Days that were missed are worked out from the ledger: each of the last 31, and before
them the ends of months, of a year at most. The first time all of them are missing, so
that there is a history at once. A day and the connection's `snapshot_day` are kept in
one transaction: no day is kept twice or left out.
"""

from datetime import timedelta

from odoo.tools import SQL

from .days import today_of
from .ledger import aged_sums, open_documents

MISSED_DAYS = 31
MONTHS = 12


def snapshots_due(connection, now=None):
    """Whether a day has ended that nothing is kept of. Costs no SQL on the days in
    between, and waits while a sync is half in."""
    yesterday = today_of(connection, now) - timedelta(days=1)
    if connection.snapshot_day and connection.snapshot_day >= yesterday:
        return False
    if not connection.with_sales or connection._open_runs("sync"):
        return False
    return bool(connection.snapshot_day) or _has_read_invoices(connection)


def keep_snapshot(connection, now=None):
    """Keep the first day that is due; whether there was one. The caller holds the
    connection's lock and commits."""
    days = days_to_keep(connection.snapshot_day, today_of(connection, now))
    if not days:
        return False
    _keep(connection, days[0], now)
    connection.snapshot_day = days[0]
    connection.env["xero.receivable.snapshot"].invalidate_model(flush=False)
    return True


def days_to_keep(last, today):
    """The days to keep after the `last` one that was, the oldest first."""
    missed = {today - timedelta(days=back) for back in range(1, MISSED_DAYS + 1)}
    days = sorted(missed.union(_month_ends(today)))
    return [day for day in days if not last or day > last]


def _month_ends(today):
    ends = [today.replace(day=1) - timedelta(days=1)]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends


def _has_read_invoices(connection):
    """Whether a sync that read invoices is over: before, the mirror lacks some."""
    return bool(
        connection.env.execute_query(
            SQL(
                """
                SELECT FROM xero_sync
                 WHERE connection_id = %s AND kind = 'sync' AND state = 'done'
                   AND steps @> '[{"name": "invoices"}]' LIMIT 1
                """,
                connection.id,
            )
        )
    )


def _keep(connection, day, now):
    env = connection.env
    for model in ("xero.connection", "xero.transaction", "xero.allocation"):
        env[model].flush_model()
    env.execute_query(
        SQL(
            """
            INSERT INTO xero_receivable_snapshot (
                connection_id, company_id, contact_id, day, currency_code, currency_id,
                base_currency_id, document_outstanding, current, days_1_30, days_31_60,
                days_61_90, days_over_90, credits, outstanding, overdue
            )
            SELECT l.connection_id, l.company_id, l.contact_id, l.day, l.currency_code,
                   max(l.currency_id), max(l.base_currency_id), sum(l.open), %(aged)s
              FROM (%(open)s) AS l
             GROUP BY l.connection_id, l.company_id, l.contact_id, l.day,
                      l.currency_code
             ORDER BY l.contact_id
            ON CONFLICT DO NOTHING
            RETURNING id
            """,
            aged=aged_sums(),
            open=open_documents(connection, day, now=now),
        )
    )
