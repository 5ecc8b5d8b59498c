# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..exceptions import ConnectorError
from ..services.connector import app_facts, app_told
from ..services.connector.client import (
    KEY_PARAMETER,
    URL_PARAMETER,
    ConnectorClient,
    check_address,
)
from ..services.connector.secrets_in_logs import keep_out

keep_out()

XERO_APPS_URL = "https://developer.xero.com/app/manage"


class ResConfigSettings(models.TransientModel):
    """The connector, the Xero app, and when a customer counts as overdue.

    None of these fields is stored: settings are a table, and a copy of the key
    would stay in it.
    """

    _inherit = "res.config.settings"

    xero_connector_url = fields.Char(
        string="Connector Address",
        compute="_compute_xero_connector",
        inverse="_inverse_xero_connector_url",
    )
    xero_instance_key = fields.Char(
        string="Instance Key",
        compute="_compute_xero_connector",
        inverse="_inverse_xero_instance_key",
        help="It goes in and is not shown again.",
    )
    xero_instance_key_hint = fields.Char(compute="_compute_xero_connector")
    xero_connector_reached = fields.Char(compute="_compute_xero_told")
    xero_client_id = fields.Char(string="Client ID", compute="_compute_xero_told")
    xero_secret_info = fields.Char(string="Secret", compute="_compute_xero_told")
    xero_redirect_uri = fields.Char(
        string="Redirect Address", compute="_compute_xero_told"
    )
    xero_overdue_threshold = fields.Float(
        related="company_id.xero_overdue_threshold", readonly=False
    )
    xero_overdue_days = fields.Integer(
        related="company_id.xero_overdue_days", readonly=False
    )
    xero_overdue_activity = fields.Boolean(
        related="company_id.xero_overdue_activity", readonly=False
    )
    xero_overdue_activity_type_id = fields.Many2one(
        related="company_id.xero_overdue_activity_type_id", readonly=False
    )

    @api.depends_context("uid")
    def _compute_xero_connector(self):
        get_param = self.env["ir.config_parameter"].sudo().get_param
        self.xero_connector_url = get_param(URL_PARAMETER)
        self.xero_instance_key = False
        self.xero_instance_key_hint = (
            self.env._("Entered. Type to replace it")
            if get_param(KEY_PARAMETER)
            else "xo_…"
        )

    @api.depends_context("uid", "lang")
    def _compute_xero_told(self):
        facts = app_facts.recall(self.env)
        checked = facts.get("checked_at")
        self.xero_connector_reached = checked and self.env._(
            "It answered on %(day)s", day=app_told.day(self.env, checked)
        )
        self.xero_client_id = facts.get("client_id")
        self.xero_redirect_uri = facts.get("redirect_uri")
        self.xero_secret_info = app_told.set_by(
            self.env, facts.get("secret_set_at"), facts.get("secret_set_by")
        )

    def _inverse_xero_connector_url(self):
        stored = self.env["ir.config_parameter"].sudo().get_param(URL_PARAMETER)
        for settings in self:
            url = (settings.xero_connector_url or "").strip()
            if url == (stored or ""):
                continue
            try:
                url = check_address(url) if url else False
            except ConnectorError as error:
                message = self.env["xero.connection"]._explain(error)
                raise ValidationError(message) from error
            settings._xero_set_connector(URL_PARAMETER, url)

    def _inverse_xero_instance_key(self):
        for settings in self.filtered("xero_instance_key"):
            settings._xero_set_connector(
                KEY_PARAMETER, settings.xero_instance_key.strip()
            )

    def _xero_set_connector(self, parameter, value):
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param(parameter) == value:
            return
        parameters.set_param(parameter, value)
        app_facts.forget(self.env)
        what = {
            URL_PARAMETER: self.env._("Connector address"),
            KEY_PARAMETER: self.env._("Instance key"),
        }
        self.env["xero.audit"]._note("settings", detail=what[parameter])

    def action_xero_check(self):
        """Ask the connector who it is, and say in words what it answered."""
        action = self.env["xero.connection"].action_check_connector()
        action["params"]["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
        return action

    def action_xero_enter_app(self):
        """Open the dialog that asks for the Xero app's client id and secret."""
        self.env["xero.connection"]._require("group_xero_administrator")
        facts = app_facts.recall(self.env)
        return {
            "type": "ir.actions.client",
            "tag": "crm_xero_module.app_dialog",
            "params": {
                "client_id": facts.get("client_id"),
                "redirect_uri": facts.get("redirect_uri"),
                "apps_url": XERO_APPS_URL,
            },
        }

    @api.model
    def xero_set_app(self, client_id, client_secret):
        """Hand the Xero app's credentials to the connector; keep nothing of them.

        :return: `{"message": …}` when they were taken, `{"problem": …}` when not
        """
        connections = self.env["xero.connection"]
        connections._require("group_xero_administrator")
        try:
            with ConnectorClient.from_env(self.env) as client:
                app = client.set_app(client_id=client_id, client_secret=client_secret)
        except ConnectorError as error:
            return {"problem": connections._explain(error)}
        app_facts.remember(self.env, app, secret_set_by=self.env.user.name)
        self.env["xero.audit"]._note("settings", detail=self.env._("Xero app"))
        if app.get("verified"):
            return {"message": self.env._("Xero recognised the app.")}
        return {
            "message": self.env._(
                "The connector has it. Xero could not be asked now; connecting will "
                "show whether it is right."
            )
        }
