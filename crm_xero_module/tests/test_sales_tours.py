# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .books import BooksCase, credit_note, invoice, item, line
from .common import contact
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestSalesTours(BooksCase, TourCase):
    """The sales log, sales by product and items in a browser."""

    def land_sales(self):
        self.connection.short_code = "!abc"
        self.bring(contact(1, "Bayside Club"))
        sold = item(1)
        self.land_books(
            sold,
            invoice(
                1,
                1,
                [line(price=100, item=sold)],
                day="2026-10-01",
                due="2026-10-20",
                credited=30,
            ),
            invoice(
                2,
                2,
                [line(price=50)],
                day="2026-10-02",
                due="2099-10-20",
                CurrencyCode="USD",
                CurrencyRate=0.5,
                Contact={"ContactID": "unknown", "Name": "<b>Harbour</b>"},
            ),
            credit_note(3, 1, 30, day="2026-10-03", allocated=[(1, "2026-10-05", 30)]),
        )

    def test_sales_log(self):
        self.land_sales()
        self.start_tour("/odoo/xero-sales", "xero_sales_log", login="admin")
        self.assertEqual(
            self.env["ir.attachment"]
            .search([("res_id", "=", self.partner(1).id), ("name", "like", "INV-")])
            .mapped("name"),
            ["INV-0001.pdf"],
        )

    def test_sales_by_product(self):
        self.land_sales()
        url = "/odoo/action-crm_xero_module.xero_sale_report_action"
        self.start_tour(url, "xero_sales_by_product", login="admin")

    def test_without_sales(self):
        self.start_tour("/odoo/xero-sales", "xero_sales_none", login="admin")
