# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .books import item
from .test_draft_invoice import DraftCase


@tagged("post_install", "-at_install")
class TestDraftInvoiceOrders(DraftCase):
    """The lines of an opportunity's latest order, where orders are sold here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "order_ids" not in cls.env["crm.lead"]._fields:
            raise unittest.SkipTest("sale_crm is not installed")

    def setUp(self):
        super().setUp()
        self.shelf = self.env["product.product"].create(
            {"name": "Shelf", "default_code": "P001", "list_price": 99}
        )
        self.mirrored_item(1).sudo().write(
            {"product_id": self.shelf.product_tmpl_id.id, "link_state": "linked"}
        )

    def order(self, *lines, lead=None, **values):
        lead = lead or self.lead
        order = self.env["sale.order"].create(
            {
                "partner_id": lead.partner_id.id,
                "opportunity_id": lead.id,
                "order_line": [Command.create(line) for line in lines],
                **values,
            }
        )
        # Who sees it is the seller of the opportunity.
        order.user_id = self.sam
        return order

    def line(self, price=10.0, quantity=2.0, **values):
        return {
            "product_id": self.shelf.id,
            "name": "Shelf, white",
            "product_uom_qty": quantity,
            "price_unit": price,
            "tax_ids": False,
            **values,
        }

    def test_an_order_s_lines_are_taken_with_their_items(self):
        order = self.order(
            {"display_type": "line_section", "name": "Kitchen"},
            self.line(12.5, 4, discount=20),
            {"display_type": "line_note", "name": "Delivered by us"},
            {
                "product_id": self.env["product.product"].create({"name": "Odd"}).id,
                "name": "Odd one",
                "price_unit": 7,
                "tax_ids": False,
            },
        )
        draft = self.draft()
        self.assertEqual(draft.origin, order.name)
        self.assertEqual(draft.currency_id, order.currency_id)
        section, shelf, note, odd = draft.line_ids.sorted("sequence")
        self.assertEqual((section.is_text, section.description), (True, "Kitchen"))
        self.assertEqual(note.description, "Delivered by us")
        self.assertEqual(shelf.item_id, self.mirrored_item(1))
        self.assertEqual(
            (shelf.quantity, shelf.unit_price, shelf.discount), (4, 12.5, 20)
        )
        self.assertFalse(odd.item_id)
        self.assertAlmostEqual(draft.total, order.amount_untaxed)
        body = self.send(draft).body
        self.assertEqual(body["LineItems"][0], {"Description": "Kitchen"})
        self.assertEqual(body["LineItems"][1]["ItemCode"], "P001")
        self.assertNotIn("ItemCode", body["LineItems"][3])

    def test_the_latest_order_that_is_not_cancelled_counts(self):
        first = self.order(self.line(1), date_order="2026-01-01 10:00:00")
        self.order(self.line(2), date_order="2026-03-01 10:00:00", state="cancel")
        latest = self.order(self.line(3), date_order="2026-02-01 10:00:00")
        self.assertTrue(first)
        self.assertEqual(self.draft().origin, latest.name)

    def test_an_order_that_one_may_not_see_tells_nothing(self):
        order = self.order(self.line())
        order.user_id = self.admin
        draft = self.draft()
        self.assertFalse(draft.origin)
        self.assertEqual(draft.line_ids.unit_price, 1200)
        boss = new_test_user(
            self.env, "drafting_boss", "sales_team.group_sale_salesman_all_leads"
        )
        self.assertEqual(self.draft(user=boss).origin, order.name)

    def test_a_price_with_tax_goes_without(self):
        tax = self.env["account.tax"].create(
            {
                "name": "GST 15 in the price",
                "amount": 15,
                "price_include_override": "tax_included",
                "type_tax_use": "sale",
            }
        )
        order = self.order(
            self.line(115, 3, tax_ids=[Command.set(tax.ids)]),
            self.line(115, 1, discount=100, tax_ids=[Command.set(tax.ids)]),
            self.line(115, 2, discount=50, tax_ids=[Command.set(tax.ids)]),
        )
        draft = self.draft()
        self.assertAlmostEqual(draft.line_ids.sorted("sequence")[0].unit_price, 100)
        self.assertAlmostEqual(draft.total, order.amount_untaxed)

    def test_a_surcharge_is_part_of_the_price(self):
        self.order(self.line(100, 1, discount=-10))
        line = self.draft().line_ids
        self.assertEqual((line.discount, line.unit_price), (0, 110))

    def test_of_several_items_the_one_with_the_code_counts(self):
        self.land_books(item(3))
        other = self.mirrored_item(3).sudo()
        other.write({"product_id": self.shelf.product_tmpl_id.id})
        self.order(self.line())
        self.assertEqual(self.draft().line_ids.item_id, self.mirrored_item(1))
        self.shelf.default_code = "ELSE"
        self.assertFalse(self.draft().line_ids.item_id)

    def test_an_item_that_is_not_sold_is_not_taken(self):
        self.mirrored_item(1).sudo().is_sold = False
        self.order(self.line())
        self.assertFalse(self.draft().line_ids.item_id)

    def test_a_hundred_lines_are_one_look_at_the_items(self):
        self.order(*(self.line(number) for number in range(1, 101)))
        draft = self.draft()
        self.assertEqual(len(draft.line_ids), 100)
        self.assertEqual(len(self.send(draft).body["LineItems"]), 100)
