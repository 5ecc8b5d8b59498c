# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .books import credit_note, invoice, item, land, line
from .test_customer_sales import CustomerCase
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestCustomerTours(CustomerCase, TourCase):
    """What a customer bought and owes, in a browser."""

    def land_sales(self):
        self.land_books(
            item(1),
            invoice(
                1,
                lines=[line(quantity=2, price=200, item=item(1))],
                day="2026-05-01",
                due="2026-11-02",
            ),
            # Paid after 19 days.
            invoice(2, lines=100, day="2026-06-01", paid=[("2026-06-20", 100)]),
            credit_note(1, lines=50, day="2026-07-01"),
            invoice(3, lines=300, day="2025-06-01", paid=[("2025-06-20", 300)]),
        )
        self.refresh()

    def open(self, partner, tour):
        self.start_tour(f"/odoo/res.partner/{partner.id}", tour, login="admin")

    def test_a_company(self):
        self.land_sales()
        self.open(self.company, "xero_customer_sales")

    def test_a_person(self):
        self.land_sales()
        self.open(self.ann, "xero_customer_person")

    def test_several_organisations(self):
        other = self.connect_another("AUD")
        land(other.sudo(), invoice(9, lines=30, CurrencyCode="AUD"))
        self.land_books(invoice(1), invoice(2, lines=1200, CurrencyCode="USD"))
        self.refresh()
        self.open(self.company, "xero_customer_several")

    def test_linked_without_sales(self):
        self.connection.sudo().short_code = "!ab1"
        self.open(self.partner(2), "xero_customer_no_sales")

    def test_lists_of_customers(self):
        self.land_sales()
        self.start_tour(
            "/odoo/action-base.action_partner_form",
            "xero_customer_lists",
            login="admin",
        )
