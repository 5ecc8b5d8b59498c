# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase
from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.imports.keys import (
    Found,
    Key,
    normal_sql,
    normal_texts,
    records_by_key,
    vat_key,
)
from odoo.addons.crm_xero_module.services.imports.plan import Planner
from odoo.addons.crm_xero_module.services.mapping.targets import COMPANY

from .common import XeroCase, address, contact, person, phone, xero_id

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# Written differently, and one key.
SAME = {
    "ref": [
        ("ACC-1", " acc-1 "),
        ("A  B", "a\u00a0b"),
        ("A\tB\n", "a b"),
        ("\u200eABC\u200f", "abc"),
        ("\ufeffA\u200bB\u00adC", "abc"),
        ("ＡＢＣ１", "abc1"),
        ("ﬁn", "FIN"),
        ("e\u0301", "é"),
        ("Ä-1", "ä-1"),
        ("ΑΒΓ", "αβγ"),
        ("שלום 1", "\u202bשלום\u202c 1"),
        ("<b>%s</b>", "<B>%S</B>"),
        ("😀X", "😀x"),
        ("a\\b'\"", "A\\B'\""),
    ],
    "email": [("Info@Club.NZ", "info@club.nz "), ("info@club.nz", "ｉｎｆｏ@club.nz")],
    "phone": [
        ("+64 (9) 555-1234", "6495551234"),
        ("555 1234", "555 1234".translate(FULL_WIDTH)),
        ("555.12.34", "\u202d5551234"),
    ],
    "website": [
        ("http://club.nz", "club.nz"),
        ("https://www.Club.nz/", "CLUB.nz"),
        ("http://club.nz/a/", "club.nz/a"),
    ],
    "vat": [
        ("51 824 753 556", "51824753556"),
        ("be-0477.472.701", "BE0477472701"),
        ("CHE-123.456.789", "che123456789".translate(FULL_WIDTH)),
    ],
}
OTHERS = {
    "ref": [("a b", "ab"), ("acc-1", "acc1"), ("e", "é"), ("1", "01"), ("%", "x")],
    "email": [("info@club.nz", "info@clubnz"), ("a.b@c.nz", "ab@c.nz")],
    "phone": [("555 1234", "555 12345")],
    "website": [("club.nz", "club.nz/a"), ("http://club.nz", "http://klub.nz")],
    "vat": [("51824753556", "51824753557")],
}
# Nothing that could be compared.
EMPTY = {
    "ref": ["", " ", "\u200b", "\u00a0\t"],
    "phone": ["n/a", "+ ()"],
    "vat": ["/", "-"],
}


class TestNormalForm(XeroCase):
    """One key, however it was written, by Xero or in the CRM."""

    def found(self, field, there, wanted):
        partner = self.partners.create({"name": "There"})
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET %s = %s WHERE id = %s RETURNING id",
                SQL.identifier(field.name),
                there,
                partner.id,
            )
        )
        texts = normal_texts(self.env, field, {wanted})
        keys = {Key(text) for text in texts.values()}
        company = self.connection.company_id
        found = records_by_key(self.partners, company, COMPANY, field, keys)
        return partner.id in {p.id for some in found.values() for p in some}

    def assertFound(self, pairs, expected):
        for name, couples in pairs.items():
            field = self.partners._fields[name]
            for one, other in couples:
                for there, wanted in ((one, other), (other, one), (one, one)):
                    with self.subTest(field=name, there=there, wanted=wanted):
                        same = there == wanted
                        found = self.found(field, there, wanted)
                        self.assertEqual(found, expected or same)

    def test_written_differently_and_one_key(self):
        self.assertFound(SAME, True)

    def test_other_keys(self):
        self.assertFound(OTHERS, False)

    def test_nothing_to_compare(self):
        for name, values in EMPTY.items():
            field = self.partners._fields[name]
            for value in values:
                with self.subTest(field=name, value=value):
                    self.assertEqual(normal_texts(self.env, field, {value}), {})
                    self.assertFalse(self.found(field, value, value))

    def test_long_texts(self):
        field = self.partners._fields["ref"]
        self.assertTrue(self.found(field, "X" * 10_000, "x" * 10_000))
        self.assertFalse(self.found(field, "X" * 10_000, "x" * 9_999))

    def test_a_batchs_keys_are_looked_up_in_an_index(self):
        model = self.partners.create({"name": "There"})
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO res_partner
            SELECT (jsonb_populate_record(model, jsonb_build_object(
                       'id', nextval('res_partner_id_seq'), 'name', n, 'email', n,
                       'phone', n, 'ref', n, 'vat', n, 'xero_id', n))).*
              FROM res_partner AS model, generate_series(1, 3000) AS n
             WHERE model.id = %s;
            ANALYZE res_partner
            """,
            [model.id],
        )
        for name in sorted(COMPANY.indexed):
            field = self.partners._fields[name]
            condition = normal_sql(field, SQL.identifier(name))
            self.env.cr.execute(
                SQL(
                    "EXPLAIN SELECT id FROM res_partner WHERE %s = ANY(%s)",
                    condition,
                    ["a", "b"],
                )
            )
            plan = " ".join(row[0] for row in self.env.cr.fetchall())
            with self.subTest(field=name):
                self.assertRegex(plan, f"res_partner_+xero_(key_{name}_idx|id_index)")


class TestVatKey(BaseCase):
    """A tax number with its country's prefix and without."""

    def is_of(self, number, country, there, there_country=None):
        key = vat_key(number, country)
        found = Found(1, there, True, "There", country=there_country)
        return there in key.forms and key.is_of(found)

    def test_same_number(self):
        for number, country, there, there_country in (
            ("be0477472701", "be", "0477472701", "be"),
            ("be0477472701", None, "0477472701", "be"),
            ("be0477472701", None, "0477472701", None),
            ("0477472701", "be", "be0477472701", None),
            ("0477472701", "be", "be0477472701", "lu"),
            ("0477472701", "be", "0477472701", None),
            ("0477472701", None, "0477472701", "be"),
            ("el123456789", "el", "123456789", "el"),
            ("51824753556", "au", "51824753556", "au"),
            ("esb12345678", "es", "b12345678", "es"),
        ):
            with self.subTest(number=number, country=country, there=there):
                self.assertTrue(self.is_of(number, country, there, there_country))

    def test_another_number(self):
        for number, country, there, there_country in (
            ("be0477472701", "be", "0477472701", "lu"),
            ("de123456789", None, "at123456789", None),
            ("de123456789", None, "123456789", "at"),
            ("0477472701", None, "be0477472701", "be"),
            # The letters are the number's own.
            ("sc123456", "gb", "123456", None),
        ):
            with self.subTest(number=number, country=country, there=there):
                self.assertFalse(self.is_of(number, country, there, there_country))


class KeyCase(XeroCase):
    def set_key(self, field, sources, profile=None):
        """Make a pair the key, which it was not; the line."""
        profile = profile or self.companies
        profile.mapping_ids.is_key = False
        lines = profile.mapping_ids
        line = lines.filtered(lambda line: line.target_field == field)
        if line:
            line.write({"source_fields": sources, "is_key": True})
            return line
        return lines.create(
            {
                "profile_id": profile.id,
                "target_field": field,
                "source_fields": sources,
                "is_key": True,
            }
        )

    def there(self, name="There", **values):
        return self.partners.create({"name": name, "is_company": True, **values})


class TestKeyFields(KeyCase):
    """Any mapped pair can be the key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = cls.env["ir.model"]._get("res.partner")
        cls.env["ir.model.fields"].sudo().create(
            [
                {"model_id": model.id, "name": name, "ttype": kind, **values}
                for name, kind, values in (
                    ("x_code", "char", {}),
                    ("x_note", "text", {}),
                    ("x_number", "integer", {}),
                    ("x_rate", "float", {}),
                    ("x_day", "date", {}),
                    (
                        "x_kind",
                        "selection",
                        {"selection": "[('ACTIVE', 'On'), ('ARCHIVED', 'Off')]"},
                    ),
                )
            ]
        )
        cls.partners = cls.env["res.partner"].with_context(active_test=False)

    def assertKey(self, field, sources, held, other, **values):
        there = self.there(**{field: held})
        self.there("Other", **{field: other})
        self.set_key(field, sources)
        lines = self.bring(contact(1, **values))
        self.assertEqual(self.partner(1), there)
        self.assertFalse(lines)

    def test_a_custom_text(self):
        self.assertKey("x_code", "AccountNumber", "ac-1", "ac-2", AccountNumber="AC-1")

    def test_a_long_text(self):
        self.assertKey("x_note", "AccountNumber", "ac-1", "ac-2", AccountNumber="AC-1")

    def test_a_number(self):
        self.assertKey("x_number", "AccountNumber", 7, 8, AccountNumber="7")

    def test_a_fraction(self):
        self.assertKey("x_rate", "Discount", 0.1, 0.2, Discount=0.1)

    def test_a_date(self):
        self.assertKey(
            "x_day",
            "UpdatedDateUTC",
            "2025-11-20",
            "2025-11-21",
            UpdatedDateUTC="/Date(1763632800000+0000)/",
        )

    def test_a_choice(self):
        self.assertKey("x_kind", "ContactStatus", "ACTIVE", "ARCHIVED")

    def test_a_number_that_is_none(self):
        self.set_key("x_number", "AccountNumber")
        self.there(x_number=0)
        for number in ("", "0", "seven", "1e400", "9" * 400, "nan"):
            self.land(contact(1, AccountNumber=number))
            with self.subTest(number=number):
                [row] = self.plan_rows()
                self.assertIsNone(row.key)

    def plan_rows(self):
        planner = Planner(self.companies.sudo(), self.env)
        return planner.plan(planner.rows(SQL("TRUE")))


class TestKey(KeyCase):
    """Whose record a contact is, by the key."""

    def test_a_phone(self):
        self.set_key("phone", "Phone")
        there = self.there(phone="+64 9 555 1234")
        self.bring(
            contact(1, Phones=[phone(number="555 1234", area="9", country="64")])
        )
        self.assertEqual(self.partner(1), there)

    def test_a_tax_number_without_its_prefix(self):
        self.set_key("vat", "TaxNumber")
        there = self.there(vat="BE0477472701")
        other = self.there(vat="LU26375245")
        self.bring(
            contact(1, TaxNumber="0477472701", Addresses=[address(Country="Belgium")]),
            contact(2, TaxNumber="26375245", Addresses=[address(Country="Belgium")]),
            contact(3, TaxNumber="26375245", Addresses=[address(Country="Atlantis")]),
        )
        self.assertEqual(self.partner(1), there)
        self.assertNotEqual(self.partner(2), other)
        self.assertNotEqual(self.partner(3), other)

    def test_a_website_that_odoo_gave_a_scheme(self):
        self.set_key("website", "WebSite")
        self.bring(contact(1, Website="club.nz"))
        self.bring(contact(2, Website="https://www.club.nz/"))
        self.assertEqual(self.partner(1), self.partner(2))

    def test_one_tax_number_in_one_batch_and_in_two(self):
        self.set_key("vat", "TaxNumber")
        home = {"Addresses": [address(Country="Belgium")]}
        numbers = [
            contact(1, TaxNumber="0477472701"),
            contact(2, TaxNumber="BE 0477 472 701", **home),
            contact(3, TaxNumber="0477472701", **home),
            contact(4, TaxNumber="0477.472.701"),
        ]
        for batches in (1, 4):
            with self.subTest(batches=batches), self.env.cr.savepoint() as savepoint:
                step = 4 // batches
                for start in range(0, 4, step):
                    self.bring(*numbers[start : start + step])
                self.assertEqual(len({self.partner(n) for n in range(1, 5)}), 1)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_default_is_no_key(self):
        self.set_key("email", "EmailAddress").default_value = "info@club.nz"
        there = self.there(email="info@club.nz")
        self.bring(contact(1), contact(2))
        self.assertEqual(len(self.partner(1) | self.partner(2) | there), 3)

    def test_without_a_key_value_each_is_a_record_of_its_own(self):
        self.set_key("email", "EmailAddress")
        self.there()
        self.bring(contact(1), contact(2, EmailAddress=" "))
        self.assertEqual(len(self.partner(1) | self.partner(2)), 2)
        self.assertTrue(self.mirror(2).is_leading)

    def test_the_link_goes_before_the_key(self):
        self.bring(contact(1))
        mine = self.partner(1)
        self.set_key("email", "EmailAddress")
        self.there(email="info@club.nz")
        self.bring(contact(1, EmailAddress="info@club.nz"))
        self.assertEqual(self.partner(1), mine)

    def test_persons_and_addresses_of_a_company_are_not_the_company(self):
        self.set_key("email", "EmailAddress")
        company = self.there(email="info@club.nz")
        self.partners.create(
            [
                {"name": "Ann", "parent_id": company.id, "email": "info@club.nz"},
                {
                    "name": "Shop",
                    "parent_id": company.id,
                    "type": "delivery",
                    "email": "info@club.nz",
                },
            ]
        )
        lines = self.bring(contact(1, EmailAddress="info@club.nz"))
        self.assertEqual(self.partner(1), company)
        self.assertFalse(lines)

    def test_an_archived_namesake_does_not_stand_in_the_way(self):
        old = self.there(ref=xero_id(1), active=False)
        there = self.there(ref=xero_id(1))
        self.bring(contact(1))
        self.assertEqual(self.partner(1), there)
        self.assertFalse(old.active)

    def test_who_was_archived_is_not_made_again(self):
        old = self.there(ref=xero_id(1), active=False)
        line = self.bring(contact(1))
        self.assertEqual(line.code, "record_archived")
        self.assertEqual(self.mirror(1).link_state, "ignored")
        self.assertEqual(self.partners.search([("ref", "=ilike", xero_id(1))]), old)

    def test_an_ignored_contact_stays_so_though_its_key_is_there(self):
        self.bring(contact(1))
        self.partner(1).unlink()
        self.env.invalidate_all()
        self.bring(contact(1, "Gone"))
        there = self.there(ref=xero_id(1))
        self.bring(contact(1, "Still gone"))
        self.assertFalse(self.partner(1))
        self.assertEqual(there.name, "There")

    def test_a_conflict_names_all_and_nothing_is_guessed(self):
        both = self.there(ref=xero_id(1)) | self.there("Two", ref=xero_id(1).upper())
        line = self.bring(contact(1))
        self.assertEqual((line.code, line.outcome), ("key_conflict", "conflict"))
        for partner in both:
            self.assertIn(f"{partner.name} (#{partner.id})", line.reason)
        self.assertEqual(both.mapped("name"), ["There", "Two"])
        both[1].ref = False
        self.import_all()
        self.assertFalse(self.partner(1), "seen, and unchanged since")
        line.action_retry()
        self.assertEqual(self.partner(1), both[0])

    def test_a_partner_of_another_company_is_not_this_ones(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.admin.sudo().company_ids |= other
        there = self.there(ref=xero_id(1), company_id=other.id)
        self.bring(contact(1))
        self.assertTrue(self.partner(1))
        self.assertNotEqual(self.partner(1), there)

    def test_a_partner_of_this_company_is(self):
        there = self.there(ref=xero_id(1), company_id=self.connection.company_id.id)
        self.bring(contact(1))
        self.assertEqual(self.partner(1), there)

    def break_key(self, field):
        """What becomes of a key whose field is gone, or is another one now."""
        self.set_key("email", "EmailAddress")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_import_mapping SET target_field = %s WHERE is_key"
            " AND profile_id = %s",
            [field, self.companies.id],
        )
        self.env.invalidate_all()

    def test_a_key_that_can_be_none_breaks_the_import(self):
        self.break_key("comment")
        self.bring(contact(1))
        self.assertEqual(self.sync_run.code, "profile_broken")
        self.assertIn("cannot be a key", self.sync_run.message)
        self.assertFalse(self.partner(1))

    def test_a_broken_key_breaks_the_import_alone(self):
        self.break_key("x_gone")
        self.bring(contact(1, ContactPersons=[person("Ann", "Lee")]))
        self.assertEqual(self.sync_run.line_ids.mapped("code"), ["company_missing"])
