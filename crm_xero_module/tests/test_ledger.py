# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is open on a day. Every amount here is worked out by hand beside it."""

from datetime import date, datetime

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.sales.ledger import open_documents

from .books import BooksCase, credit_note, invoice, land, overpayment, prepayment
from .common import contact

# 22 November 2026, 13:00 in Auckland.
NOW = datetime(2026, 11, 22, 0, 0, 0)
TODAY = date(2026, 11, 22)
ALLOCATED = "2026-11-20"


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
            credit_note(1, lines=80, refunded=[("2026-11-11", 30)]),
        )
        self.assertEqual(
            self.open(),
            {
                "INV-0001": (100, 100, "current"),
                "INV-0002": (100, 100, "days_1_30"),
                # 200 less 50 paid.
                "INV-0004": (150, 150, "days_1_30"),
                "INV-0005": (100, 100, "current"),
                # 80 less 30 paid back.
                "CN-0001": (-50, -50, "credits"),
            },
        )

    def test_an_earlier_day_is_rolled_back(self):
        self.land_books(
            # Of 200: 50 paid on the 10th, 30 credited on the 11th, 120 on the 12th.
            invoice(
                1,
                lines=200,
                day="2026-11-05",
                due="2026-11-09",
                paid=[("2026-11-10", 50), ("2026-11-12", 120)],
                credited=30,
            ),
            # Of 80: 30 went to the invoice, 20 paid back on the 13th; 30 are left.
            credit_note(
                1,
                lines=80,
                day="2026-11-06",
                allocated=[(1, "2026-11-11", 30)],
                refunded=[("2026-11-13", 20)],
            ),
        )
        expected = {
            "2026-11-04": {},
            "2026-11-05": {"INV-0001": (200, "current")},
            "2026-11-09": {"INV-0001": (200, "current"), "CN-0001": (-80, "credits")},
            "2026-11-10": {"INV-0001": (150, "days_1_30"), "CN-0001": (-80, "credits")},
            "2026-11-11": {"INV-0001": (120, "days_1_30"), "CN-0001": (-50, "credits")},
            "2026-11-12": {"CN-0001": (-50, "credits")},
            "2026-11-13": {"CN-0001": (-30, "credits")},
            "2026-11-21": {"CN-0001": (-30, "credits")},
            # Today, and a day to come.
            "2026-11-22": {"CN-0001": (-30, "credits")},
            "2027-01-01": {"CN-0001": (-30, "credits")},
        }
        for day, found in expected.items():
            opened = self.open(date.fromisoformat(day))
            self.assertEqual(
                {number: (base, age) for number, (_, base, age) in opened.items()},
                found,
                day,
            )

    def test_over_and_prepayments_are_credits(self):
        self.land_books(
            invoice(1, lines=100, day="2026-11-01", credited=100),
            overpayment(1, lines=70, day="2026-11-02", allocated=[(1, ALLOCATED, 60)]),
            prepayment(2, lines=40, day="2026-11-03", allocated=[(1, ALLOCATED, 40)]),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT kind, open, age FROM (%s) AS l ORDER BY kind",
                open_documents(self.connection, date(2026, 11, 19), now=NOW),
            )
        )
        self.assertEqual(
            rows,
            [
                ("invoice", 100, "current"),
                ("overpayment", -70, "credits"),
                ("prepayment", -40, "credits"),
            ],
        )
        self.assertEqual(len(self.open()), 1)

    def test_what_was_voided_was_never_there(self):
        self.land_books(invoice(1, day="2026-11-01", Status="VOIDED"))
        self.assertEqual(self.open(date(2026, 11, 10)), {})

    def test_missing_days(self):
        self.land_books(
            invoice(1, day=None, due=None),
            invoice(2, day="2026-11-01", due=None, lines=20, paid=[(None, 5)]),
        )
        # A document without day was always there; what was paid on no day, before.
        for day, age in ((date(2026, 11, 10), "days_1_30"), (TODAY, "days_1_30")):
            self.assertEqual(
                self.open(day),
                {"INV-0001": (100, 100, "current"), "INV-0002": (15, 15, age)},
            )

    def test_a_foreign_document_is_converted_by_its_own_rate_once_proven(self):
        self.land_books(
            invoice(
                1,
                lines=100,
                day="2026-11-01",
                paid=[("2026-11-12", 40)],
                CurrencyCode="USD",
                CurrencyRate=0.6,
            )
        )
        before = date(2026, 11, 11)
        self.assertEqual(self.open()["INV-0001"], (60, None, "days_1_30"))
        self.assertEqual(self.open(before)["INV-0001"], (100, None, "current"))
        self.connection.sudo().rate_direction = "divide"
        # 60 / 0.6 and 100 / 0.6
        self.assertEqual(self.open()["INV-0001"], (60, 100, "days_1_30"))
        self.assertEqual(self.open(before)["INV-0001"], (100, 166.67, "current"))
        document = self.transaction(invoice(1))
        self.assertEqual(document.base_open, 100)

    def test_each_organisation_has_its_own_today(self):
        # At 13:00 on the 22nd in Auckland it is the 21st in Los Angeles.
        west = self.connection.sudo().create(
            {
                "name": "West",
                "base_currency": "USD",
                "timezone": "America/Los_Angeles",
            }
        )
        document = invoice(1, day="2026-11-01", due="2026-11-21")
        self.land_books(document)
        land(west, contact(1), dict(document, CurrencyCode="USD"))
        both = self.connection + west
        rows = dict(
            self.env.execute_query(
                SQL(
                    "SELECT connection_id, age FROM (%s) AS l",
                    open_documents(both, now=NOW),
                )
            )
        )
        self.assertEqual(rows, {self.connection.id: "days_1_30", west.id: "current"})

    def test_only_some_contacts_and_no_organisation(self):
        self.land_books(invoice(1, 1), invoice(2, 2))
        wanted = self.mirror(2).ids
        self.assertEqual(list(self.open(contacts=wanted)), ["INV-0002"])
        past = date(2026, 11, 10)
        self.assertEqual(list(self.open(past, contacts=wanted)), ["INV-0002"])
        self.assertEqual(self.open(contacts=[]), {})
        nothing = open_documents(self.connection.browse())
        self.assertEqual(self.env.execute_query(nothing), [])
