# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroTransactionLine(models.Model):
    """A line of a transaction of Xero's, mirrored with it."""

    _name = "xero.transaction.line"
    _description = "Xero Transaction Line"
    _order = "transaction_id, position, id"
    _log_access = False

    transaction_id = fields.Many2one(
        "xero.transaction", required=True, index=True, ondelete="cascade"
    )
    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    position = fields.Integer(help="From 1, in Xero's order.")
    description = fields.Text()
    item_xero_id = fields.Char(help="ItemID that Xero names.")
    item_code = fields.Char()
    item_id = fields.Many2one("xero.item", index="btree_not_null", ondelete="set null")
    quantity = fields.Float(digits=(16, 4))
    unit_amount = fields.Float(digits=(16, 4), string="Unit Price")
    discount_rate = fields.Float(digits=(16, 4), string="Discount %")
    account_code = fields.Char(string="Account")
    tax_type = fields.Char()
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    base_currency_id = fields.Many2one(related="transaction_id.base_currency_id")
    tax_amount = fields.Monetary(string="Tax", aggregator=None)
    line_amount = fields.Monetary(
        string="Amount", aggregator=None, help="As Xero sent it: with or without tax."
    )
    net_amount = fields.Monetary(
        string="Untaxed", aggregator=None, help="In the document's currency."
    )
    base_net = fields.Monetary(
        string="Untaxed (base)",
        currency_field="base_currency_id",
        help="Signed: negative on credits.",
    )

    _orphan_idx = models.Index(
        "(connection_id, item_xero_id) WHERE item_id IS NULL"
        " AND item_xero_id IS NOT NULL"
    )
