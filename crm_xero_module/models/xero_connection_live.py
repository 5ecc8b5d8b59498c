# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroConnection(models.Model):
    """What is going on for a connection just now."""

    _inherit = "xero.connection"

    live_runs = fields.Json(
        compute="_compute_live_runs",
        help="Its runs that are not over, the newest first: see xero.sync.live.",
    )

    def _compute_live_runs(self):
        runs = self._open_runs().grouped("connection_id")
        for connection in self:
            connection.live_runs = [
                run._live() for run in runs.get(connection) or self.env["xero.sync"]
            ]
