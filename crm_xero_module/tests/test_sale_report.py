# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo.tests import tagged

from .books import BooksCase, credit_note, invoice, item, line, overpayment
from .common import contact


@tagged("post_install", "-at_install")
class TestSaleReport(BooksCase):
    """What was sold, against figures worked out by hand.

    | document | customer | day    | lines                       | counts as     |
    |----------|----------|--------|-----------------------------|---------------|
    | INV-0001 | 1        | Apr 10 | 3 × 20 of P001, 50 of P002  | 60 + 50       |
    | INV-0002 | 2        | May 2  | 2 × 20 of P001, 15 freight  | 40 + 15, paid |
    | CN-0003  | 1        | May 20 | 20 of P001                  | −20           |
    | INV-0004 | 2        | May 21 | 100 of P002                 | 0: draft      |
    | INV-0005 | 1        | May 22 | 30 of P001                  | 0: voided     |
    | overpaid | 1        | May 23 | 500                         | 0: no sale    |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["xero.sale.report"]
        first, second = item(1), item(2)
        cls.books = [
            contact(1, "Bayside Club"),
            contact(2, "Harbour Club"),
            first,
            second,
            invoice(
                1,
                1,
                [
                    line(quantity=3, price=20, tax=15, item=first),
                    line(price=50, tax=15, item=second),
                ],
                day="2026-04-10",
            ),
            invoice(
                2,
                2,
                [line(quantity=2, price=20, item=first), line("Freight", price=15)],
                day="2026-05-02",
                paid=[("2026-05-10", 55)],
            ),
            credit_note(3, 1, [line(price=20, item=first)], day="2026-05-20"),
            invoice(4, 2, [line(item=second)], day="2026-05-21", Status="DRAFT"),
            invoice(
                5, 1, [line(price=30, item=first)], day="2026-05-22", Status="VOIDED"
            ),
            overpayment(6, 1, 500, day="2026-05-23"),
        ]

    def sums(self, by, *domain):
        groups = self.reports._read_group(
            list(domain),
            [by],
            ["base_net:sum", "quantity:sum", "document_count:count_distinct"],
        )
        return {key: tuple(values) for key, *values in groups}

    def test_by_product(self):
        self.land_books(*self.books)
        expected = {
            "Product 1": (60 + 40 - 20, 3 + 2 - 1, 3),
            "Product 2": (50, 1, 1),
            False: (15, 1, 1),
        }
        self.assertEqual(self.sums("product_name"), expected)
        by_item = {row.code: sums for row, sums in self.sums("item_id").items()}
        self.assertEqual(
            by_item, {"P001": (80, 4, 3), "P002": (50, 1, 1), False: (15, 1, 1)}
        )
        first = self.mirrored_item(1)
        self.assertEqual((first.sold_amount, first.sold_quantity), (80, 4))

    def test_by_customer_month_and_salesperson(self):
        self.land(contact(1, "Bayside Club"))
        self.import_all()
        self.partner(1).user_id = self.admin
        self.land_books(*self.books)
        self.assertEqual(
            self.sums("customer_name"),
            {"Bayside Club": (60 + 50 - 20, 3, 2), "Company 2": (55, 3, 1)},
        )
        by_month = {
            day.isoformat()[:7]: sums for day, sums in self.sums("date:month").items()
        }
        self.assertEqual(by_month, {"2026-04": (110, 4, 1), "2026-05": (35, 2, 2)})
        users = self.sums("user_id")
        self.assertEqual(users[self.admin], (90, 3, 2))

    def test_by_the_organisations_financial_year(self):
        self.land_books(*self.books, invoice(7, 1, 1000, day="2026-03-31"))
        with freeze_time("2026-11-22 00:00:00"):
            this = self.sums("connection_id", ("period", "=", "this_year"))
            last = self.sums("connection_id", ("period", "=", "last_year"))
        self.assertEqual(this[self.connection][0], 110 + 55 - 20)
        self.assertEqual(last[self.connection][0], 1000)

    def test_shows_what_lists_show(self):
        self.connection.sales_since = "2026-05-01"
        self.land_books(
            *self.books, invoice(7, 1, 10, day="2026-04-01", paid=[("2026-04-02", 10)])
        )
        # INV-0001 is older and open, INV-0007 older and paid.
        numbers = set(self.reports.search([]).transaction_id.mapped("number"))
        self.assertEqual(numbers, {"INV-0001", "INV-0002", "CN-0003"})

    def test_document_without_lines_counts_as_a_whole(self):
        self.land_books(invoice(1, 1, [], SubTotal=70.0, Total=70.0, AmountDue=70.0))
        row = self.reports.search([])
        self.assertEqual((row.base_net, row.quantity, row.product_name), (70, 0, False))
        self.assertEqual(row.transaction_id.number, "INV-0001")

    def test_amounts_that_include_tax_are_without_it(self):
        inclusive = invoice(
            1, 1, [line(price=115, TaxAmount=15.0)], LineAmountTypes="Inclusive"
        )
        self.land_books(inclusive)
        self.assertEqual(self.sums("connection_id")[self.connection][0], 100)

    def test_what_is_not_converted_is_in_no_sum(self):
        foreign = invoice(2, 1, 50, CurrencyCode="USD", CurrencyRate=0.5)
        self.land_books(invoice(1, 1, 100), foreign)
        total = self.reports._read_group([], [], ["base_net:sum"])
        self.assertEqual(total, [(False,)])
        known = self.sums("is_converted")
        self.assertEqual(known[True][0], 100)
        self.assertFalse(known[False][0])

    def test_names_of_xero_are_grouped_as_they_are(self):
        hostile = item(1, Name="<b>=1+1</b>\u202e", Code="=cmd|'/c calc'!A1")
        self.land_books(hostile, invoice(1, 1, [line(item=hostile)]))
        self.assertEqual(list(self.sums("product_name")), ["<b>=1+1</b>\u202e"])

    def test_opens_the_document(self):
        self.land_books(invoice(1, 1, 100))
        row = self.reports.search([])
        self.assertEqual(row.action_open_document()["res_id"], row.transaction_id.id)
        item_action = self.mirrored_item(1).action_open_sales()
        self.assertEqual(item_action["res_model"], "xero.sale.report")
