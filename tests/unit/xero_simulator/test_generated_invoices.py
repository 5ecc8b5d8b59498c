"""Invented invoices: the same for a seed, and their sums agree."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest

from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.values import DAY, day_of, milliseconds

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def organisation():
    return generate(7, 0, 200, invoices=3_000, lines=3)


@pytest.fixture(scope="module")
def invoices(organisation):
    return organisation.invoices.records()


def test_same_seed_gives_the_same_invoices():
    one, two = (generate(1, 0, 20, invoices=40) for _ in range(2))
    assert one.invoices.records() == two.invoices.records()


@pytest.mark.parametrize("day", ["2026-02-28", "2026-11-22", "2028-02-29"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sales_of_an_organisation_are_as_recent_as_its_day(seed, day):
    """With as many of them as there are by default."""
    latest = day_of(day)
    made = generate(seed, 0, 250, invoices=500, latest=latest)
    sales = [i for i in made.invoices.records() if i["Type"] == "ACCREC"]
    assert max(milliseconds(i["Date"]) for i in sales) <= latest
    for changed in (*sales, *made.credit_notes.records()):
        assert milliseconds(changed["UpdatedDateUTC"]) <= latest
    quarters = Counter((latest - milliseconds(i["Date"])) // (91 * DAY) for i in sales)
    assert min(quarters[number] for number in range(8)) > 10
    open_ones = [i for i in sales if i["Status"] == "AUTHORISED"]
    late = Counter(min(3, max(-1, _days_late(i, latest) // 30)) for i in open_ones)
    assert set(late) == {-1, 0, 1, 2, 3}
    assert any(0 < i["AmountDue"] < i["Total"] for i in open_ones)
    base = made.organisation["BaseCurrency"]
    foreign = {
        i["Contact"]["ContactID"] for i in open_ones if i["CurrencyCode"] != base
    }
    assert len(foreign) > 2
    for kind in made.credits:
        assert any(_is_open_sale(credit) for credit in kind.records())


def _days_late(invoice, latest):
    return (latest - milliseconds(invoice["DueDate"]) - DAY) // DAY


def _is_open_sale(credit):
    sale = credit["Type"].startswith(("ACCREC", "RECEIVE"))
    return sale and credit["Status"] == "AUTHORISED" and credit["RemainingCredit"]


def test_another_day_moves_documents_and_nothing_else():
    one, two = (
        generate(1, 0, 20, invoices=40, latest=day_of(day))
        for day in ("2026-11-21", "2026-11-22")
    )
    for before, after in zip(
        one.invoices.records(), two.invoices.records(), strict=True
    ):
        assert before["InvoiceID"] == after["InvoiceID"]
        assert before["Total"] == after["Total"]
        assert milliseconds(after["Date"]) - milliseconds(before["Date"]) == DAY
    follows = {"Balances"}
    for before, after in zip(
        one.contacts.records(), two.contacts.records(), strict=True
    ):
        assert {k: v for k, v in before.items() if k not in follows} == {
            k: v for k, v in after.items() if k not in follows
        }
    assert one.items.records() == two.items.records()


def test_contacts_are_the_same_but_for_what_follows_from_invoices():
    follows = {"Balances", "IsCustomer", "IsSupplier"}
    without, with_some = generate(1, 0, 30), generate(1, 0, 30, invoices=50)
    for one, two in zip(
        without.contacts.records(), with_some.contacts.records(), strict=True
    ):
        assert {k: v for k, v in one.items() if k not in follows} == {
            k: v for k, v in two.items() if k not in follows
        }


@pytest.mark.parametrize(("contacts", "expected"), [(0, 0), (1, 5)])
def test_smallest_organisations(contacts, expected):
    assert len(generate(3, 0, contacts, invoices=5).invoices) == expected


def test_every_status_type_and_amount_type_occurs(invoices):
    assert {i["Status"] for i in invoices} == {
        *("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
    }
    assert {i["Type"] for i in invoices} == {"ACCREC", "ACCPAY"}
    assert {i["LineAmountTypes"] for i in invoices} == {
        *("Exclusive", "Inclusive", "NoTax")
    }
    assert len({i["CurrencyCode"] for i in invoices}) > 3


def test_totals_are_those_of_the_lines(invoices):
    for invoice in invoices:
        lines = invoice["LineItems"]
        assert len(lines) == 3
        tax = sum(line["TaxAmount"] for line in lines)
        amount = sum(line["LineAmount"] for line in lines)
        included = invoice["LineAmountTypes"] == "Inclusive"
        assert invoice["TotalTax"] == tax
        assert invoice["SubTotal"] == (amount - tax if included else amount)
        assert invoice["Total"] == invoice["SubTotal"] + tax


def test_line_amount_is_quantity_by_unit_less_discount(invoices):
    discounted = 0
    for line in (line for invoice in invoices for line in invoice["LineItems"]):
        discount = line.get("DiscountRate", 0)
        discounted += bool(discount)
        full = line["Quantity"] * line["UnitAmount"] * (100 - discount) / 100
        assert line["LineAmount"] == full.quantize(CENT, ROUND_HALF_UP)
    assert discounted


def test_due_is_what_is_neither_paid_nor_credited(invoices):
    for invoice in invoices:
        paid = sum((p["Amount"] for p in invoice["Payments"]), Decimal(0))
        assert invoice["AmountPaid"] == paid
        open_still = invoice["Status"] not in ("VOIDED", "DELETED")
        due = invoice["Total"] - paid - invoice["AmountCredited"]
        assert invoice["AmountDue"] == (due if open_still else 0)
        assert (invoice["Status"] == "PAID") == (open_still and due == 0)
        assert ("FullyPaidOnDate" in invoice) == (invoice["Status"] == "PAID")


def test_payments_are_dated_and_come_in_one_or_more(invoices):
    counts = {len(i["Payments"]) for i in invoices if i["Status"] == "PAID"}
    assert counts >= {1, 2}
    for invoice in invoices:
        if invoice["Status"] == "PAID" and not invoice["AmountCredited"]:
            last = invoice["Payments"][-1]["Date"]
            assert invoice["FullyPaidOnDate"] == last


def test_only_base_currency_has_a_rate_of_one(organisation, invoices):
    base = organisation.organisation["BaseCurrency"]
    for invoice in invoices:
        is_base = invoice["CurrencyCode"] == base
        assert (str(invoice["CurrencyRate"]) == "1.000000") == is_base
        assert invoice["CurrencyRate"].as_tuple().exponent == -6


def test_roles_agree_with_the_invoices(organisation, invoices):
    for invoice in invoices:
        contact = organisation.contacts.get(invoice["Contact"]["ContactID"])
        assert invoice["Contact"]["Name"] == contact["Name"]
        sale = invoice["Type"] == "ACCREC"
        assert contact["IsCustomer" if sale else "IsSupplier"] is True


def test_ids_and_sales_numbers_are_unique(invoices):
    assert len({i["InvoiceID"] for i in invoices}) == len(invoices)
    sales = [i["InvoiceNumber"] for i in invoices if i["Type"] == "ACCREC"]
    assert len(set(sales)) == len(sales)
    lines = [line["LineItemID"] for i in invoices for line in i["LineItems"]]
    assert len(set(lines)) == len(lines)


def test_every_trading_contact_has_an_invoice_when_there_are_enough(organisation):
    named = {i["Contact"]["ContactID"] for i in organisation.invoices.records()}
    trading = {
        c["ContactID"]
        for c in organisation.contacts.records()
        if (c["IsCustomer"] or c["IsSupplier"]) and "MergedToContactID" not in c
    }
    assert trading == named


def test_groups_of_contacts_are_those_of_the_organisation(organisation):
    groups = organisation.contact_groups.records()
    assert len(groups) == 6
    used = [g for c in organisation.contacts.records() for g in c["ContactGroups"]]
    assert used and all(group in groups for group in used)


def test_lines_read_like_a_list(invoices):
    lines = invoices[0]["LineItems"]
    assert lines[-1] == lines[2] == list(lines)[2]
    assert lines[:2] == list(lines)[:2]
    with pytest.raises(IndexError):
        lines[3]
