# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import XeroCase, contact
from .outbox import OutboxCase
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestOutboxTours(OutboxCase, XeroCase, TourCase):
    """The outbox in a browser."""

    def test_the_outbox(self):
        self.connection.short_code = "!abc"
        self.connector.put(contact(7, "Taken Club"))
        sent = self.queue(self.customer("Bayside Club"))
        taken = self.queue(self.customer("Taken Club"))
        refused = self.queue(self.customer("Harbour Club"))
        message = {"message": "Email address must be valid."}
        refused._end("failed", "xero_validation", message)
        quiet = self.queue(self.customer("Quiet Club"))
        self.start_tour(None, "xero_outbox", login="admin")
        self.env.invalidate_all()
        entries = sent | taken | refused | quiet
        self.assertEqual(
            entries.mapped("state"), ["done", "done", "cancelled", "waiting"]
        )
        self.assertEqual(len(self.linked(taken.partner_id)), 1)

    def test_nothing_was_written_yet(self):
        self.start_tour(None, "xero_outbox_empty", login="admin")
