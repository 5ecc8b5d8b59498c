# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_xero_module.services.sales import snapshots

from .books import credit_note, invoice, item, line, prepayment, resource_of
from .common import FakeConnector, contact, xero_id
from .test_kills import KillCase
from .test_transactions_mirror import MirrorCase

KEYS = {
    "items": "Items",
    "invoices": "Invoices",
    "credit_notes": "CreditNotes",
    "prepayments": "Prepayments",
}


class TestKillsOfDocuments(MirrorCase, KillCase):
    """A process that dies at any moment, while documents come, leaves what one that
    lives leaves: no document without its lines, none twice, no figure out of date."""

    def a_sync(self):
        """A contact is merged, an invoice paid and another one new, an item gone."""
        sold = [line(item=item(1)), line(price=50)]
        self.land_books(
            contact(1), contact(2), item(1), item(2), invoice(1, 1, sold), invoice(2, 2)
        )
        type(self).connector = FakeConnector()
        self.connector.sync()
        self.connector.add_part(
            [contact(1, MergedToContactID=xero_id(3)), contact(3, "Left")]
        )
        self.add_books(item(1, price=12))
        self.add_books(
            invoice(1, 1, sold, paid=[("2026-11-18", 100)], credited=20),
            invoice(3, 4, [line(quantity=n) for n in range(3)]),
        )
        self.add_books(credit_note(1, 1, 20, allocated=[(1, "2026-11-03", 20)]))
        self.add_books(prepayment(1, 2, 30), {**prepayment(2), "PrepaymentID": None})
        self.connector.add_end()

    def add_books(self, *records):
        """A part of what the first of these records is."""
        resource = resource_of(records[0])
        self.connector.add_part(
            list(records),
            resource=resource,
            key=KEYS[resource],
            read_at="2026-11-21T10:00:00Z",
        )

    def left(self):
        return {**super().left(), **self.shown()}

    def test_a_sync(self):
        # Days are kept one by one, by the same step: a few tell as much as all 42.
        self.patch(snapshots, "MISSED_DAYS", 3)
        self.patch(snapshots, "MONTHS", 2)
        expected = self.die_everywhere(self.a_sync)
        self.assertEqual(expected["feed"], (6, 0))
        self.assertEqual(len(expected["documents"]), 5)
        self.assertEqual(len(expected["lines"]), 2 + 1 + 3 + 1 + 1)
        active = [row[1] for row in expected["items"]]
        self.assertEqual(active, [True, False])
        [(*_rest, lines)] = expected["runs"]
        self.assertIn("document_id_missing", [line[1] for line in lines])
