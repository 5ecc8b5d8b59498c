# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.xero.deep_links import item_url


class XeroItem(models.Model):
    """How well an item sells, and where Xero shows it."""

    _inherit = "xero.item"

    xero_url = fields.Char(string="In Xero", compute="_compute_xero_url")
    sold_quantity = fields.Float(
        string="Sold, Quantity",
        digits=(16, 2),
        compute="_compute_sold",
        help="Of the invoices that lists show, less credit notes.",
    )
    sold_amount = fields.Monetary(
        string="Sold, Amount",
        compute="_compute_sold",
        help="Untaxed, in the base currency; of the invoices that lists show, less"
        " credit notes.",
    )

    is_sold_known = fields.Boolean(
        compute="_compute_sold", help="All that was sold is converted."
    )

    @api.depends("xero_id", "connection_id.short_code")
    def _compute_xero_url(self):
        for item in self:
            item.xero_url = item_url(item.connection_id.sudo().short_code, item.xero_id)

    def _compute_sold(self):
        sold = {
            item: sums
            for item, *sums in self.env["xero.sale.report"]._read_group(
                [("item_id", "in", self.ids)],
                ["item_id"],
                ["quantity:sum", "base_net:sum"],
            )
        }
        for item in self:
            quantity, amount = sold.get(item, (0.0, 0.0))
            item.sold_quantity = quantity
            item.sold_amount = amount
            item.is_sold_known = amount is not False

    def action_open_sales(self):
        """What of these was sold, by customer and month."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_sale_report_action"
        )
        return {
            **action,
            "name": ", ".join(self.mapped("display_name")),
            "domain": [("item_id", "in", self.ids)],
            "context": {
                "pivot_row_groupby": ["customer_name"],
                "pivot_column_groupby": ["date:year"],
                "graph_groupbys": ["date:month"],
            },
        }
