# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each finding appears when it is true, and goes when it no longer is."""

from datetime import datetime, timedelta

from odoo.tests import new_test_user, tagged

from odoo.addons.crm_xero_module.services.connector import app_facts
from odoo.addons.crm_xero_module.services.health.findings import (
    COLUMNS,
    health_of,
    way_back,
)
from odoo.addons.crm_xero_module.services.reasons import REASONS, STOPPING_CODES

from .common import XeroCase
from .screen_costs import ScreenCosts

NOW = datetime(2026, 11, 22, 12, 0, 0)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ADMINISTRATOR = "base.group_user,crm_xero_module.group_xero_administrator"
# What a connection that works holds.
WELL = {
    "state": "connected",
    "state_code": False,
    "connected_at": NOW - 30 * DAY,
    "last_sync_at": NOW - 4 * MINUTE,
    "failed_at": False,
    "failed_code": False,
    "schedule": "proposed",
    "plan": {"proposed": 15},
    "feed_position": 7,
    "feed_head": 7,
    "feed_waits_since": False,
    "feed_failures": 0,
    "reread_needed": False,
    "token_refreshed_at": NOW - HOUR,
    "checked_at": NOW - 5 * MINUTE,
    "calls_remaining": 812,
    "calls_limit": 1000,
    "calls_reserved": 50,
    "granted_features": ["contacts", "items", "sales", "report"],
}


@tagged("post_install", "-at_install")
class TestHealth(ScreenCosts, XeroCase):
    def setUp(self):
        super().setUp()
        self.connection.write(WELL)

    def found(self, **values):
        """[(code, level)] with these values, in place of those of one that works."""
        self.connection.write({**WELL, **values})
        if "state_since" in values:
            self.connection.state_since = values["state_since"]
        health = health_of(self.connection, NOW)[self.connection.id]
        found = [(finding.code, finding.level) for finding in health.findings]
        self.assertEqual(health.level, found[0][1] if found else "ok")
        return found

    def test_what_works_has_no_findings(self):
        self.assertEqual(self.found(), [])

    def test_findings_of_columns(self):
        waits = {"feed_position": 6, "feed_waits_since": NOW - 16 * MINUTE}
        cases = [
            ({"last_sync_at": NOW - 61 * MINUTE}, [("sync_late", "warning")]),
            ({"last_sync_at": NOW - 25 * HOUR}, [("sync_late", "problem")]),
            ({"last_sync_at": NOW - 59 * MINUTE}, []),
            ({"last_sync_at": NOW - 25 * HOUR, "schedule": "manual"}, []),
            ({"last_sync_at": NOW - 25 * HOUR, "plan": {"proposed": 1440}}, []),
            ({"last_sync_at": False}, []),
            (
                {"failed_at": NOW - MINUTE, "failed_code": "stuck"},
                [("run_failed", "warning")],
            ),
            (
                {"token_refreshed_at": NOW - 46 * DAY},
                [("permission_ends", "warning")],
            ),
            (
                {"token_refreshed_at": NOW - 51 * DAY},
                [("permission_ends", "problem")],
            ),
            ({"token_refreshed_at": NOW - 44 * DAY}, []),
            ({"token_refreshed_at": False}, []),
            (waits, [("feed_behind", "warning")]),
            ({**waits, "feed_position": 7}, []),
            ({**waits, "feed_waits_since": NOW - 14 * MINUTE}, []),
            (
                {**waits, "feed_waits_since": NOW - 25 * HOUR},
                [("feed_behind", "problem")],
            ),
            ({"reread_needed": True}, [("reading_again", "warning")]),
            ({"feed_failures": 2}, [("part_failing", "warning")]),
            ({"calls_remaining": 50}, [("calls_used", "warning")]),
            ({"calls_remaining": 149}, [("calls_few", "warning")]),
            ({"calls_remaining": 150}, []),
            ({"calls_remaining": 0, "checked_at": NOW - 25 * HOUR}, []),
            ({"calls_remaining": 0, "calls_limit": 0}, []),
            ({"granted_features": ["contacts"]}, [("consent_lacks", "warning")]),
            ({"state": "draft", "last_sync_at": NOW - 25 * HOUR}, []),
            ({"state": "disconnected", "last_sync_at": NOW - 25 * HOUR}, []),
        ]
        for values, expected in cases:
            with self.subTest(values=values):
                self.assertEqual(self.found(**values), expected)
                self.assertEqual(self.found(), [], "it goes when it is mended")

    def test_why_xero_stopped_it_is_the_only_finding_of_what_follows_from_it(self):
        follows = {"last_sync_at": NOW - 25 * HOUR, "failed_at": NOW - HOUR}
        for code in (*STOPPING_CODES, "not_found"):
            with self.subTest(code=code):
                values = {"state": "reconnect", "state_code": code, **follows}
                self.assertEqual(self.found(**values), [(code, "problem")])

    def test_a_connector_that_does_not_answer_worries_after_an_hour(self):
        for code in ("connector_unreachable", "connector_unavailable"):
            since = {"state_code": code, "state_since": NOW - 59 * MINUTE}
            self.assertEqual(self.found(**since), [(code, "warning")])
            since["state_since"] = NOW - HOUR
            self.assertEqual(self.found(**since), [(code, "problem")])
        for code in ("instance_key_invalid", "feed_taken", "address_missing"):
            since = {"state_code": code, "state_since": NOW}
            self.assertEqual(self.found(**since), [(code, "problem")])

    def test_since_when_is_kept_while_the_code_stays(self):
        self.connection.write({"state_code": "connector_unreachable"})
        self.connection.state_since = NOW
        self.connection.write({"state_code": "connector_unreachable"})
        self.assertEqual(self.connection.state_since, NOW)
        self.connection.write({"state_code": "connector_unavailable"})
        self.assertGreater(self.connection.state_since, NOW - 3650 * DAY)
        self.assertNotEqual(self.connection.state_since, NOW)
        self.connection.write({"state_code": False})
        self.assertFalse(self.connection.state_since)

    def test_webhooks_that_nobody_confirmed_or_that_are_silent(self):
        def facts(**webhooks):
            app_facts.remember(self.env, {**self.connector.app(), "webhooks": webhooks})

        set_at = (NOW - 30 * DAY).isoformat() + "Z"
        confirmed = (NOW - 29 * DAY).isoformat() + "Z"
        facts(address="https://x", key_set_at=set_at, confirmed_at=None)
        self.assertEqual(self.found(), [("webhooks_unconfirmed", "warning")])
        facts(address="https://x", key_set_at=set_at, confirmed_at=confirmed)
        self.assertEqual(self.found(), [("webhooks_silent", "ok")])
        self.assertEqual(self.found(webhook_at=NOW - DAY), [])
        facts(address="https://x", key_set_at=None, confirmed_at=None)
        self.assertEqual(self.found(webhook_at=False), [])

    def test_the_worst_finding_comes_first(self):
        found = self.found(
            reread_needed=True, token_refreshed_at=NOW - 51 * DAY, feed_failures=1
        )
        self.assertEqual(
            found, [("permission_ends", "problem"), ("reading_again", "warning")]
        )

    def test_every_finding_has_words_in_the_reader_s_language_and_zone(self):
        self.connection.write(
            {
                "state": "reconnect",
                "state_code": "organisation_gone",
                "token_refreshed_at": NOW - 46 * DAY,
            }
        )
        self.connection.state_since = NOW
        (shown,) = self.connection.with_context(tz="Pacific/Auckland").health
        self.assertIn("disconnected in Xero", shown["happened"])
        self.assertEqual(shown["way"], "reconnect")
        self.assertIn("1:00", shown["since"])
        (shown,) = self.connection.with_context(tz="UTC").health
        self.assertIn("12:00", shown["since"])

    def test_what_mends_a_code_is_known_for_known_codes(self):
        self.assertEqual(way_back("demo_company_reset"), "successor")
        self.assertEqual(way_back("feed_taken"), "take_over")
        self.assertEqual(way_back("xero_client_invalid"), "settings")
        for code in ("user_removed", "organisation_gone", "not_found", "scope_missing"):
            self.assertEqual(way_back(code), "reconnect")
        self.assertIsNone(way_back("connector_unreachable"))
        for code in ("sync_late", "calls_few", "feed_behind", "replaced"):
            self.assertIn(code, REASONS)

    def test_columns_name_all_that_findings_are_made_of(self):
        """Else the screens would not follow a change of it."""
        self.env.flush_all()
        self.env.invalidate_all()
        app_facts.recall(self.env)
        connection = self.connection.search_fetch(
            [("id", "=", self.connection.id)], COLUMNS
        )
        with self.assertQueryCount(0):
            health_of(connection, NOW)

    # What it costs

    def more_connections(self, count):
        for number in range(2, 2 + count):
            connection = self.env["xero.connection"].create({})
            connection._set_connected(
                {
                    **self.connector.connection(),
                    "id": f"connection-{number}",
                    "organisation": {"id": f"tenant-{number}", "name": "Other"},
                }
            )
            connection.write(
                {**WELL, "state": "reconnect", "state_code": "user_removed"}
            )

    def test_the_overview_costs_the_same_for_1_and_20_connections(self):
        model = self.env["xero.connection"]
        spec = self.spec_of(model, "kanban")

        def read():
            return model.web_search_read([], spec, limit=80)

        one = self.queries(read)
        self.more_connections(19)
        self.assertLessEqual(self.queries(read), one)

    def test_the_banner_costs_one_query_and_others_none(self):
        self.more_connections(19)
        anna = new_test_user(self.env, "xero_anna", ADMINISTRATOR)
        sam = new_test_user(self.env, "xero_sam", "sales_team.group_sale_manager")

        def banner(user):
            return self.env["xero.connection"].with_user(user).health_banner()

        self.assertEqual(self.queries(lambda: banner(anna)), 1)
        self.assertEqual(len(banner(anna)["broken"]), 19)
        self.assertEqual(banner(anna)["connections"], 20)
        self.assertEqual(self.queries(lambda: banner(sam)), 0)
        self.assertEqual(banner(sam)["broken"], [])

    def test_others_read_what_happened_and_get_no_button(self):
        self.connection.write({"state": "reconnect", "state_code": "user_removed"})
        sam = new_test_user(self.env, "xero_sam", "crm_xero_module.group_xero_user")
        (shown,) = self.connection.with_user(sam).health
        self.assertEqual((shown["code"], shown["way"]), ("user_removed", None))
        anna = new_test_user(self.env, "xero_anna", ADMINISTRATOR)
        self.assertEqual(self.connection.with_user(anna).way_back, "reconnect")
        self.connection.state_code = "xero_client_invalid"
        # The settings are for system administrators.
        self.assertFalse(self.connection.with_user(anna).way_back)
        self.assertEqual(self.connection.with_user(self.admin).way_back, "settings")

    def test_the_banner_is_of_the_companies_at_hand(self):
        self.connection.write({"state": "reconnect", "state_code": "user_removed"})
        other = self.env["res.company"].create({"name": "Elsewhere"})
        anna = new_test_user(self.env, "xero_anna", ADMINISTRATOR)
        anna.write({"company_ids": [(4, other.id)]})
        model = self.env["xero.connection"].with_user(anna)
        self.assertFalse(
            model.with_context(allowed_company_ids=other.ids).health_banner()["broken"]
        )
        here = model.with_context(allowed_company_ids=self.env.company.ids)
        self.assertEqual(
            [one["id"] for one in here.health_banner()["broken"]], self.connection.ids
        )
