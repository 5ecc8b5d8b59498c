# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a customer bought, from the mirror: by month, its last invoices, its items.

Each answer is one query for all organisations, and stands by organisation: nothing is
added up across currencies. Figures count every document, lists those that are shown.
"""

from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from .days import today_of
from .sold import IS_SALE, SIGN


def sales_by_month(contacts, now=None):
    """The last 24 months of each organisation of these contacts: see `months_of`."""
    bought = SQL("t.contact_id = ANY(%s)", contacts.ids)
    return months_of(contacts.connection_id, bought, now)


def months_of(connections, condition, now=None):
    """The last 24 months of each organisation, this one included, of the documents `t`
    that meet an SQL condition.

    :return: [{connection_id, months, sales, before, unconverted}]: the first days of
        the last twelve months, what was sold in each and in the same month of the
        year before, in the organisation's base currency; and {currency code: amount}
        of what no base amount is known of
    """
    firsts = {row.id: today_of(row, now).replace(day=1) for row in connections}
    if not firsts:
        return []
    since = min(firsts.values()) - relativedelta(months=23)
    sold, unconverted = defaultdict(float), defaultdict(dict)
    for connection_id, month, code, amount in _months(
        connections.env, condition, since
    ):
        if code is None:
            sold[connection_id, month] = float(amount)
        elif month >= firsts[connection_id] - relativedelta(months=23):
            codes = unconverted[connection_id]
            codes[code] = codes.get(code, 0.0) + float(amount)
    return [
        _two_years(connection_id, first, sold, unconverted[connection_id])
        for connection_id, first in firsts.items()
    ]


def _two_years(connection_id, first, sold, unconverted):
    months = [first - relativedelta(months=back) for back in range(11, -1, -1)]
    years = [months, [month - relativedelta(years=1) for month in months]]
    sales, before = ([sold[connection_id, m] for m in year] for year in years)
    return {
        "connection_id": connection_id,
        "months": months,
        "sales": sales,
        "before": before,
        "unconverted": unconverted,
    }


def _months(env, condition, since):
    """(connection id, first of month, code of what is not converted, amount)."""
    return env.execute_query(
        SQL(
            """
            SELECT t.connection_id, date_trunc('month', t.date)::date,
                   CASE WHEN t.base_sub_total IS NULL THEN t.currency_code END,
                   SUM(COALESCE(t.base_sub_total, %(sign)s * t.sub_total))
              FROM xero_transaction t
             WHERE %(condition)s AND t.date >= %(since)s AND %(is_sale)s
             GROUP BY 1, 2, 3
            """,
            sign=SIGN,
            condition=condition,
            since=since,
            is_sale=IS_SALE,
        )
    )


def last_invoices(contacts, limit=10):
    """The invoices of contacts that lists show, the newest first."""
    return contacts.env["xero.transaction"].search(
        [
            ("contact_id", "in", contacts.ids),
            ("kind", "=", "invoice"),
            ("is_listed", "=", True),
        ],
        order="date desc, id desc",
        limit=limit,
    )


def most_bought(contacts, now=None, limit=5):
    """The items that each organisation sold most of in the last twelve months.

    :return: [{connection_id, items: [{item_id, code, name, quantity, amount,
        unconverted}]}], the amounts in the organisation's base currency; an item that
        is in no list of Xero's any more has its code alone
    """
    since = {
        connection.id: today_of(connection, now) - relativedelta(years=1)
        for connection in contacts.connection_id
    }
    if not since:
        return []
    found = defaultdict(dict)
    for connection_id, code, currency, *of_item in _items(contacts, since):
        item_id, name, quantity, amount = of_item
        item = found[connection_id].setdefault(
            (item_id, code),
            {
                "item_id": item_id,
                "code": code,
                "name": name,
                "quantity": 0.0,
                "amount": 0.0,
                "unconverted": {},
            },
        )
        item["quantity"] += float(quantity)
        if currency is None:
            item["amount"] += float(amount)
        else:
            item["unconverted"][currency] = float(amount)
    return [
        {
            "connection_id": connection_id,
            "items": sorted(items.values(), key=_rank)[:limit],
        }
        for connection_id, items in found.items()
    ]


def _rank(item):
    return -item["amount"], -item["quantity"], item["code"] or ""


def _items(contacts, since):
    """(connection id, code, currency of what is not converted, item id, name,
    quantity, amount); lines that name no item are left out."""
    env = contacts.env
    return env.execute_query(
        SQL(
            """
            SELECT t.connection_id, COALESCE(i.code, l.item_code) AS code,
                   CASE WHEN l.base_net IS NULL THEN t.currency_code END AS currency,
                   i.id, i.name, SUM(%(sign)s * l.quantity),
                   SUM(COALESCE(l.base_net, %(sign)s * l.net_amount))
              FROM xero_transaction t
              JOIN unnest(%(connections)s, %(since)s::date[]) AS o(id, since)
                ON o.id = t.connection_id AND t.date > o.since
              JOIN xero_transaction_line l ON l.transaction_id = t.id
              LEFT JOIN xero_item i ON i.id = l.item_id
             WHERE t.contact_id = ANY(%(contacts)s) AND %(is_sale)s
               AND COALESCE(i.code, l.item_code) IS NOT NULL
             GROUP BY t.connection_id, COALESCE(i.code, l.item_code), currency,
                      i.id, i.name
            """,
            sign=SIGN,
            connections=list(since),
            since=list(since.values()),
            contacts=contacts.ids,
            is_sale=IS_SALE,
        )
    )
