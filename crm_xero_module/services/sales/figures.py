# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Works out the figures of Xero contacts: those that something happened to, and at the
organisation's midnight all of them.

Sales are the untaxed base amounts of invoices less those of credit notes that are
AUTHORISED or PAID, by date, up to today. What is owed is the ledger's.
"""

from odoo.tools import SQL

from .days import FinancialYear, today_of
from .ledger import AGES, aged_sums, is_overdue, open_documents
from .sold import IS_SALE, SIGN

BATCH = 5000
# The mean time to pay is of invoices paid in so many days up to today.
PAID_DAYS = 365
_SOLD = (
    "sales_this_year",
    "sales_last_year",
    "sales_same_days",
    "invoice_count",
    "paid_count",
)
_OWED = (*AGES, "credits", "outstanding", "overdue", "open_count", "overdue_count")
_UNCONVERTED = ("outstanding", "overdue", "sales_this_year", "sales_last_year")


def figures_due(connection, now=None):
    """How many contacts' figures are to be worked out; where there are none, a look
    into indexes tells."""
    [[count]] = connection.env.execute_query(
        SQL("SELECT count(*) FROM (%s) x", _due(connection, today_of(connection, now)))
    )
    return count


def refresh_figures(connection, now=None, limit=BATCH):
    """Work out a batch of figures that are stale or of another day, in one SQL; of
    how many contacts. The caller holds the connection's lock and commits.

    :param now: naive UTC, the present by default
    """
    env = connection.env
    for model in ("xero.connection", "xero.customer.figures"):
        env[model].flush_model()
    today = today_of(connection, now)
    year = FinancialYear.of(connection, today)
    done = env.execute_query(
        SQL(
            """
            WITH picked AS MATERIALIZED (%(due)s),
            open AS MATERIALIZED (%(open)s),
            sold AS (%(sold)s), owed AS (%(owed)s), missing AS (%(missing)s)
            UPDATE xero_customer_figures f SET %(values)s
              FROM picked
              LEFT JOIN sold ON sold.contact_id = picked.contact_id
              LEFT JOIN owed ON owed.contact_id = picked.contact_id
              LEFT JOIN missing ON missing.contact_id = picked.contact_id
             WHERE f.id = picked.id
            RETURNING f.id
            """,
            due=_due(connection, today, limit),
            open=open_documents(
                connection, contacts=SQL("SELECT contact_id FROM picked"), now=now
            ),
            sold=_sold(year, today),
            owed=_owed(),
            missing=_missing(year, today),
            values=_values(connection, today),
        )
    )
    env["xero.customer.figures"].invalidate_model(flush=False)
    return len(done)


def _due(connection, today, limit=None):
    """SQL of id and contact_id of the figures to work out. Parted so that each part is
    a look into an index."""
    parts = [
        SQL(
            """
            (SELECT id, contact_id FROM xero_customer_figures
              WHERE connection_id = %s AND %s %s)
            """,
            connection.id,
            condition,
            SQL("LIMIT %s", limit) if limit else SQL(),
        )
        for condition in (
            SQL("stale"),
            SQL("day < %s", today),
            # The clocks of another time zone.
            SQL("day > %s", today),
        )
    ]
    return SQL(
        "%s %s",
        SQL(" UNION ").join(parts),
        SQL("LIMIT %s", limit) if limit else SQL(),
    )


def _sold(year, today):
    """SQL of what the contacts of `picked` bought and how fast they paid."""
    return SQL(
        """
        SELECT t.contact_id,
               sum(t.base_sub_total) FILTER (WHERE %(this_year)s) AS sales_this_year,
               sum(t.base_sub_total) FILTER (WHERE %(last_year)s) AS sales_last_year,
               sum(t.base_sub_total) FILTER (WHERE %(same_days)s) AS sales_same_days,
               count(*) FILTER (WHERE t.kind = 'invoice') AS invoice_count,
               max(t.date) FILTER (WHERE t.kind = 'invoice' AND t.date <= %(today)s)
                   AS last_purchase,
               count(*) FILTER (WHERE %(paid)s) AS paid_count,
               avg(t.fully_paid_on - t.date) FILTER (WHERE %(paid)s) AS days_to_pay
          FROM picked
          JOIN xero_transaction t ON t.contact_id = picked.contact_id
         WHERE %(is_sale)s
         GROUP BY t.contact_id
        """,
        this_year=_between(year.first, today),
        last_year=_between(year.last_first, year.last_last),
        same_days=_between(year.last_first, year.last_same_day),
        today=today,
        paid=SQL(
            """
            t.kind = 'invoice' AND t.status = 'PAID' AND t.amount_paid > 0
            AND t.date IS NOT NULL
            AND t.fully_paid_on > %(today)s::date - %(days)s
            AND t.fully_paid_on <= %(today)s
            """,
            today=today,
            days=PAID_DAYS,
        ),
        is_sale=IS_SALE,
    )


def _owed():
    """SQL of what they owe, from what is `open`."""
    return SQL(
        """
        SELECT l.contact_id, %(aged)s,
               count(*) FILTER (WHERE l.kind = 'invoice') AS open_count,
               count(*) FILTER (WHERE %(is_overdue)s) AS overdue_count,
               min(COALESCE(l.due_date, l.date)) FILTER (WHERE %(is_overdue)s)
                   AS oldest_due
          FROM open l
         GROUP BY l.contact_id
        """,
        aged=aged_sums(),
        is_overdue=is_overdue(),
    )


def _missing(year, today):
    """SQL of what the base amounts leave out, as `unconverted`: of documents that no
    rate is known of, by currency."""
    sums = [
        SQL("sum(%s) AS %s", name, name) for name in map(SQL.identifier, _UNCONVERTED)
    ]
    pairs = [SQL("%s, %s", name, SQL.identifier(name)) for name in _UNCONVERTED]
    return SQL(
        """
        SELECT contact_id, jsonb_object_agg(code, amounts) AS unconverted
          FROM (
            SELECT contact_id, code, jsonb_build_object(%(pairs)s) AS amounts
              FROM (
                SELECT contact_id, COALESCE(currency_code, '?') AS code, %(sums)s
                  FROM (%(documents)s) AS documents
                 GROUP BY contact_id, COALESCE(currency_code, '?')
              ) AS by_currency
             WHERE (%(names)s) != (0, 0, 0, 0)
          ) AS currencies
         GROUP BY contact_id
        """,
        pairs=SQL(", ").join(pairs),
        sums=SQL(", ").join(sums),
        names=SQL(", ").join(map(SQL.identifier, _UNCONVERTED)),
        documents=_missing_documents(year, today),
    )


def _missing_documents(year, today):
    return SQL(
        """
        SELECT t.contact_id, t.currency_code, 0 AS outstanding, 0 AS overdue,
               CASE WHEN %(this_year)s THEN %(net)s ELSE 0 END AS sales_this_year,
               CASE WHEN %(last_year)s THEN %(net)s ELSE 0 END AS sales_last_year
          FROM picked
          JOIN xero_transaction t ON t.contact_id = picked.contact_id
         WHERE t.base_sub_total IS NULL AND %(is_sale)s
         UNION ALL
        SELECT l.contact_id, l.currency_code, l.open,
               CASE WHEN %(is_overdue)s THEN l.open ELSE 0 END, 0, 0
          FROM open l
         WHERE l.base_open IS NULL
        """,
        this_year=_between(year.first, today),
        last_year=_between(year.last_first, year.last_last),
        net=SQL("%s * t.sub_total", SIGN),
        is_sale=IS_SALE,
        is_overdue=is_overdue(),
    )


def _between(first, last):
    return SQL("t.date BETWEEN %s AND %s", first, last)


def _values(connection, today):
    """SQL of the columns as they become; without documents there is nothing."""
    amounts = [
        SQL("%s = COALESCE(%s, 0)", SQL.identifier(name), SQL.identifier(source, name))
        for source, names in (("sold", _SOLD), ("owed", _OWED))
        for name in names
    ]
    return SQL(
        """
        day = %(today)s, stale = FALSE, %(amounts)s,
        last_purchase = sold.last_purchase, days_to_pay = sold.days_to_pay,
        oldest_due = owed.oldest_due, unconverted = missing.unconverted,
        base_currency_id = (SELECT id FROM res_currency WHERE name = %(base_code)s),
        overdue_told = CASE WHEN owed.overdue_count > 0 THEN f.overdue_told END
        """,
        today=today,
        amounts=SQL(", ").join(amounts),
        base_code=connection.base_currency or "",
    )
