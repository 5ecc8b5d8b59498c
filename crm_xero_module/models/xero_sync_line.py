# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import LockError, UserError

from ..services.import_lines import ProfileBroken
from ..services.import_run import ImportRun

# The outcomes after which nothing of the record is in the CRM.
NOT_IMPORTED = ("skipped", "conflict", "failed")


class XeroSyncLine(models.Model):
    """A Xero record that did not come, or not wholly: why, and what to do."""

    _name = "xero.sync.line"
    _description = "Xero Run Line"
    _order = "id desc"
    _rec_name = "record_name"

    sync_id = fields.Many2one(
        "xero.sync", string="Run", required=True, index=True, ondelete="cascade"
    )
    connection_id = fields.Many2one(
        "xero.connection", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    profile_id = fields.Many2one(
        "xero.import.profile", index="btree_not_null", ondelete="set null"
    )
    contact_id = fields.Many2one(
        "xero.contact", index="btree_not_null", ondelete="set null"
    )
    person_id = fields.Many2one(
        "xero.contact.person", index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null"
    )
    record_name = fields.Char(string="Record")
    outcome = fields.Selection(
        [
            ("created", "Created in part"),
            ("updated", "Updated in part"),
            ("skipped", "Skipped"),
            ("conflict", "Conflict"),
            ("failed", "Failed"),
        ],
        required=True,
    )
    code = fields.Char(required=True)
    reason = fields.Text()
    remedy = fields.Text(string="What to do")
    detail = fields.Text(string="Technical Detail")
    state = fields.Selection(
        [("open", "Open"), ("retried", "Settled"), ("ignored", "Ignored")],
        required=True,
        default="open",
        index=True,
    )

    def action_retry(self):
        """Import these records again, from the mirror: Xero is not asked."""
        self._require_operator()
        for connection, lines in self.sudo().grouped("connection_id").items():
            try:
                connection.lock_for_update()
            except LockError as error:
                raise UserError(
                    self.env._("A run is working on this connection; try again soon.")
                ) from error
            for profile, of_profile in lines.grouped("profile_id").items():
                of_profile._retry(profile)
        self.env["xero.connection"]._wake()
        return True

    def _retry(self, profile):
        """Run `profile` over the records of these lines, which settles them."""
        person = profile.target == "contact"
        rows = self.person_id if person else self.contact_id
        if not profile or not rows:
            raise UserError(
                self.env._("This cannot be retried from here: sync again instead.")
            )
        # Whoever retries these wants them anew.
        gone = rows.filtered(lambda row: row.link_state == "ignored")
        gone.write({"link_state": "unlinked", "partner_id": False, "applied": False})
        gone.flush_recordset()
        try:
            ImportRun(profile, self.sync_id[:1]).retry(rows.ids)
        except ProfileBroken as error:
            raise UserError(str(error)) from error

    def action_ignore(self):
        """Say no more of these records for this reason."""
        self._require_operator()
        self.sudo().filtered(lambda line: line.state == "open").state = "ignored"
        return True

    def action_open(self):
        """Open the customer, or what the mirror holds where there is none."""
        self.ensure_one()
        record = self.partner_id or self.person_id.partner_id
        record = record or self.contact_id.partner_id or self.contact_id
        if not record:
            raise UserError(self.env._("There is no record to open."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _require_operator(self):
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_operator")
