# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .books import item
from .products import ProductsCase


class TestProducts(ProductsCase):
    """Items become products by the ready-made import."""

    def test_what_a_product_holds(self):
        lines = self.bring_items(
            item(
                1,
                price=12.3456,
                cost=7.5,
                Description="One line\nand another",
                PurchaseDescription="Bought",
            )
        )
        self.assertFalse(lines)
        product = self.product(1)
        self.assertEqual(
            (product.default_code, product.name, product.product_variant_count),
            ("P001", "Product 1", 1),
        )
        self.assertEqual(product.product_variant_id.default_code, "P001")
        self.assertAlmostEqual(product.list_price, 12.3456)
        self.assertAlmostEqual(product.standard_price, 7.5)
        self.assertEqual(product.description_sale, "One line\nand another")
        self.assertEqual(product.description_purchase, "Bought")
        self.assertEqual((product.sale_ok, product.purchase_ok), (True, True))
        self.assertFalse(product.company_id)
        counts = self.sync_run.created_count, self.sync_run.updated_count
        self.assertEqual(counts, (1, 0))

    def test_goods_are_what_xero_counts_in_stock(self):
        self.bring_items(item(1, IsTrackedAsInventory=True), item(2))
        self.assertEqual(self.product(1).type, "consu")
        self.assertEqual(self.product(2).type, "service")
        self.bring_items(item(2, Name="Counted now", IsTrackedAsInventory=True))
        self.assertEqual(self.product(2).type, "service", "on create only")

    def test_a_type_that_the_import_says(self):
        self.products.mapping_ids.create(
            {
                "profile_id": self.products.id,
                "target_field": "type",
                "default_value": "Goods",
            }
        )
        self.bring_items(item(1))
        self.assertEqual(self.product(1).type, "consu")

    def test_an_item_without_price_has_none_here(self):
        self.bring_items(item(1, SalesDetails={}, IsSold=False))
        product = self.product(1)
        self.assertEqual((product.list_price, product.sale_ok), (0.0, False))
        self.bring_items(item(1, price=4.5))
        self.assertEqual((product.list_price, product.sale_ok), (4.5, True))

    def test_what_changes_in_xero_follows(self):
        self.bring_items(item(1, cost=5.0))
        product = self.product(1)
        self.bring_items(item(1, price=11.0, cost=6.0, Code="NEW", Name="Renamed"))
        self.assertEqual(self.product(1), product)
        self.assertEqual((product.default_code, product.name), ("NEW", "Renamed"))
        self.assertEqual((product.list_price, product.standard_price), (11.0, 6.0))

    def test_what_people_typed_stays(self):
        self.bring_items(item(1, cost=5.0))
        product = self.product(1)
        typed = {
            "name": "Typed",
            "default_code": "TYPED",
            "list_price": 99.0,
            "standard_price": 77.0,
            "description_sale": "Typed",
            "sale_ok": False,
        }
        product.write(typed)
        self.assertFalse(self.bring_items(item(1, price=1.0, cost=2.0, Code="X")))
        self.assertEqual(product.read(list(typed))[0], {"id": product.id, **typed})

    def test_always_writes_whatever_is_held(self):
        self.bring_items(item(1))
        self.line_of("list_price").policy = "always"
        self.product(1).list_price = 99.0
        self.bring_items(item(1, price=20.0))
        self.assertEqual(self.product(1).list_price, 20.0)

    def test_a_second_import_writes_nothing(self):
        self.bring_items(*(item(number, cost=1.0) for number in range(1, 6)))
        self.products.position = 0
        self.env.flush_all()
        with self.count_writes("product_template", "product_product") as written:
            lines = self.import_all(self.products)
        self.assertEqual((written, lines), ([], lines.browse()))
        self.assertEqual(self.sync_run.unchanged_count, 5)

    def test_an_item_that_is_gone_leaves_its_product(self):
        self.bring_items(item(1), item(2))
        row, product = self.mirrored_item(1), self.product(1)
        self.env.cr.execute(
            "UPDATE xero_item SET active = FALSE,"
            " change_seq = nextval('xero_change_seq') WHERE id = %s",
            [row.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self.import_all(self.products))
        self.assertTrue(product.active)
        self.assertEqual(row.link_state, "linked")
        self.assertIn("Gone from Xero", row.link_note)

    def test_a_custom_field(self):
        field = self.env["ir.model.fields"].sudo()
        field.create(
            {
                "name": "x_account",
                "field_description": "Account",
                "model_id": self.env["ir.model"]._get_id("product.template"),
                "ttype": "char",
                "state": "manual",
            }
        )
        self.products.mapping_ids.create(
            {
                "profile_id": self.products.id,
                "target_field": "x_account",
                "source_fields": "SalesDetails.AccountCode",
            }
        )
        self.bring_items(item(1))
        self.assertEqual(self.product(1).x_account, "200")

    def test_a_note_of_what_changed(self):
        self.products.leave_note = True
        self.bring_items(item(1))
        self.bring_items(item(1, price=11.0))
        body = self.product(1).message_ids[:1].body
        self.assertIn("Sales Price", body)
        self.assertIn("11.0", body)


class TestProductNames(ProductsCase):
    """A product needs a name; its code will do."""

    def test_the_code_is_the_name_where_there_is_none(self):
        self.assertFalse(self.bring_items(item(1, Name="")))
        self.assertEqual(self.product(1).name, "P001")

    def test_neither_name_nor_code(self):
        lines = self.bring_items(item(1, Name=None, Code=" "), item(2))
        self.assertEqual(lines.code, "product_name_missing")
        self.assertEqual(lines.item_id, self.mirrored_item(1))
        self.assertFalse(self.product(1))
        self.assertTrue(self.product(2))

    def test_names_as_they_come(self):
        for number, name in enumerate(("x" * 500, "🏝 שלום", "=1+1", "<b>x"), 1):
            self.bring_items(item(number, Name=name))
            self.assertTrue(self.product(number).name, repr(name))


class TestProductModes(ProductsCase):
    """Import never changes what exists, Update never creates."""

    def there(self, **values):
        return self.templates.create(
            {"name": "There", "default_code": "p001 ", "list_price": 3.0, **values}
        )

    def test_import_links_and_leaves(self):
        self.products.mode = "import"
        there = self.there()
        self.env.flush_all()
        with self.count_writes("product_template", "product_product") as written:
            lines = self.bring_items(item(1))
        self.assertEqual((written, lines), ([], lines.browse()))
        self.assertEqual(self.product(1), there)
        self.bring_items(item(1, Name="Renamed"), item(2))
        self.assertEqual(there.name, "There")
        self.assertEqual(self.product(2).name, "Product 2")

    def test_update_never_creates(self):
        self.products.mode = "update"
        there = self.there(list_price=0.0)
        before = self.templates.search_count([])
        self.assertFalse(self.bring_items(item(1), item(2)))
        self.assertEqual(self.templates.search_count([]), before)
        self.assertEqual((there.name, there.list_price), ("There", 10.0))
        self.assertFalse(self.product(2))

    def test_import_and_update_does_both(self):
        there = self.there(list_price=0.0)
        self.bring_items(item(1), item(2))
        self.assertEqual(there.list_price, 10.0)
        self.assertTrue(self.product(2))


class TestProductKeys(ProductsCase):
    """Whose product an item is."""

    def there(self, code="P001", **values):
        return self.templates.create(
            {"name": "There", "default_code": code, "list_price": 0.0, **values}
        )

    def test_two_products_with_one_code_are_a_conflict(self):
        both = self.there() | self.there()
        line = self.bring_items(item(1))
        self.assertEqual((line.code, line.outcome), ("key_conflict", "conflict"))
        self.assertEqual(line.conflict_ids, both.ids)
        action = line.action_compare()
        self.assertEqual(action["res_model"], "product.template")
        both[1].default_code = False
        line.action_retry()
        self.assertEqual(self.product(1), both[0])
        self.assertEqual(line.state, "retried")

    def test_an_archived_product_is_left_alone(self):
        there = self.there(active=False)
        line = self.bring_items(item(1))
        self.assertEqual(line.code, "record_archived")
        self.assertEqual(line.remedy_button, "bring_back")
        self.assertEqual(there.list_price, 0.0)
        line.action_bring_back()
        self.assertEqual(self.product(1), there)
        self.assertEqual((there.active, there.list_price), (True, 10.0))

    def test_an_active_one_comes_before_an_archived_one(self):
        self.there(active=False)
        there = self.there()
        self.assertFalse(self.bring_items(item(1)))
        self.assertEqual(self.product(1), there)

    def test_a_deleted_product_is_not_made_again(self):
        self.bring_items(item(1))
        self.product(1).unlink()
        line = self.bring_items(item(1, Name="Changed"))
        self.assertEqual(line.code, "record_deleted")
        self.assertEqual(self.mirrored_item(1).link_state, "ignored")
        line.action_retry()
        self.assertEqual(self.product(1).name, "Changed")

    def test_a_product_of_another_company_is_not_this_ones(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.admin.sudo().company_ids |= other
        there = self.there(company_id=other.id)
        self.bring_items(item(1))
        self.assertTrue(self.product(1))
        self.assertNotEqual(self.product(1), there)

    def test_a_product_of_this_company_is(self):
        there = self.there(company_id=self.connection.company_id.id)
        self.bring_items(item(1))
        self.assertEqual(self.product(1), there)

    def test_a_code_of_one_of_several_variants(self):
        product = self.with_variants()
        product.product_variant_ids[0].default_code = "P001"
        before = self.templates.search_count([])
        line = self.bring_items(item(1))
        self.assertEqual(line.code, "key_of_variant")
        self.assertIn("In two colours", line.reason)
        self.assertEqual(self.templates.search_count([]), before)

    def test_a_variant_that_is_archived_is_no_other(self):
        product = self.with_variants().with_context(active_test=True)
        product.product_variant_ids[1].active = False
        product.default_code = "P001"
        self.assertFalse(self.bring_items(item(1, cost=3.0)))
        self.assertEqual(self.product(1), product)
        self.assertEqual(product.standard_price, 3.0)

    def test_two_items_with_one_key_are_one_product(self):
        self.set_key("name")
        self.bring_items(item(1, Name="Same"), item(2, Name="same "))
        self.bring_items(item(3, Name="SAME"))
        found = self.product(1) | self.product(2) | self.product(3)
        self.assertEqual(len(found), 1)
        self.assertEqual(found.default_code, "P001", "the first one feeds it")

    def test_a_barcode_may_be_the_key(self):
        there = self.there(code=False, barcode="4006381333931")
        self.products.mapping_ids.create(
            {
                "profile_id": self.products.id,
                "target_field": "barcode",
                "source_fields": "Code",
            }
        )
        self.set_key("barcode")
        self.bring_items(item(1, Code="4006381333931"), item(2, Code="4006381333948"))
        self.assertEqual(self.product(1), there)
        self.assertEqual(self.product(2).barcode, "4006381333948")

    def test_without_a_key_the_link_is_all(self):
        there = self.there()
        self.products.mapping_ids.is_key = False
        self.bring_items(item(1))
        self.assertNotEqual(self.product(1), there)


class TestProductValues(ProductsCase):
    """What must not be written is left out, and said."""

    def dollars(self):
        self.connection.sudo().base_currency = "USD"

    def test_prices_in_another_currency(self):
        self.dollars()
        lines = self.bring_items(item(1, cost=5.0))
        self.assertEqual(lines.mapped("code"), ["price_currency"] * 2)
        self.assertIn("USD", lines[0].reason)
        self.assertIn("NZD", lines[0].reason)
        product = self.product(1)
        self.assertEqual((product.list_price, product.standard_price), (0.0, 0.0))
        self.assertEqual(product.name, "Product 1")
        self.assertEqual(product.default_code, "P001")

    def test_prices_in_another_currency_of_a_product_that_is_there(self):
        self.bring_items(item(1, price=10.0))
        self.dollars()
        lines = self.bring_items(item(1, price=12.0, Name="Renamed"))
        self.assertEqual(lines.mapped("code"), ["price_currency"])
        self.assertEqual(self.product(1).list_price, 10.0)
        self.assertEqual(self.product(1).name, "Renamed")
        self.connection.sudo().base_currency = "NZD"
        lines.action_retry()
        self.assertEqual(self.product(1).list_price, 12.0)
        self.assertEqual(lines.state, "retried")

    def test_a_currency_that_nobody_knows(self):
        self.connection.sudo().base_currency = False
        lines = self.bring_items(item(1))
        self.assertEqual(lines.code, "price_currency")

    def test_a_price_as_a_text_is_a_text(self):
        self.dollars()
        self.products.mapping_ids.create(
            {
                "profile_id": self.products.id,
                "target_field": "description",
                "source_fields": "SalesDetails.UnitPrice",
            }
        )
        self.line_of("list_price").unlink()
        self.assertFalse(self.bring_items(item(1)))
        self.assertIn("10.0", self.product(1).description)

    def test_the_cost_is_the_companys(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.admin.sudo().company_ids |= other
        self.bring_items(item(1, cost=5.0))
        product = self.product(1)
        self.assertEqual(product.standard_price, 5.0)
        self.assertEqual(product.with_company(other).standard_price, 0.0)

    def test_what_single_variants_have(self):
        self.set_key("name")
        product = self.with_variants(name="Product 1", list_price=0.0)
        lines = self.bring_items(item(1, cost=5.0))
        self.assertEqual(lines.mapped("code"), ["value_of_variants"] * 2)
        self.assertIn("P001", " ".join(lines.mapped("reason")))
        self.assertEqual(self.product(1), product)
        self.assertEqual(product.list_price, 10.0)
        self.assertEqual(
            product.product_variant_ids.mapped("default_code"), [False] * 2
        )

    def test_a_refused_barcode_leaves_the_rest(self):
        self.templates.create({"name": "There", "barcode": "P001"})
        self.products.mapping_ids.create(
            {
                "profile_id": self.products.id,
                "target_field": "barcode",
                "source_fields": "Code",
            }
        )
        lines = self.bring_items(item(1), item(2), item(3))
        self.assertEqual(lines.code, "value_refused")
        self.assertEqual(lines.product_id, self.product(1))
        self.assertFalse(self.product(1).barcode)
        self.assertEqual(self.product(3).barcode, "P003")

    def test_what_does_not_fit(self):
        details = {"UnitPrice": "free of charge"}
        self.assertFalse(self.bring_items(item(1, SalesDetails=details)))
        self.assertEqual(self.product(1).list_price, 0.0)
        self.bring_items(item(2, SalesDetails=[1], PurchaseDetails="x", IsSold=None))
        self.assertTrue(self.product(2))


class TestProductScope(ProductsCase):
    def names(self):
        return sorted(self.env["xero.item"].search([]).product_id.mapped("name"))

    def two_kinds(self):
        return (
            item(1, Name="Sold"),
            item(2, Name="Bought", cost=1.0, IsSold=False),
            item(3, Name="Neither", IsSold=False),
        )

    def test_sold_only(self):
        self.products.which_items = "sold"
        self.bring_items(*self.two_kinds())
        self.assertEqual(self.names(), ["Sold"])
        self.assertEqual(self.products.record_count, 1)

    def test_purchased_only_then_all(self):
        self.products.which_items = "purchased"
        self.bring_items(*self.two_kinds())
        self.assertEqual(self.names(), ["Bought"])
        self.products.which_items = "all"
        self.import_all(self.products)
        self.assertEqual(self.names(), ["Bought", "Neither", "Sold"])

    def test_a_product_goes_on_being_followed(self):
        self.products.which_items = "sold"
        self.bring_items(*self.two_kinds())
        self.bring_items(item(1, Name="Not sold now", IsSold=False))
        self.assertEqual(self.names(), ["Not sold now"])

    def test_changed_since(self):
        self.products.changed_since = "2025-11-21"
        self.bring_items(
            item(1, Name="Old", UpdatedDateUTC="/Date(1763632800000+0000)/"),
            item(2, Name="New", UpdatedDateUTC="/Date(1763730000000+0000)/"),
        )
        self.assertEqual(self.names(), ["New"])

    def test_no_items_no_import(self):
        self.assertIn(self.products, self.connection._auto_profiles())
        self.connection.with_items = False
        self.assertNotIn(self.products, self.connection._auto_profiles())

    def test_contacts_and_items_do_not_meet(self):
        self.bring_items(*self.two_kinds())
        lines = self.import_all()
        self.assertFalse(lines)
        self.assertFalse(self.env["xero.contact"].search_count([]))


class TestProductLinks(ProductsCase):
    """Unlink, and import again."""

    def test_unlinked_it_follows_no_longer(self):
        self.bring_items(item(1))
        product, row = self.product(1), self.mirrored_item(1)
        row.action_unlink_record()
        self.assertFalse(row.product_id)
        self.assertEqual(
            (row.link_state, row.link_note), ("ignored", "Unlinked by hand.")
        )
        self.bring_items(item(1, Name="Changed"))
        self.assertEqual(product.name, "Product 1")
        row.action_import_again()
        self.assertEqual(self.product(1), product, "found by its code")
        self.assertEqual(row.link_state, "linked")

    def test_changed_here_and_followed_again(self):
        self.bring_items(item(1))
        product = self.product(1)
        product.list_price = 99.0
        [changed] = product.xero_changed_here()
        self.assertEqual((changed["name"], changed["xero"]), ("list_price", "10.0"))
        product.xero_follow_again(["list_price"])
        self.assertEqual(product.list_price, 10.0)
        self.assertEqual(product.xero_changed_here(), [])

    def test_open_leads_to_the_product_or_the_item(self):
        line = self.bring_items(item(1, Name="", Code=""))
        self.assertEqual(line.action_open()["res_model"], "xero.item")
        self.products.mapping_ids.create(
            {
                "profile_id": self.products.id,
                "target_field": "barcode",
                "source_fields": "Code",
            }
        )
        self.templates.create({"name": "There", "barcode": "P002"})
        line = self.bring_items(item(2))
        self.assertEqual(line.action_open()["res_model"], "product.template")

    def test_ignored_it_is_told_no_more(self):
        line = self.bring_items(item(1, Name="", Code=""))
        line.action_ignore()
        self.products.position = 0
        self.assertFalse(self.import_all(self.products))
        self.assertEqual(line.state, "ignored")
