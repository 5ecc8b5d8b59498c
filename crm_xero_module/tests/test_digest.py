# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.tests import new_test_user, tagged

from .books import credit_note, invoice
from .owing import OwingCase


@tagged("post_install", "-at_install")
class TestDigest(OwingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "Kauri Point", "currency_id": cls.nzd.id}
        )
        cls.connection.sudo().company_id = cls.company
        cls.sam = cls.user("digest_sam", "sales_team.group_sale_salesman")
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Morning",
                "company_id": cls.company.id,
                "kpi_xero_sales": True,
                "kpi_xero_overdue": True,
                "kpi_res_users_connected": False,
                "kpi_mail_message_total": False,
            }
        )

    @classmethod
    def user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def told(self, user=None):
        """{figure: (value, its change in percent) by column} of a digest."""
        self.env.flush_all()
        kpis = self.digest._compute_kpis(self.company, user or self.sam)
        return {
            kpi["kpi_name"]: [
                (kpi[f"kpi_col{column}"]["value"], kpi[f"kpi_col{column}"]["margin"])
                for column in (1, 2, 3)
            ]
            for kpi in kpis
        }

    def sold(self, number, days_ago, amount, make=invoice, **values):
        day = self.today - timedelta(days=days_ago)
        self.land_books(make(number, 1, amount, day=day, **values))

    def test_sales_of_the_days_that_are_over(self):
        self.sold(1, 0, 5000)
        self.sold(2, 1, 1000)
        self.sold(3, 1, 100, credit_note)
        self.sold(4, 3, 700)
        self.sold(5, 3, 9999, Status="DRAFT")
        self.sold(6, 9, 800)
        day, week, _month = (value for value, _change in self.told()["kpi_xero_sales"])
        self.assertIn("900", day)
        self.assertIn("1.6k", week)

    def test_what_is_overdue_is_compared_with_what_was(self):
        self.owes(1, 300)
        self.env["xero.receivable.snapshot"].sudo().create(
            {
                "connection_id": self.connection.id,
                "company_id": self.company.id,
                "contact_id": self.mirror(1).id,
                "base_currency_id": self.nzd.id,
                "day": datetime.now().date() - timedelta(days=7),
                "overdue": 200,
            }
        )
        day, week, _month = self.told()["kpi_xero_overdue"]
        self.assertIn("300", day[0])
        self.assertEqual(day[1], 0)
        self.assertEqual(week[1], 50)

    def test_another_currency_is_left_out_rather_than_added(self):
        other = self.env["xero.connection"].create({"company_id": self.company.id})
        other.sudo().write({"base_currency": "USD", "timezone": "UTC"})
        self.owes(1, 300)
        self.bring_overdue_of(other, 1000)
        self.assertIn("300", self.told()["kpi_xero_overdue"][0][0])
        self.connection.sudo().base_currency = "EUR"
        self.assertFalse(self.told())

    def bring_overdue_of(self, connection, amount):
        mirrored = self.mirror(1).sudo()
        other = mirrored.copy({"connection_id": connection.id})
        self.figures(other).write({"day": self.today, "overdue": amount})

    def test_who_is_no_xero_user_is_sent_none(self):
        self.owes(1, 300)
        self.assertFalse(self.told(self.user("digest_out", "base.group_user")))

    def test_the_mail_leads_to_the_lists(self):
        actions = self.digest._compute_kpis_actions(self.company, self.sam)
        for name in ("kpi_xero_sales", "kpi_xero_overdue"):
            self.assertTrue(self.env.ref(actions[name].partition("?")[0]))

    def test_odoo_s_own_digest_has_them(self):
        digest = self.env.ref("digest.digest_digest_default")
        self.assertTrue(digest.kpi_xero_sales)
        self.assertTrue(digest.kpi_xero_overdue)
