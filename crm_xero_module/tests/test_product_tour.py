# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .books import item
from .products import ProductsCase
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestProductTour(ProductsCase, TourCase):
    """Items and products in a browser."""

    def test_a_profile_of_items_is_made_and_run(self):
        self.land_books(item(1), item(2, IsSold=False), item(3))
        self.start_tour(None, "xero_product_profile", login="admin")
        profile = self.env["xero.import.profile"].search([("name", "=", "Sold items")])
        self.assertEqual((profile.target, profile.source), ("product", "item"))
        self.assertEqual(profile.which_items, "sold")
        self.assertEqual(len(profile.mapping_ids), len(self.products.mapping_ids))
        self.assertEqual(profile.last_sync_id.kind, "profile")

    def test_a_product_follows_again_and_is_linked_again(self):
        self.bring_items(item(1, price=12.5))
        product = self.product(1)
        product.name = "Typed"
        url = f"/odoo/action-product.product_template_action/{product.id}"
        self.start_tour(url, "xero_product", login="admin")
        self.assertEqual(product.name, "Product 1")
        self.assertEqual(self.product(1), product)
