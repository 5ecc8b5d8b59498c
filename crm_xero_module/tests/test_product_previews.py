# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a preview tells of items, and that doing it does exactly that."""

from .books import item
from .products import ProductsCase
from .test_preview import PreviewCase


class TestProductPreviews(ProductsCase, PreviewCase):
    def all_kinds(self):
        """A mirror with every kind of item, in the order in which they come."""
        self.bring_items(item(1), item(2), item(3), item(4))
        self.product(3).unlink()
        self.product(4).active = False
        self.templates.create(
            [
                {"name": "There", "default_code": "P006", "list_price": 0.0},
                {"name": "One", "default_code": "P007"},
                {"name": "Two", "default_code": "P007"},
            ]
        )
        self.land_books(
            item(1, price=12.5, Name="Renamed"),
            item(3, Name="Deleted"),
            item(4, Name="Archived"),
            item(5, cost=3.0, Description="New"),
            item(6),
            item(7),
            item(8, Name="", Code=""),
        )

    def state_of_products(self):
        """{product: its values} of all that there are."""
        products = self.templates.search([])
        names = ["active", "type", *self.products.mapping_ids.mapped("target_field")]
        return {row["id"]: row for row in products.read(names)}

    def test_every_kind(self):
        self.all_kinds()
        before = self.state_of_products()
        preview = self.preview(self.products)
        self.assertEqual(self.state_of_products(), before, "nothing is done")
        self.assertEqual(
            self.told(preview),
            {
                "Renamed": "update",
                "Deleted": "skipped",
                "Archived": "skipped",
                "Product 5": "create",
                "Product 6": "link",
                "Product 7": "conflict",
                self.mirrored_item(8).xero_id: "skipped",
            },
        )
        self.assertEqual(preview.unchanged_count, 1)

    def test_changes_as_people_read_them(self):
        self.all_kinds()
        preview = self.preview(self.products)
        self.assertEqual(
            self.line(preview, "Renamed").changes,
            {"name": ["Product 1", "Renamed"], "list_price": ["10.0", "12.5"]},
        )
        new = self.line(preview, "Product 5")
        self.assertIn(["Cost", None, "3.0"], new.changed_fields)
        self.assertNotIn("type", new.changes)
        link = self.line(preview, "Product 6")
        self.assertIn("of the product “[P006] There”", link.reason)
        self.assertEqual(link.product_id.name, "There")

    def test_doing_it_does_what_it_showed(self):
        self.all_kinds()
        before = self.state_of_products()
        preview = self.preview(self.products)
        run = self.do(preview)
        self.assertEqual((run.state, run.left_count), ("done", 0))
        for name in ("created_count", "updated_count", "linked_count"):
            self.assertEqual(run[name], preview[name], name)
        after = self.state_of_products()
        self.assertEqual(set(after) - set(before), {self.product(5).id})
        changed = {self.product(1).id, self.product(6).id}
        for product, values in before.items():
            self.assertEqual(values != after[product], product in changed, values)
        self.assertEqual(self.line(preview, "Product 5").product_id, self.product(5))
        self.assertEqual(after[self.product(5).id]["standard_price"], 3.0)

    def test_what_changed_in_between_is_left_and_named(self):
        self.all_kinds()
        preview = self.preview(self.products)
        self.land_books(item(5, cost=4.0, Description="New"))
        self.product(1).name = "Typed"
        run = self.do(preview)
        self.assertEqual(run.left_count, 2)
        self.assertFalse(self.product(5))
        self.assertEqual(self.product(1).list_price, 10.0)
        lines = run.line_ids.filtered(lambda x: x.code == "changed_since_preview")
        self.assertEqual(lines.item_id, self.mirrored_item(1) | self.mirrored_item(5))
        self.assertIn("Xero gives “4.0” for “Cost”", " ".join(lines.mapped("reason")))

    def test_one_key_twice_over_several_batches(self):
        self.in_batches_of(1)
        self.set_key("name")
        self.land_books(*(item(number, Name="Same") for number in (1, 2, 3)))
        preview = self.preview(self.products)
        self.assertEqual(
            sorted(preview.line_ids.mapped("outcome")), ["create"] + ["link"] * 2
        )
        self.do(preview)
        products = self.env["xero.item"].search([]).product_id
        self.assertEqual(products.mapped("default_code"), ["P001"])
