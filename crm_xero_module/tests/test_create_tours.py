# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import contact
from .test_create_in_xero import CreateCase
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestCreateTours(CreateCase, TourCase):
    """A customer goes to Xero, in a browser."""

    def open(self, partner, tour):
        self.start_tour(f"/odoo/res.partner/{partner.id}", tour, login="admin")

    def test_create(self):
        self.connection.sudo().short_code = "!ab1"
        self.land(contact(1, "Other", EmailAddress="info@bayside.example"))
        self.open(self.club, "xero_create_customer")
        (made,) = self.connector.all_contacts()
        self.assertEqual(self.club.xero_contact_ids.xero_id, made["ContactID"])

    def test_link_instead(self):
        self.land(contact(1, "Bayside Club"))
        self.open(self.club, "xero_link_instead")
        self.assertEqual(self.partner(1), self.club)
        self.assertFalse(self.connector.written)

    def test_link_by_hand(self):
        self.land(contact(1, "Quite another name"))
        self.open(self.club, "xero_link_by_hand")
        self.assertEqual(self.partner(1), self.club)

    def test_a_person_of_a_company(self):
        self.open(self.ann, "xero_create_person")

    def test_many(self):
        self.env["res.partner"].create({"name": "Alike", "is_company": True})
        self.land(contact(1, "Alike"))
        self.env.ref("base.action_partner_form").sudo().write(
            {"domain": "[('name', 'in', ['Alike', 'Bayside Club'])]"}
        )
        self.start_tour(
            "/odoo/action-base.action_partner_form?view_type=list",
            "xero_create_many",
            login="admin",
        )
        entry = self.env["xero.outbox"].search([])
        self.assertEqual(entry.partner_id, self.club)
