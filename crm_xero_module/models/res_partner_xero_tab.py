# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResPartner(models.Model):
    """The way from a customer to its Xero contacts."""

    _inherit = "res.partner"

    xero_contact_count = fields.Integer(
        compute="_compute_xero_contact_count",
        groups="crm_xero_module.group_xero_user",
        help="Of the customer, or of the company that it is a person of.",
    )

    def _compute_xero_contact_count(self):
        companies = self.commercial_partner_id
        counts = dict(
            self.env["xero.contact"]._read_group(
                [("partner_id", "in", companies.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.xero_contact_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_xero_contacts(self):
        """Open the Xero contact of this customer, or the list of several."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_contact_action"
        )
        contacts = self.env["xero.contact"].search(
            [("partner_id", "=", self.commercial_partner_id.id)]
        )
        if len(contacts) == 1:
            return dict(action, views=[(False, "form")], res_id=contacts.id)
        return dict(action, domain=[("id", "in", contacts.ids)])
