# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What screens read of a partner's figures."""

from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.sales.days import today_of
from odoo.addons.crm_xero_module.services.sales.shown import (
    figures_of,
    partners_where,
)

from .books import BooksCase
from .common import contact

ZERO = dict.fromkeys(
    (
        "sales_this_year",
        "sales_last_year",
        "sales_same_days",
        "outstanding",
        "overdue",
        "current",
        "days_1_30",
        "days_31_60",
        "days_61_90",
        "days_over_90",
        "credits",
        "open_count",
        "overdue_count",
        "invoice_count",
        "paid_count",
    ),
    0,
)


@tagged("post_install", "-at_install")
class TestFiguresShown(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.env["res.partner"].create(
            [{"name": "First", "is_company": True}, {"name": "Second"}]
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Person", "parent_id": cls.first.id}
        )
        cls.today = today_of(cls.connection)

    def put(self, number, partner, connection=None, **values):
        """A contact with these figures, linked to a partner."""
        connection = connection or self.connection
        self.env.flush_all()
        self.land(contact(number))
        row = self.mirror(number).sudo()
        row.write({"partner_id": partner.id, "connection_id": connection.id})
        return (
            self.env["xero.customer.figures"]
            .sudo()
            .create(
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "contact_id": row.id,
                    "base_currency_id": self.nzd.id,
                    "day": self.today,
                    **ZERO,
                    **values,
                }
            )
        )

    def test_contacts_of_one_customer_are_added_up(self):
        due = self.today - timedelta(days=37)
        one = self.put(
            1,
            self.first,
            outstanding=300,
            overdue=100,
            oldest_due=due,
            paid_count=1,
            days_to_pay=10,
            last_purchase=date(2026, 5, 1),
            unconverted={"USD": {"outstanding": 5.1, "overdue": 0.0}},
        )
        two = self.put(
            2,
            self.first,
            outstanding=20,
            overdue=20,
            oldest_due=self.today - timedelta(days=3),
            paid_count=3,
            days_to_pay=30,
            last_purchase=date(2026, 6, 1),
            unconverted={"USD": {"outstanding": 0.2}, "EUR": {"outstanding": 1.0}},
        )
        [shown] = figures_of(self.first)[self.first.id]
        self.assertEqual((shown["outstanding"], shown["overdue"]), (320.0, 120.0))
        self.assertEqual((shown["oldest_due"], shown["overdue_days"]), (due, 37))
        # (1 × 10 + 3 × 30) / 4
        self.assertEqual((shown["days_to_pay"], shown["paid_count"]), (25.0, 4))
        self.assertEqual(shown["last_purchase"], date(2026, 6, 1))
        self.assertEqual(shown["contact_ids"], (one + two).contact_id.ids)
        self.assertEqual(
            shown["unconverted"],
            {
                "EUR": {"outstanding": 1.0},
                "USD": {"outstanding": 5.3, "overdue": 0.0},
            },
        )
        self.assertEqual(
            (shown["organisation"], shown["currency_code"], shown["currency_id"]),
            ("Demo Company (NZ)", "NZD", self.nzd.id),
        )

    def test_a_person_shows_its_company_s(self):
        self.put(1, self.first, outstanding=300)
        shown = figures_of(self.first + self.person + self.second)
        self.assertEqual(shown[self.person.id], shown[self.first.id])
        self.assertEqual(shown[self.second.id], [])

    def test_a_contact_linked_to_a_branch_counts_for_the_company(self):
        self.put(1, self.first, outstanding=300)
        self.put(2, self.person, outstanding=7)
        for partner in (self.first, self.person):
            [shown] = figures_of(partner)[partner.id]
            self.assertEqual(shown["outstanding"], 307)

    def test_organisations_stand_side_by_side(self):
        other = (
            self.env["xero.connection"]
            .sudo()
            .create({"name": "Another", "base_currency": "XTS", "timezone": "UTC"})
        )
        self.put(1, self.first, outstanding=300)
        self.put(2, self.first, other, outstanding=7)
        another, demo = figures_of(self.first)[self.first.id]
        self.assertEqual(
            (another["organisation"], another["outstanding"]), ("Another", 7)
        )
        # Odoo has no such currency: its code is all there is to show.
        self.assertEqual(
            (another["currency_code"], another["currency_id"]), ("XTS", None)
        )
        self.assertEqual(
            (demo["connection_id"], demo["outstanding"]), (self.connection.id, 300)
        )

    def test_other_companies_are_not_told_of(self):
        elsewhere = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        other = (
            self.env["xero.connection"]
            .sudo()
            .create({"name": "Another", "company_id": elsewhere.id})
        )
        self.put(1, self.first, other, outstanding=7, overdue=7)
        self.env = self.env(context={"allowed_company_ids": self.env.company.ids})
        first = self.first.with_env(self.env)
        self.assertEqual(figures_of(first)[first.id], [])
        self.assertFalse(self.overdue())

    def test_what_was_never_worked_out_is_not_shown_as_nothing(self):
        self.put(1, self.first, day=False, stale=True)
        self.assertEqual(figures_of(self.first)[self.first.id], [])

    def test_one_sql_whatever_the_number_of_partners(self):
        for number in range(1, 6):
            self.put(number, self.first, outstanding=1)
        partners = self.env["res.partner"].search([], limit=80) | self.first
        self.env.flush_all()
        with self.assertQueryCount(1):
            figures_of(partners)
        with self.assertQueryCount(0):
            self.assertEqual(figures_of(partners.browse()), {})

    def test_partners_are_found_by_what_is_overdue_at_one_organisation(self):
        other = self.env["xero.connection"].sudo().create({"name": "Another"})
        self.put(1, self.first, overdue=60)
        self.put(2, self.first, overdue=40)
        self.put(3, self.second, other, overdue=60)
        self.put(4, self.second, overdue=40)
        self.assertEqual(self.overdue(), self.first + self.person + self.second)
        # 60 + 40 of one organisation; of two, nothing is added up.
        self.assertEqual(self.overdue(100), self.first + self.person)
        self.assertFalse(self.overdue(100.01))

    def test_who_has_nothing_overdue_is_not_found_by_none(self):
        self.put(1, self.first, overdue=0, outstanding=5)
        self.assertFalse(self.overdue())
        found = partners_where(self.env, SQL("figures.outstanding = 5"))
        self.assertEqual(
            self.env["res.partner"].search([("id", "in", found)]),
            self.first + self.person,
        )

    def overdue(self, at_least=0):
        condition = partners_where(
            self.env,
            SQL("figures.overdue > 0 AND figures.overdue >= %s", at_least),
            among=SQL("f.overdue != 0"),
        )
        return self.env["res.partner"].search([("id", "in", condition)], order="id")
