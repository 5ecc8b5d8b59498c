# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..services.sales.days import today_of
from ..services.sales.figures import refresh_figures
from .books import BooksCase, invoice
from .common import contact
from .connecting import ConnectingCase
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestSellingTours(ConnectingCase, BooksCase, TourCase):
    """What a salesperson and an administrator see of overdue customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sam = new_test_user(
            cls.env, "selling_sam", "sales_team.group_sale_salesman"
        )

    def sell(self):
        """Bayside Club owes 640 for five days, Harbour Club nothing."""
        today = today_of(self.connection)
        due = today - timedelta(days=5)
        self.bring(contact(1, "Bayside Club"), contact(2, "Harbour Club"))
        self.land_books(
            invoice(1, 1, 640, day=due, due=due),
            invoice(2, 1, 100, day=due, paid=[(due, 100)]),
            invoice(3, 2, 990, day=today, paid=[(today, 990)]),
        )
        refresh_figures(self.connection.sudo())
        for number, name in ((1, "New shelves"), (2, "Spare parts")):
            self.env["crm.lead"].create(
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": self.partner(number).id,
                    "user_id": self.sam.id,
                }
            )

    def test_a_salesperson_is_warned_where_selling_happens(self):
        self.sell()
        self.start_tour(None, "xero_selling", login="selling_sam")

    def test_the_overview_leads_to_what_is_owed_and_sold(self):
        self.sell()
        self.start_tour(None, "xero_overview_sales", login="selling_sam")

    def test_an_administrator_says_who_is_overdue(self):
        self.start_tour(None, "xero_overdue_settings", login="admin")
        self.env.invalidate_all()
        company = self.env.company
        self.assertEqual(company.xero_overdue_threshold, 250)
        self.assertEqual(company.xero_overdue_days, 14)
        self.assertTrue(company.xero_overdue_activity)
        self.assertEqual(company.xero_overdue_activity_type_id.name, "Call")
