# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Let exactly one Xero contact lead the partner that is kept: its own, as
        what was last applied by the others was applied to the ones that go."""
        contacts = self.env["xero.contact"].sudo()
        leading = contacts.search(
            [
                ("partner_id", "in", (src_partners | dst_partner).ids),
                ("is_leading", "=", True),
            ],
            order="id",
        )
        own = leading.filtered(lambda contact: contact.partner_id == dst_partner)
        (leading - (own or leading)[:1]).is_leading = False
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
