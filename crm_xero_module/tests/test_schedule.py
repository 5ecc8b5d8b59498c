# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2
import requests
from freezegun import freeze_time

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.services.connector import app_facts
from odoo.addons.crm_xero_module.services.schedule import (
    interval_of,
    next_after,
    pause_after,
)

from .common import FakeConnector, XeroCase
from .screen_costs import ScreenCosts
from .test_kills import KillCase
from .xero_freshness import plan

MINUTE = timedelta(minutes=1)
BEGIN = ("POST", "/v1/connections/connection-1/syncs")


class OneAtATime(FakeConnector):
    """Begins a sync only where none is alive, as the connector does."""

    def _route(self, method, path, query, body):
        if (method, path[0], path[-1]) == ("POST", "connections", "syncs"):
            for sync in self.syncs.values():
                if sync["state"] == "running":
                    return self.respond(200, sync)
        return super()._route(method, path, query, body)


class ScheduleCase(XeroCase):
    """A connection whose first sync is over; `now` is the time of its next pass."""

    def setUp(self):
        super().setUp()
        type(self).connector = OneAtATime()
        self.connector.sync()["state"] = "done"
        self.sync_run.trigger = "person"
        self.sync_run._finish("done")
        self.env.flush_all()
        # What says when a sync began is the database's clock.
        self.now = self.env.cr.now().replace(microsecond=0)
        self.connection.write({"schedule": "fixed", "interval_minutes": 15})

    def pass_at(self, now):
        """One pass of the worker at that time."""
        with freeze_time(now):
            self.run_cron()
        self.env.invalidate_all()

    def plan_next(self):
        """Have the next sync planned; when it is due."""
        self.pass_at(self.now)
        return self.connection.next_sync_at

    def runs(self, trigger="schedule"):
        return self.connection.sync_ids.filtered(lambda run: run.trigger == trigger)


@tagged("post_install", "-at_install")
class TestSchedule(ScheduleCase):
    def test_a_sync_is_asked_for_when_its_time_has_come(self):
        due = self.plan_next()
        self.pass_at(due - MINUTE)
        self.assertFalse(self.runs())
        self.pass_at(due)
        run = self.runs()
        self.assertEqual(run.connector_ref, "sync-2")
        self.assertEqual(self.connector.called(*BEGIN), 1)
        self.assertEqual(self.connection.next_sync_at, due + 15 * MINUTE)

    def test_the_first_sync_is_a_persons(self):
        self.connection.sudo().sync_ids.unlink()
        self.pass_at(self.now)
        self.pass_at(self.now + timedelta(days=2))
        self.assertFalse(self.connection.next_sync_at)
        self.assertFalse(self.connector.called(*BEGIN))

    def test_never_two_at_once(self):
        due = self.plan_next()
        self.pass_at(due)
        self.pass_at(due + 40 * MINUTE)
        self.assertEqual(self.connector.called(*BEGIN), 1)
        self.connector.syncs["sync-2"]["state"] = "done"
        self.connector.add_end(sync="sync-2")
        self.pass_at(due + 41 * MINUTE)
        self.assertEqual(self.connector.called(*BEGIN), 2)

    def test_a_sync_by_hand_moves_the_next_one_on(self):
        due = self.plan_next()
        self.connection.action_sync_now()
        begun = self.runs("person").sorted("id")[-1].create_date
        self.assertLess(due, begun + 23 * MINUTE)
        self.connection.next_sync_at = begun + MINUTE
        self.connector.syncs["sync-2"]["state"] = "done"
        self.connector.add_end(sync="sync-2")
        self.pass_at(begun + 2 * MINUTE)
        self.assertEqual(self.connector.called(*BEGIN), 1)
        self.assertGreaterEqual(self.connection.next_sync_at, begun + 7.5 * MINUTE)

    def test_what_a_change_in_xero_began_moves_nothing(self):
        due = self.plan_next()
        run = self.connection.sudo()._run_of("sync-9")
        self.assertEqual(run.trigger, "webhook")
        run._finish("done")
        self.pass_at(due - MINUTE)
        self.assertEqual(self.connection.next_sync_at, due)

    def test_while_a_change_in_xero_is_read_the_sync_that_is_due_waits(self):
        due = self.plan_next()
        self.connector.sync("sync-9", trigger="webhook")
        self.pass_at(due)
        self.assertFalse(self.runs())
        self.assertEqual(self.runs("webhook").connector_ref, "sync-9")
        self.assertEqual(self.connection.next_sync_at, due + MINUTE)

    def test_a_sync_of_changes_that_goes_on_with_all_is_the_one_that_is_due(self):
        due = self.plan_next()
        self.connection.sudo()._run_of("sync-9")
        self.connector.sync("sync-9")
        self.connection.sync_ids[0].sudo()._finish("done")
        self.pass_at(due)
        self.assertEqual(self.runs().connector_ref, "sync-9")
        self.assertEqual(self.connection.next_sync_at, due + 15 * MINUTE)

    def test_a_sync_that_the_cron_shows_meanwhile_is_looked_for_again(self):
        collision = psycopg2.errors.UniqueViolation()
        runs = self.registry["xero.sync"]
        with (
            patch.object(runs, "create", side_effect=collision),
            self.assertRaises(ConcurrencyError),
        ):
            self.connection.action_sync_now()

    def test_by_hand_only_never_begins_one(self):
        self.plan_next()
        self.connection.schedule = "manual"
        self.assertFalse(self.connection.next_sync_at)
        self.pass_at(self.now + timedelta(days=3))
        self.assertFalse(self.connection.next_sync_at)
        self.assertFalse(self.connector.called(*BEGIN))
        self.connection.schedule = "proposed"
        self.assertTrue(self.connection.next_sync_at)

    def test_what_has_to_be_reconnected_begins_none(self):
        due = self.plan_next()
        self.connector.status = "reconnect"
        self.connector.status_code = "reconnect_needed"
        self.connection.state = "reconnect"
        self.pass_at(due + MINUTE)
        self.assertFalse(self.connector.called(*BEGIN))
        self.connector.status, self.connector.status_code = "connected", None
        self.connection.state = "connected"
        self.pass_at(due + 2 * MINUTE)
        self.assertEqual(self.connector.called(*BEGIN), 1)

    def test_a_copied_database_begins_none(self):
        due = self.plan_next()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("database.is_neutralized", True)
        self.pass_at(due + MINUTE)
        self.assertFalse(self.connector.called(*BEGIN))
        parameters.set_param("database.is_neutralized", False)
        self.connector.consumer = "the database that it was copied from"
        self.pass_at(due + 2 * MINUTE)
        self.assertFalse(self.connector.called(*BEGIN))
        self.assertEqual(self.connection.state_code, "feed_taken")

    def test_in_vain_it_is_tried_again_after_growing_pauses(self):
        due = self.plan_next()
        self.connector.answers[BEGIN] = (503, {"code": "connector_unavailable"})
        pauses = []
        for _ in range(7):
            self.pass_at(due)
            pauses.append((self.connection.next_sync_at - due) / MINUTE)
            due = self.connection.next_sync_at
        self.assertEqual(pauses, [1, 2, 4, 8, 15, 15, 15])
        self.assertEqual(self.connection.state_code, "connector_unavailable")
        self.connector.answers.clear()
        self.pass_at(due)
        self.assertEqual(len(self.runs()), 1)
        self.assertEqual(self.connection.schedule_tries, 0)

    def test_a_connector_that_is_away_leaves_it_due(self):
        due = self.plan_next()
        feed = ("GET", "/v1/connections/connection-1/feed")
        self.connector.answers[feed] = (0, requests.ConnectionError())
        self.pass_at(due)
        self.pass_at(due + 90 * MINUTE)
        self.assertEqual(self.connection.next_sync_at, due)
        self.connector.answers.clear()
        self.pass_at(due + 91 * MINUTE)
        self.assertEqual(len(self.runs()), 1)

    def test_a_lost_answer_begins_no_second_sync(self):
        due = self.plan_next()

        def lose(request):
            OneAtATime.handle(self.connector, request)
            raise requests.ReadTimeout()

        handle = self.connector.handle
        self.connector.handle = lambda request: (
            lose(request) if request.method == "POST" else handle(request)
        )
        self.pass_at(due)
        self.assertFalse(self.runs())
        self.connector.handle = handle
        self.pass_at(due + MINUTE)
        self.assertEqual(self.runs().connector_ref, "sync-2")
        self.assertEqual(list(self.connector.syncs), ["sync-1", "sync-2"])

    def test_another_interval_counts_at_once(self):
        self.connection.interval_minutes = 240
        far = self.plan_next()
        with freeze_time(self.now):
            self.connection.interval_minutes = 5
        self.assertLess(self.connection.next_sync_at, self.now + 8 * MINUTE)
        with freeze_time(self.now):
            self.connection.interval_minutes = 240
        self.assertEqual(self.connection.next_sync_at, far)

    def test_an_interval_is_within_a_day(self):
        for minutes in (0, -5, 4, 1441):
            with (
                self.subTest(minutes),
                self.assertRaises(psycopg2.IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.connection.interval_minutes = minutes
                self.env.flush_all()


@tagged("post_install", "-at_install")
class TestPlan(ScheduleCase):
    def setUp(self):
        super().setUp()
        self.connection.schedule = "proposed"

    def test_the_proposal_is_asked_for_every_ten_minutes(self):
        self.pass_at(self.now)
        self.assertEqual(self.connection.plan, self.connector.plan)
        self.pass_at(self.now + MINUTE)
        self.pass_at(self.now + 9 * MINUTE)
        self.assertEqual(len(self.connector.planned_for), 1)
        self.pass_at(self.now + 10 * MINUTE)
        self.assertEqual(len(self.connector.planned_for), 2)

    def test_other_features_are_planned_for_at_once(self):
        self.pass_at(self.now)
        self.connection.with_items = False
        self.pass_at(self.now + MINUTE)
        self.assertEqual(
            self.connector.planned_for,
            [["contacts", "items", "sales"], ["contacts", "sales"]],
        )

    def test_webhooks_that_xero_confirmed_are_planned_for_at_once(self):
        self.pass_at(self.now)
        said = f"{(self.now + MINUTE).isoformat()}Z"
        webhooks = {"key_set_at": said, "confirmed_at": said}
        app_facts.remember(self.env, {"webhooks": webhooks})
        self.pass_at(self.now + 2 * MINUTE)
        self.assertEqual(len(self.connector.planned_for), 2)
        self.pass_at(self.now + 3 * MINUTE)
        self.assertEqual(len(self.connector.planned_for), 2)

    def test_a_longer_proposal_counts_from_the_newest_sync(self):
        self.connector.plan = plan(proposed=60)
        due = self.plan_next()
        begun = self.runs("person").create_date
        self.connector.plan = plan(proposed=480)
        for minutes in (10, 20, 30):
            self.pass_at(self.now + minutes * MINUTE)
        self.assertGreater(self.connection.next_sync_at, due)
        self.assertLess(self.connection.next_sync_at, begun + 720 * MINUTE)

    def test_a_shorter_proposal_counts_at_once(self):
        self.connector.plan = plan(proposed=480)
        self.pass_at(self.now)
        self.connector.plan = plan(proposed=5)
        self.pass_at(self.now + 10 * MINUTE)
        self.assertLess(self.connection.next_sync_at, self.now + 20 * MINUTE)

    def test_what_cannot_be_planned_keeps_what_was_said_before(self):
        self.pass_at(self.now)
        schedule = ("GET", "/v1/connections/connection-1/schedule")
        self.connector.answers[schedule] = (500, {"code": "internal_error"})
        self.pass_at(self.now + 11 * MINUTE)
        self.assertEqual(self.connection.plan, self.connector.plan)
        self.assertFalse(self.connection.state_code)

    def test_how_often_is_said_with_what_it_costs(self):
        self.assertEqual(self.connection.schedule_note, "every 15 minutes")
        self.pass_at(self.now)
        calls = next(c for c in self.connector.plan["choices"] if c["minutes"] == 15)
        self.assertEqual(
            self.connection.schedule_note,
            f"every 15 minutes · {calls['calls']} of 1,000 calls a day",
        )
        self.connection.write({"schedule": "fixed", "interval_minutes": 60})
        self.assertIn("every hour · ", self.connection.schedule_note)
        self.connection.schedule = "manual"
        self.assertIn("presses Sync now", self.connection.schedule_note)


@tagged("post_install", "-at_install")
class TestHeard(ScheduleCase):
    def test_when_xero_told_of_a_change_is_known_with_its_sync(self):
        self.pass_at(self.now)
        told_of = {**self.connector.connection(), "webhook_at": "2026-11-22T19:59:00Z"}
        address = ("GET", "/v1/connections/connection-1")
        self.connector.answers[address] = (200, told_of)
        self.pass_at(self.now + MINUTE)
        self.assertFalse(self.connection.webhook_at)
        self.connector.sync("sync-9", trigger="webhook", state="done")
        self.connector.add_end(sync="sync-9")
        self.pass_at(self.now + 2 * MINUTE)
        self.assertEqual(self.connection.webhook_at, datetime(2026, 11, 22, 19, 59))


@tagged("post_install", "-at_install")
class TestScheduleCosts(ScreenCosts, ScheduleCase):
    def test_when_and_webhooks_cost_no_query(self):
        self.pass_at(self.now)
        names = ("plan", "schedule", "schedule_note", "next_sync_at", "webhooks")
        self.assertEqual(
            self.queries(
                lambda: self.connection.web_read({name: {} for name in names})
            ),
            self.queries(lambda: self.connection.web_read({"name": {}})),
        )


@tagged("post_install", "-at_install")
class TestPlaces(XeroCase):
    """Where on the clock syncs begin."""

    def setUp(self):
        super().setUp()
        self.connections = self.connection.create([{} for _ in range(8)])

    def test_connections_of_a_database_begin_apart(self):
        begun = datetime(2026, 11, 22, 10, 7)
        for minutes in (15, 60, 1440):
            self.connections.write({"schedule": "fixed", "interval_minutes": minutes})
            due = [next_after(found, begun) for found in self.connections]
            places = Counter(moment.replace(second=0) for moment in due)
            self.assertEqual(max(places.values()), 1, minutes)

    def test_each_interval_has_one_sync(self):
        self.connections.write({"schedule": "fixed", "interval_minutes": 15})
        for found in self.connections:
            moment = datetime(2026, 11, 22, 10, 7)
            for number in range(100):
                # The cron comes a little later than asked.
                late = timedelta(seconds=number * 37 % 120)
                after = next_after(found, moment + late)
                if number:
                    self.assertEqual(after - moment, 15 * MINUTE)
                moment = after

    def test_a_pause_is_never_longer_than_the_interval(self):
        found = self.connections[0]
        found.write({"schedule": "fixed", "interval_minutes": 5})
        self.assertEqual(pause_after(found, 1), MINUTE)
        self.assertEqual(pause_after(found, 500), interval_of(found))

    def test_a_proposal_out_of_all_bounds_is_bounded(self):
        found = self.connections[0]
        for proposed, minutes in ((0, 15), (1, 5), (100_000, 1440), (None, 15)):
            found.plan = {"proposed": proposed}
            self.assertEqual(interval_of(found), minutes * MINUTE)


@tagged("post_install", "-at_install")
class TestScheduleKills(KillCase):
    """Wherever the process dies, one sync is begun, and the next one planned."""

    def begin(self):
        type(self).connector = OneAtATime()
        self.connector.sync()["state"] = "done"
        self.sync_run.sudo().write({"trigger": "person"})
        self.sync_run.sudo()._finish("done")
        self.connection.write({"schedule": "fixed", "interval_minutes": 15})
        self.connection.next_sync_at = self.due

    def left(self):
        return {
            "runs": sorted(
                self.connection.sync_ids.mapped(
                    lambda run: (run.connector_ref, run.trigger, run.state)
                )
            ),
            "next": self.connection.next_sync_at,
            "tries": self.connection.schedule_tries,
            "syncs": sorted(self.connector.syncs),
        }

    def test_wherever_it_dies_one_sync_is_begun(self):
        self.due = self.env.cr.now().replace(microsecond=0) + timedelta(hours=1)
        with freeze_time(self.due + MINUTE):
            left = self.die_everywhere(self.begin)
        self.assertEqual(left["syncs"], ["sync-1", "sync-2"])
        self.assertIn(("sync-2", "schedule", "running"), left["runs"])
        self.assertGreater(left["next"], self.due + 7 * MINUTE)
