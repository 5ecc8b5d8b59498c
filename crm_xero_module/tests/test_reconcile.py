# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What differs from Xero's balances, and why. Figures are worked out by hand.

Today is 22 November 2026 in Auckland; records are read at 10:00 UTC on the 20th unless
said otherwise, which is 23:00 of the 20th there.
"""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.crm_xero_module.services.sales.reconcile import compare
from odoo.addons.crm_xero_module.wizard import xero_reconciliation

from .aged_reports import aged_report
from .books import BooksCase, credit_note, invoice, invoice_id
from .common import contact, xero_id

NOON = "2026-11-21 12:00:00"
READ_TODAY = datetime(2026, 11, 21, 11, 30)
# Later than the documents of the tests, which changed in 2025.
CHANGED_LATER = "/Date(1795600000000+0000)/"


def owing(number, outstanding, overdue=0, **values):
    """A contact with these balances."""
    balances = {"Outstanding": outstanding, "Overdue": overdue}
    return contact(number, Balances={"AccountsReceivable": balances}, **values)


@freeze_time(NOON)
class TestReconcile(BooksCase):
    def compare(self):
        return compare(self.connection.sudo())

    def only_difference(self):
        [difference] = self.compare().differences
        return difference

    def code(self):
        return self.only_difference().code

    def test_agreement(self):
        # 100 - 30 of a credit; 40, of which 40 are overdue.
        self.land_books(
            owing(1, 70),
            owing(2, 40, 40),
            contact(3),
            invoice(1, 1, 100, due="2026-11-30"),
            credit_note(1, 1, 30),
            invoice(2, 2, 40, due="2026-11-19"),
        )
        found = self.compare()
        self.assertEqual((found.compared, found.agreeing), (2, 2))
        self.assertEqual((found.our_outstanding, found.xero_outstanding), (110, 110))
        self.assertEqual((found.our_overdue, found.xero_overdue), (40, 40))
        self.assertEqual(found.differences, [])

    def test_amounts_of_both_sides_the_largest_difference_first(self):
        self.land_books(
            owing(1, 110),
            owing(2, 5),
            invoice(1, 1, 100, due="2026-11-30"),
            invoice(2, 2, 40, due="2026-11-30"),
        )
        found = self.compare()
        self.assertEqual((found.compared, found.agreeing), (2, 0))
        self.assertEqual(
            [
                (one.name, one.our_outstanding, one.xero_outstanding)
                for one in found.differences
            ],
            [("Company 2", 40, 5), ("Company 1", 100, 110)],
        )

    def test_documents_newer_than_the_balance(self):
        self.land_books(
            owing(1, 0),
            invoice(1, 1, 100, due="2026-11-30", UpdatedDateUTC=CHANGED_LATER),
        )
        self.assertEqual(self.code(), "balance_older")

    def test_due_since_the_balance_was_read(self):
        # Due on the 20th: not overdue on the day of the balance, overdue today.
        self.land_books(owing(1, 100), invoice(1, 1, 100, due="2026-11-20"))
        self.assertEqual(self.code(), "balance_of_earlier_day")

    def test_balance_of_today_must_tell_what_is_overdue_today(self):
        self.land_books(
            owing(1, 100), invoice(1, 1, 100, due="2026-11-20"), read_at=READ_TODAY
        )
        self.assertEqual(self.code(), "balance_unexplained")

    def test_not_converted(self):
        self.land_books(
            owing(1, 150),
            invoice(1, 1, 30, due="2026-11-30"),
            self.in_usd(2, 60),
            self.in_usd(3, 5),
        )
        difference = self.only_difference()
        self.assertEqual(difference.code, "balance_not_converted")
        self.assertEqual(difference.details, {"amounts": {"USD": 65}})

    def in_usd(self, number, amount, rate=0.5):
        return invoice(
            number,
            1,
            amount,
            due="2026-11-30",
            CurrencyCode="USD",
            CurrencyRate=rate,
        )

    def test_rates_contradicted(self):
        # 60 USD are 120 NZD by dividing; Xero says 30, which is multiplied.
        self.connection.sudo().rate_direction = "divide"
        self.land_books(owing(1, 30), self.in_usd(1, 60))
        difference = self.only_difference()
        self.assertEqual(difference.our_outstanding, 120)
        self.assertEqual(difference.code, "balance_rates_contradicted")

    def test_cents_of_rounding(self):
        # 10 / 0.7 are 14.29; Xero rounds up.
        self.connection.sudo().rate_direction = "divide"
        self.land_books(owing(1, 14.3), self.in_usd(1, 10, 0.7))
        self.assertEqual(self.code(), "balance_cents")

    def test_a_cent_in_the_base_currency_is_no_rounding(self):
        self.land_books(owing(1, 100.01), invoice(1, 1, 100, due="2026-11-30"))
        self.assertEqual(self.code(), "balance_unexplained")

    def test_contact_that_has_not_come(self):
        self.land_books(invoice(1, 9, 100, due="2026-11-30"))
        difference = self.only_difference()
        self.assertEqual(difference.code, "balance_contact_missing")
        self.assertEqual(difference.name, "Company 9")
        self.assertEqual(difference.contact_xero_id, xero_id(9))
        self.assertEqual(difference.our_outstanding, 100)

    def test_payment_of_a_day_to_come(self):
        # 40 of 100 are paid on 30 November; Xero's balance has not taken them off.
        self.land_books(
            owing(1, 100),
            invoice(1, 1, 100, due="2026-11-30", paid=[("2026-11-30", 40)]),
        )
        self.assertEqual(self.code(), "balance_future")

    def test_credit_that_is_not_here(self):
        self.land_books(
            owing(1, 75, 0), invoice(1, 1, 100, due="2026-11-30"), read_at=READ_TODAY
        )
        self.assertEqual(self.code(), "balance_credit_missing")

    def test_several_organisations_are_compared_apart(self):
        other = self.env["xero.connection"].sudo().create({"name": "Other"})
        self.land_books(owing(1, 100), invoice(1, 1, 100, due="2026-11-30"))
        self.assertEqual(compare(other).compared, 0)
        self.assertEqual(self.compare().agreeing, 1)

    # The screen

    def opened(self, user=None):
        connection = self.connection.with_user(user or self.env.user)
        action = connection.action_reconcile()
        return connection.env[action["res_model"]].browse(action["res_id"])

    def test_screen_tells_in_words(self):
        self.land_books(
            owing(1, 110),
            owing(2, 40),
            invoice(1, 1, 100, due="2026-11-30"),
            invoice(2, 2, 40, due="2026-11-30"),
            self.in_usd(3, 60),
        )
        screen = self.opened()
        self.assertEqual(screen.summary, "1 of 2 customers with something open agree.")
        self.assertEqual((screen.our_outstanding, screen.xero_outstanding), (140, 150))
        self.assertEqual(screen.outstanding_difference, -10)
        [line] = screen.line_ids
        self.assertEqual(line.difference, -10)
        self.assertIn("USD 60.00 is not converted yet", line.why)
        self.land_books(
            owing(1, 100), self.in_usd(3, 60) | {"Status": "VOIDED"}, read_at=READ_TODAY
        )
        screen.action_compare()
        self.assertFalse(screen.line_ids)
        self.assertEqual(screen.summary, "All 2 customers with something open agree.")

    def test_screen_lists_the_largest_differences(self):
        self.land_books(*(owing(number, number) for number in range(1, 5)))
        with patch.object(xero_reconciliation, "LISTED", 3):
            screen = self.opened()
        self.assertEqual(screen.line_ids.mapped("xero_outstanding"), [4, 3, 2])
        self.assertEqual((screen.compared, screen.unlisted), (4, 1))

    def test_who_may_compare(self):
        seller = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman"
        )
        manager = new_test_user(
            self.env, "manager", groups="sales_team.group_sale_manager"
        )
        self.land_books(owing(1, 110), invoice(1, 1, 100, due="2026-11-30"))
        with self.assertRaises(AccessError):
            self.opened(seller)
        self.assertEqual(len(self.opened(manager).line_ids), 1)
        receivables = self.env["xero.receivable"]
        with self.assertRaises(AccessError):
            receivables.with_user(seller).action_reconcile()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = (
            self.env["xero.connection"]
            .sudo()
            .create({"name": "Hidden", "company_id": elsewhere.id})
        )
        screen = self.opened(manager)
        screen.connection_id = hidden.id
        with self.assertRaises(AccessError):
            screen.action_compare()

    def test_receivables_open_the_comparison(self):
        action = self.env["xero.receivable"].action_reconcile()
        self.assertEqual(action["res_model"], "xero.reconciliation")
        self.env["xero.connection"].search([]).unlink()
        with self.assertRaisesRegex(UserError, "Connect to Xero first"):
            self.env["xero.receivable"].action_reconcile()

    # Xero's own report

    def check(self, documents, closing="0.00"):
        path = f"/v1/connections/connection-1/contacts/{xero_id(1)}/aged-receivables"
        answer = aged_report(documents, closing=closing)
        self.connector.answers[("GET", path)] = (200, answer)
        return self.checked()

    def checked(self):
        [line] = self.opened().line_ids
        action = line.action_check_report()
        check = self.env[action["res_model"]].browse(action["res_id"])
        return check, {line.number: line for line in check.line_ids}

    def test_report_document_by_document(self):
        self.land_books(
            owing(1, 1),
            invoice(1, 1, 100, due="2026-11-30", paid=[("2026-11-10", 40)]),
            invoice(2, 1, 50, due="2026-11-30"),
            invoice(3, 1, 70, due="2026-11-30"),
            invoice(5, 1, 90, day="2026-12-01", due="2026-12-30"),
            credit_note(1, 1, 30, allocated=[(9, "2026-11-10", 10)]),
        )
        check, lines = self.check(
            [
                (invoice_id(1), "INV-0001", "100.00", "40.00", "0.00", "60.00"),
                (invoice_id(2), "INV-0002", "50.00", "20.00", "0.00", "30.00"),
                (invoice_id(4), "INV-0004", "1,000.00", "0.00", "0.00", "1,000.00"),
                (
                    self.transaction(credit_note(1)).xero_id,
                    *("CN-0001", "(30.00)", "0.00", "(10.00)", "(20.00)"),
                ),
            ],
            closing="1,070.00",
        )
        self.assertEqual(
            {number: line.code for number, line in lines.items()},
            {
                "INV-0001": False,
                "INV-0002": "report_differs",
                "INV-0003": "report_missing_there",
                "INV-0004": "report_missing_here",
                "INV-0005": "report_future",
                "CN-0001": False,
            },
        )
        self.assertEqual(check.summary, "4 of 6 documents differ from Xero's report.")
        # 60 + 50 + 70 + 90 - 20 here; 60 + 30 + 1000 - 20 in the report.
        self.assertEqual((check.our_due, check.xero_due), (250, 1070))
        credit = lines["CN-0001"]
        self.assertEqual(
            (credit.our_total, credit.our_paid, credit.our_credited, credit.our_due),
            (-30, 0, -10, -20),
        )
        paid = lines["INV-0001"]
        self.assertEqual((paid.our_paid, paid.xero_paid), (40, 40))
        self.assertFalse(lines["INV-0004"].transaction_id)
        opened = lines["INV-0002"].action_open_transaction()
        self.assertEqual(opened["res_id"], self.transaction(invoice(2)).id)

    def test_report_leaves_out_payments_of_days_to_come(self):
        self.land_books(
            owing(1, 1),
            invoice(1, 1, 100, due="2026-11-30", paid=[("2026-11-30", 40)]),
            invoice(2, 1, 50, due="2026-11-30", paid=[("2026-11-30", 50)]),
        )
        _check, lines = self.check(
            [
                (invoice_id(1), "INV-0001", "100.00", "0.00", "0.00", "100.00"),
                (invoice_id(2), "INV-0002", "50.00", "0.00", "0.00", "50.00"),
            ]
        )
        self.assertEqual([line.code for line in lines.values()], ["report_future"] * 2)
        self.assertEqual(lines["INV-0002"].our_due, 0)

    def test_report_in_other_currencies(self):
        # 10 / 0.7 are 14.29.
        self.land_books(owing(1, 1), self.in_usd(1, 10, 0.7))
        row = (invoice_id(1), "INV-0001", "14.29", "0.00", "0.00", "14.30")
        _check, lines = self.check([row])
        self.assertEqual(lines["INV-0001"].code, "report_not_converted")
        self.connection.sudo().rate_direction = "divide"
        self.land_books(self.in_usd(1, 10, 0.7) | {"Reference": "x"})
        _check, lines = self.check([row])
        self.assertEqual(lines["INV-0001"].code, "report_cents")

    def test_errors_of_the_connector_are_told_in_words(self):
        self.land_books(owing(1, 110), invoice(1, 1, 100, due="2026-11-30"))
        path = f"/v1/connections/connection-1/contacts/{xero_id(1)}/aged-receivables"
        for answer, words in (
            ((403, {"code": "scope_missing"}), "Reconnect and allow everything"),
            ((429, {"code": "throttled", "retry_after": 30}), "no more calls"),
            ((404, {"code": "record_unknown"}), "no such record any more"),
            ((200, {"Reports": []}), "could not be read"),
            ((200, []), "not the connector"),
        ):
            self.connector.answers[("GET", path)] = answer
            with self.subTest(answer), self.assertRaisesRegex(UserError, words):
                self.checked()
        self.connection.sudo().connector_ref = False
        with self.assertRaisesRegex(UserError, "Connect to Xero first"):
            self.checked()
