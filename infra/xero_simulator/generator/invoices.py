"""Invented sales invoices and bills, of every status and age, in several currencies."""

import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from infra.xero_simulator.generator.countries import Country
from infra.xero_simulator.generator.lines import (
    AMOUNT_TYPES,
    Catalogue,
    Line,
    LineItems,
)
from infra.xero_simulator.settlement import payment
from infra.xero_simulator.values import DAY, Record, dated, utc_string, xero_date

# Back to the beginning of the last financial year, whichever day it ends on.
_TWO_YEARS = 730
# How many of the sales are of late: with 1 as many as of any other time.
_GROWTH = 1.4
# By how many days an invoice is late, how likely it has been paid.
_PAID = {0: 0.15, 30: 0.55, 60: 0.75, 90: 0.8}
_PAID_IN_THE_END = 0.96
_UNAPPROVED = {"DRAFT": 4, "SUBMITTED": 2, "VOIDED": 2, "DELETED": 2, "AUTHORISED": 90}
_WORTH = {"NZD": 0.60, "AUD": 0.66, "GBP": 1.31, "USD": 1.0, "EUR": 1.12}  # in USD
_ZERO = Decimal("0.00")
_ONE = Decimal("1.000000")


class InvoiceMaker:
    """Makes invoices of the given contacts and items, each with so many lines.

    Every customer and supplier comes in turn first; after that some trade more than
    others. Nothing happens after `latest`, the beginning of a day (in ms): that is
    what ages are counted from.
    """

    def __init__(
        self,
        rng: Random,
        home: Country,
        contacts: Sequence[Record],
        items: Sequence[Record],
        lines: int,
        latest: int,
    ) -> None:
        self._rng = rng
        self._home = home
        self._latest = latest
        self._lines = lines
        self._catalogue = Catalogue(rng, home, items)
        self._theme = self._uuid()
        living = [c for c in contacts if "MergedToContactID" not in c]
        self._partners = {
            kind: [c for c in living if c["IsCustomer" if sales else "IsSupplier"]]
            or living
            for kind, sales in (("ACCREC", True), ("ACCPAY", False))
        }
        self._named = {
            c["ContactID"]: {"ContactID": c["ContactID"], "Name": c["Name"]}
            for c in living
        }
        self._made = {"ACCREC": 0, "ACCPAY": 0}

    def make(self, count: int) -> Iterator[Record]:
        """The invoices; none if there is nobody to trade with."""
        for _ in range(count if self._named else 0):
            yield self._invoice("ACCREC" if self._rng.random() < 0.72 else "ACCPAY")

    def _invoice(self, kind: str) -> Record:
        rng = self._rng
        contact = self._partner(kind)
        invoice_id = self._uuid()
        amounts = rng.choices(AMOUNT_TYPES, (65, 25, 10))[0]
        lines = self._catalogue.pick(rng, kind, amounts, self._lines)
        total = sum(line.net + line.tax for line in lines)
        age = int(_TWO_YEARS * rng.random() ** _GROWTH)
        issued = self._latest - age * DAY
        due = issued + rng.choice((7, 14, 20, 20, 30, 60)) * DAY
        currency, rate = self._currency(contact)
        status = rng.choices(list(_UNAPPROVED), _UNAPPROVED.values())[0]
        settled = self._settled(status, total, issued, due, rate)
        updated = settled.pop("updated")
        approved = settled["Status"] in ("AUTHORISED", "PAID")
        sent = approved and kind == "ACCREC" and rng.random() < 0.8
        return {
            "Type": kind,
            "InvoiceID": invoice_id,
            **self._numbers(kind),
            **settled,
            "SentToContact": sent,
            "CurrencyRate": rate,
            "HasErrors": False,
            "IsDiscounted": any(line.discount for line in lines),
            "HasAttachments": rng.random() < 0.03,
            "Contact": self._named[contact["ContactID"]],
            **dated("Date", issued),
            **dated("DueDate", due),
            "BrandingThemeID": self._theme,
            "LineAmountTypes": amounts,
            "LineItems": LineItems(tuple(lines), invoice_id),
            **_sums(lines),
            "UpdatedDateUTC": xero_date(updated),
            "UpdatedDateUTCString": utc_string(updated),
            "CurrencyCode": currency,
        }

    def _partner(self, kind: str) -> Record:
        partners = self._partners[kind]
        number = self._made[kind]
        self._made[kind] += 1
        if number < len(partners):
            return partners[number]
        return partners[int(len(partners) * self._rng.random() ** 2)]

    def _numbers(self, kind: str) -> Record:
        rng = self._rng
        if kind == "ACCREC":
            number = f"INV-{self._made[kind]:06d}"
            reference = f"PO {rng.randrange(10_000)}" if rng.random() < 0.5 else ""
            return {"InvoiceNumber": number, "Reference": reference}
        known = rng.random() < 0.95
        return {"InvoiceNumber": str(rng.randrange(100_000)) if known else ""}

    def _currency(self, contact: Record) -> tuple[str, Decimal]:
        """Its currency, and how much of it is one of the base currency."""
        rng, base = self._rng, self._home.currency
        currency = contact.get("DefaultCurrency", base)
        if rng.random() < 0.03:
            currency = rng.choice(list(_WORTH))
        if currency == base:
            return currency, _ONE
        rate = _WORTH[base] / _WORTH[currency] * rng.uniform(0.97, 1.03)
        return currency, Decimal(f"{rate:.6f}")

    def _settled(
        self, status: str, total: int, issued: int, due: int, rate: Decimal
    ) -> dict[str, Any]:
        """Status and what was paid of it; `updated` when that was."""
        paid, payments = 0, []
        if status == "AUTHORISED":
            paid = self._paid(total, due)
            payments = self._payments(paid, issued, due, rate)
        open_still = status not in ("VOIDED", "DELETED")
        last = payments[-1]["at"] if payments else issued
        fields = {
            "Status": "PAID" if paid and paid == total else status,
            "Payments": [payment["payment"] for payment in payments],
            "CreditNotes": [],
            "Prepayments": [],
            "Overpayments": [],
            "AmountDue": _money(total - paid) if open_still else _ZERO,
            "AmountPaid": _money(paid),
            "AmountCredited": _ZERO,
            "updated": min(last + self._rng.randrange(DAY), self._latest),
        }
        if fields["Status"] == "PAID":
            fields["FullyPaidOnDate"] = xero_date(last)
        return fields

    def _paid(self, total: int, due: int) -> int:
        late = (self._latest - due) // DAY
        likely = next(
            (p for days, p in _PAID.items() if late <= days), _PAID_IN_THE_END
        )
        chance = self._rng.random()
        if chance < likely:
            return total
        return total // 3 if chance < likely + (1 - likely) * 0.3 else 0

    def _payments(
        self, paid: int, issued: int, due: int, rate: Decimal
    ) -> list[dict[str, Any]]:
        if not paid:
            return []
        rng = self._rng
        parts = [paid // 2, paid - paid // 2] if rng.random() < 0.08 else [paid]
        latest = min(self._latest - DAY, due + 20 * DAY)
        span = max(0, latest - issued) // DAY + 1
        days = sorted(issued + rng.randrange(span) * DAY for _ in parts)
        return [
            {"at": day, "payment": payment(self._uuid(), day, _money(part), rate)}
            for day, part in zip(days, parts, strict=True)
        ]

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))


def _sums(lines: Sequence[Line]) -> Record:
    net, tax = sum(line.net for line in lines), sum(line.tax for line in lines)
    discount = sum(line.discount for line in lines)
    sums = {
        "SubTotal": _money(net),
        "TotalTax": _money(tax),
        "Total": _money(net + tax),
    }
    return sums | ({"TotalDiscount": _money(discount)} if discount else {})


def _money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2) if cents else _ZERO
