# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .xero_import_profile_scope import SCOPE_FIELDS

COUNTS = ("created", "updated", "unchanged", "skipped", "failed")
# What decides how records come, besides the lines.
RULES = frozenset(
    {"source", "mode", "delivery_addresses", "blanks_overwrite", *SCOPE_FIELDS}
)


class XeroImportProfile(models.Model):
    """How the last run of an import profile went, and what changed since."""

    _inherit = "xero.import.profile"

    last_sync_id = fields.Many2one(
        "xero.sync", string="Last Run", readonly=True, copy=False, ondelete="set null"
    )
    last_run_at = fields.Datetime(
        related="last_sync_id.create_date", string="Last Run At"
    )
    last_run_state = fields.Selection(related="last_sync_id.state")
    last_run_counts = fields.Char(
        string="Last Counts", compute="_compute_last_run_counts"
    )
    run_needed = fields.Boolean(
        readonly=True,
        copy=False,
        help="Lines or filter changed since the records came the last time.",
    )

    @api.depends("last_sync_id", *(f"last_sync_id.{count}_count" for count in COUNTS))
    @api.depends_context("lang")
    def _compute_last_run_counts(self):
        words = {
            "created": self.env._("new"),
            "updated": self.env._("changed"),
            "unchanged": self.env._("same"),
            "skipped": self.env._("skipped"),
            "failed": self.env._("failed"),
        }
        for profile in self:
            counts = {name: profile.last_sync_id[f"{name}_count"] for name in COUNTS}
            profile.last_run_counts = " · ".join(
                f"{counts[name]:,} {words[name]}" for name in COUNTS if counts[name]
            )

    def write(self, vals):
        if RULES & vals.keys():
            self._note_change()
        if vals.get("last_sync_id"):
            # A run over all records, by the rules as they are now.
            vals = {**vals, "run_needed": False}
        return super().write(vals)

    def action_open_last_run(self):
        """Open the last run with what it did and what did not come."""
        self.ensure_one()
        return self.last_sync_id._open()

    def _note_change(self):
        """Records that came by the old rules are to be brought in again by a run."""
        self.filtered(
            lambda profile: profile.position or profile.last_sync_id
        ).run_needed = True
