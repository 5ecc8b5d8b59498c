# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class XeroSync(models.Model):
    """How a sync ended, as its connection remembers it."""

    _inherit = "xero.sync"

    def _finish(self, state, code=None, detail=None):
        was_open = self.is_open
        result = super()._finish(state, code, detail)
        if was_open and self.kind == "sync" and self.state in ("done", "failed"):
            self._tell_connection()
        return result

    def _tell_connection(self):
        failed = self.state == "failed"
        values = {
            "failed_at": failed and self.finished_at,
            "failed_code": failed and self.code,
        }
        heard = self.connection_id.webhook_at
        if self.trigger == "webhook" and not (heard and heard > self.create_date):
            # Sooner than the connector is asked for its state again.
            values["webhook_at"] = self.create_date
        self.connection_id.write(values)
