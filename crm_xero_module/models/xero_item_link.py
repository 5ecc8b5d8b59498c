# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class XeroItem(models.Model):
    """Which product an item is, changed by people."""

    _name = "xero.item"
    _inherit = ["xero.item", "xero.link.mixin"]
    _link = "product_id"

    def _link_note(self):
        if self.link_state == "linked" and not self.active:
            return self.env._("Gone from Xero: the product stays as it is.")
        return super()._link_note()

    def _rows_for(self, target):
        return self if target == "product" else self.browse()
