# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What of an item's values must not go into its product, and what a new one needs."""

from functools import cached_property

from ..mapping.crm_values import NUMBER_TYPES


class Products:
    """Looks at the items of one import, once it is planned what they would write."""

    def __init__(self, planner):
        self._products = planner.records.with_context(active_test=True)
        self._fields = planner.fields
        self._currency = planner.connection.base_currency
        self._of_variants = self._products._get_related_fields_variant_template()
        self._prices = {
            line.target.name
            for line in planner.lines.all
            if line.target.type in NUMBER_TYPES
            and any(source.kind == "money" for source in line.sources)
        }

    @cached_property
    def _new(self):
        return self._products.new({})

    def complete(self, item):
        """Let an item that makes a product say all that Odoo would else decide."""
        self.leave_out(item, self._new)
        # Xero knows no goods and services, but what it counts in stock is goods.
        item.values.setdefault("type", "consu" if item.row.is_tracked else "service")
        if "list_price" in self._fields:
            # Odoo's own 1.00 would be a price that nobody gave.
            item.values.setdefault("list_price", 0.0)

    def leave_out(self, item, product):
        """Take out what must not be written, and note why: a price in another currency
        than the product's, and what only the single variants have."""
        has_variants = len(product.product_variant_ids) > 1
        for name, value in list(item.values.items()):
            field = self._fields[name]
            if has_variants and name in self._of_variants:
                note = ("value_of_variants", {"value": value, "field": field.string})
            elif name in self._prices and not self._is_own_currency(product, field):
                note = ("price_currency", self._currencies(product, field))
            else:
                continue
            for values in (item.values, item.sent, item.old):
                values.pop(name, None)
            item.notes.append(note)

    def _is_own_currency(self, product, field):
        return self._currency == _currency_of(product, field).name

    def _currencies(self, product, field):
        return {
            "field": field.string,
            "xero": self._currency or "?",
            "crm": _currency_of(product, field).name,
        }


def _currency_of(product, field):
    if field.name == "standard_price":
        return product.cost_currency_id
    if field.type == "monetary":
        return product[field.get_currency_field(product)]
    return product.currency_id
