# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class XeroImportProfile(models.Model):
    _inherit = "xero.import.profile"

    def action_run(self):
        """Not before who is in the CRM already is matched."""
        if self.sudo().connection_id.matching == "offered":
            raise UserError(
                self.env._(
                    "The CRM's own customers are to be matched with Xero's first: open"
                    " Match, or choose “Import without matching” there."
                )
            )
        return super().action_run()
