# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..services.partner_values import is_target
from ..services.xero_fields import fields_of


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

    _profile_target_uniq = models.UniqueIndex(
        "(profile_id, target_field)", "Each CRM field has one line in an import."
    )

    @api.constrains("is_key", "profile_id")
    def _check_key(self):
        self.profile_id._check_key()
        partner_fields = self.env["res.partner"]._fields
        for line in self.filtered("is_key"):
            target = partner_fields.get(line.target_field)
            if target is None or target.type != "char" or not target.store:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” cannot be a key: only a text that is stored can.",
                        field=line.target_field,
                    )
                )

    @api.constrains("target_field")
    def _check_target_field(self):
        partner_fields = self.env["res.partner"]._fields
        for line in self:
            target = partner_fields.get(line.target_field)
            if target is None or not is_target(target):
                raise ValidationError(
                    self.env._(
                        "The CRM field “%(field)s” cannot be filled by an import.",
                        field=line.target_field,
                    )
                )

    @api.constrains("source_fields", "profile_id")
    def _check_source_fields(self):
        for line in self:
            known = fields_of(line.profile_id.source)
            unknown = [name for name in line._source_names() if name not in known]
            if unknown:
                raise ValidationError(
                    self.env._(
                        "Xero has no field “%(field)s” here.", field=", ".join(unknown)
                    )
                )

    def _source_names(self):
        """The Xero fields of this line, in their order."""
        names = (self.source_fields or "").split(",")
        return [name.strip() for name in names if name.strip()]
