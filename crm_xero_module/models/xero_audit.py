# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class XeroAudit(models.Model):
    """Who did what with Xero: written once, changed and removed by nobody but time.

    Names are kept beside the links, so that an entry still says who and what when
    the user, the organisation or the record is gone.
    """

    _name = "xero.audit"
    _description = "Xero Activity"
    _order = "id desc"
    _rec_name = "subject"
    _rec_names_search = ["subject", "user_name", "connection_name"]

    event = fields.Selection(
        [
            ("connected", "Connected"),
            ("disconnected", "Disconnected"),
            ("deleted", "Deleted"),
            ("settings", "Settings changed"),
            ("feed", "Feed taken over"),
            ("sync", "Sync started"),
            ("cancelled", "Cancelled"),
            ("import", "Import run"),
            ("linked", "Linked"),
            ("unlinked", "Unlinked"),
            ("ignored", "Ignored"),
            ("reopened", "Asked again"),
            ("sent", "Sent to Xero"),
            ("exported", "Exported"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    connection_id = fields.Many2one(
        "xero.connection",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    connection_name = fields.Char(string="Organisation", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        index=True,
        ondelete="set null",
        help="Empty: it is about the whole database.",
    )
    user_id = fields.Many2one(
        "res.users", readonly=True, index=True, ondelete="set null"
    )
    user_name = fields.Char(string="Who", readonly=True)
    at = fields.Datetime(
        string="When",
        required=True,
        readonly=True,
        index=True,
        default=fields.Datetime.now,
    )
    count = fields.Integer(string="Records", readonly=True, aggregator=None)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    subject = fields.Char(
        string="To what",
        readonly=True,
        help="What it was done to, as it was called then.",
    )
    detail = fields.Char(
        string="Details", readonly=True, help="What was changed, never a secret."
    )

    @api.model
    def _note(self, event, connection=None, record=None, *, count=0, detail=None):
        """Write down what the user of this environment does.

        One entry for one act, however many records it touches: `count` says how many,
        `record` names the one, or what they were chosen in. Callers are methods that
        checked the right to act; the entry itself is written with all rights, in the
        transaction of the act, and goes with it where that fails. Without a
        connection it is about the whole database.
        """
        connection = (connection or self.env["xero.connection"]).sudo()
        record = record and record.sudo()
        return self.sudo().create(
            {
                "event": event,
                "connection_id": connection.id,
                "connection_name": connection.name,
                "company_id": connection.company_id.id,
                "user_id": self.env.uid,
                "user_name": self.env.user.sudo().name,
                "count": count,
                "res_model": record._name if record else False,
                "res_id": record.id if record else False,
                "subject": record.display_name if record else connection.name,
                "detail": detail,
            }
        )

    @api.model
    def _note_each(self, event, records, *, detail=None):
        """Write down what is done to records at once: an entry for each of their
        connections, which names the record where it is one."""
        for connection, rows in records.sudo().grouped("connection_id").items():
            is_one = len(rows) == 1
            self._note(
                event,
                connection,
                rows if is_one else connection,
                count=len(rows),
                detail=detail,
            )

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("What was done is not changed afterwards."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Entries go by the time they are kept for, and by nothing else."""
        raise AccessError(self.env._("What was done is not removed by hand."))

    def action_open_subject(self):
        """Open what it was done to, where it still is and the reader may see it."""
        self.ensure_one()
        self.check_access("read")
        record = self._subject()
        if not record:
            raise UserError(
                self.env._("“%(name)s” is not there any more.", name=self.subject or "")
            )
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _subject(self):
        """The record that it was done to; None where it is gone."""
        if self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id).exists()
