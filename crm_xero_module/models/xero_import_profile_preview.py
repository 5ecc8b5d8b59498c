# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..services.previews.run import stamp_of


class XeroImportProfile(models.Model):
    """What an import profile would do, before it does it."""

    _inherit = "xero.import.profile"

    def action_preview(self):
        """Show what this import would do with all that the mirror holds.

        A preview under way is opened again; those before that were never done lose
        their lines.
        """
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_operator")
        runs = self.env["xero.sync"].sudo()
        previews = runs.search([("profile_id", "=", self.id), ("kind", "=", "preview")])
        preview = previews.filtered("is_open")[:1]
        if not preview:
            previews.filtered(
                lambda run: not (run.done_ids or run.are_lines_gone)
            )._drop_lines()
            preview = runs.create(self.sudo()._preview_values(self.env.user))
            self.env["xero.connection"]._wake()
        return preview.with_env(self.env)._open()

    def _preview_values(self, user):
        return {
            "name": self.env._("%(import)s: preview", **{"import": self.name}),
            "connection_id": self.connection_id.id,
            "kind": "preview",
            "profile_id": self.id,
            "user_id": user.id,
            "profile_stamp": stamp_of(self),
            "steps": [],
        }
