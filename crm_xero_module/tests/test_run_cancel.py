# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

import requests

from odoo.tests import tagged
from odoo.tests.test_cursor import TestCursor

from .common import FakeConnector, XeroCase, contact
from .test_kills import KillCase

CANCEL = ("POST", "/v1/syncs/sync-1/cancel")


class TestCancel(XeroCase):
    """A run that somebody cancels stops soon, keeps what came, and says so."""

    def states(self):
        return {step["name"]: step["state"] for step in self.sync_run.steps}

    def test_a_sync_stops_at_its_page_and_leaves_its_imports(self):
        self.bring(contact(1))
        self.sync_run.action_cancel()
        self.assertEqual(self.connector.called(*CANCEL), 0, "the cron tells it")
        self.connector.add_part([contact(2), contact(3)])
        self.connector.add_end("cancelled", "cancelled", "In the connector's words.")
        self.run_cron()
        self.assertEqual(self.connector.called(*CANCEL), 1)
        self.assertEqual(self.sync_run.state, "cancelled")
        self.assertIn("What had come", self.sync_run.message)
        self.assertIn("1 new", self.sync_run.message)
        self.assertEqual(self.states()["contacts"], "cancelled")
        self.assertNotIn("running", self.states().values())
        self.assertTrue(self.mirror(3), "what was read came in")
        self.assertFalse(self.partner(3), "and nobody imported it")

    def test_the_next_sync_imports_what_was_left(self):
        self.sync_run.action_cancel()
        self.connector.add_part([contact(1)])
        self.connector.add_end("cancelled", "cancelled")
        self.run_cron()
        self.connector.sync("sync-2")
        self.connection.sudo()._run_of("sync-2")
        self.connector.add_end(sync="sync-2")
        self.run_cron()
        self.assertTrue(self.partner(1))

    def test_pressed_twice_the_connector_is_told_once(self):
        self.sync_run.action_cancel()
        self.sync_run.action_cancel()
        self.run_cron()
        self.assertEqual(self.connector.called(*CANCEL), 1)
        noted = self.env["xero.audit"].search([("event", "=", "cancelled")])
        self.assertEqual(len(noted), 1)

    def test_pressed_when_it_is_over(self):
        self.sync_run._finish("done")
        self.sync_run.action_cancel()
        self.run_cron()
        self.assertEqual(self.sync_run.state, "done")
        self.assertEqual(self.connector.called(*CANCEL), 0)

    def test_pressed_just_at_the_end(self):
        self.bring(contact(1))
        self.connector.sync()["state"] = "done"
        self.connector.answers[CANCEL] = (200, self.connector.sync())
        self.connector.add_end()
        self.sync_run.action_cancel()
        self.run_cron()
        self.assertEqual(self.sync_run.state, "done", "nothing was left")
        self.assertTrue(self.connection.last_sync_at)

    def test_pressed_before_the_last_import(self):
        self.connector.sync()["state"] = "done"
        self.connector.answers[CANCEL] = (200, self.connector.sync())
        self.connector.add_part([contact(1)])
        self.connector.add_end()
        self.sync_run.action_cancel()
        self.run_cron()
        self.assertEqual(self.sync_run.state, "cancelled", "imports were left")
        self.assertFalse(self.connection.last_sync_at)

    def test_a_connector_that_does_not_answer_is_told_later(self):
        self.connector.answers[CANCEL] = (0, requests.ConnectionError())
        self.sync_run.action_cancel()
        self.run_cron()
        self.assertTrue(self.sync_run.is_open)
        del self.connector.answers[CANCEL]
        self.connector.add_end("cancelled", "cancelled")
        self.run_cron()
        self.assertEqual(self.sync_run.state, "cancelled")

    def test_a_sync_that_the_connector_forgot_ends_here(self):
        self.connector.syncs.clear()
        self.sync_run.action_cancel()
        self.run_cron()
        self.assertEqual(self.sync_run.state, "cancelled")

    def test_an_import_says_what_stayed(self):
        self.land(contact(1))
        run = self.env["xero.sync"].browse(self.companies.action_run()["res_id"])
        run.sudo()._count({"created": 12, "updated": 3})
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.assertIn("12 new, 3 changed", run.message)
        self.run_cron()
        self.assertEqual(run.state, "cancelled")

    def test_a_preview_changed_nothing(self):
        preview = self.companies.action_preview()["res_id"]
        run = self.env["xero.sync"].browse(preview)
        run.action_cancel()
        self.assertIn("changes nothing", run.message)


@tagged("post_install", "-at_install")
class TestKillsOfCancel(KillCase):
    """Whenever the process dies while it stops a sync, the next one stops it."""

    def begin(self):
        self.connector.sync()
        self.connector.add_part([contact(n) for n in range(1, 4)])
        self.connector.add_end("cancelled", "cancelled")
        self.sync_run.action_cancel()

    def test_dying_anywhere(self):
        [run] = self.die_everywhere(self.begin)["runs"]
        self.assertEqual(run[0][:2], ("sync", "cancelled"))

    def test_pressed_at_any_moment(self):
        """Cancelled between any two commits, and synced again: all is there, once."""
        number, ended = 0, set()
        while number is not None:
            with self.example(), self.batches_of(2), self.subTest(number=number):
                number = self.press_after(number)
                ended.add(self.sync_run.state)
                self.sync_again()
                self.assertEqual(len(self.all_partners()), 5)
        self.assertEqual(ended, {"cancelled", "done"})

    def press_after(self, number):
        """A sync that is cancelled after so many commits; the next number, None where
        it was over before."""
        type(self).connector = FakeConnector()
        self.connector.sync()
        self.connector.add_part([contact(n) for n in range(1, 4)])
        self.connector.add_part([contact(n) for n in range(4, 6)], page=2)
        self.connector.add_end()
        commit, seen, run = TestCursor.commit, [], self.sync_run

        def press(cursor):
            commit(cursor)
            if len(seen) == number and run.is_open:
                seen.append("pressed")
                run.action_cancel()
                run.flush_recordset()
            seen.append(cursor)

        with patch.object(TestCursor, "commit", press):
            self.run_cron()
        self.assertFalse(run.is_open)
        return number + 1 if "pressed" in seen else None

    def test_an_import_stopped_at_any_batch(self):
        """What was imported stays; the next run goes through the rest, once."""
        self.sync_run._finish("done")
        for number in range(6):
            with self.example(), self.batches_of(2), self.subTest(number=number):
                self.land(*[contact(n) for n in range(1, 8)])
                run = self.companies_run()
                self.press_when(run, number)
                done = run.created_count
                self.assertEqual(len(self.all_partners()), done)
                if done < 7:
                    self.assertEqual(run.state, "cancelled")
                is_stopped = run.state == "cancelled"
                self.assertEqual(is_stopped, "stays" in (run.message or ""))
                self.companies_run()
                self.run_cron()
                self.assertEqual(len(self.all_partners()), 7)

    def companies_run(self):
        return self.env["xero.sync"].browse(self.companies.action_run()["res_id"])

    def press_when(self, run, number):
        """A pass of the worker, in which a run is cancelled after so many commits."""
        commit, seen = TestCursor.commit, []

        def press(cursor):
            commit(cursor)
            if len(seen) == number:
                run.action_cancel()
                run.flush_recordset()
            seen.append(cursor)

        with patch.object(TestCursor, "commit", press):
            self.run_cron()
        self.env.invalidate_all()

    def sync_again(self):
        self.connector.sync("sync-2")
        self.connection.sudo()._run_of("sync-2")
        self.connector.add_end(sync="sync-2")
        self.run_cron()

    def all_partners(self):
        return self.env["xero.contact"].search([]).partner_id
