# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the numbers of customers cost in queries, as the web client asks for them."""

from odoo.tests import new_test_user, tagged

from .books import invoice
from .common import contact, person
from .screen_costs import ScreenCosts
from .test_customer_sales import CustomerCase


@tagged("post_install", "-at_install")
class TestCustomerCosts(ScreenCosts, CustomerCase):
    def setUp(self):
        super().setUp()
        self.salesman = new_test_user(
            self.env, "sam", "sales_team.group_sale_salesman_all_leads"
        )
        other = self.connect_another("AUD")
        self.land_books(
            invoice(1, lines=400, day="2026-05-01", due="2026-11-02"),
            invoice(2, lines=100, CurrencyCode="USD"),
        )
        self.assertTrue(other)
        self.refresh()

    def added(self, records, kind):
        """By how many queries a view costs more than without the addon."""
        records = records.with_user(self.salesman)
        spec = self.spec_of(records, kind)
        self.assertIn("xero_owed", spec)
        bare = {name: sub for name, sub in spec.items() if not name.startswith("xero_")}
        return self.queries(lambda: records.web_read(spec)) - self.queries(
            lambda: records.web_read(bare)
        )

    def test_opening_a_customer_costs_two_queries_at_most(self):
        """One for all numbers, one for what is linked."""
        nobody = self.env["res.partner"].create({"name": "Nobody of Xero"})
        for partner in (self.company, self.ann, nobody):
            self.assertLessEqual(self.added(partner, "form"), 2, partner.name)

    def test_columns_of_a_list_cost_one_query(self):
        self.bring(
            *(contact(n, ContactPersons=[person("A", "B")]) for n in range(3, 43))
        )
        self.land_books(*(invoice(100 + n, n) for n in range(3, 43)))
        self.refresh()
        partners = self.env["xero.contact"].search([]).partner_id
        partners |= partners.child_ids
        self.assertGreaterEqual(len(partners), 80)
        self.assertLessEqual(self.added(partners[:80], "list"), 1)

    def test_figures_in_the_list_of_contacts_cost_one_query(self):
        contacts = self.env["xero.contact"].with_user(self.salesman)
        spec = self.spec_of(contacts, "list")
        figures = {"amounts", "sales_this_year", "outstanding", "overdue"}
        figures |= {"overdue_count"}
        self.assertLess(figures, set(spec))
        bare = {name: sub for name, sub in spec.items() if name not in figures}

        def cost(specification):
            return self.queries(
                lambda: contacts.web_search_read([], specification, limit=80)
            )

        self.assertLessEqual(cost(spec) - cost(bare), 1)
