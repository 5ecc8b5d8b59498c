# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rules of imports hold for products too, whatever Xero sends of items."""

import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_xero_module.services.xero.values import load_json

from .books import ITEM, book_id
from .generated import MODES, NASTY, POLICIES, TYPED_IS_KEPT, WRONG, many
from .products import ProductsCase
from .properties import PropertyCase

_KEYS = ("default_code", "name", "barcode", None)
_NUMBERS = st.integers(1, 4)


def _of(*values):
    """Mostly one of these, else a hostile text, else no text at all."""
    likely = st.sampled_from(values)
    hostile = st.sampled_from(NASTY) | st.text(max_size=8)
    return st.one_of(likely, likely, likely, hostile, st.sampled_from(WRONG))


_prices = _of(10, 12.3456, "7.5", 0, -3, 1e15)
_items = st.fixed_dictionaries(
    {
        "ItemID": _NUMBERS.map(lambda number: book_id(ITEM, number)),
        "Code": _of("A", "a ", "B", "C"),
    },
    optional={
        "Name": _of("Chair", "chair", "Table", ""),
        "Description": _of("One\nline", "Two"),
        "PurchaseDescription": _of("Bought"),
        "SalesDetails": st.fixed_dictionaries({"UnitPrice": _prices})
        | st.sampled_from(WRONG),
        "PurchaseDetails": st.fixed_dictionaries({"UnitPrice": _prices}),
        "IsSold": _of(True, False, "true"),
        "IsPurchased": _of(True, False),
        "IsTrackedAsInventory": _of(True, False),
    },
)
# Each item once, as the connector's parts bring it.
pages = st.lists(
    _items, min_size=1, max_size=4, unique_by=lambda item: item["ItemID"]
).map(lambda page: load_json(json.dumps(page).encode()))
_TYPED = {
    "name": ("Typed Name",),
    "default_code": ("TYPED", False),
    "list_price": (99.0,),
    "standard_price": (77.0,),
    "description_sale": ("Typed", False),
    "sale_ok": (True, False),
    "purchase_ok": (True, False),
}
_WHO = st.integers(0, 9)
edits = st.builds(
    lambda typed, who: ("type", *typed, who),
    st.sampled_from([(name, value) for name in _TYPED for value in _TYPED[name]]),
    _WHO,
)
upheavals = st.one_of(
    st.tuples(st.sampled_from(("archive", "delete")), _WHO),
    st.tuples(st.just("unlink"), _NUMBERS),
    st.tuples(st.just("twin"), st.sampled_from(("A", "B"))),
    st.tuples(st.just("variants"), st.sampled_from(("A", "B"))),
)
few = {"max_size": 4}


class TestProductProperties(ProductsCase, PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products.mapping_ids.create(
            {
                "profile_id": cls.products.id,
                "target_field": "barcode",
                "source_fields": "SalesDetails.AccountCode",
            }
        )

    def set_up(self, key="default_code", mode="import_update", policy="follow"):
        self.products.mapping_ids.policy = policy
        self.products.mode = "import"
        self.products.mapping_ids.is_key = False
        if key:
            self.line_of(key).is_key = True
        self.products.mode = mode if key else "import_update"

    def import_whole(self):
        self.products.position = 0
        return self.import_all(self.products)

    # What people do

    def linked(self):
        items = self.env["xero.item"].with_context(active_test=False).search([])
        return items.product_id.sorted("id").with_context(active_test=True)

    def _do_unlink(self, number):
        row = self.mirrored_item(number)
        if row.product_id:
            row.action_unlink_record()

    def _do_twin(self, code):
        self.templates.create({"name": "A twin", "default_code": code})

    def _do_variants(self, code):
        product = self.with_variants()
        product.product_variant_ids[0].default_code = code

    # What the database holds

    def rows(self):
        """{table and id: row with its place}, which is another after each write."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT 't', id, ctid::text, to_jsonb(t) FROM product_template t UNION ALL"
            " SELECT 'v', id, ctid::text, to_jsonb(v) FROM product_product v"
        )
        return {(table, row): rest for table, row, *rest in self.env.cr.fetchall()}

    def links(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT id, to_jsonb(i) FROM xero_item i ORDER BY id")
        return self.env.cr.fetchall()

    def told(self):
        lines = self.env["xero.sync.line"].search([("state", "=", "open")])
        return sorted((line.item_id.xero_id or "", line.code) for line in lines)

    # What must hold

    @many(25)
    @given(pages, st.sampled_from(_KEYS), st.sampled_from(POLICIES))
    def test_importing_again_changes_nothing(self, page, key, policy):
        with self.example():
            self.set_up(key, policy=policy)
            self.bring_items(*page)
            self.check_nothing_dropped()
            before = self.rows(), self.links(), self.told()
            self.import_whole()
            self.assertEqual((self.rows(), self.links(), self.told()), before)

    @many(20)
    @given(pages, st.integers(1, 3), st.sampled_from(_KEYS))
    def test_the_size_of_a_batch_does_not_matter(self, page, size, key):
        with self.example():
            self.set_up(key)
            self.bring_items(*page)
            expected = self.picture(), self.told()
        with self.example(), self.batches_of(size):
            self.set_up(key)
            self.bring_items(*page)
            self.assertEqual((self.picture(), self.told()), expected)

    @many(20)
    @given(pages, pages, st.lists(edits | upheavals, **few))
    def test_import_never_writes_what_is_there(self, page, later, done):
        with self.example():
            self.bring_items(*page)
            for act in done:
                self.do(*act)
            self.products.mode = "import"
            before = self.rows()
            self.bring_items(*later)
            self.import_whole()
            after = self.rows()
            self.assertEqual({row: after.get(row) for row in before}, before)

    @many(20)
    @given(
        pages, pages, st.lists(edits | upheavals, **few), st.sampled_from(_KEYS[:-1])
    )
    def test_update_never_creates(self, page, later, done, key):
        with self.example():
            self.bring_items(*page)
            for act in done:
                self.do(*act)
            self.set_up(key, "update")
            before = self.rows()
            self.bring_items(*later)
            self.import_whole()
            self.assertEqual(self.rows().keys(), before.keys())

    @many(25)
    @given(
        pages,
        pages,
        st.lists(edits, min_size=1, max_size=4),
        st.sampled_from(TYPED_IS_KEPT),
    )
    def test_no_typed_value_is_lost(self, page, later, typed, policy):
        with self.example():
            self.set_up(policy=policy)
            self.bring_items(*page)
            names = {name for _what, name, _value, _who in typed}
            before = {p: p.read(names)[0] for p in self.linked()}
            for act in typed:
                self.do(*act)
            changed = {
                (product, name): product[name]
                for product, held in before.items()
                for name in names
                if product[name] != held[name]
            }
            self.bring_items(*later)
            self.import_whole()
            for (product, name), value in changed.items():
                # What a person emptied, Xero may fill where that is the line's rule.
                is_flag = product._fields[name].type == "boolean"
                if value or is_flag or policy != "when_empty":
                    self.assertEqual(product[name], value, name)

    @many(15)
    @given(pages, pages, st.lists(upheavals, min_size=1, max_size=3))
    def test_what_was_let_go_is_never_made_again(self, page, later, done):
        with self.example():
            self.bring_items(*page)
            items = self.env["xero.item"].search([])
            made = items.filtered("product_id")
            for act in done:
                self.do(*act)
            before = self.templates.search([])
            self.bring_items(*later)
            self.import_whole()
            self.assertFalse(made.product_id - before)

    @many(15)
    @given(pages, st.sampled_from(MODES))
    def test_a_line_an_item_and_no_more(self, page, mode):
        with self.example():
            self.set_up(mode=mode)
            self.bring_items(*page)
            self.assertEqual(len(self.told()), len(set(self.told())))

    def picture(self):
        """What the import made of the mirror, whatever ids it got."""
        names = sorted(self.products.mapping_ids.mapped("target_field"))
        items = self.env["xero.item"].search([], order="xero_id")
        return [
            (
                item.xero_id,
                item.link_state,
                item.product_id and item.product_id.xero_item_ids.mapped("xero_id"),
                [str(item.product_id[name]) for name in names],
            )
            for item in items
        ]

    def check_nothing_dropped(self):
        told = {item for item, _code in self.told()}
        for item in self.env["xero.item"].search([("link_state", "=", "unlinked")]):
            self.assertIn(item.xero_id, told, "dropped")
