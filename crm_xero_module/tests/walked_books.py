# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures and what is open, found by walking through documents one by one: a second
opinion that knows neither the mirror nor its SQL.

What is open on a day is told forwards, by what had happened by then, while the product
rolls back from what Xero says today.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
AGES = ((0, "current"), (30, "days_1_30"), (60, "days_31_60"), (90, "days_61_90"))


@dataclass
class Document:
    """A document as the organisation's people know it. `settled` are (day, amount),
    `rate` is base = amount / rate, 0 where nobody knows it."""

    kind: str
    contact: int
    day: date
    due: date | None
    total: Decimal
    currency: str = "NZD"
    rate: Decimal = Decimal(1)
    status: str | None = None
    settled: list = field(default_factory=list)

    @property
    def left(self):
        return self.total - sum((amount for _day, amount in self.settled), Decimal())

    @property
    def state(self):
        return self.status or ("AUTHORISED" if self.left else "PAID")

    @property
    def counts(self):
        return self.state in ("AUTHORISED", "PAID")

    @property
    def sign(self):
        return 1 if self.kind == "invoice" else -1

    def open_on(self, day, today):
        if day >= today:
            return self.left if self.state == "AUTHORISED" else Decimal()
        if not self.counts or self.day > day:
            return Decimal()
        happened = [amount for at, amount in self.settled if at <= day]
        return self.total - sum(happened, Decimal())

    def base(self, amount):
        """In New Zealand dollars, None where nobody knows."""
        if self.currency == "NZD":
            return amount
        if not self.rate:
            return None
        return (amount / self.rate).quantize(CENT, ROUND_HALF_UP)

    def age_on(self, day):
        if self.kind != "invoice":
            return "credits"
        late = (day - (self.due or self.day)).days
        return next((age for limit, age in AGES if late <= limit), "days_over_90")


def open_by_age(documents, day, today):
    """{(contact, age): base amount} of what is open, {(contact, currency): amount} of
    what nobody can convert."""
    ages, unknown = {}, {}
    for document in documents:
        amount = document.open_on(day, today)
        if not amount:
            continue
        base = document.base(amount)
        if base is None:
            key = (document.contact, document.currency)
            unknown[key] = unknown.get(key, 0) + document.sign * amount
        else:
            key = (document.contact, document.age_on(day))
            ages[key] = ages.get(key, 0) + document.sign * base
    return ages, unknown


def sales_between(documents, first, last):
    found = Decimal()
    for document in documents:
        is_sale = document.kind in ("invoice", "credit_note") and document.counts
        if is_sale and first <= document.day <= last:
            found += document.sign * (document.base(document.total) or 0)
    return found


def days_to_pay(documents, today):
    """The days from invoice to payment of those paid in the last 365 days."""
    found = []
    for document in documents:
        paid = document.kind == "invoice" and document.state == "PAID"
        if paid and document.settled:
            last = max(day for day, _amount in document.settled)
            if today - timedelta(days=365) < last <= today:
                found.append((last - document.day).days)
    return found


def expected(documents, today, years):
    """The figures of one contact with these documents.

    :param years: (first day of this financial year, first and last day of the last
        one, its day to compare with today)
    """
    this_first, last_first, last_last, same = years
    ages, _unknown = open_by_age(documents, today, today)
    owed = {age: Decimal() for _limit, age in (*AGES, (0, "days_over_90"))}
    owed["credits"] = Decimal()
    for (_contact, age), amount in ages.items():
        owed[age] += amount
    invoices = [doc for doc in documents if doc.kind == "invoice"]
    opened = [doc for doc in invoices if doc.open_on(today, today)]
    late = [doc for doc in opened if doc.age_on(today) != "current"]
    bought = [doc.day for doc in invoices if doc.counts and doc.day <= today]
    paid = days_to_pay(documents, today)
    return {
        **owed,
        "outstanding": sum(owed.values()),
        "overdue": sum(owed.values()) - owed["current"] - owed["credits"],
        "open_count": len(opened),
        "overdue_count": len(late),
        "oldest_due": min((doc.due or doc.day for doc in late), default=False),
        "invoice_count": sum(doc.counts for doc in invoices),
        "last_purchase": max(bought, default=False),
        "paid_count": len(paid),
        "days_to_pay": sum(paid) / len(paid) if paid else 0,
        "sales_this_year": sales_between(documents, this_first, today),
        "sales_last_year": sales_between(documents, last_first, last_last),
        "sales_same_days": sales_between(documents, last_first, same),
    }
