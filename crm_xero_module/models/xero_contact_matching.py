# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroContact(models.Model):
    _inherit = "xero.contact"

    comes_as_new = fields.Boolean(
        readonly=True,
        help="A person said, before the imports began, that it is nobody of the CRM.",
    )
