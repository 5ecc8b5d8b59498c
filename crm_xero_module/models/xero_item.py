# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class XeroItem(models.Model):
    """The mirror of one of Xero's items: a product or a service.

    Rows are written in bulk by SQL (`services/mirror/items.py`) and read only for
    everybody. Items that are gone from Xero stay, inactive: old lines name them.
    """

    _name = "xero.item"
    _description = "Xero Item"
    _order = "code, id"
    _rec_names_search = ["code", "name"]
    _log_access = False

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    xero_id = fields.Char(string="Item ID", required=True)
    active = fields.Boolean(default=True)
    code = fields.Char()
    name = fields.Char()
    description = fields.Char(string="Sales Description")
    purchase_description = fields.Char()
    is_sold = fields.Boolean(string="Sold")
    is_purchased = fields.Boolean(string="Purchased")
    is_tracked = fields.Boolean(string="Tracked as Inventory")
    currency_id = fields.Many2one("res.currency", string="Base Currency")
    sale_price = fields.Float(digits=(16, 4))
    purchase_price = fields.Float(digits=(16, 4))
    quantity_on_hand = fields.Float(digits=(16, 4))
    updated_at = fields.Datetime(string="Changed in Xero")
    read_at = fields.Datetime(string="Last listed by Xero")
    payload = fields.Json(
        groups="crm_xero_module.group_xero_administrator",
        help="The record as Xero sent it.",
    )
    digest = fields.Char(
        groups="crm_xero_module.group_xero_administrator",
        help="Of the record's bytes, as they came.",
    )
    change_seq = fields.Integer()
    product_id = fields.Many2one(
        "product.template",
        index="btree_not_null",
        ondelete="set null",
    )
    link_state = fields.Selection(
        [("unlinked", "Not linked"), ("linked", "Linked"), ("ignored", "Ignored")],
        default="unlinked",
        required=True,
    )
    applied = fields.Json(
        groups="crm_xero_module.group_xero_administrator",
        help="By target field: what Xero last gave, and what the CRM then held.",
    )

    _connection_xero_id_uniq = models.Constraint(
        "UNIQUE (connection_id, xero_id)", "A Xero item is mirrored once."
    )
    _change_idx = models.Index("(connection_id, change_seq)")

    @api.depends("code", "name", "xero_id")
    def _compute_display_name(self):
        for item in self:
            named = " ".join(filter(None, (item.code and f"[{item.code}]", item.name)))
            item.display_name = named or item.xero_id
