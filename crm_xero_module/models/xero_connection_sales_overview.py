# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class XeroConnection(models.Model):
    """What the organisation's card on the overview tells of its sales."""

    _inherit = "xero.connection"

    @api.model
    def _open_sales(self, name, domain):
        """The sales log of these documents alone."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_transaction_action"
        )
        return dict(action, name=name, domain=domain, context={})
