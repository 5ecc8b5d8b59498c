"""Invented lines of invoices: a catalogue that is made once, and picks from it.

A hundred thousand invoices of fifty lines would not fit into memory as records of
their own. So an invoice holds picks from the catalogue, and a line becomes a record
when it is looked at.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any, NamedTuple

from infra.xero_simulator.generator import words
from infra.xero_simulator.generator.countries import Country
from infra.xero_simulator.values import CENT, Record

AMOUNT_TYPES = ("Exclusive", "Inclusive", "NoTax")
_VARIANTS = 120


class Line(NamedTuple):
    """A line but for its id; the amounts in cents, `net` without tax."""

    record: Record
    net: int
    tax: int
    discount: int


class LineItems(Sequence):
    """The lines of one invoice, as records with ids of their own."""

    __slots__ = ("_lines", "_number", "_rest")

    def __init__(self, lines: tuple[Line, ...], invoice_id: str) -> None:
        self._lines = lines
        self._number = int(invoice_id[:8], 16)
        self._rest = invoice_id[8:]

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        record = self._lines[index].record
        number = (self._number + 1 + index % len(self)) & 0xFFFFFFFF
        return record | {"LineItemID": f"{number:08x}{self._rest}"}

    def __iter__(self) -> Iterator[Record]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)


class Catalogue:
    """The lines that an organisation's invoices and bills consist of."""

    def __init__(self, rng: Random, country: Country, items: Sequence[Record]) -> None:
        self._rng = rng
        self._country = country
        self._items = items
        self._made = 0
        self._lines = {
            (kind, amounts): [self._line(kind, amounts) for _ in range(_VARIANTS)]
            for kind in ("ACCREC", "ACCPAY")
            for amounts in AMOUNT_TYPES
        }

    def pick(self, rng: Random, kind: str, amounts: str, count: int) -> list[Line]:
        """Some lines for an invoice of a Type and LineAmountTypes."""
        return rng.choices(self._lines[kind, amounts], k=count)

    def _line(self, kind: str, amounts: str) -> Line:
        rng = self._rng
        quantity = Decimal(rng.choice(("1", "1", "2", "3", "5", "12", "0.5", "7.25")))
        unit = Decimal(rng.randrange(50_000, 9_000_000)).scaleb(-4)
        if rng.random() < 0.8:
            unit = unit.quantize(CENT)
        discount = self._discount(kind)
        full = quantity * unit
        amount = _money(full * (100 - discount) / 100)
        tax = self._tax(amount, amounts)
        record = self._record(kind, amounts) | {
            "Quantity": quantity.quantize(Decimal("0.0001")),
            "UnitAmount": unit,
            "LineAmount": amount,
            "TaxAmount": tax,
        }
        if discount:
            record["DiscountRate"] = discount
        net = amount - tax if amounts == "Inclusive" else amount
        return Line(record, *map(_cents, (net, tax, _money(full) - amount)))

    def _record(self, kind: str, amounts: str) -> Record:
        rng, sale = self._rng, kind == "ACCREC"
        self._made += 1
        number = rng.randrange(len(words.PRODUCTS))
        tax_type = self._country.sales_tax if sale else self._country.purchases_tax
        record: Record = {
            "Description": words.PRODUCTS[number],
            "UnitAmount": None,
            "TaxType": "NONE" if amounts == "NoTax" else tax_type,
            "TaxAmount": None,
            "LineAmount": None,
            "AccountCode": rng.choice(("200", "260") if sale else ("300", "429")),
            "Tracking": [],
            "Quantity": None,
        }
        if rng.random() < 0.5 and (item := self._item(number, sale)):
            named = {key: item[key] for key in ("ItemID", "Name", "Code")}
            record |= {"ItemCode": item["Code"], "Item": named}
        if rng.random() < 0.2:
            record["Tracking"] = [_TRACKING[number % len(_TRACKING)]]
        return record

    def _item(self, number: int, sale: bool) -> Record | None:
        """One of the items that are this product; None if it is not sold or bought."""
        of_product = self._items[number :: len(words.PRODUCTS)]
        traded = "IsSold" if sale else "IsPurchased"
        fitting = [item for item in of_product if item[traded]]
        return fitting[self._made % len(fitting)] if fitting else None

    def _discount(self, kind: str) -> Decimal:
        """Per cent; Xero has discounts on sales alone."""
        some = kind == "ACCREC" and self._rng.random() < 0.1
        return Decimal(self._rng.choice(("5.00", "10.00"))) if some else Decimal(0)

    def _tax(self, amount: Decimal, amounts: str) -> Decimal:
        rate = self._country.tax_rate
        if amounts == "NoTax":
            return _money(Decimal(0))
        return _money(amount * rate / (1 + rate if amounts == "Inclusive" else 1))


_TRACKING = [
    {
        "Name": "Region",
        "Option": option,
        "TrackingCategoryID": "00000001-2222-4000-8000-000000000000",
        "TrackingOptionID": f"{number:08d}-3333-4000-8000-000000000000",
    }
    for number, option in enumerate(("North", "East", "South", "West"), 1)
]


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))
