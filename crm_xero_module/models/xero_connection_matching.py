# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroConnection(models.Model):
    """Who of the CRM is who in Xero, before imports make anybody anew."""

    _inherit = "xero.connection"

    matching = fields.Selection(
        [
            ("none", "Not needed"),
            ("offered", "Offered"),
            ("done", "Done"),
        ],
        default="none",
        required=True,
        readonly=True,
        copy=False,
        help="Where the CRM had customers before the first import, they are matched"
        " with Xero's first; until then, imports wait.",
    )
