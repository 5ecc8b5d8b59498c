# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's sales documents as rows, by value alone."""

from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_xero_module.services.xero.documents import (
    DOCUMENT_KINDS,
    allocation_rows,
    document_row,
    is_sold,
    line_rows,
)
from odoo.addons.crm_xero_module.services.xero.values import day

from .books import credit_note, invoice, invoice_id, line, overpayment, prepayment

INVOICES, CREDIT_NOTES = DOCUMENT_KINDS["invoices"], DOCUMENT_KINDS["credit_notes"]


def row_of(document, kind=INVOICES):
    return document_row(kind, document.get(kind.id_name), document)


@tagged("post_install", "-at_install")
class TestDays(BaseCase):
    """A calendar day is the one that Xero wrote, wherever anybody is."""

    def test_days(self):
        for written, expected in (
            # Midnight UTC, whatever offset is shown behind it.
            ("/Date(1763596800000)/", date(2025, 11, 20)),
            ("/Date(1763596800000+0000)/", date(2025, 11, 20)),
            ("/Date(1763596800000+1300)/", date(2025, 11, 20)),
            ("/Date(1763596800000-1100)/", date(2025, 11, 20)),
            # A second before midnight UTC is the day before still.
            ("/Date(1763596799000+1300)/", date(2025, 11, 19)),
            ("/Date(-86400000+0000)/", date(1969, 12, 31)),
            ("2025-11-20T00:00:00", date(2025, 11, 20)),
            ("2025-11-20", date(2025, 11, 20)),
            # As it is written, not where that moment is another day.
            ("2025-11-20T00:00:00+13:00", date(2025, 11, 20)),
            ("2025-11-20T23:59:59-11:00", date(2025, 11, 20)),
            ("2025-11-20T00:00:00Z", date(2025, 11, 20)),
            # Clocks go forward in Auckland on the first, back in London on the other.
            ("2026-09-27T02:30:00", date(2026, 9, 27)),
            ("2026-10-25T01:30:00", date(2026, 10, 25)),
            ("2028-02-29T00:00:00", date(2028, 2, 29)),
        ):
            with self.subTest(written):
                self.assertEqual(day(written), expected)

    def test_no_day(self):
        for written in (
            None,
            "",
            "/Date(0+0000)/",
            "/Date(-62135596800000+0000)/",
            "0001-01-01T00:00:00",
            "1970-01-01T00:00:00",
            "/Date(99999999999999999999)/",
            "2026-02-29",
            "soon",
            20251120,
            [],
        ):
            with self.subTest(written):
                self.assertIsNone(day(written))

    def test_the_text_goes_before_the_moment(self):
        row = row_of(
            {"DateString": "2026-04-01T00:00:00", "Date": "/Date(1774958400000+0000)/"}
        )
        self.assertEqual(row["date"], "2026-04-01")
        row = row_of({"DateString": "?", "Date": "/Date(1774958400000+0000)/"})
        self.assertEqual(row["date"], "2026-03-31")


@tagged("post_install", "-at_install")
class TestDocuments(BaseCase):
    def test_what_is_missing_null_or_of_another_type_is_nothing(self):
        empty = row_of({})
        self.assertEqual((empty["total"], empty["open_amount"]), (0.0, 0.0))
        self.assertIsNone(empty["date"])
        self.assertFalse(empty["sent_to_contact"])
        for wrong in (None, [], {}, "much", float("nan"), "NaN", "1e400", 10**400):
            with self.subTest(wrong):
                row = row_of({**dict.fromkeys(invoice(1), wrong)})
                self.assertEqual(row["total"], 0.0)
                self.assertEqual(row["currency_rate"], None)
                self.assertIsNone(row["contact_xero_id"])
        for wrong in (None, "x", 1, {"a": 1}, [None], [1, "x", []]):
            document = dict.fromkeys(("LineItems", "Payments", "Allocations"), wrong)
            self.assertEqual(line_rows(document), [])
            self.assertEqual(allocation_rows(CREDIT_NOTES, "x", document), [])

    def test_numbers_in_quotes(self):
        row = row_of({"Total": "115.00", "AmountDue": " 1e2 ", "CurrencyRate": "0.60"})
        self.assertEqual((row["total"], row["open_amount"]), (115.0, 100.0))
        self.assertEqual(row["currency_rate"], 0.6)

    def test_a_rate_is_a_positive_number(self):
        for rate in (0, -1, "0", 1e-9, 1e12, None, "x"):
            with self.subTest(rate):
                self.assertIsNone(row_of({"CurrencyRate": rate})["currency_rate"])

    def test_an_id_that_cannot_be_one_is_none(self):
        too_long = "x" * 101
        row = row_of({"Contact": {"ContactID": too_long}})
        self.assertIsNone(row["contact_xero_id"])
        [found] = line_rows({"LineItems": [{"Item": {"ItemID": too_long}}]})
        self.assertIsNone(found["item_xero_id"])

    def test_amounts_of_lines_without_tax(self):
        taxed = line(quantity=2, price=57.5, LineAmount=115.0, TaxAmount=15.0)
        for types, net in (("Exclusive", 115.0), ("Inclusive", 100.0), ("NoTax", 115)):
            with self.subTest(types):
                found = line_rows({"LineAmountTypes": types, "LineItems": [taxed]})
                self.assertEqual(found[0]["net_amount"], net)

    def test_lines_keep_their_place_and_their_text(self):
        found = line_rows(
            {"LineItems": [{"Description": "<b>a</b>\nb"}, None, {"Description": 5}]}
        )
        self.assertEqual(
            [(row["position"], row["description"]) for row in found],
            [(1, "<b>a</b>\nb"), (2, None)],
        )

    def test_what_was_taken_back_settles_nothing(self):
        document = {
            "Payments": [
                {"PaymentID": "p", "Amount": 5, "Status": "DELETED"},
                {"PaymentID": "q", "Amount": "7.5", "Status": "AUTHORISED"},
            ],
            "Allocations": [{"Amount": 1, "IsDeleted": True}],
        }
        [paid] = allocation_rows(INVOICES, invoice_id(1), document)
        self.assertEqual((paid["kind"], paid["amount"]), ("payment", 7.5))
        self.assertEqual(paid["invoice_xero_id"], invoice_id(1))
        [refund] = allocation_rows(CREDIT_NOTES, "c", document)
        self.assertEqual((refund["kind"], refund["invoice_xero_id"]), ("refund", None))

    def test_only_sales_are_ours(self):
        for resource, made, bought in (
            ("invoices", invoice(1), "ACCPAY"),
            ("credit_notes", credit_note(1), "ACCPAYCREDIT"),
            ("overpayments", overpayment(1), "SPEND-OVERPAYMENT"),
            ("prepayments", prepayment(1), "SPEND-PREPAYMENT"),
        ):
            kind = DOCUMENT_KINDS[resource]
            self.assertTrue(is_sold(kind, made))
            for other in (bought, "APPREPAYMENT", "APOVERPAYMENT", "NEW"):
                self.assertFalse(is_sold(kind, {**made, "Type": other}))
