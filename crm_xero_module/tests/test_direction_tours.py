# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_draft_invoice import DraftCase
from .touring import TourCase

FILTER = "[('comment', 'ilike', 'made by a test')]"


@tagged("post_install", "-at_install")
class TestDirectionTours(DraftCase, TourCase):
    """What goes to Xero by itself, and a draft from an opportunity, in a browser."""

    def start(self, tour, record, login="admin"):
        self.env.flush_all()
        path = {"xero.connection": "xero-connections"}.get(record._name, record._name)
        self.start_tour(f"/odoo/{path}/{record.id}", tour, login=login)
        self.env.invalidate_all()

    def test_new_customers_are_counted_before_they_go(self):
        values = {"comment": "made by a test", "is_company": True}
        partners = self.env["res.partner"].create(
            [{"name": name, **values} for name in ("Harbour Club", "Bayside Club")]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = %s WHERE id = ANY(%s)",
            [fields.Datetime.now() - timedelta(hours=3), partners.ids],
        )
        self.connection.write(
            {
                "new_customers": FILTER,
                "last_sync_at": fields.Datetime.now(),
                "calls_limit": 1000,
                "calls_reserved": 50,
                "calls_remaining": 990,
            }
        )
        self.start("xero_direction", self.connection)
        self.assertEqual(self.connection.direction, "from_xero")
        self.assertFalse(self.connection.new_customers_since)

    def test_what_xero_has_not_allowed_does_not_go(self):
        self.connection.write(
            {"new_customers": FILTER, "granted_features": ["contacts"]}
        )
        self.start("xero_direction_refused", self.connection)
        self.assertEqual(self.connection.direction, "from_xero")

    def test_a_draft_from_an_opportunity(self):
        self.lead.company_id.currency_id = self.nzd
        self.start("xero_draft_invoice", self.lead, login="drafting_sam")
        entry = self.env["xero.outbox"].sudo().search([("lead_id", "=", self.lead.id)])
        self.assertEqual(entry.state, "done")
        self.assertEqual(
            [line["Description"] for line in entry.body["LineItems"]],
            ["New shelves", "Product 1, as agreed", "<b>Thank you</b>"],
        )

    def test_a_draft_for_who_is_not_in_xero(self):
        lead = self.opportunity(self.customer("Harbour Club"))
        self.start("xero_draft_invoice_problem", lead, login="drafting_sam")
