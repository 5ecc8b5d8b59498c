# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lands Xero's items: products and services.

Xero lists them all at once; what is not in the list any more is gone, which no
incremental read would tell. A long list comes in several parts, and a part may be lost
on its way: so each item keeps when it was last listed (`read_at`), and items are taken
for gone only once a sync is done of which every part of the list came in.
"""

import json

from odoo.tools import SQL

from ..xero.values import flag, moment, number, record, text
from .bulk import Landed, column_lists, incoming

_COLUMNS = {
    "xero_id": "text",
    "code": "text",
    "name": "text",
    "description": "text",
    "purchase_description": "text",
    "is_sold": "bool",
    "is_purchased": "bool",
    "is_tracked": "bool",
    "sale_price": "numeric",
    "purchase_price": "numeric",
    "quantity_on_hand": "numeric",
    "updated_at": "timestamp",
    "payload": "jsonb",
    "digest": "text",
}
# Items that are gone have none, so that they come back by being listed.
_DIGEST = SQL("CASE WHEN active THEN digest END")


def land_items(connection, items, read_at):
    """Bring the items up to date with what Xero listed at `read_at` (naive UTC).

    :param items: records, or {ItemID: Piece} of a page, of which what the mirror has,
        byte for byte, is only noted as listed
    """
    connection.env["xero.item"].flush_model()
    found = incoming(connection, "xero_item", items, "ItemID", _DIGEST)
    changed = _upsert(connection, found, read_at) if found.records else []
    if changed:
        _adopt_lines(connection, changed)
    _note_listed(connection, found.ids, read_at)
    connection.env["xero.item"].invalidate_model(flush=False)
    return Landed(len(found.ids), len(changed), found.unusable)


def begin_list(connection, read_at):
    """The first part of a list came in."""
    connection.items_listed_at = read_at


def lose_list(connection):
    """A part of the list was passed over: it does not tell what is gone."""
    connection.items_listed_at = False


def end_list(connection):
    """All of the list came in, if any: what is not in it is gone from Xero."""
    listed_at = connection.items_listed_at
    if not listed_at:
        return
    connection.items_listed_at = False
    items = connection.env["xero.item"]
    items.flush_model()
    connection.env.cr.execute(
        """
        UPDATE xero_item
           SET active = FALSE, change_seq = nextval('xero_change_seq')
         WHERE connection_id = %(connection)s AND active AND read_at < %(listed_at)s
           -- Of a list of nothing, this is not believed.
           AND EXISTS (
               SELECT FROM xero_item
                WHERE connection_id = %(connection)s AND read_at >= %(listed_at)s
           )
        """,
        {"connection": connection.id, "listed_at": listed_at},
    )
    items.invalidate_model(flush=False)


def _upsert(connection, found, read_at):
    """The ids of the rows that changed."""
    rows = [
        {**_row(item), "xero_id": xero_id, "digest": found.digests[xero_id]}
        for xero_id, item in found.records.items()
    ]
    changed = connection.env.execute_query(
        SQL(
            """
            INSERT INTO xero_item AS old (
                connection_id, company_id, read_at, active, link_state, change_seq,
                currency_id, %(columns)s
            )
            SELECT %(connection)s, %(company)s, %(read_at)s, TRUE, 'unlinked',
                   nextval('xero_change_seq'), base.id, %(new)s
              FROM json_to_recordset(%(rows)s::json) AS new(%(types)s)
              LEFT JOIN res_currency base ON base.name = %(base_code)s
             ORDER BY new.xero_id
            ON CONFLICT (connection_id, xero_id) DO UPDATE
               SET read_at = EXCLUDED.read_at, active = TRUE,
                   change_seq = EXCLUDED.change_seq,
                   currency_id = EXCLUDED.currency_id, %(updates)s
             WHERE old.read_at <= EXCLUDED.read_at
            RETURNING id
            """,
            connection=connection.id,
            company=connection.company_id.id,
            read_at=read_at,
            base_code=connection.base_currency or "",
            rows=json.dumps(rows),
            **column_lists(_COLUMNS),
        )
    )
    return [row for (row,) in changed]


def _row(item):
    updated_at = moment(item.get("UpdatedDateUTC"))
    return {
        "code": text(item.get("Code")),
        "name": text(item.get("Name")),
        "description": _as_written(item.get("Description")),
        "purchase_description": _as_written(item.get("PurchaseDescription")),
        "is_sold": flag(item.get("IsSold")),
        "is_purchased": flag(item.get("IsPurchased")),
        "is_tracked": flag(item.get("IsTrackedAsInventory")),
        "sale_price": number(record(item.get("SalesDetails")).get("UnitPrice")),
        "purchase_price": number(record(item.get("PurchaseDetails")).get("UnitPrice")),
        "quantity_on_hand": number(item.get("QuantityOnHand")),
        "updated_at": updated_at and str(updated_at),
        "payload": item,
    }


def _as_written(value):
    """A text with its lines, as people wrote it."""
    return value if isinstance(value, str) else None


def _note_listed(connection, ids, read_at):
    connection.env.cr.execute(
        """
        UPDATE xero_item SET read_at = %s
         WHERE connection_id = %s AND xero_id = ANY(%s) AND read_at < %s
        """,
        [read_at, connection.id, ids, read_at],
    )


def _adopt_lines(connection, items):
    """Join the lines that came before their item."""
    connection.env.cr.execute(
        """
        UPDATE xero_transaction_line l SET item_id = i.id
          FROM xero_item i
         WHERE i.id = ANY(%s) AND l.connection_id = %s AND l.item_id IS NULL
           AND l.item_xero_id = i.xero_id
        """,
        [items, connection.id],
    )
    connection.env["xero.transaction.line"].invalidate_model(flush=False)
