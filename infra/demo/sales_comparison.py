"""Does the CRM hold the sales that Xero holds? Read on both sides, by nothing of the
product."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import requests

from infra.demo.comparison import SHOWN, plain
from infra.demo.odoo_client import OdooClient

Record = dict[str, Any]
CENT = Decimal("0.01")
# What is larger is no amount of money.
LIMIT = Decimal(10) ** 13
EPOCH = "1970-01-01"
# What Odoo calls the kinds, and how Xero names what they have.
KINDS = {
    "invoices": ("invoice", "InvoiceID", "InvoiceNumber", "AmountDue"),
    "credit_notes": (
        *("credit_note", "CreditNoteID", "CreditNoteNumber", "RemainingCredit"),
    ),
    "overpayments": (
        *("overpayment", "OverpaymentID", "InvoiceNumber", "RemainingCredit"),
    ),
    "prepayments": ("prepayment", "PrepaymentID", "InvoiceNumber", "RemainingCredit"),
}
SALES = {
    *("ACCREC", "ACCRECCREDIT", "RECEIVE-OVERPAYMENT", "AROVERPAYMENT"),
    *("RECEIVE-PREPAYMENT", "ARPREPAYMENT"),
}
TRANSACTION_FIELDS = (
    *("xero_id", "kind", "number", "status", "date", "currency_code", "sub_total"),
    *("total", "open_amount", "contact_xero_id", "contact_id", "line_ids"),
)
_XERO_DATE = re.compile(r"/Date\((-?\d+)")


@dataclass
class SalesComparison:
    """What was found.

    :param documents: sales documents at Xero, with so many lines
    :param items: products and services at Xero
    :param owing: customers that owe at Xero, or are owed
    :param owed: what they owe together, in the base currency
    :param differences: one line for each record or sum that is missing or other
    """

    documents: int = 0
    lines: int = 0
    items: int = 0
    owing: int = 0
    owed: Decimal = Decimal(0)
    differences: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        return "\n".join(
            [
                f"sales documents: {self.documents}, with {self.lines} lines",
                f"items:           {self.items}",
                f"owed:            {self.owed} by {self.owing} customers",
                f"differences in sales: {len(self.differences)}",
                *(f"  {line}" for line in self.differences[:SHOWN]),
            ]
        )


@dataclass(frozen=True)
class SimulatedBooks:
    """What the simulated organisation holds, as it stands."""

    simulator: str
    organisation: str

    def records(self, collection: str) -> list[Record]:
        path = f"/_simulator/organisations/{self.organisation}/{collection}"
        answer = requests.get(f"{self.simulator}{path}", timeout=120)
        answer.raise_for_status()
        (records,) = (rows for rows in answer.json().values() if isinstance(rows, list))
        return records


def compare_sales(books: SimulatedBooks, odoo: OdooClient) -> SalesComparison:
    """Compare Xero's sales documents, items and balances with the database.

    A document is there when it says the same of itself and has as many lines; an
    item when the product that it became has its code, name and price, unless it has
    neither code nor name; a balance when the customer's figures give the same to the
    cent. Nothing else may be there.
    """
    found = SalesComparison()
    found.differences.extend(_documents(books, odoo, found))
    found.differences.extend(_items(books, odoo, found))
    found.differences.extend(_balances(books, odoo, found))
    return found


def _documents(
    books: SimulatedBooks, odoo: OdooClient, found: SalesComparison
) -> Iterator[str]:
    every = {"context": {"active_test": False}}
    rows = odoo.search_read("xero.transaction", [], TRANSACTION_FIELDS, **every)
    here = {row["xero_id"]: row for row in rows}
    contacts = {each["ContactID"] for each in books.records("contacts")}
    base = odoo.search_read("xero.connection", [], ["base_currency"])[0]
    base = base["base_currency"]
    for collection, names in KINDS.items():
        for document in books.records(collection):
            if document.get("Type") not in SALES:
                continue
            found.documents += 1
            found.lines += len(document.get("LineItems") or ())
            row = here.pop(document[names[1]], None)
            yield from _unlike_document(document, names, row, contacts, base)
    for row in here.values():
        yield f"{row['kind']} {row['number']} is not at Xero"


def _unlike_document(
    document: Record,
    names: tuple[str, str, str, str],
    row: Record | None,
    contacts: set[str],
    base: str,
) -> Iterable[str]:
    kind, _id, number, left = names
    label = f"{kind} {plain(document.get(number)) or document[_id]}"
    if row is None:
        return [f"{label} is not there"]
    contact = (document.get("Contact") or {}).get("ContactID")
    wanted = {
        "kind": kind,
        "number": plain(document.get(number)),
        "status": plain(document.get("Status")),
        "date": _day(document),
        "currency_code": plain(document.get("CurrencyCode")) or base,
        "sub_total": cents(document.get("SubTotal")),
        "total": cents(document.get("Total")),
        "open_amount": cents(document.get(left)),
        "contact_xero_id": plain(contact),
        "lines": len(document.get("LineItems") or ()),
        "has_contact": contact in contacts,
    }
    amounts = ("sub_total", "total", "open_amount")
    held = {
        **{name: row.get(name) or "" for name in wanted},
        **{name: cents(row[name]) for name in amounts},
        "lines": len(row["line_ids"]),
        "has_contact": bool(row["contact_id"]),
    }
    return [
        f"{label}: {name} {value!r} is {held[name]!r}"
        for name, value in wanted.items()
        if held[name] != value
    ]


def _items(
    books: SimulatedBooks, odoo: OdooClient, found: SalesComparison
) -> Iterator[str]:
    fields = ("xero_id", "code", "name", "product_id")
    here = {row["xero_id"]: row for row in odoo.search_read("xero.item", [], fields)}
    ids = [row["product_id"][0] for row in here.values() if row["product_id"]]
    fields = ("default_code", "name", "list_price")
    products = odoo.search_read("product.template", [("id", "in", ids)], fields)
    by_id = {product["id"]: product for product in products}
    for item in books.records("items"):
        found.items += 1
        row = here.pop(item["ItemID"], None)
        code = plain(item.get("Code"))
        name = plain(item.get("Name")) or code
        if not name:
            continue
        label = f"item {code!r}"
        if row is None or not row["product_id"]:
            yield f"{label} is {'not there' if row is None else 'no product'}"
            continue
        price = (item.get("SalesDetails") or {}).get("UnitPrice")
        wanted = (code, name, cents(price))
        product = by_id[row["product_id"][0]]
        price_here = cents(product["list_price"])
        held = (product["default_code"], product["name"], price_here)
        if held != wanted:
            yield f"{label}: {wanted} is {held}"
    for row in here.values():
        yield f"item {row['code']!r} is not at Xero"


def _balances(
    books: SimulatedBooks, odoo: OdooClient, found: SalesComparison
) -> Iterator[str]:
    contacts = odoo.search_read(
        "xero.contact", [], ["xero_id"], context={"active_test": False}
    )
    ids = {row["id"]: row["xero_id"] for row in contacts}
    fields = ("contact_id", "outstanding", "overdue")
    here = {
        ids[row["contact_id"][0]]: row
        for row in odoo.search_read("xero.customer.figures", [], fields)
    }
    for contact in books.records("contacts"):
        balances = (contact.get("Balances") or {}).get("AccountsReceivable") or {}
        row = here.get(contact["ContactID"], {})
        owed = cents(balances.get("Outstanding"))
        found.owing += owed != 0
        found.owed += owed
        wanted = (owed, cents(balances.get("Overdue")))
        held = (cents(row.get("outstanding")), cents(row.get("overdue")))
        if wanted != held:
            yield f"{contact.get('Name')!r} owes {wanted}, here {held}"


def cents(value: Any) -> Decimal:
    """An amount of either side to the cent; what is no number is nothing."""
    try:
        found = Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)
    return found.quantize(CENT) if abs(found) < LIMIT else Decimal(0)


def _day(document: Record) -> str:
    """The calendar day of a document's `DateString` or `Date`; an empty date looks
    like the first day of 1970."""
    matched = _XERO_DATE.match(document.get("Date") or "")
    if document.get("DateString"):
        found = document["DateString"][:10]
    elif matched:
        moment = datetime(1970, 1, 1, tzinfo=UTC)
        found = f"{moment + timedelta(milliseconds=int(matched[1])):%Y-%m-%d}"
    else:
        found = ""
    return "" if found == EPOCH else found
