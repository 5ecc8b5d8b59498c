# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "xero.followed.mixin"]

    xero_id = fields.Char(
        string="Xero ID", readonly=True, copy=False, index="btree_not_null"
    )
    xero_first_name = fields.Char(string="First Name")
    xero_last_name = fields.Char(string="Last Name")
    xero_street3 = fields.Char(string="Street 3")
    xero_direct_phone = fields.Char(string="Direct Phone")
    xero_mobile = fields.Char(string="Mobile")
    xero_fax = fields.Char(string="Fax")
    xero_skype = fields.Char(string="Skype")
    xero_contact_ids = fields.One2many(
        "xero.contact",
        "partner_id",
        string="Xero Contacts",
        readonly=True,
        groups="crm_xero_module.group_xero_user",
    )
    xero_person_ids = fields.One2many(
        "xero.contact.person",
        "partner_id",
        string="Xero Persons",
        readonly=True,
        groups="crm_xero_module.group_xero_user",
    )
    xero_contact_count = fields.Integer(
        compute="_compute_xero_contact_count",
        groups="crm_xero_module.group_xero_user",
        help="Of the customer's company, its persons and branches.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_xero_contact_count(self):
        linked = Domain(
            "partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids
        )
        contacts = self.env["xero.contact"]._search(linked)
        counts = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT p.commercial_partner_id, count(*)
                      FROM xero_contact c JOIN res_partner p ON p.id = c.partner_id
                     WHERE c.id IN %s
                     GROUP BY p.commercial_partner_id
                    """,
                    contacts.subselect(),
                )
            )
        )
        for partner in self:
            company = partner.commercial_partner_id
            partner.xero_contact_count = counts.get(company.id, 0)

    def action_open_xero_contacts(self):
        """Open the Xero contact of this customer, or the list of several."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_contact_action"
        )
        # What is linked is shown, whether or not it is archived in Xero.
        action["context"] = {}
        contacts = self._xero_contacts()
        if len(contacts) == 1:
            return dict(action, views=[(False, "form")], res_id=contacts.id)
        return dict(action, domain=[("id", "in", contacts.ids)])
