# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures, rates and snapshots as the cron brings them up to the mirror."""

from datetime import timedelta
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.services import worker
from odoo.addons.crm_xero_module.services.sales.days import today_of

from .books import BooksCase, invoice
from .common import contact

WORKER_LOGGER = "odoo.addons.crm_xero_module.services.worker"
CRON_LOGGER = "odoo.addons.crm_xero_module.models.xero_connection"


class TestFiguresWorker(BooksCase):
    def setUp(self):
        super().setUp()
        self.today = today_of(self.connection)

    def feed(self, *invoices, contacts=(), end=True):
        """What a sync brings, into the connector's feed."""
        if contacts:
            self.connector.add_part(list(contacts))
        if invoices:
            self.connector.add_part(
                list(invoices),
                resource="invoices",
                key="Invoices",
                item_count=len(invoices),
            )
        if end:
            self.connector.add_end()

    def figures(self):
        return self.env["xero.customer.figures"].search([])

    def step(self, name="figures"):
        steps = {step["name"]: step for step in self.sync_run.steps}
        return steps.get(name)

    def owing(self, number=1, day=None):
        day = day or self.today
        return invoice(
            number, number, day=day - timedelta(days=30), due=day - timedelta(days=5)
        )

    def test_a_sync_ends_with_its_figures(self):
        self.feed(
            self.owing(1), self.owing(2), contacts=[contact(1), contact(2)], end=True
        )
        self.run_cron()
        self.assertRecordValues(
            self.figures(),
            [{"day": self.today, "stale": False, "overdue": 100.0}] * 2,
        )
        self.assertEqual(self.sync_run.state, "done")
        self.assertEqual(
            self.step(),
            {
                "name": "figures",
                "label": "Figures",
                "state": "done",
                "done": 2,
                "total": 2,
            },
        )
        # After what was read and the imports.
        self.assertEqual(self.sync_run.steps[-1], self.step())
        self.assertEqual(
            [step["name"] for step in self.sync_run.steps[:2]], ["contacts", "invoices"]
        )

    def test_figures_are_shown_before_the_run_is_over(self):
        self.feed(self.owing(), contacts=[contact(1)])
        states = []
        finish = type(self.sync_run)._finish

        def finishing(run, *args):
            if run.kind == "sync":
                step = self.step()["state"]
                states.append((run.state, step, self.figures().overdue))
            return finish(run, *args)

        with patch.object(type(self.sync_run), "_finish", finishing):
            self.run_cron()
        self.assertEqual(states, [("running", "done", 100.0)])

    def test_a_batch_and_a_commit_at_a_time(self):
        numbers = range(1, 6)
        self.feed(
            *(self.owing(number) for number in numbers),
            contacts=[contact(number) for number in numbers],
        )
        sizes = []

        def two_at_a_time(connection):
            sizes.append(refresh(connection, limit=2))
            return sizes[-1]

        refresh = worker.refresh_figures
        with patch.object(worker, "refresh_figures", two_at_a_time):
            self.run_cron()
        self.assertEqual(sizes, [2, 2, 1])
        self.assertEqual(self.step()["done"], 5)

    def test_when_time_is_over_the_rest_waits_and_then_the_sync_ends(self):
        numbers = range(1, 4)
        self.feed(
            *(self.owing(number) for number in numbers),
            contacts=[contact(number) for number in numbers],
        )
        cron = type(self.env["ir.cron"])
        commit, refresh = cron._commit_progress, worker.refresh_figures
        over = []

        def one_and_over(connection):
            over.append(True)
            return refresh(connection, limit=1)

        def time_is_over(record, *args, **kwargs):
            left = commit(record, *args, **kwargs)
            return 0 if over and not kwargs else left

        with (
            patch.object(worker, "refresh_figures", one_and_over),
            patch.object(cron, "_commit_progress", time_is_over),
        ):
            self.run_cron()
        self.assertEqual(self.sync_run.state, "running")
        self.assertEqual((self.step()["state"], self.step()["done"]), ("running", 1))
        self.run_cron()
        self.assertEqual(self.sync_run.state, "done")
        self.assertEqual((self.step()["state"], self.step()["done"]), ("done", 3))

    def test_midnight_comes_without_a_sync(self):
        self.feed(self.owing(), contacts=[contact(1)])
        self.run_cron()
        yesterday = self.today - timedelta(days=1)
        self.figures().sudo().write({"day": yesterday, "overdue": 7})
        self.connection.sudo().snapshot_day = yesterday - timedelta(days=1)
        self.run_cron()
        self.assertRecordValues(self.figures(), [{"day": self.today, "overdue": 100}])
        self.assertEqual(self.connection.snapshot_day, yesterday)

    def test_figures_need_no_connector(self):
        self.feed(self.owing(), contacts=[contact(1)])
        self.run_cron()
        self.figures().sudo().write({"stale": True, "overdue": 7})
        self.connection.sudo().write({"connector_ref": False})
        self.run_cron()
        self.assertEqual(self.figures().overdue, 100)

    def test_the_first_sync_of_sales_is_followed_by_a_history(self):
        old = self.today.replace(day=1) - timedelta(days=40)
        self.feed(self.owing(1, old), contacts=[contact(1)])
        self.run_cron()
        snapshots = self.env["xero.receivable.snapshot"].search([])
        self.assertEqual(max(snapshots.mapped("day")), self.today - timedelta(days=1))
        self.assertIn(
            self.today.replace(day=1) - timedelta(days=1), snapshots.mapped("day")
        )

    def test_rates_are_proven_before_the_figures(self):
        balances = {"AccountsReceivable": {"Outstanding": 200.0, "Overdue": 200.0}}
        document = invoice(
            1,
            lines=120,
            day=self.today - timedelta(days=30),
            due=self.today - timedelta(days=5),
            CurrencyCode="USD",
            CurrencyRate=0.6,
        )
        self.feed(document, contacts=[contact(1, Balances=balances)])
        self.run_cron()
        self.assertEqual(self.connection.rate_direction, "divide")
        # 120 / 0.6
        self.assertEqual(
            (self.figures().overdue, self.figures().unconverted), (200, False)
        )

    @mute_logger(WORKER_LOGGER, CRON_LOGGER)
    def test_figures_that_fail_do_not_hold_a_sync_up(self):
        self.feed(self.owing(), contacts=[contact(1)])

        def broken(connection):
            connection.name = "Half written"
            raise ValueError("broken")

        with patch.object(worker, "refresh_figures", broken):
            self.run_cron()
        self.assertEqual(self.sync_run.state, "done")
        self.assertEqual(self.connector.acknowledged, 3)
        self.assertNotEqual(self.connection.name, "Half written")
        self.assertTrue(self.figures().stale)
        self.run_cron()
        self.assertEqual(self.figures().overdue, 100)

    def test_what_follows_figures_comes_after_them(self):
        told = []
        follow = lambda connection: told.append(self.figures().overdue)  # noqa: E731
        self.feed(self.owing(), contacts=[contact(1)])
        with patch.object(worker, "AFTER_FIGURES", (follow,)):
            self.run_cron()
            self.assertEqual(told, [100.0])
            # Nothing new, nothing to follow.
            self.run_cron()
        self.assertEqual(told, [100.0])

    def test_a_pass_with_nothing_to_do_writes_nothing_of_sales(self):
        self.feed(self.owing(), contacts=[contact(1)])
        self.run_cron()
        statements = []
        execute = Cursor.execute

        def spy(cursor, query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", spy):
            self.run_cron()
        about = [
            text
            for text in statements
            if "xero_customer_figures" in text or "snapshot" in text.split("FROM")[-1]
        ]
        self.assertEqual(len(about), 1)
        self.assertIn("SELECT count(*)", about[0])
