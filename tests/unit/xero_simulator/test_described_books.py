"""The described data set: its balances are what its documents leave open, worked out
by hand."""

from decimal import Decimal
from pathlib import Path

import pytest

from infra.xero_simulator import dataset

DESCRIBED = Path(dataset.__file__).parent / "datasets/described"
# Outstanding and overdue of sales on 1 November 2026. In the currency 14 owes
# 460.00 GBP at 0.449871, less 40.00 at 0.455000; 15 owes 379.40 USD at 0.587304, less
# 115.00 at 0.601202; 18 owes 960.00 EUR at 0.512998, less 500.00 at 0.507614; 19 owes
# 84,000 JPY at 88.412, less 10,000 at 90.25.
RECEIVABLE = {
    2: ("530.00", "650.00"),
    4: ("0.00", "0.00"),
    6: ("-12.34", "0.00"),
    10: ("759.00", "759.00"),
    14: ("934.61", "1022.52"),
    15: ("454.72", "646.00"),
    17: ("-258.75", "0.00"),
    18: ("886.35", "1871.35"),
    19: ("839.30", "950.10"),
    21: ("0.00", "0.00"),
    22: ("1393.62", "1493.62"),
    23: ("-250.00", "0.00"),
    24: ("447.50", "647.50"),
    26: ("1069.50", "1069.50"),
}
WELL_FORMED = {
    "invoices": 24,
    "credit_notes": 14,
    "overpayments": 6,
    "prepayments": 6,
    "items": 8,
}


@pytest.fixture(scope="module")
def described():
    return dataset.load(DESCRIBED)[0]


@pytest.mark.parametrize("number", RECEIVABLE)
def test_balance_is_what_the_documents_leave_open(described, number):
    contact = described.contacts.get(f"{number:08d}-0000-4000-8000-{number:012d}")
    balance = contact["Balances"]["AccountsReceivable"]
    found = str(balance["Outstanding"]), str(balance["Overdue"])
    assert found == RECEIVABLE[number]


def test_rate_is_units_of_the_currency_for_one_of_base():
    """Multiplied instead, 15 would owe 153.68 where its balance says 454.72."""
    owed, credit = Decimal("379.40"), Decimal("115.00")
    rates = Decimal("0.587304"), Decimal("0.601202")
    divided = owed / rates[0] - credit / rates[1]
    multiplied = owed * rates[0] - credit * rates[1]
    assert str(round(divided, 2)) == RECEIVABLE[15][0]
    assert str(round(multiplied, 2)) == "153.68"


@pytest.mark.parametrize("collection", WELL_FORMED)
def test_what_settles_agrees_on_both_sides(described, collection):
    well_formed = described.collections[collection].records()[: WELL_FORMED[collection]]
    assert len(well_formed) == WELL_FORMED[collection]
    for record in well_formed:
        for allocation in record.get("Allocations", []):
            invoice = described.invoices.get(allocation["Invoice"]["InvoiceID"])
            kind = described.collections[collection]
            applied = [
                named["AppliedAmount"]
                for named in invoice[kind.plural]
                if named[kind.key] == record[kind.key]
            ]
            assert applied == [allocation["Amount"]]
        if "AmountDue" in record and record["Status"] not in ("VOIDED", "DELETED"):
            settled = record["AmountPaid"] + record["AmountCredited"]
            assert record["AmountDue"] == record["Total"] - settled


def test_lines_name_items_that_are_there(described):
    for invoice in described.invoices.records()[: WELL_FORMED["invoices"]]:
        for line in invoice["LineItems"]:
            if item := line.get("Item"):
                held = described.items.get(item["ItemID"])
                assert (held["Code"], held["Name"]) == (line["ItemCode"], item["Name"])
