# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..services.xero.values import moment


class XeroConnection(models.Model):
    """Whether a connection works, and since when."""

    _inherit = "xero.connection"

    connected_by_id = fields.Many2one(
        "res.users",
        string="Connected by",
        readonly=True,
        copy=False,
        help="Who allowed it at Xero; told first where it has to be done again.",
    )
    token_refreshed_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When Xero last renewed the permission; it ends after 60 days without.",
    )
    feed_head = fields.Integer(
        readonly=True, copy=False, help="The newest entry that waits at the connector."
    )
    feed_waits_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the oldest entry came that is not in the CRM yet; empty: none.",
    )

    def _take_status(self, remote):
        """Also the age of the permission, and what waits at the connector."""
        feed = remote.get("feed") or {}
        self.write(
            {
                "token_refreshed_at": moment(remote.get("token_refreshed_at")) or False,
                "feed_head": feed.get("head") or 0,
                "feed_waits_since": moment(feed.get("waits_since")) or False,
            }
        )
        return super()._take_status(remote)
