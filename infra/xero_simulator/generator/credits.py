"""Invented credit notes, overpayments and prepayments, and where they went."""

import uuid
from collections import defaultdict
from decimal import Decimal
from random import Random
from typing import NamedTuple

from infra.xero_simulator.generator.countries import Country
from infra.xero_simulator.settlement import (
    allocate,
    allocation,
    paid,
    payment,
    resettled,
)
from infra.xero_simulator.store import Collection, Tenant
from infra.xero_simulator.values import (
    CENT,
    DAY,
    Record,
    dated,
    milliseconds,
    utc_string,
    xero_date,
)

# Of the approved invoices, how many give reason for a credit.
_SHARE_OF_OPEN, _SHARE_OF_PAID = 0.3, 0.06
_ONE = Decimal("1.000000")


class _Case(NamedTuple):
    """What becomes of a credit of so many per cent of its invoice."""

    plural: str
    per_cent: int
    use: str
    status: str = "AUTHORISED"


# How often what happens.
_CASES = {
    _Case("CreditNotes", 40, "allocate"): 30,
    _Case("CreditNotes", 100, "allocate"): 15,
    _Case("CreditNotes", 130, "several"): 15,
    _Case("CreditNotes", 30, "keep"): 10,
    _Case("CreditNotes", 25, "refund"): 5,
    _Case("CreditNotes", 50, "keep", "DRAFT"): 4,
    _Case("CreditNotes", 50, "keep", "VOIDED"): 3,
    _Case("CreditNotes", 50, "keep", "DELETED"): 2,
    _Case("Overpayments", 60, "allocate"): 7,
    _Case("Overpayments", 20, "keep"): 5,
    _Case("Overpayments", 10, "refund"): 2,
    _Case("Overpayments", 10, "keep", "VOIDED"): 1,
    _Case("Prepayments", 100, "allocate"): 9,
    _Case("Prepayments", 70, "keep"): 9,
    _Case("Prepayments", 70, "keep", "VOIDED"): 1,
}
_TYPES = {
    "CreditNotes": ("ACCRECCREDIT", "ACCPAYCREDIT"),
    "Overpayments": ("RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT"),
    "Prepayments": ("RECEIVE-PREPAYMENT", "SPEND-PREPAYMENT"),
}


class CreditMaker:
    """Gives reason for credits to some of an organisation's invoices.

    Nothing happens after `latest`, the beginning of a day (in ms).
    """

    def __init__(self, rng: Random, home: Country, tenant: Tenant, latest: int) -> None:
        self._rng = rng
        self._home = home
        self._latest = latest
        self._invoices = tenant.invoices
        self._kinds = {each.plural: each for each in tenant.credits}
        self._open: dict[tuple, list[str]] = defaultdict(list)

    def make(self) -> None:
        """Make credits, and bring the invoices that they settle in line."""
        approved = [
            invoice["InvoiceID"]
            for invoice in self._invoices.records()
            if invoice["Status"] in ("AUTHORISED", "PAID")
        ]
        for invoice_id in approved:
            invoice = self._invoice(invoice_id)
            if invoice["AmountDue"]:
                self._open[_account(invoice)].append(invoice_id)
        for invoice_id in approved:
            invoice = self._invoice(invoice_id)
            share = _SHARE_OF_OPEN if invoice["AmountDue"] else _SHARE_OF_PAID
            if self._rng.random() < share:
                self._credit(invoice)

    def _credit(self, invoice: Record) -> None:
        case = self._case(invoice)
        total = (invoice["Total"] * case.per_cent / 100).quantize(CENT)
        kind = self._kinds[case.plural]
        day = self._later(milliseconds(invoice["Date"]), 20)
        credit = self._new(kind, case, invoice, total, day)
        match case.use:
            case "allocate":
                credit, day = self._spend(kind, credit, [invoice["InvoiceID"]], day)
            case "several":
                open_ones = self._open[_account(invoice)][:4]
                credit, day = self._spend(kind, credit, open_ones, day)
            case "refund":
                day = self._later(day, 10)
                rate, part = credit["CurrencyRate"], credit["RemainingCredit"]
                credit = paid(credit, payment(self._uuid(), day, part, rate))
        kind.put(self._changed(credit, day))

    def _case(self, invoice: Record) -> _Case:
        """Any, but that nothing can be allocated to what is paid."""
        often = {
            case: times
            for case, times in _CASES.items()
            if invoice["AmountDue"] or case.use != "allocate"
        }
        return self._rng.choices(list(often), often.values())[0]

    def _spend(
        self, kind: Collection, credit: Record, invoice_ids: list[str], day: int
    ) -> tuple[Record, int]:
        """The credit after going to invoices while something is left of both, and
        the last day on which it did."""
        for invoice_id in invoice_ids:
            invoice = self._invoice(invoice_id)
            part = min(credit["RemainingCredit"], invoice["AmountDue"])
            if part <= 0:
                continue
            day = self._later(max(day, milliseconds(invoice["Date"])), 5)
            made = allocation(self._uuid(), invoice, day, part)
            credit, invoice = allocate(kind, credit, invoice, made)
            self._invoices.put(self._changed(invoice, day))
        return credit, day

    def _new(
        self, kind: Collection, case: _Case, invoice: Record, total: Decimal, day: int
    ) -> Record:
        identifier = self._uuid()
        number = len(kind) + 1
        sale = invoice["Type"] == "ACCREC"
        amounts = invoice["LineAmountTypes"]
        if case.plural == "Overpayments":
            amounts = "NoTax"
        return resettled(
            {
                kind.key: identifier,
                **_numbers(case.plural, sale, number, invoice),
                "ID": identifier,
                "Payments": [],
                "CurrencyRate": self._rate(invoice["CurrencyRate"]),
                "Type": _TYPES[case.plural][0 if sale else 1],
                "Allocations": [],
                "HasAttachments": False,
                "Contact": invoice["Contact"],
                **dated("Date", day),
                "Status": case.status,
                "LineAmountTypes": amounts,
                **self._amounts(case.plural, sale, amounts, total),
                "CurrencyCode": invoice["CurrencyCode"],
            }
        )

    def _amounts(self, plural: str, sale: bool, kind: str, total: Decimal) -> Record:
        """One line, and the sums that follow from it."""
        rate = self._home.tax_rate if kind != "NoTax" else Decimal(0)
        tax = (total * rate / (1 + rate)).quantize(CENT)
        amount = total if kind == "Inclusive" else total - tax
        taxed = self._home.sales_tax if sale else self._home.purchases_tax
        line = {
            "Description": f"{plural[:-1]}, as agreed",
            "UnitAmount": amount,
            "TaxType": "NONE" if kind == "NoTax" else taxed,
            "TaxAmount": tax,
            "LineAmount": amount,
            "AccountCode": "200" if sale else "300",
            "Tracking": [],
            "Quantity": Decimal("1.0000"),
            "LineItemID": self._uuid(),
        }
        return {
            "LineItems": [line],
            "SubTotal": total - tax,
            "TotalTax": tax,
            "Total": total,
        }

    def _rate(self, rate: Decimal) -> Decimal:
        """A day's rate near that of the invoice; the base currency has none."""
        if rate == _ONE:
            return rate
        return (rate * Decimal(self._rng.randrange(980, 1021)) / 1000).quantize(_ONE)

    def _changed(self, document: Record, day: int) -> Record:
        """A document that was last changed on a day, unless it was later already."""
        moment = min(day + self._rng.randrange(DAY), self._latest)
        moment = max(moment, milliseconds(document.get("UpdatedDateUTC")))
        return document | {
            "UpdatedDateUTC": xero_date(moment),
            "UpdatedDateUTCString": utc_string(moment),
        }

    def _later(self, day: int, most: int) -> int:
        """Some days later, but not in the future."""
        return min(day + self._rng.randrange(most + 1) * DAY, self._latest)

    def _invoice(self, invoice_id: str) -> Record:
        return self._invoices.get(invoice_id) or {}

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))


def _account(invoice: Record) -> tuple[str, str, str]:
    """Within which a credit may go from invoice to invoice."""
    contact_id = invoice["Contact"]["ContactID"]
    return contact_id, invoice["Type"], invoice["CurrencyCode"]


def _numbers(plural: str, sale: bool, number: int, invoice: Record) -> Record:
    reference = {"Reference": f"For {invoice['InvoiceNumber']}"}
    if plural == "CreditNotes":
        return {"CreditNoteNumber": f"CN-{number:06d}" if sale else ""} | reference
    return reference | ({"InvoiceNumber": ""} if plural == "Prepayments" else {})
