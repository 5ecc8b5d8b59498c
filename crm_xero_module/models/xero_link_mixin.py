# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..services.imports.by_hand import become_writer
from ..services.imports.lines import ProfileBroken
from ..services.imports.rows import BATCH
from ..services.imports.run import ImportRun
from ..services.mirror import links

_logger = logging.getLogger(__name__)


class XeroLinkMixin(models.AbstractModel):
    """What people do with the link of a mirror row, and what it says to them.

    The row has `link_state`, `applied`, `connection_id`, and in `_link` the name of
    the field that points to its CRM record.
    """

    _name = "xero.link.mixin"
    _description = "Link of a Xero Record"
    _link = "partner_id"

    link_note = fields.Char(
        string="Link, in words",
        compute="_compute_link_note",
        help="Why it is ignored, or what became of its record in the CRM.",
    )

    @api.depends(lambda self: ("link_state", self._link, "applied"))
    @api.depends_context("lang")
    def _compute_link_note(self):
        for row in self:
            row.link_note = row._link_note()

    def _link_note(self):
        crm_record = self.sudo()[self._link]
        is_ignored = self.link_state == "ignored"
        if self.link_state == "unlinked" or (crm_record.active and not is_ignored):
            return False
        if crm_record.active:
            return self.env._("It was archived in Odoo for a while.")
        if crm_record:
            return self.env._("Archived in Odoo: unarchive it, then import it again.")
        # What was last applied is forgotten by Unlink only.
        if not is_ignored or self.sudo().applied:
            return self.env._("Deleted in Odoo, so it is not made again by itself.")
        return self.env._("Unlinked by hand.")

    def action_unlink_record(self):
        """Follow Xero no longer. The CRM record stays as it is."""
        self._become_writer()
        links.forget(self.sudo())
        self.env["xero.audit"]._note_each("unlinked", self)
        return True

    def action_import_again(self):
        """Let what is ignored be imported, at once where it is not too much."""
        self._become_writer()
        again = self.sudo().filtered(lambda row: row.link_state == "ignored")
        links.reset(again)
        again._reset_others()
        self.env["xero.audit"]._note_each("import", again)
        told = again._import_now() if again else self.env._("None of these is ignored.")
        return self._tell(told)

    def _reset_others(self):
        """What is imported again with these rows; only contacts have something."""

    def _become_writer(self):
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_operator")
        for connection in self.sudo().connection_id:
            become_writer(connection)

    def _rows_for(self, target):
        """The mirror rows that an import of this target looks at for these."""
        raise NotImplementedError

    def _import_now(self):
        """Run the imports that follow a sync over these rows; what became of them."""
        if len(self) > BATCH:
            return self.env._(
                "%(count)s records come with the next sync.", count=len(self)
            )
        for connection, rows in self.grouped("connection_id").items():
            run = self.env["xero.sync"].search(
                [("connection_id", "=", connection.id)], limit=1
            )
            for profile in connection._auto_profiles() if run else ():
                rows._import_with(ImportRun(profile, run))
        left = self.filtered(lambda row: row.link_state != "linked")
        if not left:
            return self.env._("Imported from what Xero holds.")
        return self.env._(
            "%(left)s of %(count)s did not come. “Not imported” says why; where it"
            " does not, no import that follows a sync looks at them now.",
            left=len(left),
            count=len(self),
        )

    def _import_with(self, import_run):
        rows = self._rows_for(import_run.profile.target)
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                import_run.retry(rows.ids)
        except (AccessError, ProfileBroken) as error:
            # The next sync's run says so in full.
            _logger.info("Xero: import again: %s", type(error).__name__)

    def _tell(self, message):
        answer = self.env["xero.connection"]._notify("info", message)
        # So that the screen behind shows it.
        answer["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return answer
