# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every field of a Xero item that a person can map (Xero's page on Items).

Prices are in the organisation's base currency: Xero's items have no other.
"""

from odoo.tools.translate import LazyTranslate

from .source_field import ITEM, SourceField, path
from .values import flag, lines_of, moment, number, text

_lt = LazyTranslate(__name__)


def _item(name, label, convert=text, kind="text"):
    read = path(*name.split("."), convert=convert)
    return SourceField(name, label, read, kind, frozenset({ITEM}))


def _details(name, price, account, tax_type):
    return (
        _item(f"{name}.UnitPrice", price, number, "money"),
        _item(f"{name}.AccountCode", account),
        _item(f"{name}.TaxType", tax_type),
    )


ITEM_FIELDS = (
    _item("Code", _lt("Code")),
    _item("Name", _lt("Name")),
    _item("Description", _lt("Sales description"), lines_of),
    _item("PurchaseDescription", _lt("Purchase description"), lines_of),
    *_details(
        "SalesDetails", _lt("Sales price"), _lt("Sales account"), _lt("Sales tax type")
    ),
    *_details(
        "PurchaseDetails",
        _lt("Purchase price"),
        _lt("Purchase account"),
        _lt("Purchase tax type"),
    ),
    _item("PurchaseDetails.COGSAccountCode", _lt("Cost of goods sold account")),
    _item("InventoryAssetAccountCode", _lt("Inventory asset account")),
    _item("IsSold", _lt("Is sold"), flag, "flag"),
    _item("IsPurchased", _lt("Is purchased"), flag, "flag"),
    _item("IsTrackedAsInventory", _lt("Is tracked as inventory"), flag, "flag"),
    _item("QuantityOnHand", _lt("Quantity on hand"), number, "number"),
    _item("TotalCostPool", _lt("Total cost pool"), number, "money"),
    _item("ItemID", _lt("Item ID")),
    _item("UpdatedDateUTC", _lt("Changed in Xero"), moment, "moment"),
)
