# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goes with time, and what stays. It is 1 June 2027; all was made in 2026."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from odoo.addons.crm_xero_module.services.forgetting import retention
from odoo.addons.crm_xero_module.services.forgetting.retention import (
    KEPT,
    let_go_of_old,
)

from .common import contact
from .outbox import OutboxCase
from .test_preview import PreviewCase

NOW = datetime(2027, 6, 1, 3, 0, 0)
FOR_EVER = dict.fromkeys((kept.name for kept in KEPT), 0)


class Death(Exception):
    """The process ends here."""


class RetentionCase(PreviewCase):
    def keep(self, **days):
        """Keep these for so many days, all else for ever."""
        for kept in KEPT:
            kept.choose(self.env, {**FOR_EVER, **days}[kept.name])

    def let_go(self, now=NOW, commits=None):
        """Let go of what is old; how many rows each batch took.

        :param commits: after so many the time is over
        """
        taken = []

        def commit(count):
            taken.append(count)
            return 0 if len(taken) == commits else 60

        remains = let_go_of_old(self.env, commit, now)
        self.assertEqual(remains, bool(commits))
        return taken

    def run_of(self, day, state="done", kind="sync", profile=None):
        run = (
            self.env["xero.sync"]
            .sudo()
            .create(
                {
                    "name": f"{kind} of {day}",
                    "connection_id": self.connection.id,
                    "kind": kind,
                    "profile_id": profile and profile.id,
                    "state": state,
                    "steps": [],
                    "finished_at": day if state not in ("queued", "running") else False,
                }
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_sync SET create_date = %s WHERE id = %s", [day, run.id]
        )
        run.invalidate_recordset()
        return run

    def line_of(self, run, state, outcome="skipped"):
        line = (
            self.env["xero.sync.line"]
            .sudo()
            .create(
                {
                    "sync_id": run.id,
                    "connection_id": self.connection.id,
                    "company_id": self.connection.company_id.id,
                    "outcome": outcome,
                    "code": "required_missing",
                    "record_name": state,
                    "state": state,
                }
            )
        )
        return line


@tagged("post_install", "-at_install")
class TestRunsKept(RetentionCase):
    def setUp(self):
        super().setUp()
        self.keep(runs=90)
        self.old = self.run_of("2026-12-01")
        self.newer = self.run_of("2027-05-01")

    def test_what_is_over_and_old_goes_with_its_settled_lines(self):
        line = self.line_of(self.old, "retried")
        self.let_go()
        self.assertFalse(self.old.exists() or line.exists())
        self.assertTrue(self.newer.exists())

    def test_what_is_open_or_ignored_stays_with_its_run(self):
        lines = [self.line_of(self.old, s) for s in ("open", "ignored", "retried")]
        before = self.connection.not_imported_count
        self.let_go()
        self.assertEqual([bool(line.exists()) for line in lines], [True, True, False])
        self.assertTrue(self.old.exists())
        self.assertEqual(before, 1)
        self.assertEqual(self.connection.not_imported_count, before)

    def test_the_last_of_each_kind_and_end_stays(self):
        failed = [self.run_of(f"2026-11-0{n}", "failed") for n in (1, 2)]
        of_profile = self.run_of("2026-11-03", kind="profile", profile=self.contacts)
        self.let_go()
        self.assertFalse(self.old.exists(), "a later one was done too")
        self.assertFalse(failed[0].exists())
        self.assertTrue(failed[1].exists(), "what went wrong last can be looked up")
        self.assertTrue(of_profile.exists())

    def test_the_one_that_an_import_names_stays(self):
        self.companies.sudo().last_sync_id = self.old
        self.let_go()
        self.assertTrue(self.old.exists())

    def test_one_that_is_under_way_stays(self):
        waiting = self.run_of("2026-11-01", "waiting")
        self.run_of("2026-11-02", "waiting")
        self.let_go()
        self.assertTrue(waiting.exists())

    def test_for_ever(self):
        self.keep()
        self.assertEqual(self.let_go(), [])
        self.assertTrue(self.old.exists())

    def test_nothing_goes_before_its_time(self):
        self.let_go(datetime(2027, 2, 28, 12))
        self.assertTrue(self.old.exists())
        self.let_go(datetime(2027, 3, 1, 12))
        self.assertFalse(self.old.exists())


@tagged("post_install", "-at_install")
class TestDeathsWhileLettingGo(RetentionCase):
    """Whoever dies over it, after any batch: the next pass leaves what an undisturbed
    one leaves, and in between nothing is told that is not so."""

    def setUp(self):
        super().setUp()
        self.patch(retention, "BATCH", 2)
        self.keep(runs=90, previews=7)
        self.land(*(contact(number) for number in range(1, 6)))
        self.shown = self.preview()
        for number in range(1, 6):
            run = self.run_of(f"2026-11-0{number}")
            for state in ("retried", "retried", "open"):
                self.line_of(run, state)
        self.run_of("2027-05-01")
        # What a restart of the process would find.
        self.before = self.left()

    def left(self):
        self.env.invalidate_all()
        runs = self.env["xero.sync"].sudo().search([("kind", "!=", "preview")])
        return {
            "runs": runs.mapped("name"),
            "lines": sorted(runs.line_ids.mapped("state")),
            "open": self.connection.not_imported_count,
            "preview": bool(self.shown.exists()),
        }

    def test_after_each_batch(self):
        with self.env.cr.savepoint() as undisturbed:
            batches = len(self.let_go())
            expected = self.left()
            undisturbed.rollback()
        self.assertGreater(batches, 8)
        self.assertEqual(expected["open"], self.before["open"])
        for last in range(1, batches + 1):
            with self.subTest(last=last), self.env.cr.savepoint() as savepoint:
                self.die_after(last)
                self.check_in_between()
                self.let_go()
                self.assertEqual(self.left(), expected)
                savepoint.rollback()

    def die_after(self, last):
        count = 0

        def commit(_taken):
            nonlocal count
            count += 1
            if count == last:
                raise Death
            return 60

        with self.assertRaises(Death):
            let_go_of_old(self.env, commit, NOW)

    def check_in_between(self):
        self.env.invalidate_all()
        self.assertEqual(self.connection.not_imported_count, self.before["open"])
        preview = self.shown.exists()
        if preview.can_be_done:
            self.assertEqual(len(preview.line_ids), 5, "never a part of what it shows")

    def test_time_is_over(self):
        taken = self.let_go(commits=3)
        self.assertEqual(len(taken), 3)
        self.let_go()
        self.assertEqual(self.let_go(), [0] * len(self.let_go()))


@tagged("post_install", "-at_install")
class TestPreviewsKept(RetentionCase):
    def test_old_ones_go(self):
        self.land(contact(1), contact(2))
        self.keep(previews=7)
        done = self.preview()
        run = self.do(done)
        left = self.preview()
        fresh = self.preview(self.contacts)
        going_on = self.preview(self.vendors)
        going_on.created_count = 1
        self.start_doing(going_on)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_sync SET create_date = %s WHERE id = ANY(%s)",
            [NOW - timedelta(days=8), (done | left | going_on).ids],
        )
        self.env.cr.execute(
            "UPDATE xero_sync SET create_date = %s WHERE id = %s", [NOW, fresh.id]
        )
        self.env.invalidate_all()
        self.let_go()
        self.assertFalse(left.exists())
        self.assertTrue(run.exists() and done.exists())
        self.assertFalse(done.line_ids)
        self.assertFalse(done.can_be_done)
        self.assertFalse(going_on.are_lines_gone)
        self.assertTrue(fresh.exists())


@tagged("post_install", "-at_install")
class TestSentKept(OutboxCase, RetentionCase):
    def setUp(self):
        super().setUp()
        self.keep(sent=365)
        self.partner = self.customer()

    def sent(self, kind, state="done", **values):
        entry = (
            self.env["xero.outbox"]
            .sudo()
            .create(
                {
                    "name": kind,
                    "subject": f"{kind}:{state}:{values}",
                    "connection_id": self.connection.id,
                    "company_id": self.connection.company_id.id,
                    "kind": kind,
                    "state": state,
                    "key": f"{kind}-{state}-{sorted(values)}",
                    "done_at": state == "done" and "2026-01-01",
                    **values,
                }
            )
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_outbox SET write_date = '2026-01-01'")
        return entry

    def test_what_is_over_goes(self):
        gone = self.sent("update_contact", partner_id=self.partner.id)
        gone |= self.sent("create_contact", "cancelled")
        self.let_go()
        self.assertFalse(gone.exists())

    def test_what_is_not_over_stays(self):
        left = self.sent("update_contact", "waiting") | self.sent(
            "update_contact", "failed"
        )
        self.let_go()
        self.assertEqual(left.exists(), left)

    def test_a_customer_does_not_go_to_xero_a_second_time(self):
        entry = self.sent("create_contact", "cancelled", partner_id=self.partner.id)
        self.let_go()
        self.assertTrue(entry.exists())
        self.partner.unlink()
        self.let_go()
        self.assertFalse(entry.exists(), "there is nobody left to be made twice")

    def test_a_reference_is_not_used_a_second_time(self):
        lead = self.env["crm.lead"].create({"name": "Lease"})
        entry = self.sent("draft_invoice", "cancelled", lead_id=lead.id)
        self.let_go()
        self.assertTrue(entry.exists())


@tagged("post_install", "-at_install")
class TestActivitiesKept(RetentionCase):
    def test_old_entries_go(self):
        self.keep(activities=730)
        audit = self.env["xero.audit"]
        old, new = audit._note("sync", self.connection), audit._note("import")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_audit SET at = '2025-05-01' WHERE id = %s", [old.id]
        )
        self.let_go()
        self.assertEqual((old | new).exists(), new)


@tagged("post_install", "-at_install")
class TestDaysKept(RetentionCase):
    def setUp(self):
        super().setUp()
        self.keep(days=730)
        self.land(contact(1), contact(2))

    def owed(self, *days):
        for day in days:
            for number in (1, 2):
                self.env["xero.receivable.snapshot"].sudo().create(
                    {
                        "connection_id": self.connection.id,
                        "company_id": self.connection.company_id.id,
                        "contact_id": self.mirror(number).id,
                        "day": day,
                    }
                )
        self.env.flush_all()

    def days(self):
        rows = self.env["xero.receivable.snapshot"].search([], order="day, id")
        return rows.mapped(lambda row: row.day.isoformat())

    def test_the_ends_of_months_stay(self):
        self.owed("2025-03-30", "2025-03-31", "2025-04-29", "2025-05-31", "2025-06-03")
        self.let_go()
        kept = ("2025-03-31", "2025-04-29", "2025-05-31", "2025-06-03")
        self.assertEqual(self.days(), [day for day in kept for _contact in (1, 2)])

    def test_a_month_keeps_its_last_day_though_that_is_still_new(self):
        self.owed("2025-05-20", "2025-06-10")
        self.let_go(datetime(2027, 6, 5))
        self.assertEqual(self.days()[::2], ["2025-05-20", "2025-06-10"])

    def test_a_day_goes_whole(self):
        self.owed("2025-03-01", "2025-03-02", "2025-03-31")
        self.patch(retention, "BATCH", 1)
        self.let_go(commits=1)
        self.assertEqual(self.days()[::2], ["2025-03-02", "2025-03-31"])


@tagged("post_install", "-at_install")
class TestKeptFor(RetentionCase):
    """The settings, and the cron."""

    def test_the_defaults(self):
        settings = Form(self.env["res.config.settings"])
        self.assertEqual(
            [settings[f"xero_kept_{kept.name}"] for kept in KEPT],
            [7, 90, 365, 730, 730],
        )

    def test_what_is_chosen_is_kept_and_noted(self):
        settings = self.env["res.config.settings"].create({})
        settings.write({"xero_kept_runs": 30, "xero_kept_sent": 0})
        self.env.flush_all()
        fresh = self.env["res.config.settings"].create({})
        self.assertEqual((fresh.xero_kept_runs, fresh.xero_kept_sent), (30, 0))
        noted = self.env["xero.audit"].search([], limit=1)
        self.assertIn("90 → 30", noted.detail)
        self.assertEqual(noted.event, "settings")

    def test_days_are_not_negative(self):
        settings = self.env["res.config.settings"].create({})
        with self.assertRaises(ValidationError):
            settings.xero_kept_runs = -1

    def test_what_somebody_wrote_into_the_parameter_does_no_harm(self):
        runs = next(kept for kept in KEPT if kept.name == "runs")
        for text, days in (("soon", 90), ("-5", 0), ("999999999", 36500)):
            self.env["ir.config_parameter"].set_param(runs.parameter, text)
            self.assertEqual(runs.chosen_days(self.env), days)

    def test_the_cron(self):
        old = self.run_of("2020-01-01")
        self.run_of(fields.Datetime.now())
        cron = self.env.ref("crm_xero_module.ir_cron_xero_let_go").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(old.exists())
