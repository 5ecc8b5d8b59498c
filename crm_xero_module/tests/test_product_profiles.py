# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Profiles of items: choices, files, rights, and two organisations in one company."""

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user

from odoo.addons.crm_xero_module.services.mapping.profile_file import dump, load
from odoo.addons.crm_xero_module.services.xero.fields import fields_of

from .books import item, land
from .products import ProductsCase


class TestProductProfiles(ProductsCase):
    def labels(self, kind):
        return {row["name"] for row in self.products.field_choices[kind]}

    def test_what_can_be_mapped(self):
        targets = self.labels("targets")
        wanted = {"default_code", "barcode", "name", "list_price", "standard_price"}
        self.assertLessEqual(wanted | {"weight", "description", "type"}, targets)
        for name in ("active", "company_id", "responsible_id", "product_variant_count"):
            self.assertNotIn(name, targets)
        self.assertNotIn("vat", targets)
        sources = self.labels("sources")
        self.assertEqual(sources, set(fields_of("item")))
        self.assertLessEqual({"SalesDetails.UnitPrice", "QuantityOnHand"}, sources)
        self.assertNotIn("ContactID", sources)

    def test_a_line_of_a_customer_is_wrong(self):
        with self.assertRaises(ValidationError):
            self.products.mapping_ids.create(
                {
                    "profile_id": self.products.id,
                    "target_field": "vat",
                    "source_fields": "Code",
                }
            )
        with self.assertRaises(ValidationError):
            self.line_of("name").source_fields = "TaxNumber"
        with self.assertRaises(ValidationError):
            self.products.source = "organisation"

    def test_a_default_and_several_sources(self):
        self.line_of("description_sale").write(
            {
                "source_fields": "Description,PurchaseDescription",
                "default_value": "Ask us",
            }
        )
        self.bring_items(
            item(1),
            item(2, Description="", PurchaseDescription="Bought"),
            item(3, Description=None),
        )
        told = [self.product(number).description_sale for number in (1, 2, 3)]
        self.assertEqual(told, ["Product 1, as agreed", "Bought", "Ask us"])

    def test_a_file_brings_it_as_it_was(self):
        self.products.write({"which_items": "sold", "mode": "import"})
        [found] = load(dump(self.products._to_file()))
        self.products.name = "Before"
        profile, left_out = self.products._from_file(found, self.connection)
        self.assertEqual(left_out, [])
        self.assertEqual(profile._to_file()[0], found)
        self.assertEqual((profile.target, profile.source), ("product", "item"))
        self.assertFalse(profile.auto_run)

    def test_the_example_is_the_first_item(self):
        self.land_books(item(1, price=12.5))
        self.env.invalidate_all()
        self.assertEqual(self.products.example_name, "Product 1")
        self.assertEqual(self.line_of("list_price").example, "12.5")
        self.assertEqual(self.line_of("sale_ok").example, "Yes")

    def test_it_has_the_rights_of_its_user_and_no_more(self):
        user = new_test_user(self.env, "xero_poor", "base.group_user")
        self.products.sudo().run_as = user
        self.bring_items(item(1))
        self.assertEqual(self.sync_run.code, "profile_not_allowed")
        self.assertFalse(self.product(1))

    def test_a_product_that_the_user_does_not_see(self):
        self.bring_items(item(1))
        self.env["ir.rule"].sudo().create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("product.template"),
                "domain_force": [("default_code", "!=", "P001")],
            }
        )
        self.env.registry.clear_cache()
        line = self.bring_items(item(1, Name="Changed"))
        self.assertEqual(line.code, "record_not_visible")

    def test_two_organisations_share_a_product_which_the_first_one_feeds(self):
        other = self.env["xero.connection"].create({})
        other._set_connected(
            {
                **self.connector.connection(),
                "id": "connection-2",
                "organisation": {"id": "tenant-2", "name": "Other"},
            }
        )
        other.sudo().base_currency = "NZD"
        self.bring_items(item(1, price=10.0))
        land(other.sudo(), item(1, price=20.0, Name="Theirs"))
        theirs = other.profile_ids.filtered(lambda p: p.target == "product")
        self.assertFalse(self.import_all(theirs))
        product = self.product(1)
        self.assertEqual(len(product.xero_item_ids), 2)
        self.assertEqual((product.name, product.list_price), ("Product 1", 10.0))
        land(other.sudo(), item(1, price=21.0, Name="Theirs"))
        self.import_all(theirs)
        self.assertEqual(product.list_price, 10.0)
        self.assertEqual(len(product.xero_items), 2)
