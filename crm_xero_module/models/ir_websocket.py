# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..services.runs.announce import CHANNEL, SUBCHANNEL


class IrWebsocket(models.AbstractModel):
    """Who hears how far runs are: whoever may read the connection."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        wanted = [channel for channel in channels if channel != CHANNEL]
        connections = self.env["xero.connection"]
        if len(wanted) < len(channels) and connections.has_access("read"):
            wanted += [(one, SUBCHANNEL) for one in connections.search([])]
        return super()._build_bus_channel_list(wanted)
