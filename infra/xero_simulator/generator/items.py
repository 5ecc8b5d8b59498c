"""Invented products and services."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from infra.xero_simulator.generator import words
from infra.xero_simulator.generator.contacts import LATEST_CHANGE, THREE_YEARS
from infra.xero_simulator.generator.countries import Country
from infra.xero_simulator.values import Record, xero_date


class ItemMaker:
    """Makes items one after the other; codes and names are unique among them."""

    def __init__(self, rng: Random, home: Country) -> None:
        self._rng = rng
        self._home = home

    def make(self, count: int) -> Iterator[Record]:
        for number in range(count):
            yield self._item(number)

    def _item(self, number: int) -> Record:
        rng = self._rng
        name = words.PRODUCTS[number % len(words.PRODUCTS)]
        round_number = number // len(words.PRODUCTS)
        if round_number:
            name = f"{name} {round_number + 1}"
        price = Decimal(rng.randrange(500, 90_000)).scaleb(-2)
        kind = rng.random()
        sold, purchased, tracked = kind < 0.95, kind > 0.6, 0.6 < kind < 0.7
        return {
            "ItemID": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            "Code": f"P{number:03d}",
            "Description": f"{name}, as agreed" if sold else "",
            **({"PurchaseDescription": name} if purchased else {}),
            "UpdatedDateUTC": xero_date(LATEST_CHANGE - rng.randrange(THREE_YEARS)),
            "PurchaseDetails": self._bought(price, tracked) if purchased else {},
            "SalesDetails": self._sold(price) if sold else {},
            "Name": name,
            "IsTrackedAsInventory": tracked,
            **(self._stock(price) if tracked else {}),
            "IsSold": sold,
            "IsPurchased": purchased,
        }

    def _sold(self, price: Decimal) -> Record:
        tax = self._home.sales_tax
        return {"UnitPrice": price, "AccountCode": "200", "TaxType": tax}

    def _bought(self, price: Decimal, tracked: bool) -> Record:
        account = "COGSAccountCode" if tracked else "AccountCode"
        return {
            "UnitPrice": _cost(price),
            account: "310" if tracked else "300",
            "TaxType": self._home.purchases_tax,
        }

    def _stock(self, price: Decimal) -> Record:
        quantity = self._rng.randrange(200)
        return {
            "InventoryAssetAccountCode": "630",
            "TotalCostPool": quantity * _cost(price),
            "QuantityOnHand": Decimal(quantity).quantize(Decimal("0.0001")),
        }


def _cost(price: Decimal) -> Decimal:
    """What an item is bought for, in whole cents."""
    return (price * 6 / 10).quantize(Decimal("0.01"))
