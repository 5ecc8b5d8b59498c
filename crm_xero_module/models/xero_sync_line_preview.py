# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.mapping.shown_values import DELIVERY, labels_of


class XeroSyncLine(models.Model):
    """What an import would do with a Xero record: a line of a preview."""

    _inherit = "xero.sync.line"

    outcome = fields.Selection(
        selection_add=[("create", "New"), ("update", "Changed"), ("link", "Linked")],
        ondelete=dict.fromkeys(("create", "update", "link"), "cascade"),
    )
    state = fields.Selection(
        selection_add=[("preview", "Preview")], ondelete={"preview": "cascade"}
    )
    changes = fields.Json(
        string="Changes by Field",
        readonly=True,
        help="By field of the CRM record: what it holds and what it would hold, as a"
        " person reads it.",
    )
    changed_fields = fields.Json(
        compute="_compute_changed_fields",
        help="The changes as a list of [field's label, old, new].",
    )
    changes_text = fields.Text(string="Changes", compute="_compute_changes_text")
    fingerprint = fields.Char(
        readonly=True, help="The hash of all that the line says would be done."
    )
    claim = fields.Char(
        readonly=True,
        help="The CRM record that the row makes or feeds, as the other rows of this"
        " preview look for it.",
    )

    _claim_idx = models.Index("(claim) WHERE claim IS NOT NULL")
    _preview_idx = models.Index("(sync_id, id) WHERE state = 'preview'")

    @api.depends("changes")
    @api.depends_context("lang")
    def _compute_changed_fields(self):
        for target, lines in self.grouped(lambda line: line._target()).items():
            names = {name for line in lines for name in line.changes or ()}
            labels = labels_of(self.env, target, names)
            for line in lines:
                line.changed_fields = [
                    [labels[name], *line.changes[name]]
                    for name in line._changed_names()
                ]

    def _changed_names(self):
        """The fields that would change, as the profile has them; Json keeps none."""
        mapped = self.sudo().profile_id.mapping_ids.mapped("target_field")
        order = {name: place for place, name in enumerate(mapped)}
        return sorted(
            self.changes or (),
            key=lambda name: (
                name.startswith(DELIVERY),
                order.get(name.removeprefix(DELIVERY), -1),
            ),
        )

    @api.depends("changed_fields")
    @api.depends_context("lang")
    def _compute_changes_text(self):
        for line in self:
            line.changes_text = "\n".join(
                f"{label}: {old} → {new or '–'}" if old else f"{label}: {new or '–'}"
                for label, old, new in line.changed_fields or ()
            )
