# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What items cost: a batch, and a bad one in it."""

from odoo.addons.crm_xero_module.services.imports.rows import BATCH

from .books import item
from .products import ProductsCase


class TestProductCost(ProductsCase):
    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        return self.cr.sql_log_count - before

    def many(self, count, **values):
        return [item(number, cost=1.0, **values) for number in range(1, count + 1)]

    def test_a_batch_that_changed_nothing_costs_the_same_for_any_number(self):
        costs = []
        for count in (5, BATCH):
            self.bring_items(*self.many(count))
            self.products.position = 0
            with self.count_writes("product_template", "product_product") as written:
                costs.append(self.queries(lambda: self.import_all(self.products)))
            self.assertEqual(written, [])
        few, many = costs
        self.assertLessEqual(many, few + 2)
        self.assertLess(many, 60)

    def test_linking_by_the_code_costs_the_same_for_any_number(self):
        self.products.mode = "import"
        costs = []
        for first, count in ((1, 5), (1000, BATCH)):
            numbers = range(first, first + count)
            items = [item(number) for number in numbers]
            self.templates.create(
                [{"name": "There", "default_code": one["Code"]} for one in items]
            )
            self.land_books(*items)
            costs.append(self.queries(lambda: self.import_all(self.products)))
        few, many = costs
        self.assertLessEqual(many, few + 2)
        self.assertEqual(self.sync_run.created_count, 0)

    def test_one_bad_item_stops_no_batch(self):
        """Of forty, one has a barcode that is taken."""
        self.templates.create({"name": "There", "barcode": "P017"})
        self.products.mapping_ids.create(
            {
                "profile_id": self.products.id,
                "target_field": "barcode",
                "source_fields": "Code",
            }
        )
        lines = self.bring_items(*self.many(40))
        self.assertEqual(lines.code, "value_refused")
        self.assertEqual(self.sync_run.created_count, 40)
        self.assertFalse(self.product(17).barcode)
