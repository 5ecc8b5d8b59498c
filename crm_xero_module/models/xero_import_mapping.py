# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..services.mapping.check import MappingCheck
from ..services.mapping.targets import TARGETS

# What decides how records come, and not only how the line is shown.
RULES = frozenset(
    {
        "target_field",
        "source_fields",
        "is_key",
        "is_required",
        "policy",
        "back",
        "default_value",
    }
)
# What a line's check looks at.
CHECKED = (
    "target_field",
    "source_fields",
    "is_key",
    "policy",
    "back",
    "default_value",
)


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
    is_key = fields.Boolean(
        string="Key", help="Existing records are found by this field."
    )
    is_required = fields.Boolean(
        string="Required", help="A record without a value here does not come."
    )
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
    back = fields.Selection(
        [
            ("no", "No"),
            ("xero", "Yes; Xero wins"),
            ("crm", "Yes; the CRM wins"),
            ("ask", "Yes; ask"),
        ],
        string="Back to Xero",
        required=True,
        default="no",
        help="Whether a change in the CRM goes to Xero (of several Xero fields, to the"
        " first), and who wins where the value was changed in both. Ask: it waits in"
        " “Not imported” for a person.",
    )
    default_value = fields.Char(
        string="Default", help="Taken where Xero's fields are empty."
    )
    problem = fields.Char(compute="_compute_problem")

    _profile_target_uniq = models.UniqueIndex(
        "(profile_id, target_field)", "Each CRM field has one line in an import."
    )

    @api.depends(*CHECKED, "profile_id.target", "profile_id.mode")
    @api.depends_context("lang")
    def _compute_problem(self):
        checks = {}
        for line in self:
            target = TARGETS.get(line.profile_id.target)
            if target and target not in checks:
                checks[target] = MappingCheck(self.env, target)
            line.problem = target and checks[target].problem(line)

    @api.constrains(*CHECKED, "profile_id")
    def _check_line(self):
        for profile, lines in self.grouped("profile_id").items():
            check = MappingCheck(self.env, TARGETS[profile.target])
            if found := [unfit for line in lines if (unfit := line._unfit(check))]:
                raise ValidationError("\n".join(found))
        for profile in self.profile_id:
            if len(profile.mapping_ids.filtered("is_key")) > 1:
                raise ValidationError(
                    self.env._("An import has one key: leave it at one line.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        keyed = [vals["profile_id"] for vals in vals_list if vals.get("is_key")]
        self._free_key(self.env["xero.import.profile"].browse(keyed).mapping_ids)
        lines = super().create(vals_list)
        lines.profile_id._note_change()
        return lines

    def write(self, vals):
        if vals.get("is_key"):
            self._free_key(self.profile_id.mapping_ids - self)
        if RULES & vals.keys():
            self.profile_id._note_change()
        return super().write(vals)

    @api.model
    def _free_key(self, lines):
        """One key: it moves, in whatever order the lines of a form are written."""
        lines.filtered("is_key").write({"is_key": False})

    def unlink(self):
        self.profile_id._note_change()
        return super().unlink()

    def action_add_usual_lines(self):
        """Add the usual lines that the profile `profile_id` of the context lacks.

        A button below the lines is called on none of them.
        """
        profile = self.env["xero.import.profile"].browse(self.env.context["profile_id"])
        profile._add_usual_lines()

    def action_send_usual_back(self):
        """Let all lines of the profile `profile_id` of the context go back to Xero that
        can and do not yet; a button below the lines is called on none of them."""
        profile = self.env["xero.import.profile"].browse(self.env.context["profile_id"])
        check = MappingCheck(self.env, TARGETS[profile.target])
        lines = profile.mapping_ids.filtered(lambda line: line.back == "no")
        lines.filtered(lambda line: not check.problem(line, back="xero")).back = "xero"

    def _unfit(self, check):
        """Why this line cannot be saved, or None."""
        if not self._source_names() and not self.default_value:
            return self.env._(
                "“%(field)s” has neither a Xero field nor a default: choose one, or"
                " remove the line.",
                field=self.target_field,
            )
        return check.problem(self)

    def _source_names(self):
        """The Xero fields of this line, in their order."""
        names = (self.source_fields or "").split(",")
        return [name.strip() for name in names if name.strip()]
