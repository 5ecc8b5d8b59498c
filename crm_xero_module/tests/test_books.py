# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .books import BooksCase, credit_note, invoice, item, line, overpayment, prepayment
from .common import contact


class TestBooks(BooksCase):
    """The builders that other tests rely on say what Xero would."""

    def test_the_sums_follow_from_lines_and_settlements(self):
        product = item(3)
        sold = invoice(
            7,
            1,
            [line(quantity=3, price=33.335, tax=15, item=product), line(price=50)],
            paid=[("2026-11-18", 100)],
            credited=20,
        )
        self.assertEqual(sold["SubTotal"], 150.01)
        self.assertEqual(sold["TotalTax"], 15.0)
        self.assertEqual(sold["Total"], 165.01)
        self.assertEqual(sold["AmountDue"], 45.01)
        self.assertEqual(sold["Status"], "AUTHORISED")
        credit = credit_note(
            2, 1, 80, allocated=[(7, "2026-11-03", 30)], refunded=[("2026-11-04", 50)]
        )
        self.assertEqual((credit["RemainingCredit"], credit["Status"]), (0.0, "PAID"))
        self.assertEqual(invoice(1, Status="VOIDED")["AmountDue"], 0.0)

    def test_everything_lands(self):
        documents = [
            invoice(1, 1, [line(item=item(3)), line(price=50)]),
            credit_note(1, 1, 20, allocated=[(1, "2026-11-03", 5)]),
            overpayment(1, 1, 30),
            prepayment(1, 1, 40),
        ]
        self.land_books(contact(1), item(3), *documents)
        found = [self.transaction(document) for document in documents]
        self.assertEqual(
            [(row.kind, row.open_amount, row.contact_id) for row in found],
            [
                ("invoice", 150.0, self.mirror(1)),
                ("credit_note", 15.0, self.mirror(1)),
                ("overpayment", 30.0, self.mirror(1)),
                ("prepayment", 40.0, self.mirror(1)),
            ],
        )
        self.assertEqual(found[0].line_ids[0].item_id, self.mirrored_item(3))
