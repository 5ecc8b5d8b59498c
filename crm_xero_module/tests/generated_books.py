# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's items and sales documents, as hostile as they may come.

Needs hypothesis: `tests/__init__.py` imports what uses this only where it is there.
"""

import json

from hypothesis import strategies as st

from odoo.addons.crm_xero_module.services.xero.documents import DOCUMENT_KINDS
from odoo.addons.crm_xero_module.services.xero.values import load_json

from .books import INVOICE, ITEM, book_id
from .common import xero_id
from .generated import NASTY, WRONG

# Few numbers, so that documents of one example are about the same things.
NUMBERS = st.integers(1, 3)

_AMOUNTS = (100, 0, -50, "115.00", 33.335, 1e-7, "1e400", "NaN", 1e15, "1,000")
_RATES = (1, 1, 0.6, "1.5", 0, -1, 1e-300)
_CURRENCIES = ("NZD", "NZD", "USD", "XXQ", "nzd", "")
_STATUSES = ("AUTHORISED", "AUTHORISED", "PAID", "DRAFT", "VOIDED", "DELETED", "NEW")
_DAYS = (
    "/Date(1763596800000+0000)/",
    "/Date(1763596799999+1300)/",
    "/Date(0+0000)/",
    "/Date(9999999999999999999)/",
    "2026-09-27T02:30:00",
    "2026-02-30",
    "2026-11-20T00:00:00+13:00",
    "0001-01-01T00:00:00",
)
_TYPES = {
    "invoices": ("ACCREC", "ACCREC", "ACCREC", "ACCPAY"),
    "credit_notes": ("ACCRECCREDIT", "ACCRECCREDIT", "ACCPAYCREDIT"),
    "overpayments": ("RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT"),
    "prepayments": ("ARPREPAYMENT", "RECEIVE-PREPAYMENT", "APPREPAYMENT"),
}


def _of(values):
    likely = st.sampled_from(values)
    hostile = st.sampled_from(NASTY) | st.text(max_size=8)
    return st.one_of(likely, likely, likely, hostile, st.sampled_from(WRONG))


def _list_of(row, max_size=4):
    listed = st.lists(row, max_size=max_size)
    spoilt = st.lists(row | st.sampled_from(WRONG), max_size=max_size)
    return st.one_of(listed, listed, spoilt, st.sampled_from(WRONG))


def _named(name, kind):
    """A record that names another one by its id, or nothing of the kind."""
    named = NUMBERS.map(lambda number: {name: book_id(kind, number)})
    return st.one_of(named, named, st.sampled_from(WRONG))


_lines = st.fixed_dictionaries(
    {"LineAmount": _of(_AMOUNTS)},
    optional={
        "Description": _of(("Work", "Two\nlines")),
        "Quantity": _of((1, "2.5", 0)),
        "UnitAmount": _of(_AMOUNTS),
        "TaxAmount": _of((0, 15, "0.01")),
        "DiscountRate": _of((0, 10)),
        "ItemCode": _of(("P001", "")),
        "Item": _named("ItemID", ITEM),
        "AccountCode": _of(("200",)),
        "TaxType": _of(("OUTPUT2", "NONE")),
    },
)
_payments = st.fixed_dictionaries(
    {"Amount": _of(_AMOUNTS), "Date": _of(_DAYS)},
    optional={
        "PaymentID": _of(("p-1", "p-2")),
        "Status": _of(("AUTHORISED", "DELETED")),
        "Reference": _of(("paid",)),
    },
)
_allocations = st.fixed_dictionaries(
    {
        "Amount": _of(_AMOUNTS),
        "Date": _of(_DAYS),
        "Invoice": _named("InvoiceID", INVOICE),
    },
    optional={"AllocationID": _of(("a-1",)), "IsDeleted": _of((True, False, False))},
)
_contacts = NUMBERS.map(lambda number: {"ContactID": xero_id(number), "Name": "Named"})


def _fields(resource):
    kind = DOCUMENT_KINDS[resource]
    number = list(DOCUMENT_KINDS).index(resource) + 1
    return st.fixed_dictionaries(
        {
            "Type": st.sampled_from(_TYPES[resource]),
            kind.id_name: NUMBERS.map(lambda n: book_id(number, n)),
            "Status": _of(_STATUSES),
            "Contact": _contacts | st.sampled_from(WRONG),
            "LineItems": _list_of(_lines),
        },
        optional={
            kind.number_name: _of(("INV-1", "")),
            "Reference": _of(("PO 1", "")),
            "Date": _of(_DAYS),
            "DateString": _of(_DAYS),
            "DueDate": _of(_DAYS),
            "FullyPaidOnDate": _of(_DAYS),
            "LineAmountTypes": _of(("Exclusive", "Inclusive", "NoTax")),
            "CurrencyCode": _of(_CURRENCIES),
            "CurrencyRate": _of(_RATES),
            "SubTotal": _of(_AMOUNTS),
            "TotalTax": _of(_AMOUNTS),
            "Total": _of(_AMOUNTS),
            "AmountPaid": _of(_AMOUNTS),
            kind.open_name: _of(_AMOUNTS),
            "SentToContact": _of((True, "true", False)),
            "UpdatedDateUTC": _of(_DAYS),
            "Payments": _list_of(_payments, 2),
            "Allocations": _list_of(_allocations, 2),
        },
    )


items = st.fixed_dictionaries(
    {"ItemID": NUMBERS.map(lambda number: book_id(ITEM, number))},
    optional={
        "Code": _of(("P001", "")),
        "Name": _of(("Product",)),
        "Description": _of(("As agreed",)),
        "SalesDetails": st.sampled_from(({"UnitPrice": "12.5"}, *WRONG)),
        "PurchaseDetails": st.sampled_from(({"UnitPrice": 1}, *WRONG)),
        "IsSold": _of((True, False)),
        "QuantityOnHand": _of(_AMOUNTS),
    },
)


def _distinct(rows, id_name, max_size):
    return st.lists(
        rows, min_size=1, max_size=max_size, unique_by=lambda row: row[id_name]
    )


def _parsed(records):
    """As the connector's parts bring them: JSON in bytes, read by us."""
    return load_json(json.dumps(records).encode())


@st.composite
def books(draw):
    """[(resource, record)]: contacts, items and documents, each once, in any order."""
    found = [("contacts", {"ContactID": xero_id(n), "Name": f"C {n}"}) for n in (1, 2)]
    if draw(st.booleans()):
        found[0][1]["MergedToContactID"] = xero_id(draw(NUMBERS))
    found += [("items", row) for row in draw(_distinct(items, "ItemID", 2))]
    for resource, kind in DOCUMENT_KINDS.items():
        rows = draw(_distinct(_fields(resource), kind.id_name, 2))
        found += [(resource, row) for row in rows]
    return draw(st.permutations([(name, _parsed(row)) for name, row in found]))
