# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..services.health.activities import ADMINISTRATORS


class IrHttp(models.AbstractModel):
    """What the web client knows of its user from the start."""

    _inherit = "ir.http"

    def session_info(self):
        """Also who is told of connections that need somebody: the others' browsers
        never ask."""
        result = super().session_info()
        result["xero_administrator"] = self.env.user.has_group(ADMINISTRATORS)
        return result
