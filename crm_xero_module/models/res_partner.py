# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

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
