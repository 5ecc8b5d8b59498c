# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MailActivity(models.Model):
    """An activity may be about a customer of Xero that does not pay, or about a
    connection to Xero that needs somebody."""

    _inherit = "mail.activity"

    xero_contact_id = fields.Many2one(
        "xero.contact",
        string="Overdue in Xero",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="crm_xero_module.group_xero_user",
        help="Once nothing of this contact is overdue, the activity is done.",
    )
    xero_finding = fields.Char(
        readonly=True,
        copy=False,
        groups="crm_xero_module.group_xero_administrator",
        help="What is wrong with the connection; mended, the activity is done.",
    )
