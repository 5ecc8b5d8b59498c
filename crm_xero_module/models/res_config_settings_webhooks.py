# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..exceptions import ConnectorError
from ..services.connector import app_facts, app_told
from ..services.connector.client import ConnectorClient
from .res_config_settings import XERO_APPS_URL

TESTED = ("reached", "accepted", "refused_wrong", "code")
# What the connector answers to a key that is none.
UNPROCESSABLE = 422


class ResConfigSettings(models.TransientModel):
    """Webhooks: Xero tells the connector of changes, signed with a key.

    They belong to the Xero app, so to all organisations that it connects.
    """

    _inherit = "res.config.settings"

    xero_webhooks = fields.Json(compute="_compute_xero_webhooks")

    @api.depends_context("uid", "lang", "tz")
    def _compute_xero_webhooks(self):
        self.xero_webhooks = app_told.webhooks_told(self.env)

    def action_xero_enter_webhook_key(self):
        """Open the dialog that asks for the key."""
        self.env["xero.connection"]._require("group_xero_administrator")
        webhooks = app_facts.recall(self.env).get("webhooks") or {}
        return {
            "type": "ir.actions.client",
            "tag": "crm_xero_module.webhook_dialog",
            "params": {
                "address": webhooks.get("address"),
                "apps_url": XERO_APPS_URL,
            },
        }

    def action_xero_test_webhooks(self):
        """Have the connector write to itself as Xero would, and say what came of it."""
        answer = self.xero_test_webhooks()
        if answer["problem"]:
            return self._xero_told("danger", answer["problem"])
        return self._xero_told("success", self.env._("The address works."))

    def action_xero_remove_webhook_key(self):
        """Let the connector forget the key."""
        answer = self.xero_remove_webhook_key()
        if "problem" in answer:
            return self._xero_told("danger", answer["problem"])
        return self._xero_told("success", answer["message"])

    def _xero_told(self, kind, message):
        """Say it, and show what is known now."""
        action = self.env["xero.connection"]._notify(kind, message)
        action["params"]["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
        return action

    @api.model
    def xero_set_webhook_key(self, key):
        """Hand the key that Xero signs with to the connector; keep nothing of it.

        :return: `{"message": …}` when it was taken, `{"problem": …}` when not
        """
        connections = self.env["xero.connection"]
        connections._require("group_xero_administrator")
        try:
            with ConnectorClient.from_env(self.env) as client:
                app = client.set_webhook_key(key=key)
        except ConnectorError as error:
            if error.status == UNPROCESSABLE:
                error = ConnectorError("webhook_key_invalid")
            return {"problem": connections._explain(error)}
        app_facts.remember(self.env, app, webhook_key_set_by=self.env.user.name)
        self._xero_note(self.env._("Webhook key set"))
        return {
            "message": self.env._(
                "The connector has the key. Press “Send intent to receive” at Xero now,"
                " then Test here."
            )
        }

    @api.model
    def xero_test_webhooks(self):
        """What a test of the webhooks' address came to.

        :return: `reached`, `accepted`, `refused_wrong`, `code`, `confirmed_at`,
            `received_at`, and `problem` in words, or False
        """
        connections = self.env["xero.connection"]
        connections._require("group_xero_administrator")
        try:
            with ConnectorClient.from_env(self.env) as client:
                answer = client.test_webhooks()
                app = client.get_app()
        except ConnectorError as error:
            return {**dict.fromkeys(TESTED), "problem": connections._explain(error)}
        tested = {name: answer.get(name) for name in TESTED}
        now = fields.Datetime.to_string(fields.Datetime.now())
        app_facts.remember(self.env, app, webhook_test={**tested, "at": now})
        code = tested["code"]
        webhooks = app.get("webhooks") or {}
        return {
            **tested,
            "confirmed_at": webhooks.get("confirmed_at"),
            "received_at": webhooks.get("received_at"),
            "problem": bool(code) and connections._explain(ConnectorError(code)),
        }

    @api.model
    def xero_remove_webhook_key(self):
        """Let the connector forget the key: it takes nothing from Xero any more.

        :return: `{"message": …}`, or `{"problem": …}` where it is not done
        """
        connections = self.env["xero.connection"]
        connections._require("group_xero_administrator")
        try:
            with ConnectorClient.from_env(self.env) as client:
                client.delete_webhook_key()
                app = client.get_app()
        except ConnectorError as error:
            return {"problem": connections._explain(error)}
        app_facts.remember(self.env, app)
        self._xero_note(self.env._("Webhook key removed"))
        return {
            "message": self.env._(
                "The key is gone. Changes come with the syncs by schedule."
            )
        }

    def _xero_note(self, detail):
        self.env["xero.audit"]._note("settings", detail=detail)
