# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lands Xero's sales documents in the mirror tables, many at once.

A document that changed brings its lines and settlements with it, whole: those of
before are taken away. Its contact's figures become stale.
"""

import json

from odoo.tools import SQL

from ..xero.documents import allocation_rows, document_row, id_of, line_rows
from ..xero.values import record, text
from .contacts import Landed

_COLUMNS = {
    "xero_id": "text",
    "kind": "text",
    "number": "text",
    "reference": "text",
    "status": "text",
    "contact_xero_id": "text",
    "contact_name": "text",
    "date": "date",
    "due_date": "date",
    "expected_payment_date": "date",
    "fully_paid_on": "date",
    "line_amount_types": "text",
    "currency_code": "text",
    "currency_rate": "numeric",
    "sub_total": "numeric",
    "total_tax": "numeric",
    "total": "numeric",
    "amount_paid": "numeric",
    "amount_credited": "numeric",
    "open_amount": "numeric",
    "sent_to_contact": "bool",
    "updated_at": "timestamp",
}
_LINE_COLUMNS = {
    "position": "int",
    "description": "text",
    "item_xero_id": "text",
    "item_code": "text",
    "quantity": "numeric",
    "unit_amount": "numeric",
    "discount_rate": "numeric",
    "account_code": "text",
    "tax_type": "text",
    "tax_amount": "numeric",
    "line_amount": "numeric",
    "net_amount": "numeric",
}
_ALLOCATION_COLUMNS = {
    "kind": "text",
    "xero_id": "text",
    "invoice_xero_id": "text",
    "date": "date",
    "reference": "text",
    "amount": "numeric",
}


def land_documents(connection, kind, documents, read_at):
    """Bring the mirror up to date with documents of one `DocumentKind`, read at
    `read_at` (naive UTC); `Landed`. Bills are left out."""
    landed = Landed()
    distinct = {}
    for document in map(record, documents):
        if text(document.get("Type")) not in kind.types:
            continue
        xero_id = id_of(kind, document)
        if xero_id:
            distinct[xero_id] = document
        else:
            landed.unusable.append(document)
    landed.seen = len(distinct)
    changed = _upsert(connection, kind, distinct, read_at)
    landed.changed = len(changed)
    if changed:
        records = {row: distinct[xero_id] for row, xero_id in changed.items()}
        _land_lines(connection, kind, records)
        _land_allocations(connection, kind, records)
        touch_figures(connection, SQL("t.id = ANY(%s)", list(changed)))
        _invalidate(connection.env)
    return landed


def adopt_transactions(connection):
    """Join the documents whose contact came after them."""
    adopted = connection.env.execute_query(
        SQL(
            """
            UPDATE xero_transaction t SET contact_id = c.id
              FROM xero_contact c
             WHERE t.connection_id = %(connection)s AND t.contact_id IS NULL
               AND c.connection_id = t.connection_id
               AND c.xero_id = t.contact_xero_id
            RETURNING t.id
            """,
            connection=connection.id,
        )
    )
    if adopted:
        touch_figures(connection, SQL("t.id = ANY(%s)", [row for [row] in adopted]))
        _invalidate(connection.env)


def touch_figures(connection, condition):
    """Let the figures be worked out again of the contacts of the transactions `t` that
    meet an SQL condition."""
    connection.env.execute_query(
        SQL(
            """
            INSERT INTO xero_customer_figures AS old (
                connection_id, company_id, contact_id, stale
            )
            SELECT DISTINCT t.connection_id, t.company_id, t.contact_id, TRUE
              FROM xero_transaction t
             WHERE t.contact_id IS NOT NULL AND %s
             ORDER BY t.contact_id
            ON CONFLICT (contact_id) DO UPDATE SET stale = TRUE WHERE NOT old.stale
            RETURNING id
            """,
            condition,
        )
    )


def base_amount(amount, sign):
    """The SQL of an amount of document `d` in the base currency, of which
    `base_code` and `direction` are known; NULL where no rate is proven."""
    return SQL(
        """
        %(sign)s * CASE
            WHEN d.currency_code = base_code THEN %(amount)s
            WHEN d.currency_rate IS NULL OR d.currency_rate = 0 THEN NULL
            WHEN direction = 'divide' THEN round(%(amount)s / d.currency_rate, 2)
            WHEN direction = 'multiply' THEN round(%(amount)s * d.currency_rate, 2)
        END
        """,
        sign=sign,
        amount=amount,
    )


def _upsert(connection, kind, distinct, read_at):
    """{row id: id in Xero} of the rows that changed."""
    if not distinct:
        return {}
    names = [SQL.identifier(name) for name in _COLUMNS]
    rows = [document_row(kind, document) for document in distinct.values()]
    found = connection.env.execute_query(
        SQL(
            """
            WITH d AS MATERIALIZED (
                SELECT new.*, %(base_code)s AS base_code, %(direction)s AS direction
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(%(types)s)
            )
            INSERT INTO xero_transaction AS old (
                connection_id, company_id, read_at, %(columns)s, contact_id,
                currency_id, base_currency_id, base_sub_total, base_total, base_open
            )
            SELECT %(connection)s, %(company)s, %(read_at)s, %(new)s, c.id, y.id,
                   (SELECT id FROM res_currency WHERE name = %(base_code)s),
                   %(base_sub_total)s, %(base_total)s, %(base_open)s
              FROM d
              LEFT JOIN xero_contact c
                     ON c.connection_id = %(connection)s
                    AND c.xero_id = d.contact_xero_id
              LEFT JOIN res_currency y ON y.name = d.currency_code
             ORDER BY d.xero_id
            ON CONFLICT (connection_id, xero_id) DO UPDATE
               SET read_at = EXCLUDED.read_at, contact_id = EXCLUDED.contact_id,
                   currency_id = EXCLUDED.currency_id,
                   base_currency_id = EXCLUDED.base_currency_id,
                   base_sub_total = EXCLUDED.base_sub_total,
                   base_total = EXCLUDED.base_total,
                   base_open = EXCLUDED.base_open, %(updates)s
             WHERE old.read_at <= EXCLUDED.read_at
            RETURNING id, xero_id
            """,
            base_code=connection.base_currency or "",
            direction=connection.rate_direction,
            rows=json.dumps(rows),
            types=_types(_COLUMNS),
            columns=SQL(", ").join(names),
            new=SQL(", ").join(SQL("d.%s", name) for name in names),
            updates=SQL(", ").join(SQL("%s = EXCLUDED.%s", n, n) for n in names[1:]),
            connection=connection.id,
            company=connection.company_id.id,
            read_at=read_at,
            base_sub_total=base_amount(SQL("d.sub_total"), kind.sign),
            base_total=base_amount(SQL("d.total"), kind.sign),
            base_open=base_amount(SQL("d.open_amount"), kind.sign),
        )
    )
    return dict(found)


def _land_lines(connection, kind, records):
    rows = [
        {**row, "transaction_id": transaction_id}
        for transaction_id, document in records.items()
        for row in line_rows(document)
    ]
    connection.env.cr.execute(
        "DELETE FROM xero_transaction_line WHERE transaction_id = ANY(%s)",
        [list(records)],
    )
    names = [SQL.identifier(name) for name in _LINE_COLUMNS]
    connection.env.execute_query(
        SQL(
            """
            INSERT INTO xero_transaction_line (
                connection_id, company_id, transaction_id, %(columns)s, item_id,
                base_net
            )
            SELECT %(connection)s, %(company)s, new.transaction_id, %(new)s, i.id,
                   %(base_net)s
              FROM jsonb_to_recordset(%(rows)s::jsonb)
                AS new(transaction_id int, %(types)s)
              JOIN xero_transaction d ON d.id = new.transaction_id
             CROSS JOIN (SELECT %(base_code)s AS base_code,
                                %(direction)s AS direction) AS rates
              LEFT JOIN xero_item i
                     ON i.connection_id = %(connection)s
                    AND i.xero_id = new.item_xero_id
             ORDER BY new.transaction_id, new.position
            RETURNING id
            """,
            connection=connection.id,
            company=connection.company_id.id,
            base_code=connection.base_currency or "",
            direction=connection.rate_direction,
            rows=json.dumps(rows),
            types=_types(_LINE_COLUMNS),
            columns=SQL(", ").join(names),
            new=SQL(", ").join(SQL("new.%s", name) for name in names),
            base_net=base_amount(SQL("new.net_amount"), kind.sign),
        )
    )


def _land_allocations(connection, kind, records):
    rows = [
        {**row, "transaction_id": transaction_id}
        for transaction_id, document in records.items()
        for row in allocation_rows(kind, document)
    ]
    connection.env.cr.execute(
        "DELETE FROM xero_allocation WHERE transaction_id = ANY(%s)", [list(records)]
    )
    names = [SQL.identifier(name) for name in _ALLOCATION_COLUMNS]
    connection.env.execute_query(
        SQL(
            """
            INSERT INTO xero_allocation (
                connection_id, company_id, transaction_id, %(columns)s, invoice_id
            )
            SELECT %(connection)s, %(company)s, new.transaction_id, %(new)s, t.id
              FROM jsonb_to_recordset(%(rows)s::jsonb)
                AS new(transaction_id int, %(types)s)
              LEFT JOIN xero_transaction t
                     ON t.connection_id = %(connection)s
                    AND t.xero_id = new.invoice_xero_id
             ORDER BY new.transaction_id, new.date
            RETURNING id
            """,
            connection=connection.id,
            company=connection.company_id.id,
            rows=json.dumps(rows),
            types=_types(_ALLOCATION_COLUMNS),
            columns=SQL(", ").join(names),
            new=SQL(", ").join(SQL("new.%s", name) for name in names),
        )
    )


def _types(columns):
    return SQL(", ").join(
        SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in columns.items()
    )


def _invalidate(env):
    for model in (
        "xero.transaction",
        "xero.transaction.line",
        "xero.allocation",
        "xero.customer.figures",
    ):
        env[model].invalidate_model(flush=False)
