# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.bus.models.bus import channel_with_db, json_dump
from odoo.addons.crm_xero_module.services.runs import announce

from .common import XeroCase, contact


class LiveCase(XeroCase):
    """A run, who is in Odoo, and what they hear over the bus."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "seller of runs", "crm_xero_module.group_xero_user"
        )
        cls.outsider = new_test_user(cls.env, "outsider of runs", "base.group_user")
        cls.there(cls.seller)
        cls.run_id = cls.sync_run.sudo()

    @classmethod
    def there(cls, user, status="online"):
        presences = cls.env["mail.presence"].sudo()
        presences.search([("user_id", "=", user.id)]).unlink()
        presences.create({"user_id": user.id, "status": status})

    def setUp(self):
        super().setUp()
        announce._told.clear()
        self.env.cr.precommit.run()
        self.bus = self.env["bus.bus"].sudo()
        self.bus.search([]).unlink()

    def channel(self, *target):
        return json_dump(channel_with_db(self.env.cr.dbname, target))

    def heard(self, kind=announce.MESSAGE):
        """What was sent about runs by now, the oldest first."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        messages = [json.loads(one.message) for one in self.bus.search([], order="id")]
        return [one["payload"] for one in messages if one["type"] == kind]


class TestRunLive(LiveCase):
    """Browsers hear how far a run is: those that may, and not more than they read."""

    # Who hears

    def channels_of(self, user, *asked):
        websocket = self.env["ir.websocket"].with_user(user)
        request = type("Request", (), {"session": type("S", (), {"uid": user.id})})()
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", request):
            return list(websocket._build_bus_channel_list(list(asked)))

    def test_whoever_may_read_the_connection_hears_its_runs(self):
        there = (self.connection, announce.SUBCHANNEL)
        channels = self.channels_of(self.seller, announce.CHANNEL)
        self.assertIn(there, channels)
        self.assertNotIn(announce.CHANNEL, channels, "a text is nobody's channel")
        self.assertNotIn(there, self.channels_of(self.seller), "who does not ask")

    def test_an_outsider_hears_nothing(self):
        for user in (self.outsider, self.env.ref("base.public_user")):
            channels = self.channels_of(user, announce.CHANNEL)
            self.assertNotIn((self.connection, announce.SUBCHANNEL), channels)

    def test_another_company_hears_nothing(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        theirs = new_test_user(
            self.env,
            "keeper of another company",
            "crm_xero_module.group_xero_administrator",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        channels = self.channels_of(theirs, announce.CHANNEL)
        self.assertNotIn((self.connection, announce.SUBCHANNEL), channels)
        self.there(self.seller, "offline")
        self.there(theirs)
        self.run_id.state = "running"
        self.assertEqual(self.heard(), [], "of this company nobody is there")

    def test_a_channel_asked_for_by_name_is_not_the_connections(self):
        name = self.channel(self.connection, announce.SUBCHANNEL)
        channels = self.channels_of(self.outsider, name)
        asked = {json_dump(channel_with_db(self.env.cr.dbname, c)) for c in channels}
        self.assertNotIn(name, asked)

    def test_it_goes_to_the_connection_alone(self):
        self.run_id.state = "running"
        self.heard()
        [message] = self.bus.search([("message", "like", announce.MESSAGE)])
        target = self.channel(self.connection, announce.SUBCHANNEL)
        self.assertEqual(message.channel, target)

    # What is heard

    def test_a_message_says_what_the_run_says(self):
        self.run_id._step_done("invoices", 12000, 50000)
        [told] = self.heard()
        self.assertEqual(told, json.loads(json_dump(self.run_id.live)))
        self.assertEqual(told["state"], "running")
        self.assertEqual(
            told["step"], {"label": "Invoices", "done": 12000, "total": 50000}
        )

    def test_no_more_than_one_a_second(self):
        with freeze_time("2026-11-20 10:00:00") as clock:
            self.run_id.state = "running"
            for _page in range(50):
                self.run_id._step_done("contacts", 10, 500)
                self.heard()
                clock.tick(0.1)
        self.assertLessEqual(len(self.heard()), 6)
        self.assertGreaterEqual(len(self.heard()), 4)

    def test_a_new_state_is_told_at_once(self):
        with freeze_time("2026-11-20 10:00:00"):
            self.run_id.state = "running"
            self.heard()
            self.run_id.write({"state": "waiting", "due_at": "2026-11-20 14:03:00"})
            self.heard()
            self.run_id._finish("done")
        states = [told["state"] for told in self.heard()]
        self.assertEqual(states, ["running", "waiting", "done"])
        self.assertEqual(self.heard()[1]["due_at"], "2026-11-20 14:03:00")

    def test_what_was_heard_is_not_told_again(self):
        with freeze_time("2026-11-20 10:00:00") as clock:
            self.run_id.state = "running"
            self.heard()
            clock.tick(10)
            self.run_id.state = "running"
            self.assertEqual(len(self.heard()), 1)

    def test_nobody_there_nothing_sent(self):
        self.there(self.seller, "offline")
        self.there(self.outsider)
        self.run_id.state = "running"
        self.assertEqual(self.heard(), [])

    def test_a_run_that_is_deleted_meanwhile(self):
        self.run_id.state = "running"
        self.run_id.unlink()
        self.assertEqual(self.heard(), [])

    def test_what_is_undone_is_not_told(self):
        self.heard()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.run_id.state = "running"
            raise ZeroDivisionError
        self.assertEqual(self.heard(), [])

    def test_it_costs_two_queries(self):
        self.run_id._step_done("contacts", 10, 500)
        self.heard()
        announce._told.clear()
        self.run_id._step_done("contacts", 10, 500)
        self.env["xero.sync"].flush_model()
        # Who is there, and the message.
        with self.assertQueryCount(2):
            self.env.cr.precommit.run()

    def test_a_page_costs_three_queries_more(self):
        self.run_id._step_done("contacts", 10, 500)
        self.heard()
        announce._told.clear()
        # The run itself, who is there, and the message.
        with self.assertQueryCount(3):
            self.run_id._step_done("contacts", 10, 500)
            self.env.flush_all()
            self.env.cr.precommit.run()

    def test_the_bar_never_goes_back_and_the_time_left_is_near(self):
        shown = []
        with freeze_time("2026-11-20 10:00:00") as clock:
            self.run_id._step_done("organisation", 1, None)
            for page in range(20):
                clock.tick(2)
                # Xero counts more while it is read.
                total = 10000 + 500 * page
                self.run_id._step_done("contacts", 1000, total)
                for profile in self.connection._auto_profiles():
                    clock.tick(1)
                    step = self.run_id._profile_step(profile)
                    at = 1000 * (page + 1)
                    self.run_id._show_profile_step(step, "running", at, at)
                shown.append((self.run_id.progress, self.run_id.eta_seconds))
        bars = [bar for bar, _left in shown]
        self.assertEqual(bars, sorted(bars))
        self.assertLessEqual(bars[-1], 99.0)
        self.assertTrue(all(0 <= left < 300 for _bar, left in shown))
        self.assertEqual(shown[-1][1], 0)

    # Without a websocket

    def test_asking_tells_the_same(self):
        self.run_id._step_done("contacts", 10, 500)
        runs = self.env["xero.sync"].with_user(self.seller)
        self.assertEqual(runs.get_live(), [self.run_id._live()])
        self.run_id._finish("done")
        self.assertEqual(runs.get_live(), [])
        [told] = runs.get_live([self.run_id.id])
        self.assertEqual(told["state"], "done")

    def test_asking_tells_an_outsider_nothing(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        theirs = new_test_user(
            self.env,
            "seller of another company",
            "crm_xero_module.group_xero_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        runs = self.env["xero.sync"].with_user(theirs)
        self.assertEqual(runs.get_live([self.run_id.id]), [])

    def test_looking_wakes_the_cron_but_not_for_what_rests(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([])
        self.env["xero.sync"].with_user(self.seller).get_live()
        self.assertEqual(triggers.search_count([]), before + 1)
        self.run_id.write({"state": "waiting", "due_at": "2099-01-01 00:00:00"})
        self.run_id.poke()
        self.assertEqual(triggers.search_count([]), before + 1)
        self.run_id.is_stopping = True
        self.run_id.poke()
        self.assertEqual(triggers.search_count([]), before + 2)

    def test_the_card_shows_what_goes_on(self):
        self.run_id._step_done("contacts", 10, 500)
        connection = self.connection.with_user(self.seller)
        self.assertEqual(connection.live_runs, [self.run_id._live()])
        self.run_id._finish("done")
        connection.invalidate_recordset()
        self.assertFalse(connection.live_runs)


class TestRunEnded(LiveCase):
    """Who started a run is told of its end, wherever in Odoo."""

    def ended(self):
        return self.heard("xero.run_ended")

    def target(self):
        [message] = self.bus.search([("message", "like", "xero.run_ended")])
        return message.channel

    def test_counts(self):
        self.run_id._count({"created": 12, "updated": 3, "failed": 1})
        self.run_id._finish("done")
        [told] = self.ended()
        self.assertEqual(
            told["message"], "Sync done: 12 new, 3 changed, 1 not imported"
        )
        self.assertEqual((told["id"], told["state"]), (self.run_id.id, "done"))
        self.assertEqual(self.target(), self.channel_of(self.admin))

    def channel_of(self, user):
        return json_dump(channel_with_db(self.env.cr.dbname, user.partner_id))

    def test_nothing_changed(self):
        self.run_id._finish("done")
        self.assertEqual(self.ended()[0]["message"], "Sync done: nothing changed")

    def test_a_failure_says_why(self):
        self.run_id._finish("failed", "reconnect_needed")
        [told] = self.ended()
        self.assertEqual(told["message"], self.run_id.message)

    def test_once(self):
        self.run_id._finish("done")
        self.run_id._finish("done")
        self.assertEqual(len(self.ended()), 1)

    def test_what_begins_by_itself_tells_nobody(self):
        run = self.connection.with_user(self.env.ref("base.user_root"))._run_of("s-2")
        self.assertEqual(run.trigger, "webhook")
        run._finish("done")
        self.assertEqual(self.ended(), [])

    def test_who_presses_while_one_goes_on_is_told(self):
        run = self.connection.with_user(self.env.ref("base.user_root"))._run_of("s-2")
        run._await(self.seller)
        run._await(self.admin)
        run._finish("done")
        self.ended()
        self.assertEqual(self.target(), self.channel_of(self.seller))

    def test_who_may_not_read_it_any_more_is_not_told(self):
        self.run_id.user_id = self.outsider
        self.run_id._finish("done")
        self.assertEqual(self.ended(), [])

    def test_in_the_language_of_who_waits(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.admin.lang = "fr_FR"
        langs = []
        with patch(
            "odoo.addons.crm_xero_module.models.xero_sync_live.ending_of",
            lambda env, run: langs.append(env.lang),
        ):
            self.run_id._finish("done")
        self.assertEqual(langs, ["fr_FR"])

    def test_imports_and_previews(self):
        self.bring(contact(1))
        for action, words in (
            (self.companies.action_run, "Import done: nothing changed"),
            (self.companies.action_preview, "Preview done: nothing changed"),
        ):
            run = self.env["xero.sync"].browse(action()["res_id"])
            run.sudo()._finish("done")
            self.assertEqual(self.ended()[-1]["message"], words)
