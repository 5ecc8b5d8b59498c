# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..services.sales.days import today_of
from ..services.sales.figures import refresh_figures
from ..services.sales.overview import sales_overview
from .books import BooksCase, credit_note, invoice
from .common import contact
from .screen_costs import ScreenCosts

# The organisation's financial year 2026/27: it is 22 November there, in New Zealand.
NOW = datetime(2026, 11, 22, 0, 0, 0)


@tagged("post_install", "-at_install")
class TestOverviewSales(ScreenCosts, BooksCase):
    def card(self):
        """What the card tells at `NOW`."""
        connection = self.connection.sudo()
        refresh_figures(connection, NOW)
        return sales_overview(connection, NOW).get(connection.id)

    def land_two_customers(self):
        """This year: 1,000 - 100 + 300 = 1,200. The same days last year: 800, of 950
        altogether. Due: 300 not yet, 50 for 12 days, 70 for 100 days; credit 100."""
        self.bring(contact(1, "Bayside Club"), contact(2, "Harbour Club"))
        self.land_books(
            invoice(1, 1, 1000, day="2026-05-01", paid=[("2026-05-20", 1000)]),
            credit_note(2, 1, 100, day="2026-06-01"),
            invoice(3, 2, 300, day="2026-11-20", due="2026-12-20"),
            invoice(
                4,
                2,
                730,
                day="2025-06-01",
                due="2026-11-10",
                paid=[("2026-01-01", 680)],
            ),
            invoice(5, 2, 70, day="2025-11-22", due="2026-08-14"),
            invoice(6, 2, 150, day="2026-01-10", paid=[("2026-01-20", 150)]),
            invoice(7, 1, 9999, day="2026-05-01", Status="DRAFT"),
        )

    def test_a_card_tells_what_is_owed_and_sold(self):
        self.land_two_customers()
        card = self.card()
        shown = {
            "current": 300,
            "days_1_30": 50,
            "days_31_60": 0,
            "days_61_90": 0,
            "days_over_90": 70,
            "credits": -100,
            "outstanding": 320,
            "overdue": 120,
            "overdue_customers": 1,
            "sales_this_year": 1200,
            "sales_same_days": 800,
            "sales_last_year": 950,
            "change": 50,
            "currency_code": "NZD",
            "currency_id": self.nzd.id,
            "year": ["2026-04-01", "2027-03-31"],
        }
        self.assertEqual({name: card[name] for name in shown}, shown)

    def test_months_stand_beside_those_of_the_year_before(self):
        self.land_two_customers()
        months = self.card()["months"]
        self.assertEqual(months["months"][0], "2025-12-01")
        self.assertEqual(months["months"][-1], "2026-11-01")
        self.assertEqual(
            [*map(int, months["sales"])], [0, 150, 0, 0, 0, 1000, -100, 0, 0, 0, 0, 300]
        )
        self.assertEqual(
            [*map(int, months["before"])], [0, 0, 0, 0, 0, 0, 730, 0, 0, 0, 0, 70]
        )

    def test_best_customers_lead_to_the_crm_s_where_they_are_there(self):
        self.land_two_customers()
        self.mirror(2).sudo().partner_id = False
        self.assertEqual(
            self.card()["best"],
            [
                {
                    "model": "res.partner",
                    "id": self.partner(1).id,
                    "name": "Bayside Club",
                    "amount": 900,
                },
                {
                    "model": "xero.contact",
                    "id": self.mirror(2).id,
                    "name": "Harbour Club",
                    "amount": 300,
                },
            ],
        )

    def test_without_sales_last_year_nothing_is_compared(self):
        self.bring(contact(1))
        self.land_books(invoice(1, 1, 1000, day="2026-05-01"))
        self.assertIsNone(self.card()["change"])

    def test_other_currencies_stand_beside(self):
        self.bring(contact(1))
        self.land_books(
            invoice(1, 1, 100, day="2026-10-01", due="2026-10-20"),
            invoice(2, 1, 40, day="2026-10-01", CurrencyCode="USD", CurrencyRate=0.6),
        )
        card = self.card()
        self.assertEqual(card["outstanding"], 100)
        self.assertEqual(card["unconverted"]["outstanding"], {"USD": 40})
        self.assertEqual(card["unconverted"]["sales_this_year"], {"USD": 40})

    def opened(self, figure, month=None):
        action = self.connection.action_open_overview(figure, month)
        return self.env[action["res_model"]].search(action["domain"])

    def test_each_number_opens_what_it_is_the_sum_of(self):
        self.land_two_customers()
        connection = self.connection.sudo()
        # The lists are those of the present day; what is dated later counts then.
        today = today_of(connection)
        self.land_books(invoice(8, 1, 400, day=today + timedelta(days=1)))
        refresh_figures(connection)
        card = connection.overview_sales
        for figure in ("current", "days_1_30", "over", "credits", "outstanding"):
            figure = "days_over_90" if figure == "over" else figure
            rows = self.opened(figure)
            self.assertEqual(sum(rows.mapped(figure)), card[figure], figure)
        self.assertTrue(all(row.overdue for row in self.opened("overdue")))
        for figure in ("sales_this_year", "sales_same_days", "sales_last_year"):
            total = sum(self.opened(figure).mapped("base_sub_total"))
            self.assertEqual(total, card[figure], figure)
        for month, amount in zip(
            card["months"]["months"], card["months"]["sales"], strict=True
        ):
            total = sum(self.opened("month", month).mapped("base_sub_total"))
            self.assertEqual(total, amount)

    def test_nothing_else_is_opened(self):
        for figure in ("secret", "month"):
            with self.assertRaises(UserError):
                self.connection.action_open_overview(figure)

    def test_without_sales_it_says_why(self):
        connection = self.connection.sudo()
        connection.granted_features = ["contacts", "sales", "items", "report"]
        hint = lambda: (connection.overview_sales or {}).get("hint")  # noqa: E731
        self.assertIn("after the first sync", hint())
        connection.last_sync_at = NOW
        connection.invalidate_recordset(["overview_sales"])
        self.assertIn("No sales documents", hint())
        connection.granted_features = ["contacts"]
        connection.invalidate_recordset(["overview_sales"])
        self.assertIn("Not allowed at Xero", hint())
        connection.with_sales = False
        connection.invalidate_recordset(["overview_sales"])
        self.assertIn("not ticked", hint())
        connection.state = "draft"
        connection.invalidate_recordset(["overview_sales"])
        self.assertFalse(hint())

    def test_another_company_s_card_is_not_opened(self):
        other = self.env["res.company"].create({"name": "Other company"})
        foreign = new_test_user(
            self.env,
            "overview_away",
            "sales_team.group_sale_salesman",
            company_id=other.id,
            company_ids=other.ids,
        )
        with self.assertRaises(AccessError):
            self.connection.with_user(foreign).action_open_overview("outstanding")

    def test_cards_cost_two_queries_more_however_many(self):
        self.land_two_customers()
        refresh_figures(self.connection.sudo())
        spec = self.spec_of(self.env["xero.connection"], "kanban")
        bare = {name: s for name, s in spec.items() if name != "overview_sales"}
        self.assertLess(len(bare), len(spec))

        def cost(fields):
            connections = self.env["xero.connection"]
            return self.queries(lambda: connections.web_search_read([], fields))

        self.assertLessEqual(cost(spec) - cost(bare), 2)
        self.env["xero.connection"].create({})
        self.assertLessEqual(cost(spec) - cost(bare), 2)

    def test_the_financial_year_is_the_organisation_s(self):
        self.bring(contact(1))
        self.land_books(invoice(1, 1, 100, day=date(2026, 11, 23)))
        # Already the 23rd in Auckland.
        refresh_figures(self.connection.sudo(), datetime(2026, 11, 22, 12, 0))
        card = sales_overview(self.connection, datetime(2026, 11, 22, 12, 0))
        self.assertEqual(card[self.connection.id]["sales_this_year"], 100)
