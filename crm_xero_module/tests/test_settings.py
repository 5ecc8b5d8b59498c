# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import requests

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from .common import KEY
from .connecting import CLIENT_ID, CLIENT_SECRET, ConnectingCase


@tagged("post_install", "-at_install")
class TestSettings(ConnectingCase, TransactionCase):
    def param(self, name):
        return self.env["ir.config_parameter"].get_param(f"crm_xero_module.{name}")

    def open_settings(self):
        return self.env["res.config.settings"].create({})

    def test_opening_the_settings_asks_nobody(self):
        settings = self.open_settings()
        settings.read()
        self.assertFalse(self.connector.calls)

    def test_check_remembers_what_the_connector_told(self):
        action = self.open_settings().action_xero_check()
        self.assertEqual(action["params"]["type"], "success")
        settings = self.open_settings()
        self.assertTrue(settings.xero_connector_reached)
        self.assertIn("/oauth/callback", settings.xero_redirect_uri)
        self.assertFalse(settings.xero_client_id)

    def test_check_says_what_is_wrong(self):
        cases = {
            "instance key": (401, "instance_key_invalid", {}),
            "cannot be reached": requests.ConnectionError(),
        }
        for words, problem in cases.items():
            with self.subTest(words=words):
                self.connector.refusals["GET", "app"] = problem
                params = self.open_settings().action_xero_check()["params"]
                self.assertEqual(params["type"], "danger")
                self.assertIn(words, params["message"])

    def test_app_goes_to_the_connector_and_its_secret_nowhere_else(self):
        answer = self.env["res.config.settings"].xero_set_app(CLIENT_ID, CLIENT_SECRET)
        self.assertIn("message", answer)
        (sent,) = self.connector.bodies_of("PUT", "app")
        self.assertEqual(sent["client_secret"], CLIENT_SECRET)
        settings = self.open_settings()
        self.assertEqual(settings.xero_client_id, CLIENT_ID)
        self.assertIn(self.env.user.name, settings.xero_secret_info)
        self.assertIn("3 Nov 2026", settings.xero_secret_info)
        self.assertEqual(self.tables_holding(CLIENT_ID), ["ir_config_parameter"])
        self.assertFalse(self.tables_holding(CLIENT_SECRET))

    def test_wrong_secret_is_said_and_changes_nothing(self):
        answer = self.env["res.config.settings"].xero_set_app(CLIENT_ID, "wrong")
        self.assertIn("client id and secret", answer["problem"])
        self.assertFalse(self.open_settings().xero_client_id)

    def test_instance_key_goes_in_and_is_not_shown(self):
        settings = self.env["res.config.settings"].create(
            {"xero_instance_key": " xo_new_key "}
        )
        self.assertEqual(self.param("instance_key"), "xo_new_key")
        self.assertEqual(self.tables_holding("xo_new_key"), ["ir_config_parameter"])
        self.assertFalse(self.open_settings().xero_instance_key)
        settings.execute()
        self.assertEqual(self.param("instance_key"), "xo_new_key")

    def test_empty_key_keeps_the_one_that_is_there(self):
        self.env["res.config.settings"].create({"xero_instance_key": False}).execute()
        self.assertEqual(self.param("instance_key"), KEY)

    def test_another_address_forgets_what_the_first_connector_told(self):
        self.env["res.config.settings"].xero_set_app(CLIENT_ID, CLIENT_SECRET)
        settings = self.env["res.config.settings"].create(
            {"xero_connector_url": "https://other.test/"}
        )
        self.assertEqual(self.param("connector_url"), "https://other.test")
        self.assertFalse(settings.xero_client_id)
        self.assertFalse(self.open_settings().xero_redirect_uri)

    def test_unsafe_address_is_refused_in_words(self):
        for url in ("http://connector.example", "connector", "https://u:p@host"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.env["res.config.settings"].create({"xero_connector_url": url})

    def test_only_administrators_set_the_app(self):
        operator = new_test_user(
            self.env, "xero_op", "crm_xero_module.group_xero_operator"
        )
        settings = self.env["res.config.settings"].with_user(operator)
        with self.assertRaises(AccessError):
            settings.xero_set_app(CLIENT_ID, CLIENT_SECRET)
        self.assertFalse(self.connector.calls)


@tagged("post_install", "-at_install")
class TestSettingsOverHttp(ConnectingCase, HttpCase):
    def call(self, model, method, *args, **kwargs):
        parameters = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request("/web/dataset/call_kw", parameters)

    def test_secret_of_a_call_is_in_no_log(self):
        """Odoo's own log of calls shows their arguments, but not those of ours."""
        self.authenticate("admin", "admin")
        secret = "Wr0ngSecretThatMustNotBeLogged"
        settings = "res.config.settings"
        with (
            self.assertLogs(level="DEBUG") as logs,
            self.assertLogs("odoo.service.model", "DEBUG") as calls,
        ):
            self.call(settings, "xero_set_app", CLIENT_ID, secret)
            self.call(settings, "xero_set_app", CLIENT_ID, client_secret=secret)
            self.call(settings, "xero_set_webhook_key", key=secret)
            self.call(settings, "web_save", [], {"xero_instance_key": secret}, {})
            self.call("res.partner", "search_count", [])
        self.assertIn("search_count", "\n".join(calls.output))
        self.assertNotIn(secret, "\n".join(logs.output + calls.output))
