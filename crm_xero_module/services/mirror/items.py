# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lands Xero's items: products and services.

Xero lists them all at once; what is not in the list any more is gone, which no
incremental read would tell.
"""

import json

from odoo.tools import SQL

from ..xero.values import ID_LIMIT, flag, moment, number, record, text


def land_items(connection, items, read_at):
    """Bring the items up to date with what Xero listed at `read_at`; how many came."""
    rows = [_row(item) for item in map(record, items)]
    rows = {row["xero_id"]: row for row in rows if row["xero_id"]}
    connection.env.execute_query(
        SQL(
            """
            INSERT INTO xero_item AS old (
                connection_id, company_id, read_at, active, link_state, change_seq,
                currency_id, xero_id, code, name, description, purchase_description,
                is_sold, is_purchased, is_tracked, sale_price, purchase_price,
                quantity_on_hand, updated_at, payload
            )
            SELECT %(connection)s, %(company)s, %(read_at)s, TRUE, 'unlinked',
                   nextval('xero_change_seq'),
                   (SELECT id FROM res_currency WHERE name = %(base_code)s), new.*
              FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(
                   xero_id text, code text, name text, description text,
                   purchase_description text, is_sold bool, is_purchased bool,
                   is_tracked bool, sale_price numeric, purchase_price numeric,
                   quantity_on_hand numeric, updated_at timestamp, payload jsonb
              )
             WHERE NOT EXISTS (
                   SELECT FROM xero_item same
                    WHERE same.connection_id = %(connection)s
                      AND same.xero_id = new.xero_id AND same.active
                      AND same.payload = new.payload
             )
             ORDER BY new.xero_id
            ON CONFLICT (connection_id, xero_id) DO UPDATE
               SET read_at = EXCLUDED.read_at, active = TRUE,
                   change_seq = EXCLUDED.change_seq, code = EXCLUDED.code,
                   name = EXCLUDED.name, description = EXCLUDED.description,
                   purchase_description = EXCLUDED.purchase_description,
                   is_sold = EXCLUDED.is_sold, is_purchased = EXCLUDED.is_purchased,
                   is_tracked = EXCLUDED.is_tracked,
                   sale_price = EXCLUDED.sale_price,
                   purchase_price = EXCLUDED.purchase_price,
                   quantity_on_hand = EXCLUDED.quantity_on_hand,
                   updated_at = EXCLUDED.updated_at, payload = EXCLUDED.payload
             WHERE old.read_at <= EXCLUDED.read_at
            RETURNING id
            """,
            connection=connection.id,
            company=connection.company_id.id,
            read_at=read_at,
            base_code=connection.base_currency or "",
            rows=json.dumps(list(rows.values())),
        )
    )
    connection.env["xero.item"].invalidate_model(flush=False)
    return len(rows)


def _row(item):
    xero_id = text(item.get("ItemID"))
    updated_at = moment(item.get("UpdatedDateUTC"))
    return {
        "xero_id": xero_id if xero_id and len(xero_id) <= ID_LIMIT else None,
        "code": text(item.get("Code")),
        "name": text(item.get("Name")),
        "description": item.get("Description"),
        "purchase_description": item.get("PurchaseDescription"),
        "is_sold": flag(item.get("IsSold")),
        "is_purchased": flag(item.get("IsPurchased")),
        "is_tracked": flag(item.get("IsTrackedAsInventory")),
        "sale_price": number(record(item.get("SalesDetails")).get("UnitPrice")),
        "purchase_price": number(record(item.get("PurchaseDetails")).get("UnitPrice")),
        "quantity_on_hand": number(item.get("QuantityOnHand")),
        "updated_at": updated_at and str(updated_at),
        "payload": item,
    }
