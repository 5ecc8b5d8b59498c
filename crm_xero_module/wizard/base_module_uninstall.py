# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.forgetting.farewell import MODULE

CONNECTED = ("connected", "reconnect")


class BaseModuleUninstall(models.TransientModel):
    """Whoever uninstalls the module is asked to disconnect Xero first: afterwards only
    Xero's own screen could take back what was allowed."""

    _inherit = "base.module.uninstall"

    xero_connected_names = fields.Char(
        compute="_compute_xero_connected", help="Organisations, one after the other."
    )
    xero_is_uninstalled = fields.Boolean(compute="_compute_xero_connected")

    @api.depends("module_ids")
    def _compute_xero_connected(self):
        connections = self._xero_connected()
        for wizard in self:
            is_ours = MODULE in wizard._get_modules().mapped("name")
            wizard.xero_is_uninstalled = is_ours
            wizard.xero_connected_names = is_ours and ", ".join(
                connections.mapped("name")
            )

    def _xero_connected(self):
        """Of all companies, as all of them lose it."""
        domain = [("state", "in", CONNECTED)]
        return self.env["xero.connection"].sudo().search(domain)

    def action_xero_disconnect(self):
        """Disconnect all organisations, at Xero too, and come back to the question."""
        self.ensure_one()
        self.check_access("write")
        self.env["xero.connection"]._require("group_xero_administrator")
        for connection in self._xero_connected():
            mine = connection.with_user(self.env.user).with_context(
                allowed_company_ids=connection.company_id.ids
            )
            if connection.company_id not in self.env.user.company_ids:
                raise UserError(
                    self.env._(
                        "“%(organisation)s” belongs to %(company)s, where you may not"
                        " act: ask somebody there to disconnect it.",
                        organisation=connection.name,
                        company=connection.company_id.name,
                    )
                )
            mine.action_disconnect()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Uninstall module"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
