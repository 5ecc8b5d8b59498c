# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import XeroCase, contact, person, phone, xero_id

ANN = person("Ann", "Lee", "ann@club.nz")


class TestModes(XeroCase):
    """Import never changes what exists, Update never creates."""

    def club(self, number, *persons, **values):
        return contact(
            number, **{"Phones": [phone()], "ContactPersons": list(persons), **values}
        )

    def set_mode(self, mode):
        (self.companies | self.contacts).mode = mode

    def there(self):
        return self.partners.create(
            {"name": "There", "ref": xero_id(1), "is_company": True}
        )

    def test_import_links_what_is_there_and_leaves_it(self):
        self.set_mode("import")
        there = self.there()
        self.env.flush_all()
        with self.count_partner_writes() as written:
            lines = self.bring(self.club(1))
        self.assertEqual(written, [])
        self.assertFalse(lines)
        self.assertEqual(self.partner(1), there)
        self.assertFalse(there.phone)
        self.assertEqual(self.sync_run.updated_count, 0)

    def test_import_never_changes_what_it_made(self):
        self.set_mode("import")
        self.bring(self.club(1, ANN))
        partner = self.partner(1)
        with self.count_partner_writes() as written:
            self.bring(
                self.club(
                    1,
                    person("Ann", "Kirk", "ann@club.nz"),
                    Name="Renamed",
                    Phones=[phone(number="2")],
                )
            )
        self.assertEqual(written, [])
        self.assertEqual((partner.name, partner.phone), ("Company 1", "555 1234"))
        self.assertEqual(partner.child_ids.name, "Ann Lee")

    def test_import_makes_what_is_new(self):
        self.set_mode("import")
        there = self.there()
        self.bring(self.club(1, ANN), self.club(2, person("Cy", "Hay")))
        self.assertEqual(there.child_ids.name, "Ann Lee")
        self.assertEqual(self.partner(2).child_ids.name, "Cy Hay")

    def test_import_of_one_key_twice_in_one_batch_and_in_two(self):
        self.set_mode("import")
        line = self.companies.mapping_ids.filtered(lambda m: m.target_field == "phone")
        line.is_key = True
        (self.companies.mapping_ids - line).is_key = False
        self.bring(self.club(1), self.club(2))
        self.bring(self.club(3))
        self.assertEqual(len(self.partner(1) | self.partner(2) | self.partner(3)), 1)
        leads = [self.mirror(n).is_leading for n in (1, 2, 3)]
        self.assertEqual(leads, [True, False, False])

    def test_what_import_left_is_fed_once_the_mode_says_so(self):
        self.set_mode("import")
        there = self.there()
        self.bring(self.club(1))
        self.set_mode("import_update")
        self.companies.position = 0
        self.import_all()
        self.assertEqual((there.name, there.phone), ("There", "555 1234"))

    def test_update_never_creates(self):
        self.set_mode("update")
        there = self.there()
        before = self.partners.search_count([])
        lines = self.bring(self.club(1, ANN), self.club(2, ANN))
        self.assertEqual(self.partners.search_count([]), before)
        self.assertEqual(there.phone, "555 1234")
        self.assertFalse(self.partner(2))
        self.assertFalse(there.child_ids)
        self.assertEqual(set(lines.mapped("code")), {"company_missing"})

    def test_import_and_update_does_both(self):
        there = self.there()
        self.bring(self.club(1), self.club(2))
        self.assertEqual(there.phone, "555 1234")
        self.assertTrue(self.partner(2))


class TestMinimumData(XeroCase):
    """What lacks the least that a record needs is told, and the rest comes."""

    def line(self, field, profile=None):
        lines = (profile or self.companies).mapping_ids
        return lines.filtered(lambda line: line.target_field == field)

    def test_a_company_needs_a_name(self):
        lines = self.bring(contact(1, " "), contact(2))
        self.assertEqual(lines.mapped("code"), ["name_missing"])
        self.assertFalse(self.partner(1))
        self.assertTrue(self.partner(2))

    def test_a_default_name_will_do(self):
        self.line("name").default_value = "Unnamed"
        self.assertFalse(self.bring(contact(1, "")))
        self.assertEqual(self.partner(1).name, "Unnamed")

    def test_a_company_needs_a_name_whatever_is_mapped(self):
        self.line("name").unlink()
        lines = self.bring(contact(1))
        self.assertEqual(lines.mapped("code"), ["name_missing"])

    def test_a_field_that_is_required(self):
        self.line("phone").is_required = True
        lines = self.bring(contact(1), contact(2, Phones=[phone()]))
        self.assertEqual(lines.mapped("code"), ["required_missing"])
        self.assertIn("Phone", lines.reason)
        self.assertTrue(self.partner(2))

    def test_what_does_not_fit_is_missing(self):
        self.line("country_id").is_required = True
        where = {"AddressType": "POBOX", "City": "X", "Country": "Atlantis"}
        lines = self.bring(contact(1, Addresses=[where]))
        self.assertEqual(lines.mapped("code"), ["required_missing"])
        self.assertFalse(self.partner(1))

    def test_a_record_that_is_there_goes_on_without(self):
        self.line("phone").is_required = True
        self.bring(contact(1, Phones=[phone()]))
        lines = self.bring(contact(1, "Renamed"))
        self.assertFalse(lines)
        self.assertEqual(self.partner(1).name, "Renamed")

    def test_a_contact_needs_a_last_name(self):
        lines = self.bring(
            contact(1, ContactPersons=[person("Ann", ""), person("", "Lee")])
        )
        self.assertEqual(lines.mapped("code"), ["last_name_missing"])
        self.assertEqual(self.partner(1).child_ids.mapped("name"), ["Lee"])

    def test_a_contact_named_by_a_line_of_its_own_needs_that(self):
        for field in ("xero_first_name", "xero_last_name"):
            self.line(field, self.contacts).unlink()
        self.contacts.mapping_ids.create(
            {
                "profile_id": self.contacts.id,
                "target_field": "name",
                "source_fields": "LastName",
            }
        )
        lines = self.bring(
            contact(1, ContactPersons=[person("Ann", ""), person("", "Lee")])
        )
        self.assertEqual(lines.mapped("code"), ["name_missing"])
        self.assertEqual(self.partner(1).child_ids.mapped("name"), ["Lee"])
