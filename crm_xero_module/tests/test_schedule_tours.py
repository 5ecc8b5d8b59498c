# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import XeroCase
from .connecting import CLIENT_ID, CLIENT_SECRET, ConnectingCase
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestScheduleTours(ConnectingCase, XeroCase, TourCase):
    """How often, and webhooks, in a browser."""

    def setUp(self):
        super().setUp()
        self.env["res.config.settings"].xero_set_app(CLIENT_ID, CLIENT_SECRET)
        self.connection.sudo()._take_plan(self.connector.plan)

    def start(self, tour):
        self.env.flush_all()
        url = f"/odoo/xero-connections/{self.connection.id}"
        self.start_tour(url, tour, login="admin")
        self.env.invalidate_all()

    def test_how_often_is_chosen_by_what_it_costs(self):
        now = fields.Datetime.now()
        self.connection.write(
            {"last_sync_at": now, "next_sync_at": now + timedelta(minutes=11)}
        )
        self.start("xero_schedule")
        self.assertEqual(
            (self.connection.schedule, self.connection.interval_minutes), ("fixed", 30)
        )

    def test_webhooks_are_set_up_and_removed(self):
        self.start("xero_webhooks")
        (sent, *_more) = reversed(self.connector.bodies_of("PUT", "webhooks"))
        self.assertEqual(sent["key"], "s1gn1ngKeyThatMustNotStayAnywhere==")
        self.assertFalse(self.connector.webhook_key)
        self.assertFalse(self.tables_holding("s1gn1ngKey"))

    def test_webhooks_in_the_settings(self):
        self.connector.tested = {
            "reached": False,
            "accepted": False,
            "refused_wrong": False,
            "code": "webhook_unreachable",
        }
        self.start_tour(None, "xero_webhooks_settings", login="admin")
