# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lands Xero's sales documents in the mirror tables, many at once.

A document that changed brings its lines and settlements with it, whole: those of
before are taken away. The figures become stale of whose it is, and of whose it was.
"""

import json
from typing import NamedTuple

from odoo.tools import SQL

from ..xero.documents import allocation_rows, document_row, is_sold, line_rows
from .base_amounts import document_amounts, line_amount, rates_of
from .bulk import Landed, column_lists, incoming, rows_of
from .owners import mark_customers, owners_of, touch_figures

_COLUMNS = {
    "xero_id": "text",
    "kind": "text",
    "number": "text",
    "reference": "text",
    "status": "text",
    "contact_xero_id": "text",
    "contact_name": "text",
    "contact_id": "int",
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
    "digest": "text",
}
_LINE_COLUMNS = {
    "transaction_id": "int",
    "position": "int",
    "description": "text",
    "item_xero_id": "text",
    "item_id": "int",
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
    "transaction_id": "int",
    "kind": "text",
    "xero_id": "text",
    "invoice_xero_id": "text",
    "invoice_id": "int",
    "date": "date",
    "reference": "text",
    "amount": "numeric",
}
_MODELS = ("xero.transaction", "xero.transaction.line", "xero.allocation")


class Changed(NamedTuple):
    """A row that changed: whose it is and whose it was (ids of xero.contact), and
    whether it was here before."""

    id: int
    xero_id: str
    contact: int | None
    former: int | None
    was_here: bool


def land_documents(connection, kind, documents, read_at):
    """Bring the mirror up to date with documents of one `DocumentKind`, read at
    `read_at` (naive UTC). Documents of purchases are left out.

    :param documents: records, or {id: Piece} of a page, of which what the mirror has,
        byte for byte, is passed over
    """
    for name in _MODELS:
        connection.env[name].flush_model()
    found = incoming(connection, "xero_transaction", documents, kind.id_name)
    new = {
        xero_id: document
        for xero_id, document in found.records.items()
        if is_sold(kind, document)
    }
    changed = _upsert(connection, _rows(connection, kind, new, found.digests), read_at)
    if changed:
        records = {row.id: (row.xero_id, new[row.xero_id]) for row in changed}
        known = [row.id for row in changed if row.was_here]
        _land_lines(connection, records, known)
        _land_allocations(connection, kind, records, known)
        contacts = {row.contact for row in changed} | {row.former for row in changed}
        contacts.discard(None)
        mark_customers(connection, contacts)
        touch_figures(connection, contacts)
        for name in _MODELS:
            connection.env[name].invalidate_model(flush=False)
    unusable = [document for document in found.unusable if is_sold(kind, document)]
    return Landed(len(found.ids), len(changed), unusable)


def adopt_currencies(connection):
    """Join the documents whose currency Odoo got after they came."""
    connection.env.cr.execute(
        """
        UPDATE xero_transaction t SET currency_id = c.id
          FROM res_currency c
         WHERE t.connection_id = %s AND t.currency_id IS NULL
           AND c.name = t.currency_code
        """,
        [connection.id],
    )
    connection.env["xero.transaction"].invalidate_model(flush=False)


def _rows(connection, kind, documents, digests):
    """The rows of xero.transaction of these documents, {id in Xero: record}."""
    rows = [document_row(kind, *document) for document in documents.items()]
    owners = owners_of(connection, {row["contact_xero_id"] for row in rows})
    for row in rows:
        row["contact_id"] = owners.get(row["contact_xero_id"])
        row["currency_code"] = row["currency_code"] or connection.base_currency or None
        row["digest"] = digests[row["xero_id"]]
    return rows


def _upsert(connection, rows, read_at):
    """The rows that changed."""
    if not rows:
        return []
    changed = connection.env.execute_query(
        SQL(
            """
            INSERT INTO xero_transaction AS old (
                connection_id, company_id, read_at, currency_id, base_currency_id,
                base_sub_total, base_total, base_open, %(columns)s
            )
            SELECT %(connection)s, %(company)s, %(read_at)s, own.id, base.id,
                   %(amounts)s, %(new)s
              FROM json_to_recordset(%(rows)s::json) AS new(%(types)s)
             CROSS JOIN LATERAL (SELECT new.*) AS d
             CROSS JOIN %(rates)s
              LEFT JOIN res_currency own ON own.name = new.currency_code
              LEFT JOIN res_currency base ON base.name = rates.base_code
             ORDER BY new.xero_id
            ON CONFLICT (connection_id, xero_id) DO UPDATE
               SET read_at = EXCLUDED.read_at, currency_id = EXCLUDED.currency_id,
                   base_currency_id = EXCLUDED.base_currency_id,
                   base_sub_total = EXCLUDED.base_sub_total,
                   base_total = EXCLUDED.base_total,
                   base_open = EXCLUDED.base_open, %(updates)s
             WHERE old.read_at <= EXCLUDED.read_at
            -- The query below sees the row as it was before.
            RETURNING id, xero_id, contact_id, (
                SELECT before.contact_id FROM xero_transaction before
                 WHERE before.id = old.id
            ), xmax != 0
            """,
            connection=connection.id,
            company=connection.company_id.id,
            read_at=read_at,
            amounts=document_amounts(),
            rates=rates_of(connection),
            rows=json.dumps(rows),
            **column_lists(_COLUMNS),
        )
    )
    return [Changed(*row) for row in changed]


def _land_lines(connection, documents, known):
    """Lay down the lines of these documents, {row id: (id in Xero, record)}, of which
    `known` had some before."""
    if known:
        connection.env.cr.execute(
            "DELETE FROM xero_transaction_line WHERE transaction_id = ANY(%s)", [known]
        )
    rows = [
        {"transaction_id": transaction_id, **row}
        for transaction_id, (_xero_id, document) in documents.items()
        for row in line_rows(document)
    ]
    if not rows:
        return
    items = rows_of(connection, "xero_item", (row["item_xero_id"] for row in rows))
    for row in rows:
        row["item_id"] = items.get(row["item_xero_id"])
    connection.env.cr.execute(
        SQL(
            """
            INSERT INTO xero_transaction_line (
                connection_id, company_id, base_net, %(columns)s
            )
            SELECT %(connection)s, %(company)s, %(base_net)s, %(new)s
              FROM json_to_recordset(%(rows)s::json) AS new(%(types)s)
              JOIN xero_transaction d ON d.id = new.transaction_id
             CROSS JOIN %(rates)s
             ORDER BY new.transaction_id, new.position
            """,
            connection=connection.id,
            company=connection.company_id.id,
            base_net=line_amount(SQL("new.net_amount")),
            rates=rates_of(connection),
            rows=json.dumps(rows),
            **column_lists(_LINE_COLUMNS),
        )
    )


def _land_allocations(connection, kind, documents, known):
    """The same of what settled these documents, and join what came before its
    invoice."""
    if known:
        connection.env.cr.execute(
            "DELETE FROM xero_allocation WHERE transaction_id = ANY(%s)", [known]
        )
    rows = [
        {"transaction_id": transaction_id, **row}
        for transaction_id, (xero_id, document) in documents.items()
        for row in allocation_rows(kind, xero_id, document)
    ]
    if rows:
        _insert_allocations(connection, rows)
    if not kind.is_credit:
        _adopt_allocations(connection, list(documents))


def _insert_allocations(connection, rows):
    names = (row["invoice_xero_id"] for row in rows)
    invoices = rows_of(connection, "xero_transaction", names)
    for row in rows:
        row["invoice_id"] = invoices.get(row["invoice_xero_id"])
    connection.env.cr.execute(
        SQL(
            """
            INSERT INTO xero_allocation (connection_id, company_id, %(columns)s)
            SELECT %(connection)s, %(company)s, %(new)s
              FROM json_to_recordset(%(rows)s::json) AS new(%(types)s)
             ORDER BY new.transaction_id, new.date
            """,
            connection=connection.id,
            company=connection.company_id.id,
            rows=json.dumps(rows),
            **column_lists(_ALLOCATION_COLUMNS),
        )
    )


def _adopt_allocations(connection, invoices):
    """Join what credits gave to these invoices before they came."""
    connection.env.cr.execute(
        """
        UPDATE xero_allocation a SET invoice_id = t.id
          FROM xero_transaction t
         WHERE a.connection_id = %s AND a.invoice_id IS NULL
           AND a.invoice_xero_id IS NOT NULL
           AND t.id = ANY(%s) AND t.xero_id = a.invoice_xero_id
        """,
        [connection.id, invoices],
    )
