# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .books import item
from .common import FakeConnector
from .products import ProductsCase
from .test_kills import KillCase


class TestProductKills(ProductsCase, KillCase):
    """A sync brings products, wherever a process dies on its way."""

    def a_sync(self):
        self.bring_items(item(1), item(2), item(3))
        self.product(2).active = False
        self.templates.create(
            {"name": "There", "default_code": "P005", "list_price": 0.0}
        )
        type(self).connector = FakeConnector()
        self.connector.sync()
        self.connector.add_part(
            [
                item(1, price=12.5, Name="Renamed", cost=3.0),
                item(2, Name="Archived here"),
                item(3),
                item(4, IsTrackedAsInventory=True),
                item(5),
                item(6, Name="", Code=""),
            ],
            resource="items",
            key="Items",
        )
        self.connector.add_end()

    def picture(self):
        names = sorted(self.products.mapping_ids.mapped("target_field"))
        items = self.env["xero.item"].search([], order="xero_id")
        products = self.templates.search([])
        return [
            [(row.xero_id, row.link_state, row.product_id.name) for row in items],
            sorted(str([product[name] for name in names]) for product in products),
        ]

    def test_a_sync(self):
        expected = self.die_everywhere(self.a_sync)
        links, _products = expected["picture"]
        self.assertEqual(
            [(state, name) for _item, state, name in links],
            [
                ("linked", "Renamed"),
                ("ignored", "Product 2"),
                ("linked", "Product 3"),
                ("linked", "Product 4"),
                ("linked", "There"),
                ("unlinked", False),
            ],
        )
        lines = expected["runs"][-1][2]
        codes = sorted(code for _name, code, _outcome, _state in lines)
        self.assertEqual(codes, ["product_name_missing", "record_archived"])
