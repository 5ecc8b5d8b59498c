# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which way Xero's rates go, as balances prove it; amounts are worked out by hand.

An invoice of USD 120 at 0.6 is NZD 200 if amounts are divided (120 / 0.6), NZD 72 if
they are multiplied (120 × 0.6).
"""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.crm_xero_module.services.sales.rates import (
    check_rates,
    count_votes,
    proven_direction,
)

from .books import BooksCase, credit_note, invoice
from .common import READ_AT, contact
from .test_figures import NOW

DIVIDED, MULTIPLIED = 200, 72


def usd(number, contact_number, lines=120, rate=0.6, **values):
    return invoice(
        number, contact_number, lines, CurrencyCode="USD", CurrencyRate=rate, **values
    )


def owing(number, balance):
    """A contact with so much outstanding, in the base currency."""
    balances = {"AccountsReceivable": {"Outstanding": balance, "Overdue": 0.0}}
    return contact(number, Balances=balances)


@tagged("post_install", "-at_install")
class TestRates(BooksCase):
    def check(self):
        check_rates(self.connection.sudo(), NOW)
        return self.connection.rate_direction

    def votes(self):
        votes = count_votes(self.connection.sudo(), NOW)
        return votes["divide"], votes["multiply"], votes["neither"]

    def test_one_balance_that_agrees_to_the_cent_proves(self):
        self.land_books(owing(1, DIVIDED), usd(1, 1))
        self.assertEqual(self.votes(), (3, 0, 0))
        self.assertEqual(self.check(), "divide")
        document = self.transaction(usd(1, 1))
        self.assertEqual((document.base_total, document.base_open), (200, 200))
        self.assertEqual(document.line_ids.base_net, 200)
        self.assertFalse(self.connection.rates_doubt)

    def test_the_other_direction(self):
        self.land_books(owing(1, MULTIPLIED), usd(1, 1))
        self.assertEqual(self.check(), "multiply")
        self.assertEqual(self.transaction(usd(1, 1)).base_total, 72)

    def test_own_currency_and_credits_are_part_of_a_balance(self):
        # 10 + 120 / 0.6 - 30 / 0.5 = 150; multiplied: 10 + 72 - 15 = 67
        self.land_books(
            owing(1, 150),
            invoice(1, 1, 10),
            usd(2, 1),
            credit_note(1, 1, 30, CurrencyCode="USD", CurrencyRate=0.5),
        )
        self.assertEqual(self.votes(), (3, 0, 0))

    def test_the_cents_of_each_document_may_differ(self):
        # 100 / 0.6 = 166.67 each; Xero may have converted 300 as a whole: 500.
        self.land_books(owing(1, 500), *(usd(number, 1, 100) for number in (1, 2, 3)))
        self.assertEqual(self.votes(), (3, 0, 0))

    def test_about_right_needs_three(self):
        # Converted by the rate of another day, 0.62: 193.55.
        self.land_books(owing(1, 193.55), usd(1, 1), owing(2, 193.55), usd(2, 2))
        self.assertEqual(self.votes(), (2, 0, 0))
        self.assertEqual(self.check(), "unproven")
        self.land_books(owing(3, 193.55), usd(3, 3))
        self.assertEqual(self.check(), "divide")

    def test_a_minority_does_not_hinder_but_a_tie_does(self):
        direction = proven_direction
        self.assertEqual(direction({"divide": 27, "multiply": 3}), "divide")
        self.assertEqual(direction({"divide": 1, "multiply": 9}), "multiply")
        for divide, multiply in ((26, 3), (3, 3), (0, 0), (2, 0)):
            self.assertIsNone(direction({"divide": divide, "multiply": multiply}))

    def test_who_proves_nothing(self):
        self.land_books(
            # No document in another currency; a rate of one; no rate; no balance.
            *(owing(1, 100), invoice(1, 1)),
            *(owing(2, 120), usd(2, 2, rate=1)),
            *(owing(3, 120), usd(3, 3, rate=0)),
            *(contact(4), usd(4, 4)),
            # Paid, draft.
            *(owing(5, 0), usd(5, 5, paid=[("2026-11-02", 120)])),
            *(owing(6, 200), usd(6, 6, Status="DRAFT")),
        )
        self.assertEqual(self.votes(), (0, 0, 0))
        self.assertEqual(self.check(), "unproven")
        self.assertFalse(self.connection.rates_doubt)

    def test_a_balance_older_than_a_change_of_its_documents_does_not_count(self):
        self.land_books(owing(1, DIVIDED), usd(1, 1))
        document = self.transaction(usd(1, 1)).sudo()
        document.updated_at = READ_AT + timedelta(seconds=1)
        self.assertEqual(self.votes(), (0, 0, 0))
        document.updated_at = READ_AT
        self.assertEqual(self.votes(), (3, 0, 0))

    def test_balances_that_agree_with_neither_are_told(self):
        self.land_books(owing(1, 9999), usd(1, 1))
        self.assertEqual(self.check(), "unproven")
        self.assertEqual(self.connection.rate_votes["neither"], 1)
        self.assertIn("not converted", self.connection.rates_doubt)

    def test_what_a_person_chose_stays_and_is_doubted(self):
        self.connection.sudo().rate_direction = "multiply"
        self.land_books(owing(1, DIVIDED), usd(1, 1))
        self.assertEqual(self.check(), "multiply")
        self.assertIn("contradict", self.connection.rates_doubt)
        self.connection.sudo().rate_direction = "divide"
        self.assertFalse(self.connection.rates_doubt)

    def test_a_second_check_writes_nothing(self):
        self.land_books(owing(1, DIVIDED), usd(1, 1))
        self.check()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.check()
