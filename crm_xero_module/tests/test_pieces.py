# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A page taken apart by its bytes, and what of it is passed over."""

import json
from datetime import timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_xero_module.services.mirror.contacts import land_contacts
from odoo.addons.crm_xero_module.services.xero.pieces import parse, pieces_of

from .common import READ_AT, XeroCase, contact, person, xero_id


def page(*records, key="Contacts", **options):
    envelope = {"Id": "1", "Status": "OK", key: list(records), "Last": [{"a": 1}]}
    return json.dumps(envelope, **options).encode()


def taken_apart(body, count):
    return pieces_of(body, "Contacts", "ContactID", count)


@tagged("post_install", "-at_install")
class TestPieces(BaseCase):
    def test_pieces_are_the_records_of_the_page(self):
        records = [
            contact(1, 'With {"ContactID": "x"} in its name, and \\" too'),
            contact(2, "Ünïcode 😀 漢字", ContactPersons=[person("Ana", "Li")]),
            contact(3, "}], {"),
        ]
        for options in ({}, {"indent": 2}, {"separators": (",", ":")}):
            for ascii_only in (True, False):
                body = page(*records, ensure_ascii=ascii_only, **options)
                pieces = taken_apart(body, 3)
                self.assertEqual(list(pieces), [xero_id(n) for n in (1, 2, 3)])
                self.assertEqual(parse(pieces.values()), records)

    def test_a_type_may_stand_before_the_id(self):
        records = [
            {"Type": "ACCREC", "InvoiceID": xero_id(1), "Contact": contact(2)},
            {"Type": "", "InvoiceID": xero_id(3)},
            {"InvoiceID": xero_id(4), "Type": "ACCREC"},
        ]
        for options in ({}, {"indent": 2}, {"separators": (",", ":")}):
            body = page(*records, key="Invoices", **options)
            pieces = pieces_of(body, "Invoices", "InvoiceID", 3)
            self.assertEqual(list(pieces), [xero_id(n) for n in (1, 3, 4)])
            self.assertEqual(parse(pieces.values()), records)
            self.assertTrue(pieces[xero_id(1)].body.startswith(b"{"))

    def test_digest_is_of_the_record_alone(self):
        one = taken_apart(page(contact(1), contact(2)), 2)
        other = taken_apart(page(contact(2), contact(3), contact(1, "New")), 3)
        self.assertEqual(one[xero_id(2)], other[xero_id(2)])
        self.assertNotEqual(one[xero_id(1)].digest, other[xero_id(1)].digest)

    def test_a_page_that_is_not_certain_is_read_whole(self):
        late = {"Name": "Id comes late", **contact(1)}
        del late["ContactStatus"]
        for records, count in (
            ([contact(1), contact(2)], 3),
            ([contact(1), contact(1, "Twice")], 2),
            ([contact(1), dict(contact(2), ContactID="")], 2),
            ([contact(1), dict(contact(2), ContactID="x" * 101)], 2),
            ([contact(1), "no record"], 2),
            ([contact(1, Nested={"ContactID": xero_id(2)})], 1),
            ([contact(1, Nested={"Type": "X", "ContactID": xero_id(2)})], 1),
            ([dict(sorted(late.items(), reverse=True))], 1),
            ([], 0),
        ):
            with self.subTest(records=records):
                self.assertIsNone(taken_apart(page(*records), count))
        other_list = page(contact(1), key="Others")
        self.assertIsNone(taken_apart(other_list, 1))
        no_comma = page(contact(1), contact(2)).replace(
            b', {"ContactID"', b' {"ContactID"'
        )
        self.assertIsNone(taken_apart(no_comma, 2))

    def test_a_broken_page_is_an_error(self):
        body = page(contact(1), contact(2))
        for broken in (body[:-1], body[: body.rindex(b"]")], body + b"x"):
            with self.subTest(broken=broken[-20:]), self.assertRaises(ValueError):
                taken_apart(broken, 2)


class TestLandedPieces(XeroCase):
    def land_page(self, *records, after=0, **options):
        body = page(*records, **options)
        pieces = taken_apart(body, len(records))
        read_at = READ_AT + timedelta(minutes=after)
        return land_contacts(self.connection.sudo(), pieces, read_at)

    def test_what_is_known_is_passed_over(self):
        first = self.land_page(contact(1), contact(2))
        self.assertEqual((first.seen, first.changed), (2, 2))
        before = self.mirror(1).change_seq
        with self.assertQueryCount(1):
            again = self.land_page(contact(2), contact(1), after=1)
        self.assertEqual((again.seen, again.changed), (2, 0))
        self.env.invalidate_all()
        self.assertEqual(self.mirror(1).change_seq, before)

    def test_what_changed_comes_and_comes_back(self):
        self.land_page(contact(1, "One"), contact(2))
        changed = self.land_page(contact(1, "Two"), contact(2), after=1)
        self.assertEqual((changed.seen, changed.changed), (2, 1))
        self.assertEqual(self.mirror(1).name, "Two")
        self.assertEqual(self.land_page(contact(1, "One"), after=2).changed, 1)
        self.assertEqual(self.mirror(1).name, "One")

    def test_an_older_page_changes_nothing(self):
        self.land_page(contact(1, "Old"))
        self.land_page(contact(1, "New"), after=2)
        self.assertEqual(self.land_page(contact(1, "Old"), after=1).changed, 0)
        self.assertEqual(self.mirror(1).name, "New")
        self.assertEqual(self.land_page(contact(1, "New"), after=3).changed, 0)

    def test_the_same_written_otherwise_is_no_change(self):
        self.land_page(contact(1))
        before = self.mirror(1).change_seq
        self.assertEqual(self.land_page(contact(1), after=1, indent=1).changed, 0)
        self.env.invalidate_all()
        self.assertEqual(self.mirror(1).change_seq, before)
        with self.assertQueryCount(1):
            self.land_page(contact(1), after=2, indent=1)

    def test_a_record_without_bytes_of_its_own_is_told_from_the_old_ones(self):
        self.land_page(contact(1, "One"))
        before = self.mirror(1).digest
        self.land(contact(1, "Two"), read_at=READ_AT + timedelta(minutes=1))
        self.assertNotEqual(self.mirror(1).digest, before)
        self.assertEqual(self.land_page(contact(1, "One"), after=2).changed, 1)
        self.assertEqual(self.mirror(1).name, "One")
