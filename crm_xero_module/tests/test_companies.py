# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import XeroCase, address, contact, person, phone, xero_id


class TestCompanies(XeroCase):
    """Xero contacts as CRM companies, by the ready-made import."""

    def test_every_row_of_the_usual_import(self):
        lines = self.bring(
            contact(
                1,
                "Bayside Club",
                TaxNumber="51 824 753 556",
                Website="http://bayside.example.com",
                Addresses=[
                    address(
                        line1="P O Box 3354",
                        AddressLine2="South Mailing Centre",
                        AddressLine3="Building 4",
                        City="Oaktown",
                        Region="NSW",
                        PostalCode="2009",
                        Country="Australia",
                    ),
                    address("STREET", "150 Harbour Street"),
                ],
                Phones=[
                    phone("DEFAULT", "4411 2233", "02", "61"),
                    phone("FAX", "4411 2244", "02"),
                ],
            )
        )
        partner = self.partner(1)
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "Bayside Club",
                    "is_company": True,
                    "ref": xero_id(1),
                    "street": "P O Box 3354",
                    "street2": "South Mailing Centre",
                    "xero_street3": "Building 4",
                    "city": "Oaktown",
                    "zip": "2009",
                    "country_id": self.env.ref("base.au").id,
                    "state_id": self.env.ref("base.state_au_2").id,
                    "phone": "+61 (02) 4411 2233",
                    "website": "http://bayside.example.com",
                }
            ],
        )
        self.assertEqual(partner[self.fax_field()], "(02) 4411 2244")
        self.assertEqual(partner.vat.replace(" ", ""), "51824753556")
        self.assertFalse(lines)
        self.assertEqual(self.mirror(1).link_state, "linked")
        self.assertTrue(self.mirror(1).is_leading)

    def fax_field(self):
        return "fax" if "fax" in self.env["res.partner"]._fields else "xero_fax"

    def test_the_street_address_where_there_is_no_postal_one(self):
        self.bring(
            contact(1, Addresses=[address("POBOX", ""), address("STREET", "9 Quay")])
        )
        self.assertEqual(self.partner(1).street, "9 Quay")

    def test_the_direct_dial_where_there_is_no_phone(self):
        self.bring(contact(1, Phones=[phone("DEFAULT", ""), phone("DDI", "77")]))
        self.assertEqual(self.partner(1).phone, "77")

    def test_coming_twice_changes_nothing(self):
        page = [contact(n, Phones=[phone()]) for n in range(20)]
        self.bring(*page)
        before = self.partners.search_count([])
        with self.count_partner_writes() as written:
            landed = self.land(*page)
            self.import_all()
        self.assertEqual(landed.changed, 0)
        self.assertEqual(written, [])
        self.assertEqual(self.partners.search_count([]), before)

    def test_running_the_import_again_writes_no_partner(self):
        self.bring(*[contact(n, Phones=[phone()], Website="a.nz") for n in range(20)])
        self.companies.position = self.contacts.position = 0
        with self.count_partner_writes() as written:
            self.import_all()
        self.assertEqual(written, [])
        self.assertEqual(self.sync_run.unchanged_count, 20)

    def test_supplier_only_contacts_do_not_come(self):
        self.bring(
            contact(1, IsCustomer=False, IsSupplier=True),
            contact(2, IsCustomer=True, IsSupplier=True),
            contact(3, IsCustomer=False, IsSupplier=False),
        )
        self.assertFalse(self.partner(1))
        self.assertTrue(self.partner(2))
        self.assertTrue(self.partner(3))

    def test_archived_contacts_are_not_made_but_go_on(self):
        lines = self.bring(contact(1, ContactStatus="ARCHIVED"), contact(2))
        self.assertFalse(self.partner(1))
        self.assertFalse(lines)
        self.bring(contact(2, "Renamed", ContactStatus="ARCHIVED"))
        self.assertEqual(self.partner(2).name, "Renamed")

    def test_one_human_becomes_an_individual(self):
        self.bring(
            contact(
                1,
                "ada lovelace",
                FirstName="Ada",
                LastName="Lovelace",
                Phones=[phone()],
            )
        )
        partner = self.partner(1)
        self.assertFalse(partner.is_company)
        self.assertFalse(partner.parent_id)
        self.assertFalse(partner.child_ids)
        self.assertEqual(partner.xero_last_name, "Lovelace")
        self.assertEqual(self.persons(1).partner_id, partner)

    def test_a_name_with_other_persons_is_a_company(self):
        self.bring(
            contact(
                1,
                "Ada Lovelace",
                FirstName="Ada",
                LastName="Lovelace",
                ContactPersons=[person("Charles", "Babbage")],
            )
        )
        self.assertTrue(self.partner(1).is_company)
        self.assertEqual(len(self.partner(1).child_ids), 2)

    def test_the_key_finds_the_customer_that_is_there(self):
        there = self.partners.create({"name": "Known", "ref": xero_id(1).upper()})
        self.bring(contact(1, "Xero's Name", Phones=[phone()]))
        self.assertEqual(self.partner(1), there)
        self.assertEqual(there.phone, "555 1234")
        self.assertEqual(there.name, "Known", "what a person typed stays")

    def test_a_normalised_key(self):
        line = self.companies.mapping_ids.filtered(lambda m: m.target_field == "vat")
        self.companies.mapping_ids.is_key = False
        line.is_key = True
        there = self.partners.create({"name": "Known", "vat": "51824753556"})
        self.bring(contact(1, TaxNumber="51 824 753 556"))
        self.assertEqual(self.partner(1), there)

    def test_two_customers_with_one_key_are_a_conflict(self):
        both = self.partners.create(
            [{"name": "A", "ref": xero_id(1)}, {"name": "B", "ref": xero_id(1)}]
        )
        line = self.bring(contact(1), contact(2))
        self.assertEqual(line.code, "key_conflict")
        self.assertEqual(line.outcome, "conflict")
        self.assertIn(f"#{both[0].id}", line.reason)
        self.assertFalse(self.partner(1))
        self.assertTrue(self.partner(2))

    def test_two_contacts_with_one_key_make_one_customer(self):
        self.companies.mapping_ids.is_key = False
        self.companies.mapping_ids.create(
            {
                "profile_id": self.companies.id,
                "target_field": "email",
                "source_fields": "EmailAddress",
                "is_key": True,
            }
        )
        self.bring(
            contact(1, EmailAddress="info@club.nz"),
            contact(2, EmailAddress="INFO@club.nz "),
        )
        self.assertTrue(self.partner(1))
        self.assertEqual(self.partner(1), self.partner(2))
        self.assertEqual(self.mirror(1).is_leading, True)
        self.assertEqual(self.mirror(2).is_leading, False)
        self.bring(contact(2, "Other", EmailAddress="info@club.nz"))
        self.assertEqual(self.partner(1).name, "Company 1", "the other one leads")

    def test_import_never_changes_and_update_never_creates(self):
        there = self.partners.create({"name": "Known", "ref": xero_id(1)})
        self.companies.mode = "import"
        self.bring(contact(1, Phones=[phone()]), contact(2))
        self.assertFalse(there.phone)
        self.assertTrue(self.partner(2))
        self.companies.mode = "update"
        self.companies.position = 0
        self.bring(contact(3))
        self.assertEqual(there.phone, "555 1234")
        self.assertFalse(self.partner(3))

    def test_after_a_merge_in_odoo_one_contact_leads(self):
        self.bring(contact(1), contact(2))
        kept, gone = self.partner(1), self.partner(2)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (kept | gone).ids, dst_partner=kept
        )
        self.env.invalidate_all()
        self.assertEqual(self.partner(2), kept)
        self.bring(contact(1, "First"), contact(2, "Second"))
        self.assertEqual(kept.name, "First")
        self.assertEqual(self.mirror(2).is_leading, False)
