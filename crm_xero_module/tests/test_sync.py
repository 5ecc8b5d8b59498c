# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

import requests
from psycopg2.errors import SerializationFailure

from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.services.imports.apply import Applier
from odoo.addons.crm_xero_module.services.mirror import landers

from .common import XeroCase, contact, person

WORKER_LOGGER = "odoo.addons.crm_xero_module.services.worker"
IMPORT_LOGGER = "odoo.addons.crm_xero_module.services.imports.run"
FEED = "/v1/connections/connection-1/feed"
ACKNOWLEDGEMENT = f"{FEED}/acknowledgement"


class TestSync(XeroCase):
    """From the connector's feed to partners, by the cron."""

    def repairs(self):
        """The runs that were asked for because something was missing."""
        return self.connection.sync_ids.filtered(lambda run: run.trigger == "repair")

    def test_two_pages_and_the_end(self):
        self.connector.add_part(
            [
                {
                    "Name": "Demo Company (NZ)",
                    "ShortCode": "!23eYt",
                    "BaseCurrency": "NZD",
                    "CountryCode": "NZ",
                    "Timezone": "NEWZEALANDSTANDARDTIME",
                    "FinancialYearEndDay": 31,
                    "FinancialYearEndMonth": 3,
                    "IsDemoCompany": True,
                }
            ],
            resource="organisation",
            key="Organisations",
        )
        self.connector.add_part([contact(n) for n in range(10)], item_count=12)
        self.connector.add_part([contact(n) for n in (10, 11)], item_count=12, page=2)
        self.connector.add_end()
        self.run_cron()
        self.assertEqual(len(self.env["xero.contact"].search([]).partner_id), 12)
        self.assertRecordValues(
            self.connection,
            [
                {
                    "name": "Demo Company (NZ)",
                    "short_code": "!23eYt",
                    "base_currency": "NZD",
                    "country_code": "NZ",
                    "timezone": "Pacific/Auckland",
                    "financial_year_end_day": 31,
                    "financial_year_end_month": 3,
                    "is_demo_company": True,
                    "feed_position": 4,
                    "calls_remaining": 812,
                    "calls_limit": 1000,
                    "calls_reserved": 50,
                    "contact_count": 12,
                    "unlinked_count": 0,
                    "not_imported_count": 0,
                    "check_synced": True,
                }
            ],
        )
        self.assertRecordValues(
            self.sync_run,
            [
                {
                    "state": "done",
                    "progress": 100.0,
                    "created_count": 12,
                    "failed_count": 0,
                    "code": False,
                }
            ],
        )
        self.assertEqual({step["state"] for step in self.sync_run.steps}, {"done"})
        self.assertEqual(self.connector.acknowledged, 4)

    def test_what_a_person_corrected_of_the_organisation_stays(self):
        organisation = {"Name": "Demo", "FinancialYearEndMonth": 3}
        for _again in range(2):
            self.connector.add_part(
                [organisation], resource="organisation", key="Organisations"
            )
            self.run_cron()
            self.connection.financial_year_end_month = 6
        self.assertEqual(self.connection.financial_year_end_month, 6)

    def test_acknowledged_only_after_the_commit(self):
        self.connector.add_part([contact(1)])
        committed = []

        def committing(cron, *args, **kwargs):
            committed.append(("commit", self.connector.acknowledged))
            return original(cron, *args, **kwargs)

        cron = type(self.env["ir.cron"])
        original = cron._commit_progress
        with patch.object(cron, "_commit_progress", committing):
            self.run_cron()
        self.assertIn(("commit", 0), committed)
        self.assertEqual(self.connector.acknowledged, 1)
        self.assertEqual(self.connection.feed_position, 1)

    def test_a_lost_acknowledgement_is_made_up_for(self):
        self.connector.add_part([contact(1)])
        self.connector.answers["POST", ACKNOWLEDGEMENT] = (
            0,
            requests.ConnectionError(),
        )
        self.run_cron()
        self.assertEqual(self.connection.feed_position, 1)
        self.assertEqual(self.connection.state_code, "connector_unreachable")
        self.connector.answers.clear()
        self.run_cron()
        self.assertEqual(self.connector.acknowledged, 1)
        self.assertFalse(self.connection.state_code)
        self.assertEqual(len(self.partner(1)), 1)

    def test_a_crash_between_mirror_and_import_loses_nothing(self):
        self.connector.add_part([contact(1), contact(2)])
        with (
            patch.object(Applier, "apply", side_effect=RuntimeError("power cut")),
            mute_logger(IMPORT_LOGGER),
        ):
            self.run_cron()
        self.assertEqual(self.mirror(1).link_state, "unlinked")
        self.assertEqual(self.connection.feed_position, 1)
        self.assertEqual(self.companies.position, 0)
        self.assertEqual(self.sync_run.code, "profile_broken")
        self.run_cron()
        self.assertFalse(self.sync_run.code)
        self.assertTrue(self.partner(1) and self.partner(2))
        self.assertEqual(self.sync_run.created_count, 2)

    def test_a_crash_while_the_mirror_is_written_leaves_nothing_half(self):
        self.connector.add_part([contact(1)])
        with (
            patch.object(
                landers, "land_contacts", side_effect=RuntimeError("power cut")
            ),
            mute_logger(WORKER_LOGGER),
        ):
            self.run_cron()
        self.assertFalse(self.mirror(1))
        self.assertEqual(self.connection.feed_position, 0)
        self.run_cron()
        self.assertTrue(self.partner(1))

    def test_the_same_part_twice_changes_nothing(self):
        page = [contact(n, ContactPersons=[person("A", "B")]) for n in range(5)]
        self.connector.add_part(page)
        self.run_cron()
        count = self.partners.search_count([])
        seqs = self.env["xero.contact"].search([]).mapped("change_seq")
        self.connector.add_part(page)
        with self.count_partner_writes() as written:
            self.run_cron()
        self.assertEqual(written, [])
        self.assertEqual(self.partners.search_count([]), count)
        again = self.env["xero.contact"].search([]).mapped("change_seq")
        self.assertEqual(again, seqs)

    def test_the_feed_starts_again(self):
        self.connector.add_part([contact(1)])
        self.connector.epoch = "epoch-2"
        self.run_cron()
        self.assertRecordValues(
            self.connection,
            [{"feed_epoch": "epoch-2", "feed_position": 1, "reread_needed": False}],
        )
        self.assertEqual(
            self.connector.called("POST", "/v1/connections/connection-1/syncs"), 1
        )
        self.assertTrue(self.repairs())

    def test_a_restored_connector_is_read_again(self):
        """It has the same epoch and, after some syncs, the same numbers."""
        self.connector.add_part([contact(1)])
        self.run_cron()
        self.connector.feed[0]["stamp"] = "of another history"
        self.run_cron()
        self.assertRecordValues(
            self.connection,
            [
                {
                    "feed_epoch": "epoch-1",
                    "feed_position": 1,
                    "feed_stamp": "of another history",
                    "reread_needed": False,
                }
            ],
        )
        self.assertTrue(self.repairs())

    def test_a_full_read_is_asked_for_until_it_is_given(self):
        self.connector.epoch = "epoch-2"
        path = ("POST", "/v1/connections/connection-1/syncs")
        # The sync that is under way already began before what was lost.
        self.connector.answers[path] = (200, self.connector.sync())
        self.run_cron()
        self.assertTrue(self.connection.reread_needed)
        self.connector.answers.clear()
        self.run_cron()
        self.assertFalse(self.connection.reread_needed)

    def test_another_database_has_the_feed(self):
        self.connector.consumer = "another"
        self.run_cron()
        self.assertEqual(self.connection.state_code, "feed_taken")
        self.assertIn("Another Odoo", self.connection.state_message)
        self.connector.add_part([contact(1)])
        self.connection.action_take_feed_over()
        self.assertEqual(
            self.connector.consumer,
            self.env["ir.config_parameter"].sudo().get_param("database.uuid"),
        )
        self.run_cron()
        self.assertTrue(self.partner(1))
        self.assertFalse(self.connection.state_code)

    def test_a_part_that_cannot_be_read_is_passed_over_and_read_again(self):
        self.connector.add_part(b"no gzip at all")
        self.connector.add_part([contact(2)])
        for expected in (0, 0, 2):
            with mute_logger(WORKER_LOGGER):
                self.run_cron()
            self.assertEqual(self.connection.feed_position, expected)
        line = self.sync_run.line_ids
        self.assertEqual(line.code, "part_unreadable")
        self.assertIn("part_not_json", line.detail)
        self.assertTrue(self.partner(2))
        reread = self.repairs()
        self.assertEqual(len(reread), 1)
        # Not for ever: what fails when read again is told, and no more.
        bad = self.connector.add_part(b"again", sync=reread.connector_ref)
        for _again in range(3):
            with mute_logger(WORKER_LOGGER):
                self.run_cron()
        self.assertEqual(self.connection.feed_position, bad)
        self.assertEqual(reread.line_ids.code, "part_unreadable_again")
        self.assertEqual(len(self.repairs()), 1)

    def test_a_part_with_fewer_records_than_announced_is_not_believed(self):
        self.connector.add_part([contact(1)])
        self.connector.feed[0]["records"] = 2
        with mute_logger(WORKER_LOGGER):
            self.run_cron()
        self.assertEqual(self.connection.feed_position, 0)

    def test_what_is_no_record_keeps_no_other_out(self):
        self.connector.add_part([None, contact(1), "x"])
        self.run_cron()
        self.assertTrue(self.partner(1))
        self.assertEqual(
            self.sync_run.line_ids.mapped("code"), ["contact_id_missing"] * 2
        )

    def test_an_import_that_breaks_holds_nothing_back(self):
        self.connector.add_part([contact(1)])
        self.connector.add_part([contact(2)])
        self.connector.add_end()
        with (
            patch.object(Applier, "apply", side_effect=KeyError("a bug")),
            mute_logger(IMPORT_LOGGER),
        ):
            self.run_cron()
        self.assertEqual(self.connection.feed_position, 3)
        self.assertTrue(self.mirror(2))
        self.assertRecordValues(
            self.sync_run, [{"state": "failed", "code": "profile_broken"}]
        )

    def test_a_connection_that_the_connector_forgot(self):
        self.connector.answers["GET", FEED] = (404, {"code": "not_found"})
        self.run_cron()
        self.assertRecordValues(
            self.connection, [{"state": "reconnect", "state_code": "not_found"}]
        )

    def test_a_damaged_part_is_never_used(self):
        n = self.connector.add_part([contact(1)])
        whole = self.connector.bodies[n]
        self.connector.bodies[n] = whole[:-1] + b"!"
        with mute_logger(WORKER_LOGGER):
            self.run_cron()
        self.assertFalse(self.mirror(1))
        self.connector.bodies[n] = whole
        self.run_cron()
        self.assertTrue(self.mirror(1))

    def test_xero_wants_a_new_connection(self):
        self.connector.add_end("failed", "reconnect_needed")
        self.connector.status = "reconnect"
        self.run_cron()
        self.assertRecordValues(
            self.connection,
            [{"state": "reconnect", "state_code": "reconnect_needed"}],
        )
        self.assertIn("Reconnect", self.connection.state_message)
        self.assertEqual(self.sync_run.state, "failed")
        self.assertIn("no longer accepts", self.sync_run.message)

    def test_the_connector_is_away_and_comes_back(self):
        self.connector.answers["GET", FEED] = (503, b"<html>Bad gateway</html>")
        self.run_cron()
        self.assertEqual(self.connection.state_code, "connector_unavailable")
        self.assertEqual(self.sync_run.state, "queued")
        self.connector.answers.clear()
        self.connector.add_part([contact(1)])
        self.connector.add_end()
        self.run_cron()
        self.assertFalse(self.connection.state_code)
        self.assertEqual(self.sync_run.state, "done")

    def test_imports_go_on_without_the_connector(self):
        self.land(contact(1))
        self.connector.answers["GET", FEED] = (0, requests.ConnectionError())
        self.run_cron()
        self.assertTrue(self.partner(1))

    def test_waiting_is_shown_and_takes_no_turn(self):
        self.connector.sync()["state"] = "waiting"
        self.connector.sync()["due_at"] = "2026-11-21T00:00:00Z"
        self.connector.sync()["code"] = "throttled_reserve"
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([])
        self.run_cron()
        self.assertEqual(self.sync_run.state, "waiting")
        self.assertIn("kept for single actions", self.sync_run.message)
        self.assertEqual(str(self.sync_run.due_at), "2026-11-21 00:00:00")
        self.assertEqual(triggers.search_count([]), before)

    def test_lacking_time_it_goes_on_at_once(self):
        self.connector.add_part([contact(1)])
        self.connector.add_part([contact(2)])
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([])
        cron = type(self.env["ir.cron"])
        original = cron._commit_progress

        def commit_late(*args, **kwargs):
            original(*args, **kwargs)
            return 0.0

        with patch.object(cron, "_commit_progress", commit_late):
            self.run_cron()
        self.assertEqual(self.connection.feed_position, 1)
        self.assertGreater(triggers.search_count([]), before)

    def test_a_lost_transaction_is_tried_again_at_once(self):
        self.connector.add_part([contact(1)])
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([])
        with patch.object(landers, "land_contacts", side_effect=SerializationFailure()):
            self.run_cron()
        self.assertEqual(self.connection.feed_failures, 0, "not the part's fault")
        self.assertGreater(triggers.search_count([]), before)
        self.run_cron()
        self.assertTrue(self.partner(1))

    def test_somebody_else_works_on_it(self):
        self.connector.add_part([contact(1)])
        with patch.object(
            type(self.connection),
            "try_lock_for_update",
            lambda connection, **_options: connection.browse(),
        ):
            self.run_cron()
        self.assertFalse(self.mirror(1))

    def test_a_sync_that_the_connector_began_gets_a_run(self):
        self.connector.add_part([contact(1)], sync="by-webhook")
        self.connector.add_end(sync="by-webhook")
        self.run_cron()
        run = self.connection.sync_ids.filtered(
            lambda run: run.connector_ref == "by-webhook"
        )
        self.assertEqual(run.state, "done")

    def test_a_sync_that_ended_without_an_entry(self):
        self.connector.sync()["state"] = "failed"
        self.connector.sync()["code"] = "stuck"
        self.run_cron()
        self.assertRecordValues(self.sync_run, [{"state": "failed", "code": "stuck"}])

    def test_a_sync_that_the_connector_forgot(self):
        self.connector.syncs.clear()
        self.run_cron()
        self.assertEqual(self.sync_run.code, "sync_unknown")
