# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures of a contact. Every expected figure is worked out by hand beside it.

It is Sunday 22 November 2026, 13:00, in Auckland. This financial year began on 1 April
2026, the last one on 1 April 2025; the same days of it end on 22 November 2025.
"""

from datetime import date, datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.crm_xero_module.services.sales.figures import (
    figures_due,
    refresh_figures,
)

from .books import (
    BooksCase,
    credit_note,
    invoice,
    line,
    overpayment,
    prepayment,
)
from .common import READ_AT, contact

NOW = datetime(2026, 11, 22, 0, 0, 0)
TODAY = date(2026, 11, 22)


class FiguresCase(BooksCase):
    def setUp(self):
        super().setUp()
        self.land_books(contact(1), contact(2))

    def figures(self, number=1, now=NOW):
        """A contact's figures after a refresh."""
        while refresh_figures(self.connection.sudo(), now):
            pass
        return self.env["xero.customer.figures"].search(
            [("contact_id", "=", self.mirror(number).id)]
        )

    def assertFigures(self, figures, **expected):
        self.assertEqual(
            {name: figures[name] for name in expected},
            expected,
        )


@tagged("post_install", "-at_install")
class TestFigures(FiguresCase):
    def test_sales_by_financial_year(self):
        self.land_books(
            # 400 + 15 % tax: the tax is no sale.
            invoice(1, lines=[line(price=400, tax=15)], day="2026-04-01"),
            invoice(2, lines=30, day="2026-11-22", paid=[("2026-11-22", 30)]),
            credit_note(1, lines=50, day="2026-06-01"),
            # A year ago: until 22 November, and after it.
            invoice(3, lines=1000, day="2026-03-31"),
            invoice(4, lines=7, day="2025-04-01"),
            invoice(5, lines=20, day="2025-11-22"),
            invoice(6, lines=100, day="2025-11-23"),
            credit_note(2, lines=5, day="2025-11-22"),
            # Neither year.
            invoice(7, lines=5000, day="2025-03-31"),
        )
        self.assertFigures(
            self.figures(),
            sales_this_year=380,  # 400 + 30 - 50
            sales_last_year=1122,  # 1000 + 7 + 20 + 100 - 5
            sales_same_days=22,  # 7 + 20 - 5
            last_purchase=date(2026, 11, 22),
            invoice_count=7,
            base_currency_id=self.nzd,
            day=TODAY,
            stale=False,
        )

    def test_only_what_was_approved_counts(self):
        self.land_books(
            invoice(1, lines=1, day="2026-05-01"),
            invoice(2, lines=10, day="2026-05-02", Status="DRAFT"),
            invoice(3, lines=100, day="2026-05-03", Status="SUBMITTED"),
            invoice(4, lines=1000, day="2026-05-04", Status="VOIDED"),
            invoice(5, lines=10000, day="2026-05-05", Status="DELETED"),
            invoice(6, lines=100000, day="2026-05-06", Status="SOMETHING-NEW"),
            overpayment(1, lines=3, day="2026-05-07"),
            prepayment(1, lines=4, day="2026-05-08"),
        )
        self.assertFigures(
            self.figures(),
            sales_this_year=1,
            invoice_count=1,
            open_count=1,
            last_purchase=date(2026, 5, 1),
            # What is left of the two is owed to the customer: 1 - 3 - 4.
            outstanding=-6,
            credits=-7,
        )

    def test_what_is_dated_in_the_future_is_owed_but_not_sold_yet(self):
        self.land_books(
            invoice(1, lines=10, day="2026-11-01", due="2026-11-30"),
            invoice(2, lines=70, day="2026-11-23", due="2026-12-23"),
        )
        self.assertFigures(
            self.figures(),
            sales_this_year=10,
            last_purchase=date(2026, 11, 1),
            outstanding=80,
            current=80,
            open_count=2,
            invoice_count=2,
        )

    def test_owed_by_age(self):
        due = {
            # Due today is not overdue; 1, 30, 31, 60, 61, 90, 91 days before it is.
            1: "2026-11-22",
            2: "2026-11-21",
            4: "2026-10-23",
            8: "2026-10-22",
            16: "2026-09-23",
            32: "2026-09-22",
            64: "2026-08-24",
            128: "2026-08-23",
        }
        self.land_books(
            *(
                invoice(amount, lines=amount, day="2026-08-01", due=day)
                for amount, day in due.items()
            ),
            credit_note(1, lines=300, day="2026-08-01", refunded=[("2026-08-02", 50)]),
        )
        self.assertFigures(
            self.figures(),
            current=1,
            days_1_30=6,  # 2 + 4
            days_31_60=24,  # 8 + 16
            days_61_90=96,  # 32 + 64
            days_over_90=128,
            overdue=254,  # 6 + 24 + 96 + 128
            credits=-250,  # 300 less 50 paid back
            outstanding=5,  # 1 + 254 - 250
            oldest_due=date(2026, 8, 23),
            open_count=8,
            overdue_count=7,
        )

    def test_days_to_pay(self):
        year_ago = TODAY - timedelta(days=365)
        self.land_books(
            invoice(1, day="2026-10-01", paid=[("2026-10-31", 100)]),  # 30 days
            # Paid in two parts; the last one counts: 14 days.
            invoice(2, day="2026-10-01", paid=[("2026-10-08", 60), ("2026-10-15", 40)]),
            # Paid in advance: -1 day.
            invoice(3, day="2026-10-02", paid=[("2026-10-01", 100)]),
            # Paid the first of the 365 days to today: 366 - 365 + 9 = 10 days.
            invoice(
                4,
                day=year_ago - timedelta(days=9),
                paid=[(year_ago + timedelta(days=1), 100)],
            ),
            # The day before that.
            invoice(5, day="2024-01-01", paid=[(year_ago, 100)]),
            # Credited in full: nobody paid.
            invoice(6, day="2026-01-01", credited=100),
            # Not paid in full, and said to be paid tomorrow.
            invoice(7, day="2026-01-01", paid=[("2026-10-01", 99)]),
            invoice(8, day="2026-01-01", paid=[("2026-11-23", 100)]),
        )
        # (30 + 14 - 1 + 10) / 4 = 13.25
        figures = self.figures()
        self.assertEqual(figures.paid_count, 4)
        self.assertAlmostEqual(figures.days_to_pay, 13.25, places=1)

    def test_zero_totals_and_missing_dates(self):
        self.land_books(
            invoice(1, lines=0, day="2026-05-01", Status="AUTHORISED"),
            invoice(2, lines=0, day="2026-05-02", Status="PAID"),
            invoice(3, lines=10, day=None, due=None),
            invoice(4, lines=20, day="2026-11-01", due=None),
        )
        self.assertFigures(
            self.figures(),
            sales_this_year=20,  # the ten have no year
            last_purchase=date(2026, 11, 1),
            current=10,
            days_1_30=20,  # from its own date
            overdue=20,
            outstanding=30,
            open_count=2,
            invoice_count=4,
            paid_count=0,
        )

    def test_a_negative_invoice_lessens_its_age(self):
        self.land_books(
            invoice(1, lines=100, day="2026-05-01", due="2026-11-20"),
            invoice(2, lines=-30, day="2026-05-01", due="2026-11-20"),
        )
        self.assertFigures(
            self.figures(), days_1_30=70, overdue=70, outstanding=70, sales_this_year=70
        )

    def test_a_credit_larger_than_the_invoice(self):
        self.land_books(
            invoice(1, lines=100, day="2026-05-01", credited=100),
            credit_note(
                1, lines=150, day="2026-06-01", allocated=[(1, "2026-06-01", 100)]
            ),
        )
        self.assertFigures(
            self.figures(),
            sales_this_year=-50,
            outstanding=-50,
            credits=-50,
            overdue=0,
            oldest_due=False,
        )

    def test_voided_after_payment(self):
        self.land_books(invoice(1, day="2026-05-01", paid=[("2026-06-01", 100)]))
        self.assertFigures(self.figures(), sales_this_year=100, paid_count=1)
        self.land_books(
            invoice(1, day="2026-05-01", Status="VOIDED"),
            read_at=READ_AT + timedelta(hours=1),
        )
        self.assertFigures(
            self.figures(),
            sales_this_year=0,
            paid_count=0,
            days_to_pay=0,
            last_purchase=False,
            invoice_count=0,
        )

    def test_figures_go_to_zero_with_the_last_document(self):
        self.land_books(
            invoice(
                1, lines=100, day="2026-05-01", CurrencyCode="USD", due="2026-05-20"
            ),
            invoice(2, lines=100, day="2026-05-01", due="2026-05-20"),
        )
        figures = self.figures()
        self.assertTrue(figures.outstanding and figures.unconverted)
        figures.sudo().overdue_told = TODAY
        self.env["xero.transaction"].sudo().search([]).unlink()
        figures.sudo().stale = True
        self.assertFigures(
            self.figures(),
            outstanding=0,
            overdue=0,
            current=0,
            sales_this_year=0,
            invoice_count=0,
            open_count=0,
            oldest_due=False,
            last_purchase=False,
            unconverted=False,
            overdue_told=False,
        )

    def test_what_is_not_converted_stands_by_currency(self):
        self.land_books(
            invoice(1, lines=10, day="2026-05-01", due="2026-11-30"),
            invoice(
                2,
                lines=[line(price=200, tax=15)],
                day="2026-05-01",
                due="2026-11-01",
                CurrencyCode="USD",
                CurrencyRate=0.6,
            ),
            credit_note(
                1, lines=50, day="2026-06-01", CurrencyCode="USD", CurrencyRate=0.6
            ),
            invoice(
                3,
                lines=7,
                day="2026-03-01",
                paid=[("2026-03-02", 7)],
                CurrencyCode="XTS",
                CurrencyRate=0,
            ),
            # Of neither year, and paid: nothing to tell.
            invoice(
                4,
                lines=9,
                day="2020-03-01",
                paid=[("2020-03-02", 9)],
                CurrencyCode="EUR",
            ),
        )
        figures = self.figures()
        self.assertFigures(
            figures,
            sales_this_year=10,
            sales_last_year=0,
            outstanding=10,
            overdue=0,
            # Facts that need no rate.
            overdue_count=1,
            oldest_due=date(2026, 11, 1),
            open_count=2,
        )
        self.assertEqual(
            figures.unconverted,
            {
                "USD": {
                    "outstanding": 180,  # 230 - 50
                    "overdue": 230,
                    "sales_this_year": 150,  # 200 - 50
                    "sales_last_year": 0,
                },
                "XTS": {
                    "outstanding": 0,
                    "overdue": 0,
                    "sales_this_year": 0,
                    "sales_last_year": 7,
                },
            },
        )

    def test_proven_rates_convert_document_by_document(self):
        self.connection.sudo().rate_direction = "divide"
        foreign = {"CurrencyCode": "USD", "CurrencyRate": 0.6}
        self.land_books(
            # 100 / 0.6 = 166.67, twice: rounded before they are added up.
            invoice(1, lines=100, day="2026-05-01", due="2026-11-20", **foreign),
            invoice(2, lines=100, day="2026-05-01", due="2026-12-20", **foreign),
        )
        self.assertFigures(
            self.figures(),
            sales_this_year=333.34,
            outstanding=333.34,
            overdue=166.67,
            current=166.67,
            unconverted=False,
        )

    def test_rates_proven_later_convert_what_is_here(self):
        foreign = {"CurrencyCode": "USD", "CurrencyRate": 0.5}
        self.land_books(invoice(1, lines=100, day="2026-05-01", **foreign))
        self.assertFigures(self.figures(), sales_this_year=0, outstanding=0)
        self.connection.sudo().rate_direction = "divide"  # 100 / 0.5
        self.assertFigures(self.figures(), sales_this_year=200, outstanding=200)
        self.connection.sudo().rate_direction = "multiply"  # 100 × 0.5
        self.assertFigures(self.figures(), sales_this_year=50, outstanding=50)
        self.connection.sudo().base_currency = "USD"
        self.assertFigures(
            self.figures(),
            sales_this_year=100,
            outstanding=100,
            base_currency_id=self.usd,
            unconverted=False,
        )

    def test_contacts_do_not_mix(self):
        self.land_books(
            invoice(1, 1, 10, day="2026-05-01"), invoice(2, 2, 20, day="2026-05-01")
        )
        self.assertFigures(self.figures(1), sales_this_year=10, outstanding=10)
        self.assertFigures(self.figures(2), sales_this_year=20, outstanding=20)


@tagged("post_install", "-at_install")
class TestFiguresDue(FiguresCase):
    def test_who_bought_nothing_has_no_figures(self):
        self.land_books(invoice(1, 1))
        self.assertFalse(self.figures(2))

    def test_midnight_makes_all_due(self):
        self.land_books(invoice(1, due="2026-11-22"), invoice(2, 2))
        self.figures()
        # 10:59:59 UTC is the last second of the day in summer.
        before = datetime(2026, 11, 22, 10, 59, 59)
        self.assertFalse(figures_due(self.connection, before))
        after = datetime(2026, 11, 22, 11)
        self.assertTrue(figures_due(self.connection, after))
        self.assertFigures(self.figures(now=after), overdue=100, day=date(2026, 11, 23))
        self.assertFalse(figures_due(self.connection, after))

    def test_in_batches_each_one_sql(self):
        self.land_books(*(contact(number) for number in range(3, 12)))
        self.land_books(*(invoice(number, number) for number in range(1, 12)))
        connection = self.connection.sudo()
        # The connection's own fields are read once.
        self.assertEqual(refresh_figures(connection, NOW, limit=4), 4)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(refresh_figures(connection, NOW, limit=4), 4)
        with self.assertQueryCount(1):
            self.assertTrue(figures_due(connection, NOW))
        self.assertEqual(refresh_figures(connection, NOW, limit=4), 3)
        self.assertEqual(refresh_figures(connection, NOW, limit=4), 0)
        figures = self.env["xero.customer.figures"].search([])
        self.assertEqual(figures.mapped("outstanding"), [100] * 11)

    def test_only_the_touched_are_worked_out(self):
        self.land_books(invoice(1, 1), invoice(2, 2))
        self.figures()
        self.land_books(invoice(3, 1, 7), read_at=READ_AT + timedelta(hours=1))
        self.assertEqual(refresh_figures(self.connection.sudo(), NOW), 1)
        self.assertFigures(self.figures(1), outstanding=107)

    def test_another_time_zone_can_go_back_a_day(self):
        self.land_books(invoice(1, due="2026-11-21"))
        self.assertFigures(self.figures(), day=TODAY, overdue=100)
        self.connection.sudo().timezone = "America/Los_Angeles"
        self.assertFigures(self.figures(), day=date(2026, 11, 21), overdue=0)

    def test_a_corrected_year_end_drives_them(self):
        self.land_books(
            invoice(1, lines=1, day="2026-05-01"),
            invoice(2, lines=10, day="2026-02-01"),
            invoice(3, lines=100, day="2025-11-01"),
        )
        self.assertFigures(self.figures(), sales_this_year=1, sales_last_year=110)
        # As an administrator corrects it in the form.
        self.connection.write(
            {"financial_year_end_day": 31, "financial_year_end_month": 12}
        )
        self.assertTrue(figures_due(self.connection, NOW))
        self.assertFigures(self.figures(), sales_this_year=11, sales_last_year=100)

    def test_what_stays_as_it_was_makes_nothing_due(self):
        self.land_books(invoice(1))
        self.figures()
        self.connection.sudo().write(
            {"financial_year_end_day": 31, "timezone": "Pacific/Auckland", "name": "X"}
        )
        self.assertFalse(figures_due(self.connection, NOW))

    def test_a_year_end_that_no_calendar_has_is_refused(self):
        for wrong in ({"financial_year_end_day": 32}, {"financial_year_end_month": 13}):
            with self.assertRaises(ValidationError):
                self.connection.write(wrong)
