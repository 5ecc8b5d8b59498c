# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

COUNTS = ("created", "updated", "unchanged", "skipped", "failed")


class XeroImportProfile(models.Model):
    """How the last run of an import profile went, in one line."""

    _inherit = "xero.import.profile"

    last_run_counts = fields.Char(
        string="Last Counts", compute="_compute_last_run_counts"
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
