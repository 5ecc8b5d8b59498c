# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .aged_reports import aged_report
from .books import BooksCase, invoice, invoice_id
from .common import contact, xero_id
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestReceivablesTour(BooksCase, TourCase):
    """The receivables' screens in a browser, with a connector in memory."""

    def test_receivables_and_their_comparison(self):
        owing = {"AccountsReceivable": {"Outstanding": 100, "Overdue": 100}}
        agreeing = {"AccountsReceivable": {"Outstanding": 70, "Overdue": 70}}
        self.land_books(
            contact(1, "Bayside Club", Balances=owing),
            contact(2, "Harbour Club", Balances=agreeing),
            contact(3, "Dollar Club"),
            invoice(
                1,
                1,
                100,
                day="2020-01-10",
                due="2020-01-20",
                paid=[("2020-02-10", 60)],
            ),
            invoice(2, 2, 70, day="2020-03-10", due="2020-03-20"),
            invoice(
                3,
                3,
                60,
                day="2020-03-10",
                due="2020-03-20",
                CurrencyCode="USD",
                CurrencyRate=0.5,
            ),
        )
        path = f"/v1/connections/connection-1/contacts/{xero_id(1)}/aged-receivables"
        row = (invoice_id(1), "INV-0001", "100.00", "0.00", "0.00", "100.00")
        self.connector.answers[("GET", path)] = (200, aged_report([row]))
        self.start_tour(None, "xero_receivables", login="admin")

    def test_receivables_over_time(self):
        self.land_books(contact(1, "Bayside Club"))
        common = {
            "connection_id": self.connection.id,
            "company_id": self.connection.company_id.id,
            "contact_id": self.mirror(1).id,
            "base_currency_id": self.nzd.id,
            "currency_code": "NZD",
        }
        self.env["xero.receivable.snapshot"].sudo().create(
            [
                {**common, "day": "2026-11-19", "current": 100},
                {**common, "day": "2026-11-20", "days_1_30": 60},
            ]
        )
        self.start_tour(None, "xero_receivables_over_time", login="admin")

    def test_without_documents_the_screen_says_what_to_do(self):
        self.start_tour(None, "xero_receivables_empty", login="admin")
