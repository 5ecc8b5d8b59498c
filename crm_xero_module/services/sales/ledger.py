# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is open on a day: the one rule that receivables, snapshots, figures and the
comparison with Xero read.

On the organisation's today, or later, it is what Xero says: the amount due of
documents that are AUTHORISED, also of those dated in the future. For an earlier day
the documents there were are rolled back: what was settled since is open again.

Invoices stand under their age: the days from the due date, or the document's where it
has none. What is left of credits stands by itself, negative.
"""

from odoo.tools import SQL

from ..mirror.base_amounts import DUE, SIGN, base_amount
from .days import today_of

# By how many days an invoice is past its due date.
AGES = ("current", "days_1_30", "days_31_60", "days_61_90", "days_over_90")


def open_documents(connections, day=None, *, contacts=None, now=None):
    """SQL of the documents of these organisations that are open on a day, one a row:

    transaction_id, connection_id, company_id, contact_id, currency_code, currency_id,
    base_currency_id, currency_rate, kind, date, due_date, day (the one asked for),
    open (signed, in the document's currency), base_open (signed; NULL where no rate is
    proven) and age (`current`, `days_1_30`, `days_31_60`, `days_61_90`, `days_over_90`,
    `credits`).

    :param day: each organisation's own today by default
    :param contacts: ids of xero.contact, or SQL that selects them; all by default
    :param now: naive UTC, for today; the present by default
    """
    days = {
        row.id: (day or today_of(row, now), today_of(row, now)) for row in connections
    }
    present = {row: at for row, (at, today) in days.items() if at >= today}
    past = {row: at for row, (at, today) in days.items() if at < today}
    wanted = SQL()
    if contacts is not None:
        wanted = SQL("AND d.contact_id IN (%s)", _ids(contacts))
    parts = []
    if present or not past:
        parts.append(_open_now(present, wanted))
    if past:
        parts.append(_open_then(past, wanted))
    return SQL(
        """
        SELECT d.id AS transaction_id, d.connection_id, d.company_id, d.contact_id,
               d.currency_code, d.currency_id, d.base_currency_id, d.currency_rate,
               d.kind, d.date, d.due_date, d.day, d.sign * d.due AS open,
               %(base)s AS base_open, %(age)s AS age
          FROM (%(documents)s) AS d
        """,
        documents=SQL(" UNION ALL ").join(parts),
        base=base_amount(SQL("d.due"), SQL("d.sign")),
        age=_age(),
    )


def _ids(contacts):
    if isinstance(contacts, SQL):
        return contacts
    return SQL("SELECT unnest(%s::int[])", list(contacts))


def aged_sums():
    """SQL columns that add up the base amounts of open documents `l` as the fields of
    `xero.aged.mixin`."""
    columns = [
        SQL("COALESCE(sum(l.base_open) FILTER (WHERE l.age = %s), 0) AS %s", age, name)
        for age, name in ((age, SQL.identifier(age)) for age in (*AGES, "credits"))
    ]
    return SQL(
        """
        %s, COALESCE(sum(l.base_open), 0) AS outstanding,
        COALESCE(sum(l.base_open) FILTER (WHERE %s), 0) AS overdue
        """,
        SQL(", ").join(columns),
        is_overdue(),
    )


def is_overdue():
    """SQL that tells whether an open document `l` is overdue."""
    return SQL("l.age NOT IN ('current', 'credits')")


def _open_now(days, wanted):
    return SQL(
        """
        SELECT %(columns)s, d.open_amount AS due
          FROM %(days)s
          JOIN xero_transaction d ON d.connection_id = asked.connection_id
          JOIN xero_connection o ON o.id = d.connection_id
         WHERE d.status = 'AUTHORISED' AND d.open_amount != 0 %(wanted)s
        """,
        columns=_columns(),
        days=_asked(days),
        wanted=wanted,
    )


def _open_then(days, wanted):
    return SQL(
        """
        SELECT %(columns)s, %(due)s + COALESCE(later.amount, 0) AS due
          FROM %(days)s
          JOIN xero_transaction d ON d.connection_id = asked.connection_id
          JOIN xero_connection o ON o.id = d.connection_id
          LEFT JOIN (%(later)s) AS later ON later.transaction_id = d.id
         WHERE d.status IN ('AUTHORISED', 'PAID')
           AND (d.date IS NULL OR d.date <= asked.day)
           AND %(due)s + COALESCE(later.amount, 0) != 0 %(wanted)s
        """,
        columns=_columns(),
        days=_asked(days),
        due=DUE,
        later=_settled_later(days),
        wanted=wanted,
    )


def _settled_later(days):
    """SQL of how much was settled of a document after the day: of an invoice by
    payments and credits, of a credit by what it settled and what was paid back."""
    return SQL(
        """
        SELECT s.transaction_id, sum(s.amount) AS amount
          FROM (
            SELECT connection_id, invoice_id AS transaction_id, date, amount
              FROM xero_allocation WHERE invoice_id IS NOT NULL
             UNION ALL
            SELECT connection_id, transaction_id, date, amount
              FROM xero_allocation WHERE kind != 'payment'
          ) AS s
          JOIN %s ON asked.connection_id = s.connection_id AND s.date > asked.day
         GROUP BY s.transaction_id
        """,
        _asked(days),
    )


def _columns():
    return SQL(
        """
        d.id, d.connection_id, d.company_id, d.contact_id, d.currency_code,
        d.currency_id, d.base_currency_id, d.kind, d.date, d.due_date,
        d.currency_rate, asked.day, %s AS sign,
        COALESCE(o.base_currency, '') AS base_code, o.rate_direction AS direction
        """,
        SIGN,
    )


def _asked(days):
    return SQL(
        "unnest(%s::int[], %s::date[]) AS asked(connection_id, day)",
        list(days),
        list(days.values()),
    )


def _age():
    past = SQL("d.day - COALESCE(d.due_date, d.date, d.day)")
    return SQL(
        """
        CASE WHEN d.kind != 'invoice' THEN 'credits'
             WHEN %(past)s <= 0 THEN 'current'
             WHEN %(past)s <= 30 THEN 'days_1_30'
             WHEN %(past)s <= 60 THEN 'days_31_60'
             WHEN %(past)s <= 90 THEN 'days_61_90'
             ELSE 'days_over_90'
        END
        """,
        past=past,
    )
