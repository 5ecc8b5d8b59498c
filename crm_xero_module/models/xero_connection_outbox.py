# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..services.to_xero.outbox import OPEN_STATES


class XeroConnection(models.Model):
    """What a connection knows of its outbox."""

    _inherit = "xero.connection"

    to_xero_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When it was last looked for something to write to Xero.",
    )
    outbox_count = fields.Integer(string="Outbox", compute="_compute_outbox_count")
    outbox_failed_count = fields.Integer(
        string="Outbox: needs a person", compute="_compute_outbox_count"
    )

    def _compute_outbox_count(self):
        found = self.env["xero.outbox"]._read_group(
            [("connection_id", "in", self.ids), ("state", "in", OPEN_STATES)],
            ["connection_id", "state"],
            ["__count"],
        )
        counts = {(connection, state): count for connection, state, count in found}
        for connection in self:
            connection.outbox_count = sum(
                counts.get((connection, state), 0) for state in OPEN_STATES
            )
            connection.outbox_failed_count = counts.get((connection, "failed"), 0)
