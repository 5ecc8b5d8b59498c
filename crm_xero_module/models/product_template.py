# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.sales.product_figures import items_of


class ProductTemplate(models.Model):
    """What a product is in Xero."""

    _name = "product.template"
    _inherit = ["product.template", "xero.followed.mixin"]

    xero_item_ids = fields.One2many(
        "xero.item",
        "product_id",
        string="Xero Items",
        readonly=True,
        groups="crm_xero_module.group_xero_user",
    )
    xero_items = fields.Json(
        string="In Xero",
        compute="_compute_xero_items",
        groups="crm_xero_module.group_xero_user",
        help="The items that it is, with what was sold of them: see `items_of`.",
    )

    @api.depends("xero_item_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_xero_items(self):
        found = items_of(self._origin)
        for product in self:
            product.xero_items = found.get(product._origin.id) or False

    def action_open_xero_sales(self):
        """What of this product was sold, as Xero's invoices say."""
        self.ensure_one()
        items = self.with_context(active_test=False).xero_item_ids
        return items.action_open_sales()
