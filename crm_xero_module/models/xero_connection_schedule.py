# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroConnection(models.Model):
    """How often a connection is synced by itself."""

    _inherit = "xero.connection"

    schedule = fields.Selection(
        [
            ("proposed", "As proposed"),
            ("fixed", "Every"),
            ("manual", "Only when somebody presses Sync now"),
        ],
        default="proposed",
        required=True,
        help="As proposed: as often as the day's calls allow, less the part that is"
        " kept for people.",
    )
    interval_minutes = fields.Integer(
        string="Minutes", default=15, help="Between two syncs, where it is fixed."
    )
    plan = fields.Json(
        readonly=True,
        copy=False,
        help="What the connector proposes: see ConnectorClient.get_schedule.",
    )
    next_sync_at = fields.Datetime(
        string="Next Sync", readonly=True, copy=False, index=True
    )
