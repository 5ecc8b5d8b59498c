# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a product is in Xero, and what was sold of it, in two queries for any number.

Sold is as in the figures of customers: the lines of invoices, less those of credit
notes, without tax, of this financial year to date and of the last one, in the
organisation's base currency. What is not converted stands by itself, by its currency.
"""

import json

from odoo.tools import SQL

from ..mirror.visible import of_seen_contacts
from ..xero.deep_links import item_url
from .days import FinancialYear, today_of
from .sold import IS_SALE, SIGN


def items_of(products):
    """{product id: [dict, …]} of the items that products are, one for each.

    Keys: id, connection_id, organisation, code, name, active, is_sold, is_purchased,
    is_tracked, sale_price, purchase_price, quantity_on_hand, currency_id,
    currency_code, url, year_first (ISO day), sold_this_year, sold_last_year,
    unconverted ({currency code: {sold_this_year, sold_last_year}}).
    """
    env = products.env
    found = {product_id: [] for product_id in products.ids}
    rows = _items(env, products.ids)
    sold = _sold(env, rows) if rows else {}
    for row in rows:
        found[row["product_id"]].append(_shown(row, sold.get(row["id"], ())))
    return found


def _items(env, product_ids):
    env["xero.item"].flush_model()
    seen = env["xero.item"].with_context(active_test=False)
    seen = seen._search([("product_id", "in", product_ids)])
    found = env.execute_query_dict(
        SQL(
            """
            SELECT i.id, i.product_id, i.connection_id, o.name AS organisation, i.code,
                   i.name, i.active, i.xero_id, i.is_sold, i.is_purchased, i.is_tracked,
                   i.sale_price::float8, i.purchase_price::float8,
                   i.quantity_on_hand::float8, i.currency_id,
                   o.base_currency AS currency_code, o.short_code, o.timezone,
                   o.financial_year_end_month, o.financial_year_end_day
              FROM xero_item i JOIN xero_connection o ON o.id = i.connection_id
             WHERE i.id IN %s
             ORDER BY o.name, i.code, i.id
            """,
            seen.subselect(),
        )
    )
    for row in found:
        connection = _Connection(row)
        row["today"] = today_of(connection)
        row["year"] = FinancialYear.of(connection, row["today"])
    return found


class _Connection:
    """What `FinancialYear` asks of a connection, without reading one."""

    def __init__(self, row):
        self.timezone = row.pop("timezone")
        self.financial_year_end_month = row.pop("financial_year_end_month") or 0
        self.financial_year_end_day = row.pop("financial_year_end_day") or 0


def _sold(env, rows):
    """{item id: [(currency code or None, sum this year, sum last year), …]}; None is
    the base currency."""
    for model in ("xero.transaction", "xero.transaction.line"):
        env[model].flush_model()
    years = [
        {
            "item_id": row["id"],
            "first": row["year"].first.isoformat(),
            "today": row["today"].isoformat(),
            "last_first": row["year"].last_first.isoformat(),
        }
        for row in rows
    ]
    found = {}
    for item_id, *sums in env.execute_query(
        SQL(
            """
            SELECT l.item_id, CASE WHEN l.base_net IS NULL THEN t.currency_code END,
                   COALESCE(sum(s.amount) FILTER (WHERE t.date >= y.first), 0)::float8,
                   COALESCE(sum(s.amount) FILTER (WHERE t.date < y.first), 0)::float8
              FROM jsonb_to_recordset(%(years)s::jsonb)
                   AS y(item_id int, first date, today date, last_first date)
              JOIN xero_transaction_line l ON l.item_id = y.item_id
              JOIN xero_transaction t ON t.id = l.transaction_id
             CROSS JOIN LATERAL (
                   SELECT COALESCE(l.base_net, %(sign)s * l.net_amount) AS amount
             ) s
             WHERE t.date BETWEEN y.last_first AND y.today
               AND %(is_sale)s AND %(seen)s
             GROUP BY 1, 2
             ORDER BY 1, 2
            """,
            seen=of_seen_contacts(env, SQL("t.contact_id")),
            years=json.dumps(years),
            sign=SIGN,
            is_sale=IS_SALE,
        )
    ):
        found.setdefault(item_id, []).append(sums)
    return found


def _shown(row, sums):
    del row["today"]
    year, names = row.pop("year"), ("sold_this_year", "sold_last_year")
    by_currency = {code: dict(zip(names, sold, strict=True)) for code, *sold in sums}
    return {
        **row,
        "url": item_url(row.pop("short_code"), row.pop("xero_id")),
        "year_first": year.first.isoformat(),
        **by_currency.pop(None, dict.fromkeys(names, 0.0)),
        "unconverted": by_currency,
    }
