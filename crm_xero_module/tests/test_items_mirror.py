# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's items in the mirror: what lands, what is gone, what it is not taken for."""

from datetime import timedelta

from odoo.tools import mute_logger

from .books import ITEM, book_id, invoice, item, line
from .common import READ_AT, contact
from .test_transactions_mirror import LATER, MirrorCase

WORKER_LOGGER = "odoo.addons.crm_xero_module.services.worker"


class TestItems(MirrorCase):
    def test_columns_hold_what_xero_says(self):
        sent = item(
            1,
            price="12.3456",
            cost=7.5,
            Description="Two\nlines",
            QuantityOnHand=4,
            IsTrackedAsInventory="true",
        )
        self.land_books(sent)
        row = self.mirrored_item(1)
        self.assertEqual(
            (row.code, row.name, row.description), ("P001", "Product 1", "Two\nlines")
        )
        self.assertEqual((row.sale_price, row.purchase_price), (12.3456, 7.5))
        self.assertEqual(row.quantity_on_hand, 4.0)
        self.assertTrue(row.is_sold and row.is_purchased and row.is_tracked)
        self.assertEqual((row.currency_id, row.payload), (self.nzd, sent))
        self.assertEqual(row.link_state, "unlinked")

    def test_only_what_differs_takes_a_number(self):
        self.land_books(item(1), item(2))
        before = self.mirrored_item(1).change_seq, self.mirrored_item(2).change_seq
        self.land_books(item(1), item(2, price=11), read_at=LATER)
        self.env.invalidate_all()
        self.assertEqual(self.mirrored_item(1).change_seq, before[0])
        self.assertGreater(self.mirrored_item(2).change_seq, max(before))

    def test_again_writes_nothing(self):
        self.land_books(item(1), item(2))
        before = self.versions()
        self.land_books(item(1), item(2))
        self.assertEqual(self.versions(), before)

    def test_an_older_list_changes_nothing(self):
        self.land_books(item(1, price=20), read_at=LATER)
        self.land_books(item(1, price=10))
        self.assertEqual(self.mirrored_item(1).sale_price, 20.0)

    def test_wrong_types_are_nothing(self):
        for wrong in (None, [], {}, "NaN", 10**400):
            with self.subTest(wrong):
                self.land_books(
                    {**dict.fromkeys(item(1), wrong), "ItemID": book_id(ITEM, 1)}
                )
                row = self.mirrored_item(1)
                self.assertEqual((row.sale_price, row.is_sold), (0.0, False))

    def test_lines_of_an_item_that_comes_later(self):
        self.land_books(contact(1), invoice(1, 1, [line(item=item(1)), line()]))
        row = self.transaction(invoice(1))
        self.assertFalse(row.line_ids.item_id)
        self.assertEqual(row.line_ids[0].item_code, "P001")
        self.land_books(item(1), item(2))
        self.assertEqual(row.line_ids[0].item_id, self.mirrored_item(1))
        self.assertFalse(row.line_ids[1].item_id)


class TestItemsOfTheFeed(MirrorCase):
    """What is gone from Xero's list is told only where all of the list is here."""

    def list_items(self, *parts, minutes=0, sync="sync-1", end="done"):
        """A sync that brings the list in these parts; bytes are a part that is none."""
        read_at = (READ_AT + timedelta(minutes=minutes)).isoformat() + "Z"
        for number, part in enumerate(parts, start=1):
            self.connector.add_part(
                part,
                resource="items",
                key="Items",
                part=number,
                read_at=read_at,
                sync=sync,
            )
        if end:
            self.connector.add_end(end, sync=sync)
        for _try in range(3):
            with mute_logger(WORKER_LOGGER):
                self.run_cron()

    def here(self):
        self.env.invalidate_all()
        return self.env["xero.item"].search([]).mapped("code")

    def test_what_is_gone_becomes_inactive_and_comes_back(self):
        self.list_items([item(1), item(2)], [item(3)])
        self.assertEqual(self.here(), ["P001", "P002", "P003"])
        before = self.mirrored_item(2).change_seq
        self.list_items([item(1)], [item(3)], minutes=60)
        self.assertEqual(self.here(), ["P001", "P003"])
        self.assertGreater(self.mirrored_item(2).change_seq, before)
        gone = self.mirrored_item(2).change_seq
        self.list_items([item(1), item(2), item(3)], minutes=120)
        self.assertEqual(self.here(), ["P001", "P002", "P003"])
        self.assertGreater(self.mirrored_item(2).change_seq, gone)

    def test_before_the_end_nothing_is_gone(self):
        self.list_items([item(1), item(2)])
        self.list_items([item(1)], minutes=60, end=None)
        self.assertEqual(self.here(), ["P001", "P002"])

    def test_a_sync_that_failed_tells_nothing(self):
        for end in ("failed", "cancelled"):
            self.list_items([item(1), item(2)], minutes=1)
            self.list_items([item(1)], minutes=60, end=end)
            self.assertEqual(self.here(), ["P001", "P002"])

    def test_an_empty_list_is_not_believed(self):
        self.list_items([item(1), item(2)])
        self.list_items([], minutes=60)
        self.assertEqual(self.here(), ["P001", "P002"])

    def test_a_sync_without_items_tells_nothing(self):
        self.list_items([item(1), item(2)])
        self.connector.add_part([contact(1)])
        self.connector.add_end()
        self.run_cron()
        self.assertEqual(self.here(), ["P001", "P002"])

    def test_a_lost_part_keeps_all(self):
        whole = [item(1)], [item(2)], [item(3)]
        for lost in range(3):
            with self.subTest(lost=lost):
                self.list_items(*whole, minutes=10 * lost)
                parts = [b"broken" if n == lost else whole[n] for n in range(3)]
                self.list_items(*parts, minutes=10 * lost + 5)
                self.assertEqual(self.here(), ["P001", "P002", "P003"])

    def test_what_has_no_id_is_told(self):
        lost = {**item(1), "ItemID": None}
        self.connector.add_part([lost, item(2)], resource="items", key="Items")
        self.connector.add_part(
            [{**invoice(1), "InvoiceID": ""}], resource="invoices", key="Invoices"
        )
        self.connector.add_part(
            [invoice(2, Type="ACCPAY")], resource="invoices", key="Invoices"
        )
        self.run_cron()
        found = self.sync_run.line_ids.filtered(lambda row: row.outcome == "failed")
        self.assertEqual(
            sorted((row.code, row.record_name) for row in found),
            [
                ("document_id_missing", "INV-0001"),
                ("item_id_missing", "P001"),
            ],
        )
        steps = {step["name"]: step["done"] for step in self.sync_run.steps}
        self.assertEqual((steps["items"], steps["invoices"]), (1, 1))
