# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import requests
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from .common import XeroCase
from .connecting import CLIENT_ID, CLIENT_SECRET, ConnectingCase
from .xero_freshness import WEBHOOK_ADDRESS

WEBHOOK_KEY = "s1gn1ngKeyThatMustNotStayAnywhere=="
SET = "xero_set_webhook_key"


@tagged("post_install", "-at_install")
class TestWebhooks(ConnectingCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.settings = self.env["res.config.settings"]
        self.settings.xero_set_app(CLIENT_ID, CLIENT_SECRET)

    def told(self):
        return self.settings.create({}).xero_webhooks

    def texts(self, state):
        return " ".join(c["text"] for c in self.told()["checks"] if c["state"] == state)

    def enter_key(self):
        return self.settings.xero_set_webhook_key(WEBHOOK_KEY)

    def test_the_address_is_there_before_the_key(self):
        told = self.told()
        self.assertEqual(told["address"], WEBHOOK_ADDRESS)
        self.assertFalse(told["key"])
        self.assertFalse(told["checks"])

    def test_without_an_app_there_is_nothing(self):
        self.connector.client_id = None
        self.settings.action_xero_check()
        self.assertFalse(self.told())

    def test_the_key_goes_to_the_connector_and_nowhere_else(self):
        answer = self.enter_key()
        self.assertIn("intent to receive", answer["message"].lower())
        self.assertEqual(self.connector.webhook_key, WEBHOOK_KEY)
        self.assertFalse(self.tables_holding(WEBHOOK_KEY))
        told = self.told()
        self.assertIn("3 Nov 2026", told["key"])
        self.assertIn(self.env.user.name, told["key"])
        self.assertIn("Not tested", self.texts("open"))

    def test_a_key_that_is_none_is_said_in_words(self):
        for key in ("  ", "two words", "x" * 500):
            with self.subTest(key=key[:10]):
                answer = self.settings.xero_set_webhook_key(key)
                self.assertIn("no webhooks key", answer["problem"])
        self.assertFalse(self.told()["key"])

    def test_a_connector_that_is_away_is_said_in_words(self):
        refused = (("PUT", "webhooks"), ("POST", "test"), ("DELETE", "webhooks"))
        self.connector.refusals.update(
            dict.fromkeys(refused, requests.ConnectionError())
        )
        for method, args in (
            (SET, [WEBHOOK_KEY]),
            ("xero_test_webhooks", []),
            ("xero_remove_webhook_key", []),
        ):
            with self.subTest(method):
                answer = getattr(self.settings, method)(*args)
                self.assertIn("cannot be reached", answer["problem"])

    def test_a_test_that_works(self):
        self.enter_key()
        action = self.settings.action_xero_test_webhooks()
        self.assertEqual(action["params"]["type"], "success")
        done = self.texts("done")
        for text in ("was reached", "signed with the key is accepted", "is refused"):
            self.assertIn(text, done)
        self.assertIn("not confirmed", self.texts("open"))

    def test_a_test_that_shows_what_is_wrong(self):
        cases = {
            "webhook_unreachable": (False, False, False, "address was not reached"),
            "webhook_key_refused": (True, False, True, "with the key is refused"),
        }
        self.enter_key()
        for code, (reached, accepted, refused, words) in cases.items():
            with self.subTest(code):
                self.connector.tested = {
                    "reached": reached,
                    "accepted": accepted,
                    "refused_wrong": refused,
                    "code": code,
                }
                action = self.settings.action_xero_test_webhooks()
                self.assertEqual(action["params"]["type"], "danger")
                self.assertIn(words, self.texts("wrong"))
                self.assertEqual(self.told()["problem"], action["params"]["message"])

    def test_a_test_without_a_key_says_so(self):
        answer = self.settings.xero_test_webhooks()
        self.assertEqual(answer["code"], "webhook_key_missing")
        self.assertIn("no webhooks key", answer["problem"])

    def test_what_xero_confirmed_and_told_is_shown(self):
        self.enter_key()
        self.connector.webhooks["confirmed_at"] = "2026-11-03T10:20:00Z"
        self.settings.xero_test_webhooks()
        self.assertIn("confirmed the address on 3 Nov 2026", self.texts("done"))
        self.assertTrue(self.told()["works"])
        self.assertIn("No change was heard", self.texts("open"))
        self.connector.webhooks["received_at"] = "2026-11-22T18:00:00Z"
        answer = self.settings.xero_test_webhooks()
        self.assertEqual(answer["received_at"], "2026-11-22T18:00:00Z")
        self.assertEqual(self.told()["checks"][-1]["at"], "2026-11-22T18:00:00Z")

    def test_another_key_has_to_be_tested_anew(self):
        self.enter_key()
        self.settings.xero_test_webhooks()
        self.connector.webhooks["key_set_at"] = "2026-11-20T08:00:00Z"
        self.settings.action_xero_check()
        self.assertIn("Not tested", self.texts("open"))
        self.assertIn("20 Nov 2026 by ?", self.told()["key"])

    def test_the_key_is_removed(self):
        self.enter_key()
        answer = self.settings.xero_remove_webhook_key()
        self.assertIn("gone", answer["message"])
        self.assertFalse(self.connector.webhook_key)
        self.assertFalse(self.told()["key"])

    def test_only_administrators_touch_webhooks(self):
        operator = new_test_user(
            self.env, "xero_op", "crm_xero_module.group_xero_operator"
        )
        calls = len(self.connector.calls)
        settings = self.settings.with_user(operator)
        connections = self.env["xero.connection"].with_user(operator)
        for act in (
            lambda: settings.xero_set_webhook_key(WEBHOOK_KEY),
            settings.xero_test_webhooks,
            settings.xero_remove_webhook_key,
            connections.action_xero_enter_webhook_key,
            connections.action_xero_test_webhooks,
            connections.action_xero_remove_webhook_key,
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(len(self.connector.calls), calls)
        self.assertNotIn("webhooks", connections.fields_get())


@tagged("post_install", "-at_install")
class TestWebhooksOfConnection(XeroCase):
    @freeze_time("2026-11-22 20:00:00")
    def test_an_organisation_shows_its_own_last_change(self):
        settings = self.env["res.config.settings"]
        self.connector.webhook_key = "key"
        self.connector.webhooks |= {
            "key_set_at": "2026-11-03T10:12:00Z",
            "confirmed_at": "2026-11-03T10:20:00Z",
            "received_at": "2026-11-22T18:00:00Z",
        }
        settings.action_xero_check()
        self.connection.webhook_at = "2026-11-21 07:00:00"
        (*_others, heard) = self.connection.webhooks["checks"]
        self.assertEqual(heard["at"], "2026-11-21 07:00:00")
        self.connector.calls.clear()
        self.connection.invalidate_recordset()
        self.connection.read(["webhooks"])
        self.assertFalse(self.connector.calls)


@tagged("post_install", "-at_install")
class TestWebhooksOverHttp(ConnectingCase, HttpCase):
    def call(self, key):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {
                "model": "res.config.settings",
                "method": SET,
                "args": [key],
                "kwargs": {},
            },
        )

    def test_the_key_is_in_no_log(self):
        self.authenticate("admin", "admin")
        self.connector.refusals["PUT", "webhooks"] = (500, "internal_error", {})
        with self.assertLogs(level="DEBUG") as logs:
            self.assertIn("problem", self.call(WEBHOOK_KEY))
            self.connector.refusals.clear()
            self.assertIn("message", self.call(WEBHOOK_KEY))
        self.assertNotIn(WEBHOOK_KEY, "\n".join(logs.output))
