# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a product's form shows of Xero, to whom, and what that costs."""

from freezegun import freeze_time

from odoo.tests import new_test_user

from .books import credit_note, invoice, item, line
from .common import contact
from .products import ProductsCase
from .screen_costs import ScreenCosts


class TestProductForm(ScreenCosts, ProductsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "xero_sam", "sales_team.group_sale_salesman_all_leads"
        )

    def setUp(self):
        super().setUp()
        # New Zealand's 21 November: its year began on 1 April.
        clock = freeze_time("2026-11-20 12:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    def shown(self, number):
        return self.product(number).xero_items

    def test_what_it_shows(self):
        self.connection.sudo().short_code = "!abc"
        self.bring_items(item(1, price=12.5, cost=3.0, IsTrackedAsInventory=True))
        [shown] = self.shown(1)
        self.assertEqual(
            {name: shown[name] for name in ("code", "name", "active", "sale_price")},
            {"code": "P001", "name": "Product 1", "active": True, "sale_price": 12.5},
        )
        self.assertEqual(shown["purchase_price"], 3.0)
        self.assertTrue(shown["is_tracked"] and shown["is_sold"])
        self.assertEqual(shown["currency_code"], "NZD")
        self.assertEqual(shown["year_first"], "2026-04-01")
        self.assertIn("go.xero.com", shown["url"])

    def test_what_was_sold(self):
        """This year 2 × 100 - 30 = 170, last year 50; neither drafts, nor voided
        ones, nor what is older or dated after today, nor other items count."""
        one, other = item(1), item(2)
        self.bring_items(one, other)
        self.land(contact(1))
        self.land_books(
            invoice(1, 1, [line(quantity=2, price=100, item=one)], day="2026-04-01"),
            credit_note(2, 1, [line(price=30, item=one)], day="2026-11-21"),
            invoice(
                3,
                1,
                [line(price=50, item=one), line(price=9, item=other)],
                day="2026-03-31",
            ),
            invoice(4, 1, [line(price=7, item=one)], day="2025-03-31"),
            invoice(5, 1, [line(price=7, item=one)], Status="DRAFT"),
            invoice(6, 1, [line(price=7, item=one)], Status="VOIDED"),
            invoice(7, 1, [line(price=7, item=one)], day="2026-11-22"),
        )
        [shown] = self.shown(1)
        self.assertEqual((shown["sold_this_year"], shown["sold_last_year"]), (170, 50))
        self.assertEqual(shown["unconverted"], {})
        [shown] = self.shown(2)
        self.assertEqual((shown["sold_this_year"], shown["sold_last_year"]), (0, 9))

    def test_what_is_not_converted_stands_by_itself(self):
        one = item(1)
        self.bring_items(one)
        self.land(contact(1))
        self.land_books(
            invoice(1, 1, [line(price=100, item=one)], CurrencyCode="USD"),
            invoice(2, 1, [line(price=40, item=one)]),
        )
        [shown] = self.shown(1)
        self.assertEqual(shown["sold_this_year"], 40)
        self.assertEqual(shown["unconverted"]["USD"]["sold_this_year"], 100)

    def test_opening_a_product_costs_two_queries_at_most(self):
        one = item(1)
        self.bring_items(one)
        self.land(contact(1))
        self.land_books(invoice(1, 1, [line(price=100, item=one)]))
        product = self.product(1).with_user(self.salesman)
        spec = self.spec_of(product, "form")
        self.assertIn("xero_items", spec)
        bare = {n: s for n, s in spec.items() if not n.startswith("xero_")}
        with_addon = self.queries(lambda: product.web_read(spec))
        without = self.queries(lambda: product.web_read(bare))
        self.assertLessEqual(with_addon - without, 2)

    def test_who_is_no_xero_user_sees_nothing(self):
        user = new_test_user(self.env, "xero_nobody", "base.group_user")
        self.bring_items(item(1))
        product = self.product(1).with_user(user)
        self.assertNotIn("xero_items", product.fields_get())
        self.assertNotIn("xero_items", self.spec_of(product, "form"))

    def test_items_of_another_company_are_not_shown(self):
        self.bring_items(item(1))
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.admin.sudo().company_ids |= other
        product = self.product(1)
        seen = product.with_context(allowed_company_ids=other.ids)
        self.assertFalse(seen.xero_items)
        self.assertTrue(product.with_context(allowed_company_ids=None).xero_items)

    def test_a_product_without_items(self):
        product = self.templates.create({"name": "Ours"})
        self.assertFalse(product.xero_items)
        self.assertFalse(self.templates.new({"name": "New"}).xero_items)

    def test_the_button_opens_its_sales(self):
        self.bring_items(item(1))
        action = self.product(1).action_open_xero_sales()
        self.assertEqual(action["res_model"], "xero.sale.report")
        self.assertEqual(
            action["domain"], [("item_id", "in", self.mirrored_item(1).ids)]
        )
