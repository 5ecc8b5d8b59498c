# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_xero_module.services.mirror.contacts import match_persons

from .common import XeroCase, address, contact, person, phone, xero_id


class TestPersons(XeroCase):
    """Persons of Xero contacts as CRM contacts, by the ready-made import."""

    def club(self, *others, **values):
        return contact(
            1,
            "Bayside Club",
            **{
                "FirstName": "Bob",
                "LastName": "Partridge",
                "EmailAddress": "bob@club.nz",
                "ContactPersons": list(others),
                **values,
            },
        )

    def test_every_row_of_the_usual_import(self):
        self.bring(
            self.club(
                Addresses=[address(City="Oaktown", Country="New Zealand")],
                Phones=[
                    phone("DEFAULT", "1"),
                    phone("DDI", "2"),
                    phone("MOBILE", "3"),
                    phone("FAX", "4"),
                ],
            )
        )
        bob = self.persons(1).partner_id
        company = self.partner(1)
        first, last = self.name_fields()
        self.assertRecordValues(
            bob,
            [
                {
                    "name": "Bob Partridge",
                    "xero_id": xero_id(1),
                    "parent_id": company.id,
                    first: "Bob",
                    last: "Partridge",
                    "email": "bob@club.nz",
                    "phone": "1",
                    "xero_direct_phone": "2",
                    "xero_mobile": "3",
                    "type": "contact",
                    "is_company": False,
                    "city": "Oaktown",
                    "country_id": self.env.ref("base.nz").id,
                }
            ],
        )
        self.assertFalse(bob.xero_skype)

    def name_fields(self):
        if "lastname" in self.env["res.partner"]._fields:
            return "firstname", "lastname"
        return "xero_first_name", "xero_last_name"

    def test_a_person_has_what_its_company_has(self):
        self.bring(
            self.club(
                person("Ann", "Lee"),
                TaxNumber="BE0477472701",
                Addresses=[address(City="Brussels", Country="Belgium")],
            )
        )
        company, children = self.partner(1), self.partner(1).child_ids
        self.assertEqual(len(children), 2)
        inherited = [*company._address_fields(), *company._commercial_fields()]
        for child in children:
            for name in inherited:
                if not company._fields[name].company_dependent:
                    self.assertEqual(child[name], company[name], name)

    def test_a_companys_new_address_is_its_persons_too(self):
        self.bring(self.club(Addresses=[address(City="Oaktown")]))
        self.bring(self.club(Addresses=[address(City="Napier")]))
        company = self.partner(1)
        self.assertEqual((company | company.child_ids).mapped("city"), ["Napier"] * 2)

    def test_importing_persons_leaves_the_company_as_it_is(self):
        self.bring(contact(1, "Bayside Club"))
        company = self.partner(1)
        self.bring(self.club(Addresses=[address("STREET", "")]))
        self.assertFalse(company.street)
        self.assertEqual(len(company.child_ids), 1)

    def test_the_phone_is_the_primary_persons(self):
        self.bring(self.club(person("Ann", "Lee", "ann@club.nz"), Phones=[phone()]))
        ann = self.partner(1).child_ids.filtered(lambda p: p.name == "Ann Lee")
        self.assertFalse(ann.phone)
        self.assertEqual(ann.xero_id, f"{xero_id(1)}/1")

    def test_no_last_name_is_told_and_the_rest_comes(self):
        lines = self.bring(self.club(person("Ann", ""), person("Cy", "Twombly")))
        self.assertRecordValues(
            lines,
            [
                {
                    "code": "last_name_missing",
                    "record_name": "Bayside Club, Ann",
                    "outcome": "skipped",
                    "state": "open",
                }
            ],
        )
        self.assertIn("last name", lines.reason)
        self.assertIn("sync again", lines.remedy)
        self.assertEqual(len(self.partner(1).child_ids), 2)

    def test_an_email_alone_is_no_person(self):
        lines = self.bring(contact(1, EmailAddress="info@club.nz"))
        self.assertFalse(self.persons(1))
        self.assertFalse(lines)

    def test_persons_in_another_order_stay_who_they_are(self):
        ann, cy = person("Ann", "Lee", "ann@club.nz"), person("Cy", "Twombly")
        self.bring(self.club(ann, cy))
        before = {p.xero_id: p.partner_id for p in self.persons(1)}
        self.bring(self.club(cy, ann, Name="Renamed"))
        self.assertEqual(before, {p.xero_id: p.partner_id for p in self.persons(1)})
        self.assertEqual(len(self.partner(1).child_ids), 3)

    def test_a_new_name_with_the_same_email_is_the_same_human(self):
        self.bring(self.club(person("Ann", "Lee", "ann@club.nz")))
        ann = self.partner(1).child_ids.filtered(lambda p: p.email == "ann@club.nz")
        self.bring(self.club(person("Ann", "Kirk", "Ann@Club.nz")))
        self.assertEqual(ann.name, "Ann Kirk")

    def test_a_person_that_vanishes_is_let_go_and_not_deleted(self):
        self.bring(self.club(person("Ann", "Lee", "ann@club.nz")))
        ann = self.partner(1).child_ids.filtered(lambda p: p.name == "Ann Lee")
        self.bring(self.club())
        gone = self.persons(1).filtered(lambda p: not p.active)
        self.assertEqual(gone.first_name, "Ann")
        self.assertFalse(gone.partner_id)
        self.assertTrue(ann.exists().active)
        self.bring(self.club(person("Ann", "Lee", "ann@club.nz")))
        self.assertEqual(gone.partner_id, ann, "come back, found by its id")

    def test_a_successor_takes_a_number_of_its_own(self):
        self.bring(self.club(person("Ann", "Lee")))
        self.bring(self.club(person("Cy", "Twombly")))
        ids = self.persons(1).mapped("xero_id")
        self.assertEqual(ids, [xero_id(1), f"{xero_id(1)}/1", f"{xero_id(1)}/2"])

    def test_persons_wait_for_their_company(self):
        lines = self.bring(self.club(Name=""))
        self.assertEqual(
            sorted(lines.mapped("code")), ["company_missing", "name_missing"]
        )
        later = self.bring(self.club(Name="Bayside Club"))
        self.assertFalse(later)
        self.assertEqual(len(self.partner(1).child_ids), 1)
        self.assertEqual(set(lines.mapped("state")), {"retried"})

    def test_persons_follow_a_company_that_is_linked_later(self):
        self.land(self.club())
        self.import_all(self.contacts)
        self.assertFalse(self.persons(1).partner_id)
        self.import_all()
        self.assertEqual(self.persons(1).partner_id.parent_id, self.partner(1))

    def test_persons_alone_where_no_import_makes_companies(self):
        self.companies.auto_run = False
        self.bring(self.club(Addresses=[address(City="Oaktown")]))
        bob = self.persons(1).partner_id
        self.assertFalse(bob.parent_id)
        self.assertEqual(bob.company_name, "Bayside Club")
        self.assertEqual(bob.city, "Oaktown", "the address, as there is no company")

    def test_an_individual_where_no_import_makes_companies(self):
        self.companies.auto_run = False
        self.bring(self.club(Name="Bob Partridge"))
        self.assertEqual(self.partner(1), self.persons(1).partner_id)
        self.companies.auto_run = True
        self.import_all()
        self.assertEqual(self.partner(1).ref, False, "on create only")
        self.assertEqual(len(self.partners.search([("name", "=", "Bob Partridge")])), 1)

    def test_a_free_contact_keeps_its_address_under_a_company_without(self):
        free = self.partners.create(
            {"name": "Bob Partridge", "xero_id": xero_id(1), "street": "His home"}
        )
        self.bring(self.club())
        company = self.partner(1)
        self.assertEqual(free.parent_id, company)
        self.assertEqual(free.street, "His home")
        self.assertFalse(company.street)

    def test_nobody_is_added_to_an_archived_company(self):
        self.bring(self.club())
        self.partner(1).active = False
        self.import_all(self.companies)
        lines = self.bring(self.club(person("Ann", "Lee")))
        self.assertEqual(lines.mapped("code"), ["record_archived"])
        self.assertFalse(self.partners.search([("name", "=", "Ann Lee")]))

    def test_who_is_matched(self):
        def known(row, position, first, last, email=None):
            return {
                "id": row,
                "position": position,
                "first_name": first,
                "last_name": last,
                "email": email,
            }

        bob = known(1, 0, "Bob", "Partridge", "info@club.nz")
        ann = known(2, 1, "Ann", "Lee", "info@club.nz")
        new = [
            known(None, 0, "Robert", "Partridge"),
            known(None, 1, "Ann", "Lee", "INFO@club.nz"),
            known(None, 2, "New", "Comer"),
        ]
        pairs = match_persons(new, [bob, ann])
        self.assertEqual(
            [before and before["id"] for _person, before in pairs], [1, 2, None]
        )
