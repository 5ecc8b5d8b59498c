# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the overview tells of each organisation's sales, in two queries for all."""

from odoo.tools import SQL

from ..mirror.visible import of_seen_contacts
from .days import FinancialYear, today_of
from .history import months_of
from .ledger import AGES

BEST = 5
_SUMS = (
    *AGES,
    "credits",
    "outstanding",
    "overdue",
    "sales_this_year",
    "sales_last_year",
    "sales_same_days",
)


def sales_overview(connections, now=None):
    """{connection id: what its card tells}, without organisations of which no figures
    are worked out yet. Amounts are in the organisation's base currency:

    - currency_id (None where Odoo lacks it), currency_code
    - what `xero.aged.mixin` has, sales_this_year, sales_last_year, sales_same_days
    - change: this year against the same days, in percent; None without sales then
    - overdue_customers: how many
    - best: [{model, id, name, amount}], who bought most this year
    - unconverted: {figure: {currency code: amount}}, what the amounts leave out
    - year: [first, last day] of the financial year
    - months: `history.months_of`

    :param now: naive UTC, the present by default
    """
    env = connections.env
    for model in ("xero.connection", "xero.contact", "xero.customer.figures"):
        env[model].flush_model()
    env["xero.transaction"].flush_model()
    rows = {row.pop("connection_id"): row for row in _figures(connections)}
    known = connections.filtered(lambda connection: connection.id in rows)
    months = {
        told.pop("connection_id"): told
        for told in months_of(known, _documents(known), now)
    }
    return {
        connection.id: _card(connection, rows[connection.id], now)
        | {"months": _in_json(months[connection.id])}
        for connection in known
    }


def _documents(connections):
    """The documents `t` of these that the reader may see."""
    return SQL(
        "t.connection_id = ANY(%s) AND %s",
        connections.ids,
        of_seen_contacts(connections.env, SQL("t.contact_id")),
    )


def _card(connection, row, now):
    year = FinancialYear.of(connection, today_of(connection, now))
    card = row | {name: float(row[name]) for name in _SUMS}
    before = card["sales_same_days"]
    grown = card["sales_this_year"] - before
    return card | {
        "change": round(100 * grown / before, 1) if before > 0 else None,
        "best": row["best"] or [],
        "unconverted": row["unconverted"] or {},
        "year": [year.first.isoformat(), year.last.isoformat()],
    }


def _in_json(months):
    return months | {"months": [month.isoformat() for month in months["months"]]}


def _figures(connections):
    """The columns of each card. Parts that are read of each organisation by itself, so
    that the database knows how many rows to expect of them."""
    return connections.env.execute_query_dict(
        SQL(
            """
            SELECT sums.*, best.best, missing.unconverted,
                   o.base_currency AS currency_code,
                   (SELECT id FROM res_currency WHERE name = o.base_currency)
                       AS currency_id
              FROM (
                SELECT f.connection_id, %(sums)s,
                       count(*) FILTER (WHERE f.overdue_count > 0) AS overdue_customers
                  FROM xero_customer_figures f
                 WHERE f.connection_id = ANY(%(connections)s) AND f.day IS NOT NULL
                   AND %(seen)s
                 GROUP BY f.connection_id
              ) AS sums
              JOIN xero_connection o ON o.id = sums.connection_id
             CROSS JOIN LATERAL (%(best)s) AS best
             CROSS JOIN LATERAL (%(unconverted)s) AS missing
            """,
            connections=connections.ids,
            seen=of_seen_contacts(connections.env, SQL("f.contact_id")),
            sums=SQL(", ").join(
                SQL("COALESCE(sum(f.%s), 0) AS %s", name, name)
                for name in map(SQL.identifier, _SUMS)
            ),
            best=_best(),
            unconverted=_unconverted(connections.env),
        )
    )


def _best():
    """Who bought most of organisation `o`; the customer of the CRM where it is one.
    Suppliers that are no customers are nobody's business here, as in the mirror's
    rules."""
    return SQL(
        """
        SELECT json_agg(json_build_object(
                   'model', CASE WHEN b.partner_id IS NULL
                                 THEN 'xero.contact' ELSE 'res.partner' END,
                   'id', COALESCE(b.partner_id, b.id), 'name', b.name,
                   'amount', b.sales_this_year)) AS best
          FROM (
            SELECT c.id, c.partner_id, c.name, f.sales_this_year
              FROM xero_customer_figures f
              JOIN xero_contact c ON c.id = f.contact_id
             WHERE f.connection_id = o.id AND f.sales_this_year > 0
               AND (c.is_customer OR NOT c.is_supplier OR c.partner_id IS NOT NULL)
             ORDER BY f.sales_this_year DESC, c.id
             LIMIT %s
          ) AS b
        """,
        BEST,
    )


def _unconverted(env):
    """What the figures of organisation `o` leave out."""
    return SQL(
        """
        SELECT json_object_agg(u.figure, u.amounts) AS unconverted
          FROM (
            SELECT part.figure, json_object_agg(part.code, part.amount) AS amounts
              FROM (
                SELECT code.key AS code, figure.key AS figure,
                       sum(figure.value::numeric) AS amount
                  FROM xero_customer_figures f,
                       jsonb_each(f.unconverted) AS code,
                       jsonb_each_text(code.value) AS figure
                 WHERE f.connection_id = o.id AND f.unconverted IS NOT NULL
                   AND %s
                 GROUP BY code.key, figure.key
              ) AS part
             WHERE part.amount != 0
             GROUP BY part.figure
          ) AS u
        """,
        of_seen_contacts(env, SQL("f.contact_id")),
    )
