# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures and the ledger against a walk through the documents (`walked_books`)."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.sales.figures import refresh_figures
from odoo.addons.crm_xero_module.services.sales.ledger import open_documents

from .books import BooksCase, credit_note, invoice, overpayment, prepayment
from .common import contact
from .generated import many
from .test_figures import NOW, TODAY
from .walked_books import Document, expected, open_by_age

CONTACTS = (1, 2)
KINDS = {
    "credit_note": credit_note,
    "overpayment": overpayment,
    "prepayment": prepayment,
}
# Units of the currency for one New Zealand dollar; of the last, nobody knows.
RATES = {"NZD": "1", "USD": "0.6", "EUR": "0.523417", "XTS": "0"}
# Around the ages, the financial years and the last 365 days.
EDGES = (0, 1, 30, 31, 60, 61, 90, 91, 235, 236, 364, 365, 366, 600, 601)
days = st.one_of(
    st.sampled_from(EDGES).map(lambda back: TODAY - timedelta(days=back)),
    st.integers(-40, 700).map(lambda back: TODAY - timedelta(days=back)),
)
cents = st.integers(1, 40_000).map(lambda amount: Decimal(amount) / 100)


@st.composite
def documents(draw):
    """Documents of two contacts; credits are settled with nobody's invoices but their
    own: what a credit gives, an invoice of its contact takes on the same day."""
    found = []
    for _number in range(draw(st.integers(1, 7))):
        currency = draw(st.sampled_from([*RATES, "NZD", "NZD"]))
        day = draw(days)
        document = Document(
            kind=draw(st.sampled_from(["invoice"] * 3 + list(KINDS))),
            contact=draw(st.sampled_from(CONTACTS)),
            day=day,
            due=draw(st.none() | days),
            total=draw(cents),
            currency=currency,
            rate=Decimal(RATES[currency]),
            status=draw(st.sampled_from([None] * 6 + ["DRAFT", "VOIDED"])),
        )
        if document.counts:
            settle(draw, document)
        found.append(document)
    return found


def settle(draw, document):
    """Let some of it, all of it or nothing be settled, in up to three parts."""
    for _part in range(draw(st.integers(0, 3))):
        share = draw(st.sampled_from([document.left, document.left / 2]))
        share = share.quantize(Decimal("0.01"))
        if share:
            day = document.day + timedelta(days=draw(st.integers(0, 90)))
            document.settled.append((day, share))


def as_xero(number, document):
    """The document as Xero sends it, what settled it as payments and refunds."""
    head = {
        "day": document.day,
        "CurrencyCode": document.currency,
        "CurrencyRate": float(document.rate),
        **({"Status": document.status} if document.status else {}),
    }
    if document.kind == "invoice":
        return invoice(
            number,
            document.contact,
            float(document.total),
            due=document.due,
            paid=document.settled,
            **head,
        )
    make = KINDS[document.kind]
    return make(
        number,
        document.contact,
        float(document.total),
        refunded=document.settled,
        **head,
    )


def exact(amount):
    """An amount of the database's, which is read as a float."""
    return Decimal(str(round(amount, 2)))


class TestFiguresProperties(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.sudo().rate_direction = "divide"
        cls.env.flush_all()

    @contextmanager
    def books(self, found):
        """The mirror of these documents, undone at its end."""
        savepoint = self.env.cr.savepoint()
        try:
            self.land_books(
                *map(contact, CONTACTS),
                *(as_xero(n, document) for n, document in enumerate(found, start=1)),
            )
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    @many(25)
    @given(documents(), st.integers(-5, 400))
    def test_what_is_open_on_any_day(self, found, back):
        day = TODAY - timedelta(days=back)
        numbers = {}
        with self.books(found):
            for number in CONTACTS:
                numbers[self.mirror(number).id] = number
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT contact_id, age, currency_code, base_open IS NULL,
                           sum(base_open), sum(open) FROM (%s) AS l
                     GROUP BY 1, 2, 3, 4
                    """,
                    open_documents(self.connection, day, now=NOW),
                )
            )
        ages, unknown = {}, {}
        for contact_id, age, currency, is_unknown, base, amount in rows:
            number = numbers[contact_id]
            if is_unknown:
                key = (number, currency)
                unknown[key] = unknown.get(key, 0) + exact(amount)
            else:
                ages[number, age] = ages.get((number, age), 0) + exact(base)
        self.assertEqual((ages, unknown), open_by_age(found, day, TODAY))

    @many(25)
    @given(documents())
    def test_figures(self, found):
        years = (
            date(2026, 4, 1),
            date(2025, 4, 1),
            date(2026, 3, 31),
            date(2025, 11, 22),
        )
        with self.books(found):
            refresh_figures(self.connection.sudo(), NOW)
            for number in CONTACTS:
                theirs = [each for each in found if each.contact == number]
                figures = self.env["xero.customer.figures"].search(
                    [("contact_id", "=", self.mirror(number).id)]
                )
                self.assertEqual(bool(figures), bool(theirs))
                if theirs:
                    self.compare(figures, expected(theirs, TODAY, years))

    def compare(self, figures, wanted):
        for name, value in wanted.items():
            shown = figures[name]
            if isinstance(value, Decimal | float):
                self.assertAlmostEqual(float(shown), float(value), 2, name)
            else:
                self.assertEqual(shown, value, name)
