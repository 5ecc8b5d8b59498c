# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was owed at the end of each day. It is 22 November 2026 in Auckland."""

from datetime import date, datetime, timedelta

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.services.sales.snapshots import (
    days_to_keep,
    keep_snapshot,
    snapshots_due,
)

from .books import BooksCase, credit_note, invoice
from .common import contact
from .test_figures import NOW, TODAY

YESTERDAY = date(2026, 11, 21)


@tagged("post_install", "-at_install")
class TestSnapshots(BooksCase):
    def setUp(self):
        super().setUp()
        self.sync_run.steps = [{"name": "invoices", "state": "done", "done": 1}]
        self.sync_run._finish("done")
        self.land_books(contact(1), contact(2))

    def keep(self, now=NOW):
        while snapshots_due(self.connection.sudo(), now):
            keep_snapshot(self.connection.sudo(), now)

    def kept(self):
        """{day: what is kept of it}, summed over contacts and currencies."""
        found = {}
        for row in self.env["xero.receivable.snapshot"].search([]):
            found[row.day] = found.get(row.day, 0) + row.outstanding
        return found

    def test_the_first_time_has_a_year(self):
        self.land_books(
            invoice(1, lines=100, day="2026-01-10", paid=[("2026-03-15", 100)]),
            invoice(2, lines=40, day="2026-11-19", due="2026-11-30"),
        )
        self.keep()
        self.assertEqual(
            self.kept(),
            {
                # January, February: the hundred; paid in March.
                date(2026, 1, 31): 100,
                date(2026, 2, 28): 100,
                # Of the last month each day.
                date(2026, 11, 19): 40,
                date(2026, 11, 20): 40,
                YESTERDAY: 40,
            },
        )
        self.assertEqual(self.connection.snapshot_day, YESTERDAY)
        self.assertFalse(snapshots_due(self.connection, NOW))

    def test_a_row_for_each_contact_and_currency(self):
        self.connection.sudo().snapshot_day = YESTERDAY - timedelta(days=1)
        foreign = {"CurrencyCode": "USD", "CurrencyRate": 0.6}
        self.land_books(
            invoice(1, 1, 100, day="2026-10-01", due="2026-10-20"),
            invoice(2, 1, 10, day="2026-11-01", due="2026-11-21"),
            credit_note(1, 1, 30, day="2026-11-01"),
            invoice(3, 1, 70, day="2026-11-01", **foreign),
            invoice(4, 2, 5, day="2026-11-01", due="2026-11-20"),
            # Of a contact that has not come, in a currency that nobody knows.
            invoice(5, 99, 8, day="2026-11-01", CurrencyCode="XTS"),
        )
        self.keep()
        rows = self.env["xero.receivable.snapshot"].search([])
        self.assertEqual(
            {
                (row.contact_id.id, row.currency_code): (
                    row.document_outstanding,
                    row.outstanding,
                    row.days_31_60,
                    row.current,
                    row.credits,
                    row.overdue,
                )
                for row in rows
            },
            {
                # 32 days on 21 November: 31 – 60; 100 + 10 - 30 = 80
                (self.mirror(1).id, "NZD"): (80, 80, 100, 10, -30, 100),
                (self.mirror(1).id, "USD"): (70, 0, 0, 0, 0, 0),
                (self.mirror(2).id, "NZD"): (5, 5, 0, 0, 0, 5),
                (False, "XTS"): (8, 0, 0, 0, 0, 0),
            },
        )

    def test_each_midnight_keeps_the_day_that_ended(self):
        self.land_books(invoice(1, day="2026-11-01"))
        self.keep()
        before = datetime(2026, 11, 22, 10, 59, 59)
        self.assertFalse(snapshots_due(self.connection, before))
        self.keep(datetime(2026, 11, 22, 11))
        self.assertEqual(self.connection.snapshot_day, TODAY)
        self.assertIn(TODAY, self.kept())

    def test_missed_days_are_filled_as_they_were(self):
        self.land_books(
            invoice(1, lines=9, day="2026-11-19", paid=[("2026-11-21", 9)]),
        )
        self.connection.sudo().snapshot_day = date(2026, 11, 17)
        self.keep()
        self.assertEqual(self.kept(), {date(2026, 11, 19): 9, date(2026, 11, 20): 9})
        self.assertEqual(self.connection.snapshot_day, YESTERDAY)

    def test_one_day_at_a_time(self):
        self.connection.sudo().snapshot_day = date(2026, 11, 17)
        self.assertTrue(keep_snapshot(self.connection.sudo(), NOW))
        self.assertEqual(self.connection.snapshot_day, date(2026, 11, 18))

    def test_days_to_keep(self):
        days = days_to_keep(date(2026, 11, 18), TODAY)
        self.assertEqual([day.day for day in days], [19, 20, 21])
        self.assertEqual(days_to_keep(YESTERDAY, TODAY), [])
        self.assertEqual(days_to_keep(TODAY, TODAY), [])
        # After a long while: ends of months, then each of the last 31 days.
        days = days_to_keep(date(2026, 8, 15), TODAY)
        self.assertEqual(days[:2], [date(2026, 8, 31), date(2026, 9, 30)])
        self.assertEqual((days[2], days[-1]), (date(2026, 10, 22), YESTERDAY))
        # 12 ends of months, of which two lie in the last 31 days.
        first = days_to_keep(None, date(2028, 3, 1))
        self.assertEqual(len(first), 31 + 12 - 2)
        self.assertEqual(first[0], date(2027, 3, 31))
        self.assertEqual(first[-1], date(2028, 2, 29))
        # Whatever was kept, going on gives the same days.
        for count, day in enumerate(first, start=1):
            self.assertEqual(days_to_keep(day, date(2028, 3, 1)), first[count:])

    def test_nothing_is_kept_before_invoices_are_here_or_while_they_come(self):
        self.assertTrue(snapshots_due(self.connection, NOW))
        run = self.connection.sudo()._run_of("sync-2")
        self.assertFalse(snapshots_due(self.connection, NOW))
        run._finish("done")
        self.sync_run.sudo().steps = [{"name": "contacts", "state": "done"}]
        self.assertFalse(snapshots_due(self.connection, NOW))

    def test_a_day_is_never_kept_twice(self):
        self.land_books(invoice(1, day="2026-11-01"))
        self.keep()
        before = self.kept()
        self.land_books(invoice(2, day="2026-11-01"))
        self.connection.sudo().snapshot_day = YESTERDAY - timedelta(days=1)
        self.keep()
        self.assertEqual(self.kept(), before)
        row = self.env["xero.receivable.snapshot"].search([], limit=1).sudo()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.cr.savepoint(),
        ):
            row.copy()
            self.env.flush_all()
