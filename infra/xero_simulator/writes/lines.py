"""The lines of an invoice that is written: what is left out comes from the item.

Source: developer.xero.com/documentation/api/accounting/invoices, line items, and the
schema LineItem of Xero's OpenAPI description.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from infra.xero_simulator.store import Tenant
from infra.xero_simulator.taxes import rate_of, tax_of_purchases, tax_of_sales
from infra.xero_simulator.values import CENT, Record, member, number
from infra.xero_simulator.writes.batch import Refused
from infra.xero_simulator.writes.members import decimals, guid, objects, texts

NO_ITEM = "Item code '{}' is not valid."
NO_TAX_TYPE = (
    "The TaxType code {} does not exist or cannot be used for this type of transaction."
)
NO_DESCRIPTION = "A line item needs a Description of at least one character."
OTHER_TOTAL = "The line total {} does not match the expected line total {}"
NO_DISCOUNT = "Discounts are for sales invoices only."

_TEXTS = {
    "Description": 4000,
    "ItemCode": 30,
    "AccountCode": 10,
    "TaxType": None,
    "LineItemID": None,
    "AccountID": None,
}
_NUMBERS = (
    "Quantity",
    "UnitAmount",
    "LineAmount",
    "TaxAmount",
    "DiscountRate",
    "DiscountAmount",
)
_IDS = ("LineItemID", "AccountID")
_HUNDRED = Decimal(100)


class LineWriter:
    """Makes lines of an invoice of a `Type` and `LineAmountTypes`.

    :param places: to how many places unit amounts are kept, as 0.01
    """

    def __init__(
        self, tenant: Tenant, kind: str, amount_types: str, places: Decimal
    ) -> None:
        self._tenant = tenant
        self._is_sale = kind == "ACCREC"
        self._amount_types = amount_types
        self._places = places

    def lines(self, sent: Sequence[Record], before: Sequence[Record]) -> list[Record]:
        """The lines that are sent, with all that follows. Those that name a line of
        `before` keep what is not sent. Raises Refused.
        """
        held = {each.get("LineItemID"): each for each in before}
        lines, messages = [], []
        for each in sent:
            named = held.get(guid(each["LineItemID"])) if _has_id(each) else None
            try:
                lines.append(self._line(_kept(named) | each if named else each))
            except Refused as error:
                messages += error.messages
        if messages:
            raise Refused(*messages)
        return lines

    def _line(self, sent: Record) -> Record:
        line = texts(sent, _TEXTS) | decimals(sent, _NUMBERS)
        for name in _IDS:
            if name in line:
                line[name] = guid(line[name])
        line = self._with_item(line)
        line |= self._tax_type(line)
        if messages := list(self._wrong(line)):
            raise Refused(*messages)
        line |= self._amounts(line)
        if tracking := objects(sent, "Tracking"):
            line["Tracking"] = tracking
        return line

    def _with_item(self, line: Record) -> Record:
        """The line with what its item says where the line says nothing."""
        code = line.get("ItemCode")
        if not code:
            return line
        item = self._tenant.items.find(lambda each: each.get("Code") == code)
        if item is None or not item.get("IsSold" if self._is_sale else "IsPurchased"):
            raise Refused(NO_ITEM.format(code))
        details = item.get("SalesDetails" if self._is_sale else "PurchaseDetails")
        about = "Description" if self._is_sale else "PurchaseDescription"
        given = {
            "Description": item.get(about),
            "UnitAmount": number(member(details or {}, "UnitPrice")),
            "AccountCode": _account(details or {}),
            "TaxType": member(details or {}, "TaxType"),
            "Quantity": Decimal(1),
        }
        named = {
            name: item[name] for name in ("ItemID", "Name", "Code") if name in item
        }
        known = {name: value for name, value in given.items() if value}
        if "LineAmount" in line:
            # The unit amount then follows from the line's.
            known.pop("UnitAmount", None)
        return known | line | {"Item": named}

    def _tax_type(self, line: Record) -> Record:
        """The tax type of a line: its own, else that of its account."""
        if self._amount_types == "NoTax":
            return {"TaxType": "NONE"}
        if line.get("TaxType") or not line.get("AccountCode"):
            return {}
        default = tax_of_sales if self._is_sale else tax_of_purchases
        return {"TaxType": default(self._tenant)}

    def _wrong(self, line: Record) -> Iterator[str]:
        if not line.get("Description", "").strip():
            yield NO_DESCRIPTION
        tax_type = line.get("TaxType")
        if tax_type and rate_of(self._tenant, tax_type) is None:
            yield NO_TAX_TYPE.format(tax_type)
        if not self._is_sale and line.keys() & {"DiscountRate", "DiscountAmount"}:
            yield NO_DISCOUNT

    def _amounts(self, line: Record) -> Record:
        """Quantity, unit, line and tax amount, of which some are left out."""
        unit, sent = line.get("UnitAmount"), line.get("LineAmount")
        quantity = line.get("Quantity", Decimal(0 if unit is sent is None else 1))
        if unit is None:
            unit = sent / quantity if sent and quantity else Decimal(0)
        unit = unit.quantize(self._places, ROUND_HALF_UP)
        expected = _money(_discounted(quantity * unit, line))
        if sent is not None and "UnitAmount" in line and _money(sent) != expected:
            raise Refused(OTHER_TOTAL.format(_money(sent), expected))
        amount = expected if sent is None else _money(sent)
        return {
            "Quantity": quantity,
            "UnitAmount": unit,
            "LineAmount": amount,
            "TaxAmount": _money(line.get("TaxAmount", self._tax(line, amount))),
        }

    def _tax(self, line: Record, amount: Decimal) -> Decimal:
        rate = rate_of(self._tenant, line.get("TaxType") or "NONE") or Decimal(0)
        return amount * rate / (1 + rate if self._amount_types == "Inclusive" else 1)


def total_discount(lines: Sequence[Record]) -> Decimal:
    """What the lines are less than quantities and unit amounts make."""
    return sum(
        (_money(e["Quantity"] * e["UnitAmount"]) - e["LineAmount"] for e in lines),
        Decimal("0.00"),
    )


def _discounted(full: Decimal, line: Record) -> Decimal:
    rate = line.get("DiscountRate", Decimal(0))
    return full * (_HUNDRED - rate) / _HUNDRED - line.get("DiscountAmount", 0)


def _kept(line: Record) -> Record:
    """What a line is made of anew: not the amounts that follow."""
    return {k: v for k, v in line.items() if k not in ("LineAmount", "TaxAmount")}


def _account(details: Record) -> str | None:
    return details.get("AccountCode") or details.get("COGSAccountCode")


def _has_id(line: Record) -> bool:
    return isinstance(line.get("LineItemID"), str)


def _money(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
