# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import XeroCase, contact, phone
from .touring import TourCase

WORKBENCH = "/odoo/xero-match"


@tagged("post_install", "-at_install")
class TestMatchingTours(XeroCase, TourCase):
    """Who is who, said in a browser: with the mouse, and with keys alone."""

    def setUp(self):
        super().setUp()
        create = self.env["res.partner"].create
        self.club, *_others = create(
            [
                {"is_company": True, **values}
                for values in (
                    {
                        "name": "Bayside Club",
                        "email": "club@bayside.nz",
                        "phone": "555 9999",
                        "vat": "111-222-333",
                    },
                    {"name": "Harbour Club", "email": "harbour@clubs.nz"},
                    {"name": "Harbour Club (old)", "phone": "555 77777"},
                    {"name": "Coastal Timber", "email": "info@coastal.nz"},
                    {"name": "شركة الخليج", "email": "info@gulf.example"},
                    {"name": "Somebody Else"},
                )
            ]
        )
        self.land(
            contact(
                1,
                "Bayside Club Ltd",
                EmailAddress="club@bayside.nz",
                TaxNumber="111222333",
                Phones=[phone(number="555 1234")],
            ),
            contact(
                2,
                "Harbour Club",
                EmailAddress="harbour@clubs.nz",
                Phones=[phone(number="555 77777")],
            ),
            contact(3, "Coastal Timber", EmailAddress="info@coastal.nz"),
            contact(4, "شركة الخليج", EmailAddress="info@gulf.example"),
            contact(5, "Nobody Knows"),
            contact(6, "<b>Nobody Either</b>"),
        )
        self.connection.sudo().matching = "offered"
        self.env["xero.match"].refresh(self.connection.id)

    def start(self, tour, url=WORKBENCH):
        self.start_tour(url, tour, login="admin")
        self.env.invalidate_all()

    def test_with_the_mouse(self):
        self.start("xero_matching_mouse")
        self.assertEqual(self.partner(5).name, "Somebody Else")
        self.assertEqual(self.connection.matching, "done")
        self.assertFalse(self.partner(3))

    def test_with_keys(self):
        self.start("xero_matching_keys")
        self.assertEqual(self.partner(1), self.club)
        self.assertTrue(self.mirror(5).comes_as_new)

    def test_customers_without_a_contact(self):
        self.start("xero_matching_customers")
        self.assertEqual(self.partner(5).name, "Somebody Else")

    def test_imports_wait_until_a_person_says_so(self):
        self.start("xero_matching_gate", None)
        self.assertEqual(self.connection.matching, "done")

    def test_without_a_connection_the_next_step_is_told(self):
        self.connection.unlink()
        self.start("xero_matching_nothing")
