# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .common import XeroCase, contact
from .touring import TourCase, is_seen


def finish(runs):
    """What the cron does, once the browser has seen the run going on."""
    if is_seen():
        runs.sudo().filtered("is_open")._finish("done")


@tagged("post_install", "-at_install")
class TestRunTours(XeroCase, TourCase):
    """Runs in a browser without a websocket, as tests have none: the truth is asked
    for."""

    def setUp(self):
        super().setUp()
        self.step_of("invoices", 12000, eta_seconds=40, progress=24)

    def step_of(self, name, done, **values):
        step = {"name": name, "label": name.capitalize(), "state": "running"}
        organisation = {"name": "organisation", "label": "Organisation"}
        self.sync_run.sudo().write(
            {
                "state": "running",
                "is_eta_least": False,
                "steps": [
                    {**organisation, "state": "done", "done": 1, "total": None},
                    {**step, "done": done, "total": 50000},
                ],
                **values,
            }
        )

    def start(self, tour, run=None, login="admin"):
        url = run and f"/odoo/xero-runs/{run.id}"
        self.start_tour(url, tour, login=login)

    def poked(self, poke):
        """What the cron does when somebody looks."""
        return patch.object(self.registry["xero.sync"], "poke", poke)

    def test_a_run_is_followed_to_its_end(self):
        self.bring(contact(1, "Bayside Club"), contact(2, ""))
        self.step_of("contacts", 12000, eta_seconds=40, progress=24)
        with self.poked(finish):
            self.start("xero_run", self.sync_run)

    def test_closed_and_opened_again(self):
        """The browser was closed meanwhile, and another one is opened."""
        with self.poked(lambda run: None):
            self.start("xero_run_begun", self.sync_run)
            self.step_of(
                "invoices", 25000, eta_seconds=110, is_eta_least=True, progress=50
            )
            self.start("xero_run_opened_again", self.sync_run)
        self.env.invalidate_all()
        self.assertTrue(self.sync_run.is_stopping)
        self.assertTrue(self.sync_run.is_open)

    def test_a_run_that_waits(self):
        self.sync_run.sudo()._follow(
            {
                "state": "waiting",
                "code": "throttled_day",
                "due_at": "2099-01-15T13:03:00Z",
            }
        )
        self.start("xero_run_waits", self.sync_run)

    def test_the_list_follows_too(self):
        connection = self.connection.sudo()
        quiet = connection._run_of("sync-7", trigger="schedule")
        quiet.name = "Nothing new"
        quiet._finish("done")
        telling = connection._run_of("sync-8", trigger="webhook")
        telling.name = "Begun by Xero"
        telling.mirrored_count = 3
        telling._finish("done")
        with self.poked(finish):
            self.start("xero_runs_list")

    def test_the_card_follows_and_cancels(self):
        def cancel(run):
            if is_seen():
                stopping = run.sudo().filtered("is_open").filtered("is_stopping")
                stopping._finish("cancelled", "cancelled")

        with self.poked(cancel):
            self.start("xero_live_runs")
        self.env.invalidate_all()
        self.assertEqual(self.sync_run.state, "cancelled")

    def test_a_seller_sees_and_does_not_cancel(self):
        new_test_user(
            self.env,
            "sellerofruns",
            "crm_xero_module.group_xero_user,sales_team.group_sale_salesman",
        )
        with self.poked(lambda run: None):
            self.start("xero_live_runs_of_a_seller", login="sellerofruns")
