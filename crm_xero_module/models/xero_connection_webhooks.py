# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.connector import app_told


class XeroConnection(models.Model):
    """Webhooks, as the screen of one organisation shows and sets them."""

    _inherit = "xero.connection"

    webhooks = fields.Json(
        compute="_compute_webhooks",
        groups="crm_xero_module.group_xero_administrator",
        help="The address, the key and what was tested, in words.",
    )

    @api.depends("webhook_at")
    @api.depends_context("uid", "lang", "tz")
    def _compute_webhooks(self):
        for connection in self:
            heard_at = fields.Datetime.to_string(connection.webhook_at)
            connection.webhooks = app_told.webhooks_told(self.env, heard_at)

    def action_xero_enter_webhook_key(self):
        """See the settings: webhooks belong to the Xero app."""
        return self.env["res.config.settings"].action_xero_enter_webhook_key()

    def action_xero_test_webhooks(self):
        """See the settings."""
        return self.env["res.config.settings"].action_xero_test_webhooks()

    def action_xero_remove_webhook_key(self):
        """See the settings."""
        return self.env["res.config.settings"].action_xero_remove_webhook_key()
