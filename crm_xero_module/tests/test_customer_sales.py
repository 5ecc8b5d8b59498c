# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a customer shows of Xero's sales. Expected figures are worked out by hand.

It is Sunday 22 November 2026, 13:00, in Auckland; this financial year began on 1 April.
"""

from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_xero_module.services.sales.figures import refresh_figures

from .books import (
    BooksCase,
    credit_note,
    invoice,
    item,
    land,
    line,
    overpayment,
    prepayment,
)
from .common import contact, person

NOW = datetime(2026, 11, 22, 0, 0, 0)
READERS = "crm_xero_module.group_xero_user"


class CustomerCase(BooksCase):
    def setUp(self):
        super().setUp()
        clock = freeze_time(NOW)
        clock.start()
        self.addCleanup(clock.stop)
        # Company 1 has a person; company 2 is nobody's.
        self.bring(
            contact(1, ContactPersons=[person("Ann", "Baker")]),
            contact(2),
        )
        self.company = self.partner(1)
        self.ann = self.company.child_ids

    def refresh(self):
        for connection in self.env["xero.connection"].search([]):
            while refresh_figures(connection.sudo(), NOW):
                pass
        self.env.invalidate_all()

    def connect_another(self, base="AUD", company=None):
        """An organisation of another base currency, with contact 1 linked to the
        same customer."""
        values = {"company_id": company.id} if company else {}
        other = self.env["xero.connection"].create(values)
        other._set_connected(
            {
                **self.connector.connection(),
                "id": "connection-2",
                "organisation": {"id": "tenant-2", "name": "Another Company (AU)"},
            }
        )
        other.sudo().write(
            {
                "base_currency": base,
                "timezone": "Australia/Sydney",
                "financial_year_end_day": 30,
                "financial_year_end_month": 6,
            }
        )
        land(other.sudo(), contact(1, "Company 1 AU"))
        mirrored = self.env["xero.contact"].search([("connection_id", "=", other.id)])
        mirrored.sudo().write({"partner_id": self.company.id, "link_state": "linked"})
        return other


@tagged("post_install", "-at_install")
class TestNumbers(CustomerCase):
    def test_a_company_and_its_person_show_the_companys_numbers(self):
        self.land_books(
            invoice(1, lines=400, day="2026-05-01", due="2026-11-02"),
            invoice(2, lines=100, day="2026-06-01", paid=[("2026-06-20", 100)]),
            credit_note(1, lines=50, day="2026-07-01"),
        )
        self.refresh()
        for partner in (self.company, self.ann):
            # Sales 400 + 100 - 50; owed 400 - 50; due on 2 November, 20 days ago.
            self.assertEqual(partner.xero_sales_this_year, 450)
            self.assertEqual(partner.xero_owed, 350)
            self.assertEqual(partner.xero_overdue, 400)
            self.assertEqual(partner.xero_overdue_days, 20)
            self.assertEqual(partner.xero_invoice_count, 2)
            self.assertEqual(partner.xero_currency, "NZD")
            self.assertEqual(partner.xero_contact_count, 1)

    def test_a_person_that_is_a_contact_of_its_own_counts_for_its_company(self):
        self.mirror(2).sudo().partner_id = self.ann
        self.land_books(invoice(1, 2, 70, due="2026-11-30"), invoice(2, 1, 30))
        self.refresh()
        for partner in (self.company, self.ann):
            self.assertEqual(partner.xero_owed, 100)
            self.assertEqual(partner.xero_contact_count, 2)
            self.assertEqual(len(partner.xero_last_invoices()), 2)

    def test_an_archived_customer_shows_its_numbers(self):
        self.land_books(invoice(1, lines=70))
        self.refresh()
        self.company.action_archive()
        self.assertEqual(self.company.xero_owed, 70)
        self.assertEqual(self.company.xero_contact_count, 1)
        self.assertEqual(len(self.company.xero_last_invoices()), 1)

    def test_nothing_from_xero_is_nothing(self):
        nobody = self.env["res.partner"].create({"name": "Nobody of Xero"})
        self.refresh()
        for partner in (nobody, self.partner(2)):
            self.assertFalse(partner.xero_invoice_count)
            self.assertFalse(partner.xero_owed)
            self.assertFalse(partner.xero_amounts)
            self.assertEqual(partner.xero_sheet(), [])
            self.assertEqual(partner.xero_last_invoices(), [])
            self.assertEqual(partner.xero_most_bought(), [])

    def test_new_records_have_no_numbers(self):
        self.assertFalse(self.env["res.partner"].new({"name": "X"}).xero_owed)

    def test_currencies_are_never_added_up(self):
        other = self.connect_another("AUD")
        self.land_books(invoice(1, lines=100))
        land(other.sudo(), invoice(9, lines=30, CurrencyCode="AUD"))
        self.refresh()
        # Neither is the company's own currency: the first by name of organisation.
        self.assertEqual(self.company.xero_owed, 30)
        amounts = self.company.xero_amounts
        self.assertEqual(amounts["code"], "AUD")
        self.assertEqual(amounts["beside"]["xero_owed"], {"NZD": 100})
        self.assertEqual(self.company.xero_invoice_count, 2)
        sheet = self.company.xero_sheet()
        self.assertEqual([row["outstanding"] for row in sheet], [30, 100])
        self.assertEqual(
            [row["year_first"] for row in sheet], [date(2026, 7, 1), date(2026, 4, 1)]
        )

    def test_the_companys_own_currency_comes_first(self):
        self.env.company.currency_id = self.nzd
        other = self.connect_another("AUD")
        self.land_books(invoice(1, lines=100))
        land(other.sudo(), invoice(9, lines=30, CurrencyCode="AUD"))
        self.refresh()
        self.assertEqual(self.company.xero_owed, 100)
        self.assertEqual(self.company.xero_amounts["currency_id"], self.nzd.id)

    def test_what_is_not_converted_stands_beside(self):
        self.land_books(
            invoice(1, lines=100),
            invoice(2, lines=1200, CurrencyCode="USD", CurrencyRate=0.6),
        )
        self.refresh()
        self.assertEqual(self.company.xero_owed, 100)
        beside = self.company.xero_amounts["beside"]
        self.assertEqual(beside["xero_owed"], {"USD": 1200})
        self.assertEqual(beside["xero_sales_this_year"], {"USD": 1200})
        self.assertEqual(self.company.xero_overdue, 100)
        mirrored = self.mirror(1)
        self.assertEqual(mirrored.outstanding, 100)
        self.assertEqual(mirrored.amounts["beside"]["outstanding"], {"USD": 1200})

    def test_what_is_not_converted_is_found(self):
        self.land_books(invoice(2, lines=1200, CurrencyCode="USD", CurrencyRate=0.6))
        self.refresh()
        self.assertFalse(self.company.xero_overdue)
        late = self.env["res.partner"].search([("xero_overdue_count", ">", 0)])
        self.assertEqual(late, self.company | self.ann)
        for count in ("open_count", "overdue_count"):
            found = self.env["xero.contact"].search([(count, ">", 0)])
            self.assertEqual(found, self.mirror(1))

    def test_search_by_numbers(self):
        self.land_books(
            invoice(1, 1, 400, day="2026-05-01", due="2026-11-02"),
            prepayment(1, 2, 80),
        )
        self.refresh()
        second = self.partner(2)
        nobody = self.env["res.partner"].create({"name": "Nobody of Xero"})
        everybody = self.company | self.ann | second | nobody

        def found(*condition):
            return self.env["res.partner"].search(
                [("id", "in", everybody.ids), condition]
            )

        owing = self.company | self.ann
        self.assertEqual(found("xero_overdue", ">", 0), owing)
        self.assertEqual(found("xero_overdue", "!=", 0), owing)
        self.assertEqual(found("xero_overdue", ">=", 400), owing)
        self.assertFalse(found("xero_overdue", ">", 400))
        self.assertEqual(found("xero_overdue", "=", 0), second | nobody)
        self.assertEqual(found("xero_owed", "<", 0), second)
        self.assertEqual(found("xero_owed", "<=", 0), second | nobody)
        self.assertEqual(found("xero_owed", "in", [400, -80]), everybody - nobody)
        self.assertEqual(found("xero_sales_this_year", ">", 399.99), owing)

    def test_contacts_by_figures(self):
        self.land_books(
            contact(3),
            invoice(1, 1, 400, day="2026-05-01", due="2026-11-02"),
            invoice(2, 3, 500, day="2026-05-01", due="2026-12-02"),
        )
        self.refresh()
        first, second, third = (self.mirror(n) for n in (1, 2, 3))
        ours = first | second | third

        def found(*domain, **options):
            domain = [("id", "in", ours.ids), *domain]
            return self.env["xero.contact"].search(domain, **options)

        self.assertEqual(first.overdue, 400)
        self.assertEqual(first.oldest_due, date(2026, 11, 2))
        self.assertEqual(first.invoice_count, 1)
        self.assertFalse(second.outstanding)
        self.assertEqual(found(("overdue", ">", 0)), first)
        self.assertEqual(found(("outstanding", "=", 0)), second)
        by_owed = found(order="outstanding desc, id")
        self.assertEqual(list(by_owed), [third, first, second])
        self.assertEqual(found(order="outstanding, id")[0], second)


@tagged("post_install", "-at_install")
class TestHistory(CustomerCase):
    def test_sales_by_month_of_two_years(self):
        self.land_books(
            # Before the 24 months: December 2024 is the first.
            invoice(1, lines=9, day="2024-11-30"),
            invoice(2, lines=10, day="2024-12-01"),
            invoice(3, lines=20, day="2025-11-30"),
            invoice(4, lines=30, day="2025-12-31"),
            invoice(5, lines=40, day="2026-11-22", paid=[("2026-11-22", 40)]),
            credit_note(1, lines=15, day="2026-11-02"),
            # No sales: a draft, one that was voided, money in advance.
            invoice(6, lines=50, day="2026-11-01", Status="DRAFT"),
            invoice(7, lines=60, day="2026-11-01", Status="VOIDED"),
            overpayment(1, lines=70, day="2026-11-01"),
            invoice(8, lines=80, day="2026-10-01", CurrencyCode="USD"),
        )
        [row] = self.ann.xero_sales_by_month()
        self.assertEqual(row["connection_id"], self.connection.id)
        self.assertEqual(row["months"][0], date(2025, 12, 1))
        self.assertEqual(row["months"][-1], date(2026, 11, 1))
        self.assertEqual(row["before"], [10.0, *[0.0] * 10, 20.0])
        self.assertEqual(row["sales"], [30.0, *[0.0] * 10, 25.0])
        self.assertEqual(row["unconverted"], {"USD": 80.0})

    def test_most_bought_items(self):
        shelf, bolt = item(1), item(2)
        self.land_books(
            shelf,
            bolt,
            invoice(
                1,
                lines=[
                    line(quantity=2, price=100, item=shelf),
                    line(quantity=500, price=0.1, item=bolt),
                    line("Delivery", price=20),
                ],
                day="2026-05-01",
            ),
            credit_note(
                1, lines=[line(quantity=1, price=100, item=shelf)], day="2026-06-01"
            ),
            # A year ago and no sale.
            invoice(2, lines=[line(price=999, item=bolt)], day="2025-11-22"),
            invoice(3, lines=[line(price=999, item=bolt)], Status="DRAFT"),
            invoice(
                4,
                lines=[line(quantity=3, price=7, item=bolt)],
                day="2026-07-01",
                CurrencyCode="USD",
            ),
        )
        [row] = self.company.xero_most_bought()
        told = [
            (i["code"], i["name"], i["quantity"], i["amount"], i["unconverted"])
            for i in row["items"]
        ]
        self.assertEqual(
            told,
            [
                ("P001", "Product 1", 1.0, 100.0, {}),
                ("P002", "Product 2", 503.0, 50.0, {"USD": 21.0}),
            ],
        )

    def test_an_item_that_never_came_is_named_by_its_code(self):
        self.land_books(invoice(1, lines=[line(price=5, item=item(77))]))
        [row] = self.company.xero_most_bought()
        self.assertEqual(
            [(i["item_id"], i["code"]) for i in row["items"]], [(None, "P077")]
        )

    def test_last_invoices_are_those_that_lists_show(self):
        days = [date(2026, month, 1) for month in range(1, 12)]
        self.land_books(
            *(
                invoice(number, lines=number, day=day, due="2026-11-02")
                for number, day in enumerate(days, 1)
            ),
            invoice(20, Status="DRAFT", day="2026-11-20"),
            invoice(21, Status="DELETED", day="2026-11-20"),
            credit_note(1, day="2026-11-20"),
        )
        rows = self.company.xero_last_invoices()
        self.assertEqual(
            [row["name"] for row in rows], [f"INV-{n:04d}" for n in range(11, 1, -1)]
        )
        self.assertEqual(rows[0]["state"], "overdue")
        self.assertEqual(rows[0]["open_amount"], 11)
        self.assertEqual(rows[0]["currency_code"], "NZD")
        self.connection.sudo().show_drafts = True
        self.assertEqual(self.company.xero_last_invoices()[0]["name"], "INV-0020")

    def test_each_answer_costs_the_same_for_many_documents(self):
        asked = (
            "xero_sheet",
            "xero_sales_by_month",
            "xero_most_bought",
            "xero_last_invoices",
        )
        self.land_books(invoice(1, lines=[line(item=item(1))]))
        self.refresh()
        few = {name: self.cost(name) for name in asked}
        self.land_books(
            *(item(number) for number in range(1, 9)),
            *(
                invoice(n, lines=[line(item=item(n % 9 + 1)), line(item=item(2))])
                for n in range(2, 40)
            ),
        )
        self.refresh()
        for name in asked:
            self.assertLessEqual(self.cost(name), few[name], name)
            self.assertLessEqual(self.cost(name), 8, name)

    def cost(self, method):
        read = getattr(self.company, method)
        read()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        read()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestActions(CustomerCase):
    def documents_of(self, action):
        self.assertEqual(action["res_model"], "xero.transaction")
        return self.env["xero.transaction"].search(action["domain"]).mapped("number")

    def test_buttons_open_the_sales_log_of_the_customer(self):
        self.land_books(
            invoice(1), invoice(2, 2), invoice(3, Status="DELETED"), credit_note(1)
        )
        for partner in (self.company, self.ann):
            for button in ("sales", "owed", "invoices"):
                action = getattr(partner, f"action_open_xero_{button}")()
                self.assertEqual(
                    sorted(self.documents_of(action)), ["CN-0001", "INV-0001"]
                )
                [default] = action["context"]
                arch = self.env["xero.transaction"].get_view(
                    action["search_view_id"][0], "search"
                )["arch"]
                name = default.removeprefix("search_default_")
                self.assertIn(f'name="{name}"', arch)
        mirrored = self.mirror(1)
        for action in (mirrored.action_open_owed(), mirrored.action_open_documents()):
            self.assertEqual(len(self.documents_of(action)), 2)

    def test_open_in_xero(self):
        self.connection.sudo().short_code = "!ab1"
        action = self.company.action_open_in_xero()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn("shortcode=%21ab1", action["url"])
        self.assertIn(self.mirror(1).xero_id, action["url"])
        self.mirror(2).sudo().partner_id = self.company
        action = self.company.action_open_in_xero()
        self.assertEqual(action["res_model"], "xero.contact")
        found = self.env["xero.contact"].search(action["domain"])
        self.assertEqual(found, self.mirror(1) | self.mirror(2))

    def test_without_a_short_code_the_contact_is_opened_here(self):
        self.connection.sudo().short_code = False
        action = self.ann.action_open_in_xero()
        self.assertEqual(action["res_id"], self.mirror(1).id)


@tagged("post_install", "-at_install")
class TestRights(CustomerCase):
    def setUp(self):
        super().setUp()
        self.land_books(invoice(1, lines=400, day="2026-05-01", due="2026-11-02"))
        self.refresh()

    def test_who_is_no_xero_user_reads_and_finds_nothing(self):
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        partner = self.company.with_user(outsider)
        self.assertNotIn("xero_owed", partner.fields_get())
        self.assertTrue(partner.web_read({"name": {}}))
        with self.assertRaises(AccessError):
            partner.read(["xero_owed"])
        with self.assertRaises(AccessError):
            partner.search([("xero_overdue", ">", 0)])
        for method in (
            "xero_sheet",
            "xero_sales_by_month",
            "xero_most_bought",
            "xero_last_invoices",
        ):
            with self.assertRaises(AccessError):
                getattr(partner, method)()
        with self.assertRaises(AccessError):
            partner.xero_linked_contacts({"name": {}})
        for kind in ("form", "list", "search"):
            self.assertNotIn('name="xero_', partner.get_view(view_type=kind)["arch"])

    def test_other_companies_stay_to_themselves(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids = [Command.link(elsewhere.id)]
        other = self.connect_another("AUD", elsewhere)
        land(other.sudo(), invoice(9, lines=30, CurrencyCode="AUD"))
        self.refresh()
        reader = new_test_user(self.env, "reader", READERS)
        partner = self.company.with_user(reader)
        self.assertEqual(partner.xero_owed, 400)
        self.assertFalse(partner.xero_amounts["beside"]["xero_owed"])
        self.assertEqual(len(partner.xero_sheet()), 1)
        self.assertEqual(partner.xero_contact_count, 1)
        self.assertEqual(len(partner.xero_last_invoices()), 1)
        self.assertFalse(partner.search([("xero_owed", "=", 30)]))
        both = self.company.with_context(
            allowed_company_ids=[self.env.company.id, elsewhere.id]
        )
        self.assertEqual(len(both.xero_sheet()), 2)
        self.assertEqual(both.xero_contact_count, 2)
