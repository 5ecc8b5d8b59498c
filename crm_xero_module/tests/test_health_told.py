# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is told that a connection needs somebody, once, and until it is mended; and what
a pass of the cron makes of what the connector answers."""

import requests

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.services.connector import app_facts

from .common import XeroCase, contact

ADMINISTRATOR = "base.group_user,crm_xero_module.group_xero_administrator"
FEED = ("GET", "/v1/connections/connection-1/feed")
STATUS = ("GET", "/v1/connections/connection-1")


@tagged("post_install", "-at_install")
class TestHealthTold(XeroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = new_test_user(cls.env, "xero_anna", ADMINISTRATOR)
        cls.bert = new_test_user(cls.env, "xero_bert", ADMINISTRATOR)
        cls.connection.connected_by_id = cls.bert

    def setUp(self):
        super().setUp()
        # No run is open, and the state was asked for a moment ago.
        self.sync_run._finish("done")
        self.connection.checked_at = self.sync_run.finished_at

    def activities(self, active=True):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "xero.connection"),
                ("res_id", "=", self.connection.id),
                ("active", "=", active),
            ]
        )

    def stop(self, code="organisation_gone"):
        self.connector.status, self.connector.status_code = "reconnect", code
        self.connection.checked_at = False
        self.run_cron()

    def go_on(self):
        self.connector.status, self.connector.status_code = "connected", None
        self.connection.checked_at = False
        self.run_cron()

    def test_who_connected_it_is_told_once_and_no_longer_once_it_is_mended(self):
        self.run_cron()
        self.assertFalse(self.activities())
        self.stop()
        activity = self.activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.bert)
        self.assertIn(self.connection.name, activity.summary)
        self.assertIn("disconnected in Xero", activity.summary)
        self.assertIn("Reconnect", activity.note)
        self.stop()
        self.assertEqual(self.activities(), activity)
        self.go_on()
        self.assertFalse(self.activities())
        self.assertEqual(self.activities(active=False), activity)
        self.stop()
        self.assertEqual(len(self.activities()), 1)

    def test_it_is_not_made_again_where_somebody_marked_it_as_done(self):
        self.stop()
        self.activities().action_feedback()
        self.stop()
        self.assertFalse(self.activities())
        self.go_on()
        self.stop()
        self.assertEqual(len(self.activities()), 1)

    def test_another_reason_is_told_in_the_same_activity(self):
        self.stop()
        activity = self.activities()
        self.stop("user_removed")
        self.assertEqual(self.activities(), activity)
        self.assertIn("no access", activity.summary)

    def test_an_administrator_is_told_where_who_connected_it_no_longer_is_one(self):
        self.bert.active = False
        self.stop()
        told = self.activities().user_id
        self.assertTrue(told.has_group("crm_xero_module.group_xero_administrator"))
        self.assertIn(self.connection.company_id, told.company_ids)
        self.assertNotEqual(told, self.env.ref("base.user_root"))

    def test_nobody_of_another_company_is_told(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.bert.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.stop()
        self.assertNotEqual(self.activities().user_id, self.bert)

    def test_it_is_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.bert.lang = "nl_NL"
        seen = []
        activity = self.registry["mail.activity"]
        create = activity.create

        def spy(records, values):
            seen.append(records.env.lang)
            return create(records, values)

        self.patch(activity, "create", spy)
        self.stop()
        self.assertEqual(seen, ["nl_NL"])

    def test_reconnecting_and_disconnecting_end_it_at_once(self):
        self.stop()
        self.connection._set_connected(self.connector.connection())
        self.assertFalse(self.activities())
        self.stop()
        self.connection.action_disconnect()
        self.assertFalse(self.activities())

    def test_browsers_are_told_that_something_changed_and_nothing_of_it(self):
        sent = []
        bus = self.registry["bus.bus"]
        self.patch(
            bus,
            "_sendone",
            lambda _bus, to, kind, message: sent.append((kind, message)),
        )
        self.stop()
        mine = [message for kind, message in sent if kind == "crm_xero_module/health"]
        self.assertEqual(mine, [{}])

    # What the connector answers

    def test_a_connector_that_is_down_shows_and_recovers_by_itself(self):
        for code, answer in {
            "connector_unreachable": (None, requests.ConnectionError()),
            "connector_unavailable": (503, {"code": "connector_unavailable"}),
            "instance_key_invalid": (401, {"code": "instance_key_invalid"}),
        }.items():
            with self.subTest(code=code):
                self.connector.answers[FEED] = answer
                self.run_cron()
                self.assertEqual(self.connection.state, "connected")
                self.assertEqual(self.connection.health[0]["code"], code)
                del self.connector.answers[FEED]
                self.run_cron()
                self.assertFalse(self.connection.health)

    def test_the_same_trouble_a_minute_later_writes_nothing(self):
        self.connector.answers[FEED] = None, requests.ConnectionError()
        self.run_cron()
        since = self.connection.state_since
        with self.count_writes("xero_connection") as written:
            self.run_cron()
        self.assertFalse([sql for sql in written if "state_code" in sql])
        self.assertEqual(self.connection.state_since, since)

    def test_webhooks_that_xero_confirms_are_no_finding_any_more(self):
        hooks = {"address": "https://x", "key_set_at": "2026-11-03T10:12:00.442Z"}
        unconfirmed = {**hooks, "confirmed_at": None, "received_at": None}
        app_facts.remember(self.env, {**self.connector.app(), "webhooks": unconfirmed})
        self.connector.webhooks = {**hooks, "confirmed_at": "2026-11-03T10:13:00Z"}
        self.connection.webhook_at = self.connection.checked_at
        self.go_on()
        self.assertEqual(self.connector.called("GET", "/v1/app"), 1)
        self.go_on()
        self.assertEqual(self.connector.called("GET", "/v1/app"), 1)
        self.assertTrue(app_facts.recall(self.env)["webhooks"]["confirmed_at"])

    def test_calls_that_xero_has_not_told_of_are_all_left(self):
        remote = self.connector.connection()
        remote["budget"] = {"day_remaining": None, "day_limit": 1000, "reserved": 50}
        self.connection._take_status(remote)
        self.assertEqual(self.connection.calls_remaining, 1000)
        self.assertFalse(self.connection.health)

    def test_why_xero_stopped_it_stays_while_the_connector_is_down(self):
        self.stop("user_removed")
        self.connector.answers[FEED] = None, requests.ConnectionError()
        self.run_cron()
        self.assertEqual(self.connection.state_code, "user_removed")

    def test_a_failed_sync_is_told_until_one_is_done(self):
        run = self.connection.sudo()._run_of("sync-2")
        run._finish("failed", "stuck")
        self.assertEqual(
            [one["code"] for one in self.connection.health], ["run_failed"]
        )
        self.assertIn("stood still", self.connection.health_note)
        self.connection.sudo()._run_of("sync-3")._finish("cancelled", "cancelled")
        self.assertTrue(self.connection.health)
        self.connection.sudo()._run_of("sync-4")._finish("done")
        self.assertFalse(self.connection.health)

    def test_reconnecting_mends_what_the_last_sync_failed_for(self):
        for code, left in (("organisation_gone", []), ("stuck", ["run_failed"])):
            run = self.connection.sudo()._run_of(f"sync-of-{code}")
            run._finish("failed", code)
            self.connection._set_connected(self.connector.connection())
            found = [one["code"] for one in self.connection.health or []]
            self.assertEqual(found, left)

    def test_a_sync_that_a_change_began_proves_that_webhooks_are_heard(self):
        run = self.connection.sudo()._run_of("sync-of-change", trigger="webhook")
        run._finish("done")
        self.assertEqual(self.connection.webhook_at, run.create_date)

    # A demo company that was reset

    def test_a_successor_brings_what_the_old_one_did_and_leaves_its_customers(self):
        self.bring(contact(1, "Bayside Club"))
        partner = self.partner(1)
        self.connection.write({"with_report": False, "vendors": "picked"})
        self.stop("demo_company_reset")
        self.assertEqual(self.connection.way_back, "successor")
        action = self.connection.action_connect_successor()
        successor = self.connection.successor_id
        self.assertEqual(action["url"], f"/xero/connect/{successor.id}")
        self.assertEqual((successor.with_report, successor.vendors), (False, "none"))
        self.connection.action_connect_successor()
        self.assertEqual(self.connection.successor_id, successor)
        self.connector.connection_id = "connection-2"
        remote = self.connector.connection()
        remote["organisation"] = {"id": "tenant-2", "name": "Demo Company (NZ)"}
        successor._set_connected(remote)
        self.assertEqual(self.connection.state, "disconnected")
        self.assertEqual(self.partner(1), partner)
        self.assertFalse(self.mirror(1).is_leading)
        self.assertEqual(successor.matching, "offered")
        self.assertEqual([one["code"] for one in self.connection.health], ["replaced"])

    @mute_logger("odoo.addons.crm_xero_module.models.xero_connection_health")
    def test_what_keeps_people_from_being_told_stops_nothing(self):
        def fail(*_args, **_kwargs):
            raise ValueError("another addon")

        self.stop()
        self.patch(self.registry["mail.activity"], "action_feedback", fail)
        self.connection._set_connected(self.connector.connection())
        self.assertEqual(self.connection.state, "connected")
