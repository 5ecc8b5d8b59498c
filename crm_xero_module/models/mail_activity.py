# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MailActivity(models.Model):
    """An activity may be about a customer of Xero that does not pay."""

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
