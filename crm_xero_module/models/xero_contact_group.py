# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroContactGroup(models.Model):
    """The mirror of one of Xero's contact groups. Written in bulk, read only."""

    _name = "xero.contact.group"
    _description = "Xero Contact Group"
    _order = "name, id"
    _log_access = False

    connection_id = fields.Many2one(
        "xero.connection", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    xero_id = fields.Char(string="Contact Group ID", required=True)
    name = fields.Char()
    active = fields.Boolean(default=True, help="Not active: deleted in Xero.")
    contact_ids = fields.Many2many(
        "xero.contact", "xero_contact_group_rel", "group_id", "contact_id"
    )

    _connection_xero_id_uniq = models.Constraint(
        "UNIQUE (connection_id, xero_id)", "A contact group is mirrored once."
    )
