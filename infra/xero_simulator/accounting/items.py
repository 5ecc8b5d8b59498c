"""`/Items`: the products and services, never paged.

Source: developer.xero.com/documentation/api/accounting/items and the schema Item of
Xero's OpenAPI description.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting import organisation
from infra.xero_simulator.accounting.documents import rounded, unit_places
from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.accounting.invoices import READ as READ_INVOICES
from infra.xero_simulator.accounting.listing import Listing, answer_list
from infra.xero_simulator.accounting.where import Fields
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.values import Record

READ = (*organisation.READ, *READ_INVOICES)

FIELDS: Fields = {
    "ItemID": UUID,
    "Code": str,
    "Name": str,
    "Description": str,
    "PurchaseDescription": str,
    "IsSold": bool,
    "IsPurchased": bool,
    "IsTrackedAsInventory": bool,
    "InventoryAssetAccountCode": str,
    "QuantityOnHand": Decimal,
    "TotalCostPool": Decimal,
    "SalesDetails.UnitPrice": Decimal,
    "SalesDetails.AccountCode": str,
    "PurchaseDetails.UnitPrice": Decimal,
    "PurchaseDetails.AccountCode": str,
    "UpdatedDateUTC": datetime,
}


def list_items(exchange: Exchange) -> Response:
    places = unit_places(exchange.request)
    listing = Listing(
        exchange.tenant.items,
        FIELDS,
        (),
        lambda page: [_shape(item, places) for item in page.records],
        paged=False,
    )
    return answer_list(exchange, listing)


def get_item(exchange: Exchange, item: str) -> Response:
    """One item by its ItemID or Code."""
    items = exchange.tenant.items
    found = items.get(item) or items.find(lambda record: record.get("Code") == item)
    if found is None:
        return refusals.not_found()
    return answer(exchange, "Items", [_shape(found, unit_places(exchange.request))])


def _shape(item: Record, places: Decimal) -> Record:
    priced = {
        name: rounded(item[name], "UnitPrice", places)
        for name in ("PurchaseDetails", "SalesDetails")
        if name in item
    }
    return item | priced


ROUTES = [
    Route("GET", "/api.xro/2.0/Items", list_items, READ),
    Route("GET", "/api.xro/2.0/Items/{item}", get_item, READ),
]
