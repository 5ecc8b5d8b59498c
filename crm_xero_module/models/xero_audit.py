# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class XeroAudit(models.Model):
    """Who did what with Xero: written once, changed and removed by nobody but time."""

    _name = "xero.audit"
    _description = "Xero Activity"
    _order = "id desc"
    _rec_name = "event"

    event = fields.Selection(
        [
            ("connected", "Connected"),
            ("disconnected", "Disconnected"),
            ("settings", "Settings changed"),
            ("sync", "Sync started"),
            ("cancelled", "Run cancelled"),
            ("import", "Import run"),
            ("linked", "Linked"),
            ("unlinked", "Unlinked"),
            ("ignored", "Ignored"),
            ("sent", "Sent to Xero"),
            ("exported", "Exported"),
        ],
        required=True,
        readonly=True,
    )
    connection_id = fields.Many2one(
        "xero.connection", readonly=True, index=True, ondelete="set null"
    )
    connection_name = fields.Char(string="Organisation", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Who", readonly=True, index=True)
    at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now
    )
    count = fields.Integer(string="Records", readonly=True, aggregator=None)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    subject = fields.Char(readonly=True, help="What it was done to, as it was called.")
    detail = fields.Char(readonly=True, help="What was changed, never a secret.")

    @api.model
    def _note(self, event, connection=None, record=None, *, count=0, detail=None):
        """Write down what the user of this environment does.

        One entry for one act, however many records it touches: `count` says how many,
        `record` names the one, or what they were chosen in. Callers are methods that
        checked the right to act; the entry itself is written with all rights.
        """
        company = connection.company_id if connection else self.env.company
        return self.sudo().create(
            {
                "event": event,
                "connection_id": connection.id if connection else False,
                "connection_name": connection.sudo().name if connection else False,
                "company_id": company.id,
                "user_id": self.env.uid,
                "count": count,
                "res_model": record._name if record else False,
                "res_id": record.id if record else False,
                "subject": record.sudo().display_name if record else False,
                "detail": detail,
            }
        )

    def write(self, vals):
        raise AccessError(self.env._("What was done is not changed afterwards."))
