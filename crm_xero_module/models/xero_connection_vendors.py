# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroConnection(models.Model):
    """Which of Xero's vendors may become CRM records: none, unless chosen."""

    _inherit = "xero.connection"

    vendors = fields.Selection(
        [
            ("none", "None"),
            ("all", "All"),
            ("groups", "Of these contact groups"),
            ("picked", "These"),
        ],
        required=True,
        default="none",
        help="Contacts that only sell to you. Customers come whatever is chosen here.",
    )
    vendor_group_ids = fields.Many2many(
        "xero.contact.group",
        "xero_connection_vendor_group_rel",
        "connection_id",
        "group_id",
        string="Vendor Groups",
    )
    vendor_ids = fields.Many2many(
        "xero.contact",
        "xero_connection_vendor_rel",
        "connection_id",
        "contact_id",
        string="Picked Vendors",
    )
