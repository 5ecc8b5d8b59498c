# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Items of Xero and the products that they become, for tests."""

from .books import BooksCase


class ProductsCase(BooksCase):
    """An organisation and a company whose money is New Zealand's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of the company, whatever was sold or bought in it before.
        cls.env.cr.execute(
            "UPDATE res_company SET currency_id = %s RETURNING id", [cls.nzd.id]
        )
        cls.env.invalidate_all()
        cls.templates = cls.env["product.template"].with_context(active_test=False)

    def bring_items(self, *items):
        """From Xero's items to products; the lines of what did not come."""
        self.land_books(*items)
        return self.import_all(self.products)

    def product(self, number):
        """The product that an item is."""
        return self.mirrored_item(number).product_id

    def line_of(self, name):
        lines = self.products.mapping_ids
        return lines.filtered(lambda line: line.target_field == name)

    def set_key(self, name):
        self.products.mapping_ids.is_key = False
        self.line_of(name).is_key = True

    def with_variants(self, **values):
        """A product in two colours."""
        attribute = self.env["product.attribute"].create(
            {"name": "Colour", "value_ids": [(0, 0, {"name": n}) for n in "ab"]}
        )
        line = {
            "attribute_id": attribute.id,
            "value_ids": [(6, 0, attribute.value_ids.ids)],
        }
        values.setdefault("name", "In two colours")
        return self.templates.create({**values, "attribute_line_ids": [(0, 0, line)]})
