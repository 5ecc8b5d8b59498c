# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Receivables of a day. All figures are worked out by hand, in the texts below.

The organisation's today is 22 November 2026 in Auckland (10:00 UTC of the 21st is 23:00
there, so the clock of the tests stands at noon UTC of the 21st).
"""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .books import BooksCase, credit_note, invoice, land, overpayment
from .common import contact

NOON = "2026-11-21 12:00:00"
AGES = ("current", "days_1_30", "days_31_60", "days_61_90", "days_over_90", "credits")


@freeze_time(NOON)
class ReceivableCase(BooksCase):
    def receivables(self, day=False, **context):
        self.env.invalidate_all()
        return self.env["xero.receivable"].with_context(xero_day=day, **context)

    def row_of(self, number, day=False, code="NZD"):
        return self.receivables(day).search(
            [("contact_id", "=", self.mirror(number).id), ("currency_code", "=", code)]
        )

    def ages(self, number, day=False, code="NZD"):
        """{age: amount} of what is not 0."""
        row = self.row_of(number, day, code)
        return {age: row[age] for age in AGES if row and row[age]}


@freeze_time(NOON)
class TestReceivables(ReceivableCase):
    def bring_books(self):
        """One invoice of each age, on both edges of two of them, and two credits.

        As of 22 November, by days past due: -5 and 0 not due; 1 and 30 in 1–30; 31 in
        31–60; 61 in 61–90; 91 over 90.
        """
        self.land_books(
            contact(1),
            invoice(1, 1, 10, day="2026-11-01", due="2026-11-27"),
            invoice(2, 1, 20, day="2026-11-01", due="2026-11-22"),
            invoice(3, 1, 30, day="2026-11-01", due="2026-11-21"),
            invoice(4, 1, 40, day="2026-10-01", due="2026-10-23"),
            invoice(5, 1, 50, day="2026-10-01", due="2026-10-22"),
            invoice(6, 1, 60, day="2026-09-01", due="2026-09-22"),
            invoice(7, 1, 70, day="2026-08-01", due="2026-08-23"),
            credit_note(1, 1, 8, day="2026-11-10"),
            overpayment(1, 1, 5, day="2026-11-12", refunded=[("2026-11-15", 2)]),
        )

    def test_each_age_and_the_credits(self):
        self.bring_books()
        self.assertEqual(
            self.ages(1),
            {
                "current": 30,  # 10 + 20
                "days_1_30": 70,  # 30 + 40
                "days_31_60": 50,
                "days_61_90": 60,
                "days_over_90": 70,
                "credits": -11,  # 8 + (5 - 2)
            },
        )
        row = self.row_of(1)
        self.assertEqual(row.outstanding, 269)  # 280 - 11
        self.assertEqual(row.overdue, 250)  # 70 + 50 + 60 + 70: no credit lessens it
        self.assertEqual(row.oldest_due, date(2026, 8, 23))
        self.assertEqual(row.overdue_days, 91)
        self.assertEqual((row.open_count, row.overdue_count), (9, 5))
        self.assertEqual(row.day, date(2026, 11, 22))

    def test_days_of_an_organisation_are_its_own(self):
        # In Honolulu it is still the 21st: what was due on it is not overdue there.
        self.land_books(contact(1), invoice(1, 1, 30, due="2026-11-21"))
        self.assertEqual(self.ages(1), {"days_1_30": 30})
        self.connection.sudo().timezone = "Pacific/Honolulu"
        self.assertEqual(self.ages(1), {"current": 30})

    def test_a_day_in_the_past_is_rolled_back(self):
        # 100 from 1 October, due on the 20th: 40 paid on the 25th, 10 credited on
        # 3 November, 50 paid on the 10th. The credit of 30 from 2 October gave the 10.
        self.land_books(
            contact(1),
            invoice(
                1,
                1,
                100,
                day="2026-10-01",
                due="2026-10-20",
                paid=[("2026-10-25", 40), ("2026-11-10", 50)],
                credited=10,
            ),
            credit_note(2, 1, 30, day="2026-10-02", allocated=[(1, "2026-11-03", 10)]),
        )
        self.assertFalse(self.row_of(1, "2026-09-30"))
        self.assertEqual(self.ages(1, "2026-10-01"), {"current": 100})
        self.assertEqual(self.ages(1, "2026-10-24"), {"days_1_30": 100, "credits": -30})
        self.assertEqual(self.ages(1, "2026-10-25"), {"days_1_30": 60, "credits": -30})
        self.assertEqual(self.ages(1, "2026-11-03"), {"days_1_30": 50, "credits": -20})
        self.assertEqual(self.ages(1, "2026-11-10"), {"credits": -20})
        self.assertEqual(self.ages(1), {"credits": -20})

    def test_a_day_to_come_shows_what_will_be_late_if_nobody_pays(self):
        self.land_books(contact(1), invoice(1, 1, 30, due="2026-12-01"))
        self.assertEqual(self.ages(1), {"current": 30})
        self.assertEqual(self.ages(1, "2026-12-02"), {"days_1_30": 30})

    def test_drafts_and_voided_documents_owe_nothing(self):
        self.land_books(
            contact(1),
            invoice(1, 1, 30, Status="DRAFT"),
            invoice(2, 1, 30, Status="VOIDED"),
            credit_note(3, 1, 30, Status="SUBMITTED"),
        )
        self.assertFalse(self.row_of(1))

    def test_a_row_for_each_currency(self):
        # 60 USD at 0.5 USD for 1 NZD are 120 NZD.
        self.connection.sudo().rate_direction = "divide"
        self.land_books(
            contact(1),
            invoice(1, 1, 30),
            invoice(2, 1, 60, CurrencyCode="USD", CurrencyRate=0.5),
        )
        self.assertEqual(self.ages(1), {"days_1_30": 30})
        self.assertEqual(self.ages(1, code="USD"), {"days_1_30": 120})
        self.assertEqual(self.row_of(1, code="USD").document_outstanding, 60)
        totals = self.receivables().read_totals([])
        self.assertEqual([row["outstanding"] for row in totals["rows"]], [150])
        self.assertEqual(totals["left_out"], {})

    def test_what_is_not_converted_stands_beside(self):
        self.land_books(
            contact(1),
            invoice(1, 1, 30),
            invoice(2, 1, 60, CurrencyCode="USD", CurrencyRate=0.5),
            invoice(3, 1, 7, CurrencyCode="XQX", CurrencyRate=2),
        )
        row = self.row_of(1, code="USD")
        self.assertEqual((row.outstanding, row.unconverted), (0, 60))
        self.assertEqual((row.overdue_days, row.overdue_count), (2, 1))
        totals = self.receivables().read_totals([])
        self.assertEqual([row["outstanding"] for row in totals["rows"]], [30])
        self.assertEqual(totals["left_out"], {"USD": 60, "XQX": 7})

    def test_documents_of_a_contact_that_never_came(self):
        self.land_books(invoice(1, 8, 30), invoice(2, 9, 40))
        rows = self.receivables().search([], order="outstanding")
        self.assertEqual(rows.mapped("name"), ["Company 8", "Company 9"])
        self.assertEqual(rows.mapped("outstanding"), [30, 40])
        documents = self.documents_of(rows[0])
        self.assertEqual(documents.mapped("number"), ["INV-0001"])

    def documents_of(self, row):
        action = row.action_open_documents()
        self.env.invalidate_all()
        model = self.env[action["res_model"]].with_context(**action["context"])
        return model.search(action["domain"])

    def test_documents_behind_a_row_are_of_its_day(self):
        self.land_books(
            contact(1),
            invoice(1, 1, 100, day="2026-10-01", paid=[("2026-11-10", 60)]),
            invoice(2, 1, 50, day="2026-11-02"),
            credit_note(3, 1, 30, day="2026-10-05"),
        )
        found = self.documents_of(self.row_of(1, "2026-11-01"))
        self.assertEqual(
            {document.number: document.base_open for document in found},
            {"INV-0001": 100, "CN-0003": -30},
        )
        found = self.documents_of(self.row_of(1))
        self.assertEqual(
            {document.number: document.base_open for document in found},
            {"INV-0001": 40, "INV-0002": 50, "CN-0003": -30},
        )
        opened = found[0].action_open_transaction()
        self.assertEqual(opened["res_id"], found[0].id)
        self.assertEqual(found[0].transaction_id.number, found[0].number)

    def test_names_are_the_crms_where_it_has_the_customer(self):
        self.bring(contact(1, "Bayside"), contact(2, "Harbour"))
        self.partner(1).write({"name": "Bayside Club", "user_id": self.env.uid})
        self.mirror(2).sudo().partner_id = False
        self.land_books(invoice(1, 1, 10), invoice(2, 2, 20))
        rows = self.receivables().search([], order="outstanding")
        self.assertEqual(rows.mapped("name"), ["Bayside Club", "Harbour"])
        self.assertEqual(rows[0].user_id, self.env.user)
        mine = self.receivables().search([("user_id", "=", self.env.uid)])
        self.assertEqual(mine.mapped("name"), ["Bayside Club"])

    def test_filters_by_age_find_what_is_not_converted_too(self):
        self.land_books(
            contact(1),
            contact(2),
            contact(3),
            invoice(1, 1, 10, due="2026-10-20"),
            invoice(2, 2, 20, due="2026-10-20", CurrencyCode="USD", CurrencyRate=2),
            invoice(3, 3, 30, due="2026-11-20"),
        )
        found = self.receivables().search([("overdue_days", ">", 30)])
        self.assertEqual(
            set(found.mapped("contact_id")), {self.mirror(1), self.mirror(2)}
        )

    def test_empty_list_says_why(self):
        told = self.receivables().get_empty_list_help("")
        self.assertIn("No invoice of Xero is here yet", told)
        self.land_books(contact(1), invoice(1, 1, 10))
        told = self.receivables().get_empty_list_help("")
        self.assertIn("Nothing of this search is open", told)

    def test_opening_the_list_costs_the_same_for_any_number_of_rows(self):
        view = {"name": {}, "outstanding": {}, "base_currency_id": {"fields": {}}}

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.receivables().web_search_read([], view, limit=80)
            self.receivables().read_totals([])
            return self.env.cr.sql_log_count - before

        self.land_books(contact(1), invoice(1, 1, 10))
        queries()
        few = queries()
        self.land_books(
            *(contact(number) for number in range(2, 40)),
            *(invoice(number, number, 10) for number in range(2, 40)),
        )
        self.assertEqual(queries(), few)
        self.assertLessEqual(few, 11)


@freeze_time(NOON)
class TestReceivablesOfSeveral(ReceivableCase):
    """Several organisations, companies and base currencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.other = (
            cls.env["xero.connection"]
            .sudo()
            .create(
                {
                    "name": "Aussie Branch",
                    "company_id": cls.other_company.id,
                    "base_currency": "USD",
                    "timezone": "UTC",
                }
            )
        )

    def bring_both(self):
        # 30 NZD here, 40 USD in the other organisation, which counts in USD.
        self.land_books(contact(1), invoice(1, 1, 30))
        land(self.other, contact(2), invoice(2, 2, 40, CurrencyCode="USD"))

    def both(self):
        companies = [self.env.company.id, self.other_company.id]
        return self.receivables(allowed_company_ids=companies)

    def test_only_allowed_companies_are_shown(self):
        self.bring_both()
        self.env.user.company_ids |= self.other_company
        alone = self.receivables(allowed_company_ids=self.env.company.ids)
        self.assertEqual(alone.search([]).mapped("outstanding"), [30])
        self.assertEqual(sorted(self.both().search([]).mapped("outstanding")), [30, 40])

    def test_nothing_is_added_up_across_base_currencies(self):
        self.bring_both()
        self.env.user.company_ids |= self.other_company
        rows = self.both().read_totals([])["rows"]
        self.assertEqual(
            {row["currency_code"]: row["outstanding"] for row in rows},
            {"NZD": 30, "USD": 40},
        )
        for aggregate in ("outstanding:sum", "outstanding:sum_currency"):
            [[total]] = self.both()._read_group([], [], [aggregate])
            self.assertFalse(total)
            groups = dict(self.both()._read_group([], ["connection_id"], [aggregate]))
            self.assertEqual(groups, {self.connection: 30, self.other: 40})

    def test_a_user_of_one_company_sees_nothing_of_the_other(self):
        self.bring_both()
        seller = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman"
        )
        found = self.receivables().with_user(seller).search([])
        self.assertEqual(found.mapped("outstanding"), [30])
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.receivables().with_user(clerk).search([])


@freeze_time(NOON)
class TestReceivableHistory(ReceivableCase):
    """Two days of one customer: 100 not due and 20 over 90; then 60, late, and -5."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.land_books(cls, contact(1))
        common = {
            "connection_id": cls.connection.id,
            "company_id": cls.connection.company_id.id,
            "contact_id": cls.env["xero.contact"].search([], limit=1).id,
            "base_currency_id": cls.nzd.id,
            "currency_code": "NZD",
        }
        cls.env["xero.receivable.snapshot"].sudo().create(
            [
                {**common, "day": "2026-11-19", "current": 100, "days_over_90": 20},
                {**common, "day": "2026-11-20", "days_1_30": 60, "credits": -5},
            ]
        )
        cls.history = cls.env["xero.receivable.history"]

    def test_ages_of_each_day(self):
        found = self.history._read_group([], ["day:day", "age"], ["amount:sum"])
        self.assertEqual(
            [(str(day), age, amount) for day, age, amount in found],
            [
                ("2026-11-19", "0_current", 100),
                ("2026-11-19", "91_over", 20),
                ("2026-11-20", "1_30", 60),
                ("2026-11-20", "99_credits", -5),
            ],
        )

    def test_over_several_days_a_sum_is_that_of_the_last(self):
        [[total]] = self.history._read_group([], [], ["amount:sum"])
        self.assertEqual(total, 55)
        [[_month, total]] = self.history._read_group([], ["day:month"], ["amount:sum"])
        self.assertEqual(total, 55)
        overdue = [("is_overdue", "=", True)]
        [[total]] = self.history._read_group(overdue, [], ["amount:sum_currency"])
        self.assertEqual(total, 60)
