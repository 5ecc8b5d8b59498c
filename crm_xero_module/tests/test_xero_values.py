# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import datetime

from odoo.tests import BaseCase

from odoo.addons.crm_xero_module.services.xero.fields import (
    fields_of,
    is_individual,
    phone_of,
)
from odoo.addons.crm_xero_module.services.xero.organisation import iana_zone
from odoo.addons.crm_xero_module.services.xero.values import (
    flag,
    load_json,
    moment,
    number,
    text,
)

from .common import contact, person, phone


class TestXeroValues(BaseCase):
    """Xero's JSON values, also the odd ones."""

    def test_dates_are_utc_whatever_offset_is_shown(self):
        day = datetime(2015, 8, 13, 3, 26, 30)
        self.assertEqual(moment("/Date(1439436390000)/"), day)
        self.assertEqual(moment("/Date(1439436390000+1300)/"), day)
        self.assertEqual(moment("2015-08-13T03:26:30Z"), day)
        self.assertEqual(moment("2015-08-13T05:26:30.1234567+02:00").hour, 3)

    def test_odd_dates(self):
        self.assertEqual(moment("/Date(0+0000)/"), datetime(1970, 1, 1))
        self.assertEqual(moment("/Date(-86400000)/"), datetime(1969, 12, 31))
        for odd in ("/Date(99999999999999999)/", "soon", "", None, 5, {}):
            self.assertIsNone(moment(odd))

    def test_numbers_and_flags_in_quotes(self):
        self.assertEqual(number("12.50"), 12.5)
        self.assertIsNone(number("n/a"))
        self.assertIsNone(number("1e400"))
        self.assertIsNone(number(None))
        self.assertTrue(flag("True"))
        self.assertFalse(flag("no"))
        self.assertFalse(flag(None))

    def test_texts_lose_blanks_only(self):
        self.assertEqual(text("  a \n b "), "a b")
        self.assertIsNone(text("   "))
        self.assertIsNone(text({"a": 1}))
        self.assertEqual(text(12), "12")

    def test_what_postgresql_refuses_is_cleaned(self):
        body = json.dumps({"N": "a\x00b\x07\ud800\U0001f600\tc", "x": float("nan")})
        self.assertEqual(load_json(body.encode()), {"N": "ab\U0001f600\tc", "x": None})
        self.assertEqual(load_json(b'{"N": "a\x01b", "y": 1e999}')["N"], "ab")

    def test_phones_are_composed(self):
        one = contact(1, Phones=[phone("MOBILE", "123 456", "021", "+64")])
        self.assertEqual(phone_of(one, "MOBILE"), "+64 (021) 123 456")
        self.assertIsNone(phone_of(one, "FAX"))
        self.assertIsNone(phone_of({"Phones": None}, "FAX"))

    def test_every_source_field_reads_an_empty_record(self):
        someone = {
            "xero_id": "x",
            "position": 0,
            "first_name": None,
            "last_name": None,
            "email": None,
            "include_in_emails": False,
        }
        for odd in ({}, {"Addresses": "x", "Phones": [None], "Balances": []}):
            for source in ("organisation", "contact", "item"):
                for field in fields_of(source).values():
                    self.assertIn(field.read(odd, someone), (None, "x", False, 0.0))

    def test_the_seeds_names_can_be_chosen(self):
        organisation = fields_of("organisation")
        for name in ("Name", "LegalName", "ContactID", "WebSite", "DirectDial"):
            self.assertIn(name, organisation)
        of_contact = fields_of("contact")
        for name in ("Id", "Organisation", "FirstName", "SkypeUserName", "Region"):
            self.assertIn(name, of_contact)
        self.assertNotIn("TaxNumber", of_contact)

    def test_who_is_one_human(self):
        names = {"FirstName": "Ada", "LastName": "Lovelace"}
        self.assertTrue(is_individual(contact(1, "Ada  LOVELACE", **names)))
        self.assertFalse(is_individual(contact(1, "Lovelace Ltd", **names)))
        self.assertFalse(is_individual(contact(1, "")))
        others = [person("Charles", "Babbage")]
        self.assertFalse(
            is_individual(contact(1, "Ada Lovelace", ContactPersons=others, **names))
        )

    def test_windows_zones(self):
        self.assertEqual(iana_zone("NEWZEALANDSTANDARDTIME"), "Pacific/Auckland")
        self.assertEqual(iana_zone("MARSSTANDARDTIME"), "MARSSTANDARDTIME")
