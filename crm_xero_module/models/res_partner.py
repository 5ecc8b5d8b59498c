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
        """The number, and whether it may be created in Xero: one query for both."""
        linked = Domain(
            "partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids
        )
        contacts = self.env["xero.contact"]._search(linked)
        self.env["xero.connection"].flush_model(["state", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT own.company, count(c.id),
                       EXISTS (
                           SELECT FROM xero_connection
                            WHERE state IN ('connected', 'reconnect')
                              AND company_id = ANY(%(companies)s)
                       )
                  FROM unnest(%(owners)s) AS own(company)
                  LEFT JOIN res_partner p ON p.commercial_partner_id = own.company
                  LEFT JOIN xero_contact c
                    ON c.partner_id = p.id AND c.id IN %(contacts)s
                 GROUP BY own.company
                """,
                companies=self.env.companies.ids,
                owners=self.commercial_partner_id.ids,
                contacts=contacts.subselect(),
            )
        )
        found = {company: (count, there) for company, count, there in rows}
        for partner in self:
            count, is_there = found.get(partner.commercial_partner_id.id, (0, False))
            partner.xero_contact_count = count
            partner.xero_can_create = (
                is_there
                and not count
                and bool(partner.is_company or partner.type == "contact")
            )

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
