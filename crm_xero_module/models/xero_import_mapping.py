# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroImportMapping(models.Model):
    """One line of an import profile: a CRM field and the Xero fields that fill it."""

    _name = "xero.import.mapping"
    _description = "Xero Import Mapping"
    _order = "profile_id, sequence, id"
    _rec_name = "target_field"

    profile_id = fields.Many2one(
        "xero.import.profile", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    target_field = fields.Char(string="CRM Field", required=True)
    source_fields = fields.Char(
        string="Xero Fields",
        help="Names of Xero fields, separated by commas: the first with a value wins.",
    )
    is_key = fields.Boolean(string="Key")
    is_required = fields.Boolean(string="Required")
    policy = fields.Selection(
        [
            ("follow", "Follow Xero"),
            ("always", "Always Xero"),
            ("when_empty", "Only when empty"),
            ("on_create", "Only on create"),
        ],
        string="Who wins",
        required=True,
        default="follow",
    )
    default_value = fields.Char(string="Default")
