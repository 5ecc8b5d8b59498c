"""The comparison of sales finds what is missing, too many or says something else."""

from typing import Any

import pytest

from infra.demo.sales_comparison import KINDS, cents, compare_sales

INVOICE = {
    "InvoiceID": "i1",
    "Type": "ACCREC",
    "InvoiceNumber": "INV-1",
    "Status": "AUTHORISED",
    "Date": "/Date(1763596800000+0000)/",
    "CurrencyCode": "NZD",
    "SubTotal": 100.0,
    "Total": 115.0,
    "AmountDue": 15.5,
    "Contact": {"ContactID": "c1"},
    "LineItems": [{}, {}],
}
CREDIT = {
    **{"OverpaymentID": "o1", "Type": "RECEIVE-OVERPAYMENT", "Status": "PAID"},
    **{"DateString": "2025-11-20T00:00:00", "Total": "9.90", "RemainingCredit": 0},
}
ITEM = {
    "ItemID": "p1",
    "Code": "TEA",
    "Name": "Tea",
    "SalesDetails": {"UnitPrice": 4.5},
}
CONTACT = {
    "ContactID": "c1",
    "Name": "Kauri Ltd",
    "Balances": {"AccountsReceivable": {"Outstanding": 15.5, "Overdue": 5}},
}


class Books:
    """What Xero holds."""

    def __init__(self, **collections: list[dict[str, Any]]) -> None:
        self._held = {
            "contacts": [CONTACT],
            "items": [ITEM],
            "invoices": [INVOICE, {**INVOICE, "InvoiceID": "b", "Type": "ACCPAY"}],
            "overpayments": [CREDIT],
            **collections,
        }

    def records(self, collection: str) -> list[dict[str, Any]]:
        return self._held.get(collection, [])


class Crm:
    """What Odoo answers when all agrees, but for `changed` values of one model."""

    def __init__(self, model: str = "", **changed: Any) -> None:
        self._rows = {
            "xero.transaction": [
                {
                    **{"xero_id": "i1", "kind": "invoice", "number": "INV-1"},
                    **{"status": "AUTHORISED", "date": "2025-11-20"},
                    **{"currency_code": "NZD", "sub_total": 100.0, "total": 115.0},
                    **{"open_amount": 15.5, "contact_xero_id": "c1"},
                    **{"contact_id": (1, "Kauri Ltd"), "line_ids": [7, 8]},
                },
                {
                    **{"xero_id": "o1", "kind": "overpayment", "number": False},
                    **{"status": "PAID", "date": "2025-11-20"},
                    **{"currency_code": "NZD", "sub_total": 0.0, "total": 9.9},
                    **{"open_amount": 0.0, "contact_xero_id": False},
                    **{"contact_id": False, "line_ids": []},
                },
            ],
            "xero.item": [
                {"xero_id": "p1", "code": "TEA", "name": "Tea", "product_id": (3, "")}
            ],
            "product.template": [
                {"id": 3, "default_code": "TEA", "name": "Tea", "list_price": 4.5}
            ],
            "xero.connection": [{"base_currency": "NZD"}],
            "xero.contact": [{"id": 1, "xero_id": "c1"}],
            "xero.customer.figures": [
                {"contact_id": (1, ""), "outstanding": 15.5, "overdue": 5.0}
            ],
        }
        if model:
            self._rows[model][0] |= changed

    def search_read(self, model: str, *_: Any, **__: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self._rows[model]]


def test_books_that_agree_have_no_difference() -> None:
    found = compare_sales(Books(), Crm())
    assert found.differences == []
    assert (found.documents, found.lines, found.items) == (2, 2, 1)
    assert (found.owing, found.owed) == (1, cents("15.50"))


@pytest.mark.parametrize(
    ("model", "changed", "told"),
    [
        ("xero.transaction", {"total": 115.01}, "total"),
        ("xero.transaction", {"open_amount": 0.0}, "open_amount"),
        ("xero.transaction", {"status": "PAID"}, "status"),
        ("xero.transaction", {"date": "2025-11-19"}, "date"),
        ("xero.transaction", {"line_ids": [7]}, "lines"),
        ("xero.transaction", {"contact_id": False}, "has_contact"),
        ("xero.transaction", {"xero_id": "other"}, "not there"),
        ("xero.item", {"product_id": False}, "no product"),
        ("product.template", {"list_price": 4.6}, "TEA"),
        ("xero.customer.figures", {"outstanding": 15.0}, "Kauri Ltd"),
        ("xero.customer.figures", {"overdue": 0.0}, "Kauri Ltd"),
    ],
)
def test_each_disagreement_is_told(
    model: str, changed: dict[str, Any], told: str
) -> None:
    differences = compare_sales(Books(), Crm(model, **changed)).differences
    assert any(told in line for line in differences)


def test_what_xero_does_not_have_is_told() -> None:
    differences = compare_sales(Books(items=[], invoices=[]), Crm()).differences
    assert differences == ["invoice INV-1 is not at Xero", "item 'TEA' is not at Xero"]


def test_every_kind_of_sales_document_is_looked_at() -> None:
    assert set(KINDS) == {"invoices", "credit_notes", "overpayments", "prepayments"}
