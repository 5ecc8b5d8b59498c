# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class XeroAllocation(models.Model):
    """The way from an invoice to the credits that settled it, and back."""

    _inherit = "xero.allocation"

    credit_id = fields.Many2one(
        "xero.transaction",
        compute="_compute_credit_id",
        help="The credit that settled the invoice; none of a payment.",
    )

    @api.depends("kind", "transaction_id")
    def _compute_credit_id(self):
        for allocation in self:
            is_credit = allocation.kind == "credit"
            allocation.credit_id = is_credit and allocation.transaction_id

    def action_open_credit(self):
        return self._open(self.credit_id)

    def action_open_invoice(self):
        return self._open(self.invoice_id)

    def _open(self, transaction):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": transaction._name,
            "res_id": transaction.id,
            "views": [(False, "form")],
        }
