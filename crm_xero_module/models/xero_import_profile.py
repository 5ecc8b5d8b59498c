# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..services.usual_profiles import USUAL_PROFILES


class XeroImportProfile(models.Model):
    """A saved import: which Xero records become which CRM records, and how."""

    _name = "xero.import.profile"
    _description = "Xero Import Profile"
    _order = "connection_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(string="Title", required=True)
    sequence = fields.Integer(default=10)
    connection_id = fields.Many2one(
        "xero.connection",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    target = fields.Selection(
        [("company", "CRM Company"), ("contact", "CRM Contact")],
        string="Target (CRM)",
        required=True,
        default="company",
    )
    source = fields.Selection(
        [("organisation", "Organisation"), ("contact", "Contact")],
        string="Source (Xero)",
        required=True,
        default="organisation",
    )
    mode = fields.Selection(
        [
            ("import", "Import"),
            ("import_update", "Import & Update"),
            ("update", "Update"),
        ],
        required=True,
        default="import_update",
        help="Import never changes what exists, Update never creates.",
    )
    key_mapping = fields.Many2one(
        "xero.import.mapping", compute="_compute_key_mapping", string="Key"
    )
    active = fields.Boolean(default=True)
    auto_run = fields.Boolean(string="Run after each sync", default=True)
    run_as = fields.Many2one(
        "res.users",
        string="Runs as",
        required=True,
        default=lambda self: self.env.user,
        help="The import has this user's rights, no more.",
    )
    position = fields.Integer(
        readonly=True,
        copy=False,
        help="The last change of the mirror that this profile has seen.",
    )
    mapping_ids = fields.One2many("xero.import.mapping", "profile_id", copy=True)
    last_sync_id = fields.Many2one(
        "xero.sync", string="Last Run", readonly=True, copy=False, ondelete="set null"
    )

    @api.depends("mapping_ids.is_key")
    def _compute_key_mapping(self):
        for profile in self:
            profile.key_mapping = profile.mapping_ids.filtered("is_key")[:1]

    @api.constrains("target", "source")
    def _check_source(self):
        pairs = {("company", "organisation"), ("contact", "contact")}
        for profile in self:
            if (profile.target, profile.source) not in pairs:
                raise ValidationError(
                    self.env._(
                        "CRM companies come from Xero's organisations, and CRM contacts"
                        " from its contacts."
                    )
                )

    @api.constrains("mode", "mapping_ids")
    def _check_key(self):
        for profile in self:
            keys = profile.mapping_ids.filtered("is_key")
            if len(keys) > 1:
                raise ValidationError(self.env._("An import has one key at most."))
            if profile.mode == "update" and not keys:
                raise ValidationError(self.env._("Update needs a key."))

    def action_run(self):
        """Run this import over all that the mirror holds; Xero is not asked."""
        self.ensure_one()
        self.env["xero.connection"]._require("group_xero_operator")
        open_run = (
            self.sudo()
            .connection_id._open_runs("profile")
            .filtered(lambda run: run.profile_id == self)
        )
        run = open_run[:1] or self.env["xero.sync"].sudo().create(
            {
                "name": self.name,
                "connection_id": self.connection_id.id,
                "kind": "profile",
                "profile_id": self.id,
                "user_id": self.env.user.id,
                "steps": [],
            }
        )
        self.sudo().last_sync_id = run
        self.env["xero.connection"]._wake()
        return run._open()

    @api.model
    def _make_usual(self, connection):
        """Give a new connection its two ready-made imports."""
        if connection.with_context(active_test=False).profile_ids:
            return
        for sequence, usual in enumerate(USUAL_PROFILES, start=1):
            self.create(
                {
                    "name": self.env._(usual.name),
                    "sequence": sequence,
                    "connection_id": connection.id,
                    "target": usual.target,
                    "source": usual.source,
                    "mapping_ids": [
                        fields.Command.create(self._usual_line(line, number))
                        for number, line in enumerate(usual.lines, start=1)
                    ],
                }
            )

    @api.model
    def _usual_line(self, line, sequence):
        present = self.env["res.partner"]._fields
        return {
            "sequence": sequence,
            "target_field": next(name for name in line.targets if name in present),
            "source_fields": line.sources,
            "is_key": line.is_key,
            "is_required": line.is_required,
            "policy": line.policy,
        }
