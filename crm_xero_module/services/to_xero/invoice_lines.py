# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an opportunity is invoiced for: the lines of its latest order where there is
one, else its expected revenue."""

from collections import defaultdict
from dataclasses import dataclass, field

from odoo.tools import float_compare

UNIT_DIGITS = 4


@dataclass(slots=True)
class Draft:
    """What a draft begins with: `lines` are values of xero.draft.invoice.line,
    `origin` is the order's name or None."""

    currency: object
    lines: list = field(default_factory=list)
    origin: str | None = None


def draft_of(lead, connection):
    """What is proposed for an opportunity; the caller may read it."""
    order = _latest_order(lead)
    if order:
        return Draft(order.currency_id, _lines_of(order, connection), order.name)
    currency = lead.company_currency or connection.company_id.currency_id
    line = {
        "description": lead.name,
        "quantity": 1,
        "unit_price": lead.expected_revenue,
    }
    return Draft(currency, [line])


def _latest_order(lead):
    """The order or quotation that was made last, of those that the reader may see."""
    if "order_ids" not in lead._fields:
        return None
    orders = lead.env["sale.order"]
    if not orders.has_access("read"):
        return None
    return orders.search(
        [("opportunity_id", "=", lead.id), ("state", "!=", "cancel")],
        order="date_order desc, id desc",
        limit=1,
    )


def _lines_of(order, connection):
    lines = order.order_line.filtered(lambda line: not _is_down_payment(line))
    items = _Items(connection, lines.product_id)
    return [_line_of(line, items) for line in lines]


def _is_down_payment(line):
    # Odoo's own book-keeping of what was invoiced before; nothing is sold by it.
    return line.is_downpayment or not (line.name or line.product_id)


def _line_of(line, items):
    if line.display_type:
        return {"is_text": True, "description": line.name}
    discount, price = _price_of(line)
    return {
        "item_id": items.of(line.product_id),
        "description": line.name,
        "quantity": line.product_uom_qty,
        "unit_price": price,
        "discount": discount,
    }


def _price_of(line):
    """(discount in per cent, price of one before it), both without tax."""
    discount, quantity = line.discount, line.product_uom_qty
    if not 0 <= discount <= 100:
        # A surcharge is no discount to Xero.
        discount, price = 0, line.price_unit * (1 - line.discount / 100)
    else:
        price = line.price_unit
    left = quantity * (1 - discount / 100)
    rounding = line.currency_id.rounding
    if not left or not float_compare(
        price * left, line.price_subtotal, precision_rounding=rounding
    ):
        return discount, price
    # The price has tax in it.
    return discount, round(line.price_subtotal / left, UNIT_DIGITS)


class _Items:
    """Xero's items of products."""

    def __init__(self, connection, products):
        found = connection.env["xero.item"].search(
            [
                ("connection_id", "=", connection.id),
                ("product_id", "in", products.product_tmpl_id.ids),
                ("is_sold", "=", True),
                ("code", "!=", False),
            ]
        )
        self._by_product = defaultdict(list)
        for item in found:
            self._by_product[item.product_id.id].append(item)

    def of(self, product):
        """The id of a product's item; False where none, or no certain one, is."""
        items = self._by_product.get(product.product_tmpl_id.id, [])
        same = [item for item in items if item.code == product.default_code]
        certain = same or items
        return certain[0].id if len(certain) == 1 else False
