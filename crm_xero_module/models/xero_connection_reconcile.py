# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class XeroConnection(models.Model):
    """The way from a connection to the comparison with Xero's balances."""

    _inherit = "xero.connection"

    def action_reconcile(self):
        """Compare what documents leave open here with Xero's balances."""
        self.ensure_one()
        return self.env["xero.reconciliation"]._open(self)

    def _base_currency(self):
        """The organisation's currency; an empty record where Odoo lacks it."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.search([("name", "=", self.base_currency)], limit=1)
