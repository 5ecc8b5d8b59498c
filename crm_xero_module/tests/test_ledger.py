# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is open on a day. Every amount here is worked out by hand beside it."""

from datetime import date, datetime

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.sales.ledger import open_documents

from .books import BooksCase, credit_note, invoice
from .common import contact

# 22 November 2026, 13:00 in Auckland.
NOW = datetime(2026, 11, 22, 0, 0, 0)
TODAY = date(2026, 11, 22)


@tagged("post_install", "-at_install")
class TestLedger(BooksCase):
    def setUp(self):
        super().setUp()
        self.land_books(contact(1), contact(2))

    def open(self, day=None, **options):
        """{number: (open, base_open, age)} of what is open."""
        found = self.env.execute_query(
            SQL(
                """
                SELECT t.number, l.open, l.base_open, l.age FROM (%s) AS l
                  JOIN xero_transaction t ON t.id = l.transaction_id
                """,
                open_documents(self.connection, day, now=NOW, **options),
            )
        )
        return {
            number: (float(amount), base if base is None else float(base), age)
            for number, amount, base, age in found
        }

    def test_today_is_what_xero_says(self):
        self.land_books(
            invoice(1, due="2026-11-22"),
            invoice(2, due="2026-11-21"),
            invoice(3, paid=[("2026-11-10", 100)]),
            invoice(4, lines=200, paid=[("2026-11-10", 50)]),
            invoice(5, day="2026-12-01", due="2026-12-20"),
            invoice(6, Status="DRAFT"),
            invoice(7, Status="SUBMITTED"),
            invoice(8, Status="VOIDED"),
            invoice(9, Status="DELETED"),
            credit_note(1, lines=80, allocated=[(4, "2026-11-11", 30)]),
        )
        self.assertEqual(
            self.open(),
            {
                "INV-0001": (100, 100, "current"),
                "INV-0002": (100, 100, "days_1_30"),
                # 200 less 50 paid; the 30 credited are not given to the builder.
                "INV-0004": (150, 150, "days_1_30"),
                "INV-0005": (100, 100, "current"),
                "CN-0001": (-50, -50, "credits"),
            },
        )
