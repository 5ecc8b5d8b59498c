# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


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
