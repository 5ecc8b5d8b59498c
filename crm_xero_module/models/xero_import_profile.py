# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..services.mapping.field_choices import (
    source_choices,
    target_choices,
    target_labels,
)
from ..services.mapping.targets import COMPANY, TARGETS
from ..services.mapping.usual_profiles import USUAL_OF, USUAL_PROFILES
from ..services.xero.fields import fields_of

SOURCE_OF = {target.name: target.source for target in TARGETS.values()}


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
        default=lambda self: self._only_connection(),
    )
    connection_vendors = fields.Selection(
        related="connection_id.vendors", string="Vendors that come"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    target = fields.Selection(
        [
            ("company", "CRM Company"),
            ("contact", "CRM Contact"),
            ("product", "Product"),
        ],
        string="Target (CRM)",
        required=True,
        default="company",
    )
    source = fields.Selection(
        [("organisation", "Organisation"), ("contact", "Contact"), ("item", "Item")],
        string="Source (Xero)",
        required=True,
        compute="_compute_source",
        store=True,
        readonly=False,
        precompute=True,
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
        "xero.import.mapping", compute="_compute_key_mapping", string="Key Line"
    )
    key_label = fields.Char(
        string="Key",
        compute="_compute_key_label",
        help="How existing records are found, unless they are linked already.",
    )
    delivery_addresses = fields.Boolean(
        string="Delivery addresses",
        default=True,
        help="Where Xero's street address differs from the postal one, it becomes a"
        " delivery address of the company.",
    )
    leave_note = fields.Boolean(
        string="Leave a note",
        help="On each record that the import changes: which fields, from what, to"
        " what.",
    )
    blanks_overwrite = fields.Boolean(
        string="Blanks overwrite",
        help="Of the fields that go back to Xero: what was emptied on one side is"
        " emptied on the other.",
    )
    goes_both_ways = fields.Boolean(
        compute="_compute_goes_both_ways",
        help="Whether its lines can say what goes back to Xero.",
    )
    active = fields.Boolean(default=True)
    auto_run = fields.Boolean(string="Run after each sync", default=True)
    run_as = fields.Many2one(
        "res.users",
        string="Runs as",
        required=True,
        copy=False,
        default=lambda self: self.env.user,
        help="The import has this user's rights, no more.",
    )
    position = fields.Integer(
        readonly=True,
        copy=False,
        help="The last change of the mirror that this profile has seen.",
    )
    mapping_ids = fields.One2many("xero.import.mapping", "profile_id", copy=True)
    field_choices = fields.Json(
        compute="_compute_field_choices",
        help="The fields of the CRM and of Xero that can be mapped.",
    )

    @api.model
    def _only_connection(self):
        """The organisation, where there is no other to choose from."""
        found = self.env["xero.connection"].search([], limit=2)
        return found if len(found) == 1 else found.browse()

    @api.depends("target")
    def _compute_source(self):
        for profile in self:
            profile.source = SOURCE_OF.get(profile.target)

    @api.depends("mapping_ids.is_key")
    def _compute_key_mapping(self):
        for profile in self:
            profile.key_mapping = profile.mapping_ids.filtered("is_key")[:1]

    @api.depends(
        "target",
        "mapping_ids.is_key",
        "mapping_ids.target_field",
        "mapping_ids.source_fields",
    )
    @api.depends_context("lang")
    def _compute_key_label(self):
        labels = {
            name: target_labels(self.env, TARGETS[name])
            for name in set(self.mapped("target")) - {False}
        }
        for profile in self:
            key = profile.mapping_ids.filtered("is_key")[:1]
            known = fields_of(profile.source) if profile.source else {}
            sources = ", ".join(
                self.env._(known[name].label)
                for name in key._source_names()
                if name in known
            )
            label = labels.get(profile.target, {}).get(
                key.target_field, key.target_field
            )
            profile.key_label = f"{label} = {sources}" if key else False

    @api.depends("target", "connection_id.direction")
    def _compute_goes_both_ways(self):
        for profile in self:
            goes = profile.connection_id.direction == "both"
            profile.goes_both_ways = goes and profile.target != "product"

    @api.depends("target", "source")
    @api.depends_context("lang", "uid")
    def _compute_field_choices(self):
        for profile in self:
            target = TARGETS.get(profile.target, COMPANY)
            profile.field_choices = {
                "targets": target_choices(self.env, target),
                "sources": source_choices(self.env, target),
            }

    @api.onchange("source")
    def _onchange_source(self):
        """A source that does not go with the target is put right at once."""
        wanted = SOURCE_OF.get(self.target)
        if not wanted or self.source == wanted:
            return None
        self.source = wanted
        return {
            "warning": {
                "title": self.env._("The source follows the target"),
                "message": self.env._(
                    "CRM companies come from Xero's organisations, CRM contacts from"
                    " its contacts, and products from its items. To import another"
                    " kind, change the target."
                ),
                "type": "notification",
            }
        }

    @api.constrains("target", "source")
    def _check_source(self):
        for profile in self:
            if profile.source != SOURCE_OF[profile.target]:
                raise ValidationError(
                    self.env._(
                        "CRM companies come from Xero's organisations, CRM contacts"
                        " from its contacts, and products from its items: choose the"
                        " source that goes with the target."
                    )
                )
        self.mapping_ids._check_line()

    @api.constrains("mode", "mapping_ids")
    def _check_key(self):
        for profile in self:
            if profile.mode == "update" and not profile.key_mapping:
                raise ValidationError(
                    self.env._(
                        "Update only changes records that it finds, and finds them"
                        " by the key: mark one line as the key, or choose another mode."
                    )
                )
        self.mapping_ids._check_line()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._require_run_as(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._require_run_as(vals)
        return super().write(vals)

    def _require_run_as(self, vals):
        """Nobody lends an import rights that they could not give themselves. (Not a
        constraint: these run as the superuser.)"""
        user = self.env.user
        if self.env.su or user.has_group("base.group_erp_manager"):
            return
        if vals.get("run_as", user.id) != user.id:
            raise AccessError(
                self.env._(
                    "An import has the rights of the user it runs as: only who manages"
                    " users' rights may choose somebody else. Let it run as yourself,"
                    " or ask them."
                )
            )

    def copy_data(self, default=None):
        default = dict(default or {})
        named = "name" in default
        return [
            {
                **vals,
                "name": vals["name"]
                if named
                else self.env._("%(title)s (copy)", title=profile.name),
                "auto_run": default.get("auto_run", False),
            }
            for profile, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # Buttons

    def action_duplicate(self):
        """Open a new profile like this one, which runs only when told to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.copy().id,
            "views": [(False, "form")],
        }

    def action_export(self):
        """Download these profiles as one file; nothing of it stays here."""
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/xero/profiles/export?ids={ids}",
            "target": "download",
        }

    def action_open_connection(self):
        """Open the organisation, where vendors are chosen."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.connection",
            "res_id": self.connection_id.id,
            "views": [(False, "form")],
        }

    def _add_usual_lines(self):
        """Add the usual lines that are missing; a key that there is stays."""
        self.ensure_one()
        usual = USUAL_OF[self.target]
        present = set(self.mapping_ids.mapped("target_field"))
        has_key = bool(self.key_mapping)
        last = max(self.mapping_ids.mapped("sequence"), default=0)
        missing = [
            line for line in usual.lines if not present.intersection(line.targets)
        ]
        self.mapping_ids = [
            fields.Command.create(
                {
                    **self._usual_line(usual.target, last + number, line),
                    "is_key": line.is_key and not has_key,
                }
            )
            for number, line in enumerate(missing, start=1)
        ]

    def action_run(self):
        """Run this import over all that the mirror holds; Xero is not asked."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_operator")
        run = self._start_run()
        self.env["xero.audit"]._note("import", self.connection_id, self)
        return run._open()

    def _start_run(self):
        """The run over all records: the one that is under way, or a new one."""
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
        return run

    @api.model
    def _make_usual(self, connection):
        """Give a new connection its ready-made imports."""
        if connection.with_context(active_test=False).profile_ids:
            return
        for sequence, usual in enumerate(USUAL_PROFILES, start=1):
            model = self.env[usual.target.model]
            # Who may not make products must not have each sync end in an error.
            may_run = model.has_access("create") and model.has_access("write")
            self.create(
                {
                    "name": self.env._(usual.name),
                    "sequence": sequence,
                    "connection_id": connection.id,
                    "target": usual.target.name,
                    "which": usual.which,
                    "auto_run": usual.auto_run and may_run,
                    "mapping_ids": [
                        fields.Command.create(self._usual_line(usual.target, *line))
                        for line in enumerate(usual.lines, start=1)
                    ],
                }
            )

    @api.model
    def _usual_line(self, target, sequence, line):
        return {
            "sequence": sequence,
            "target_field": line.target_in(self.env[target.model]._fields),
            "source_fields": line.sources,
            "is_key": line.is_key,
            "is_required": line.is_required,
            "policy": line.policy,
        }
