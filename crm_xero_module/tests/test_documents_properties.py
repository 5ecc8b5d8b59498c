# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What must hold of the mirror of documents, whatever comes in whatever order."""

import json
from datetime import timedelta
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from odoo.tools import float_is_zero

from odoo.addons.crm_xero_module.services.mirror.contacts import land_contacts
from odoo.addons.crm_xero_module.services.mirror.items import land_items
from odoo.addons.crm_xero_module.services.mirror.landers import LANDERS
from odoo.addons.crm_xero_module.services.mirror.merges import follow_merges
from odoo.addons.crm_xero_module.services.mirror.owners import adopt_transactions
from odoo.addons.crm_xero_module.services.mirror.transactions import land_documents
from odoo.addons.crm_xero_module.services.xero.documents import (
    DOCUMENT_KINDS,
    is_sold,
)
from odoo.addons.crm_xero_module.services.xero.pieces import pieces_of
from odoo.addons.crm_xero_module.services.xero.values import number, record, rows

from .common import READ_AT
from .generated import many
from .generated_books import books
from .properties import PropertyCase
from .test_transactions_mirror import MirrorCase


class TestDocumentProperties(MirrorCase, PropertyCase):
    def bring_books(self, found, size=1, read_at=READ_AT, apart=False):
        """Land records in their order, of one resource up to `size` at a time."""
        # Odoo's own would put all of a resource together, and lose their order.
        # pylint: disable-next=bad-builtin-groupby
        for resource, group in groupby(found, key=lambda pair: pair[0]):
            records = [row for _resource, row in group]
            for start in range(0, len(records), size):
                part = records[start : start + size]
                part = self.taken_apart(resource, part) if apart else part
                self.bring_part(resource, part, read_at)

    def taken_apart(self, resource, records):
        """As the worker has them: pieces of a page, where it is certain."""
        page = json.dumps({"Id": "x", "Records": records}).encode()
        pieces = pieces_of(page, "Records", LANDERS[resource].id_name, len(records))
        return pieces or records

    def bring_part(self, resource, records, read_at):
        connection = self.connection.sudo()
        if resource == "contacts":
            land_contacts(connection, records, read_at)
            follow_merges(connection, self.sync_run)
            adopt_transactions(connection)
        elif resource == "items":
            land_items(connection, records, read_at)
        else:
            kind = DOCUMENT_KINDS[resource]
            land_documents(connection, kind, records, read_at)

    @many(40)
    @given(books(), st.randoms(use_true_random=False), st.integers(1, 4))
    def test_order_and_size_of_parts_do_not_matter(self, found, chance, size):
        pictures = []
        for _turn in range(2):
            with self.example():
                self.bring_books(found, size)
                pictures.append(self.shown())
            found = list(found)
            chance.shuffle(found)
            size = 5 - size
        self.assertEqual(*pictures)

    @many(25)
    @given(books())
    def test_landing_twice_is_landing_once(self, found):
        with self.example():
            self.bring_books(found)
            self.settle_figures()
            picture, before = self.shown(), self.versions()
            self.bring_books(found)
            self.assertEqual(self.versions(), before)
            later = READ_AT + timedelta(minutes=1)
            self.bring_books(found, 4, later, apart=True)
            self.settle_figures()
            self.assertEqual(self.shown(), picture)
            before = self.versions()
            self.bring_books(found, 4, later, apart=True)
            self.assertEqual(self.versions(), before)

    @many(25)
    @given(books(), st.permutations(range(3)))
    def test_the_newest_stays(self, found, order):
        versions = [
            [
                (resource, {**row, "Reference": f"v{turn}", "Name": f"v{turn}"})
                for resource, row in found
            ]
            for turn in range(3)
        ]
        pictures = []
        for turns in (order, [2]):
            with self.example():
                for turn in turns:
                    read_at = READ_AT + timedelta(minutes=turn)
                    self.bring_books(versions[turn], read_at=read_at)
                pictures.append(self.shown())
        self.assertEqual(*pictures)

    @many(40)
    @given(books())
    def test_nothing_is_lost_and_sums_are_of_their_lines(self, found):
        with self.example():
            self.bring_books(found)
            documents = self.sold(found)
            transactions = self.env["xero.transaction"].search([])
            self.assertEqual(set(transactions.mapped("xero_id")), set(documents))
            for row in transactions:
                kind, document = documents[row.xero_id]
                lines = rows(document.get("LineItems"))
                self.assertEqual(len(row.line_ids), len(lines))
                self.assertEqual(row.total, number(document.get("Total")) or 0.0)
                self.check_lines(row, lines)
                self.check_base(row, kind)

    def sold(self, found):
        return {
            row[DOCUMENT_KINDS[resource].id_name]: (DOCUMENT_KINDS[resource], row)
            for resource, row in found
            if resource in DOCUMENT_KINDS and is_sold(DOCUMENT_KINDS[resource], row)
        }

    def check_lines(self, row, lines):
        amounts = [number(record(line).get("LineAmount")) or 0.0 for line in lines]
        taxes = [number(record(line).get("TaxAmount")) or 0.0 for line in lines]
        net = sum(amounts)
        if row.line_amount_types == "Inclusive":
            net -= sum(taxes)
        found = sum(row.line_ids.mapped("net_amount"))
        scale = max(map(abs, [1.0, *amounts, *taxes]))
        self.assertAlmostEqual(found / scale, net / scale, 3)

    def check_base(self, row, kind):
        sign = -1 if kind.is_credit else 1
        if row.currency_code == "NZD":
            self.assertEqual(row.base_total, sign * row.total)
            self.assertEqual(
                sum(row.line_ids.mapped("base_net")),
                sign * sum(row.line_ids.mapped("net_amount")),
            )
        else:
            self.assertFalse(row.base_total)
        if row.status != "AUTHORISED":
            self.assertTrue(float_is_zero(row.base_open, 6))
