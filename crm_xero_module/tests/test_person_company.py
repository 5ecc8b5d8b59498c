# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import contact, person, xero_id
from .test_keys import KeyCase

ANN = person("Ann", "Lee", "ann@club.nz")


class PersonCase(KeyCase):
    def club(self, number, *persons, **values):
        return contact(number, ContactPersons=list(persons), **values)

    def humans(self, name="Ann Lee"):
        return self.partners.search([("name", "=", name)], order="id")


class TestCompanyByKey(PersonCase):
    """Where its contact is no CRM record, a person finds its company by the key of
    the companies' imports."""

    def bring_persons(self, *contacts):
        self.land(*contacts)
        return self.import_all(self.contacts)

    def test_by_the_key(self):
        there = self.there(ref=xero_id(1).upper())
        lines = self.bring_persons(self.club(1, ANN))
        self.assertFalse(lines)
        self.assertEqual(self.humans().parent_id, there)
        self.assertFalse(self.partner(1), "the contact itself is not linked by this")

    def test_the_link_goes_before(self):
        self.bring(self.club(1))
        self.set_key("email", "EmailAddress")
        self.there(email="info@club.nz")
        self.bring(self.club(1, ANN, EmailAddress="info@club.nz"))
        self.assertEqual(self.humans().parent_id, self.partner(1))

    def test_no_company(self):
        line = self.bring_persons(self.club(1, ANN))
        self.assertEqual(line.code, "company_missing")
        self.assertFalse(self.humans())

    def test_several_companies_are_a_conflict(self):
        both = self.there(ref=xero_id(1)) | self.there("Two", ref=xero_id(1))
        line = self.bring_persons(self.club(1, ANN))
        self.assertEqual((line.code, line.outcome), ("company_conflict", "conflict"))
        for partner in both:
            self.assertIn(f"#{partner.id}", line.reason)
        self.assertFalse(self.humans())

    def test_the_contacts_key_and_not_the_persons(self):
        self.set_key("email", "EmailAddress")
        there = self.there(email="info@club.nz")
        self.there("Hers", email="ann@club.nz")
        self.bring_persons(self.club(1, ANN, EmailAddress="info@club.nz"))
        self.assertEqual(self.humans().parent_id, there)

    def test_imports_of_companies_are_asked_in_their_order(self):
        other = self.companies.copy({"name": "By email", "sequence": 0})
        self.set_key("email", "EmailAddress", other)
        self.there("By ref", ref=xero_id(1))
        self.there("By ref", ref=xero_id(2))
        self.there("By email", email="info@club.nz")
        self.bring_persons(
            self.club(1, ANN, EmailAddress="info@club.nz"),
            self.club(2, person("Cy", "Twombly"), EmailAddress="cy@art.nz"),
        )
        self.assertEqual(self.humans().parent_id.name, "By email")
        self.assertEqual(self.humans("Cy Twombly").parent_id.name, "By ref")

    def test_persons_and_addresses_are_no_company(self):
        self.set_key("email", "EmailAddress")
        there = self.there(email="info@club.nz")
        self.partners.create(
            {"name": "Shop", "parent_id": there.id, "email": "info@club.nz"}
        )
        self.bring_persons(self.club(1, ANN, EmailAddress="info@club.nz"))
        self.assertEqual(self.humans().parent_id, there)

    def test_a_human_without_company_may_be_one(self):
        there = self.there(ref=xero_id(1), is_company=False)
        self.bring_persons(self.club(1, ANN))
        self.assertEqual(self.humans().parent_id, there)

    def test_an_individual_is_who_the_key_finds(self):
        there = self.there("ann lee", ref=xero_id(1), is_company=False)
        ann = contact(1, "Ann Lee", FirstName="Ann", LastName="Lee")
        self.bring_persons(ann)
        self.assertEqual(self.persons(1).partner_id, there)
        self.assertFalse(there.parent_id)
        self.bring(contact(1, "ANN LEE", FirstName="Ann", LastName="Lee"))
        self.assertEqual(self.partner(1), there)

    def test_nobody_joins_an_archived_company(self):
        self.there(ref=xero_id(1), active=False)
        lines = self.bring_persons(self.club(1, ANN))
        self.assertFalse(lines)
        self.assertFalse(self.humans())

    def test_nobody_joins_the_company_of_a_contact_that_is_ignored(self):
        self.bring(self.club(1))
        self.partner(1).unlink()
        self.env.invalidate_all()
        self.bring(self.club(1, ANN))
        self.there(ref=xero_id(1))
        self.bring_persons(self.club(1, ANN, Name="Once more"))
        self.assertFalse(self.humans())

    def test_where_no_import_makes_companies(self):
        self.companies.auto_run = False
        there = self.there(ref=xero_id(1))
        self.bring(self.club(1, ANN), self.club(2, person("Cy", "Twombly")))
        self.assertEqual(self.humans().parent_id, there)
        self.assertFalse(self.humans("Cy Twombly").parent_id)


class TestHumans(PersonCase):
    """Who is the same human, and where."""

    def setUp(self):
        super().setUp()
        self.set_key("email", "EmailAddress", self.contacts)

    def test_one_human_in_two_companies_is_a_record_in_each(self):
        for batches in (1, 2):
            with self.subTest(batches=batches), self.env.cr.savepoint() as savepoint:
                clubs = self.club(1, ANN), self.club(2, ANN)
                if batches == 1:
                    self.bring(*clubs)
                else:
                    for club in clubs:
                        self.bring(club)
                self.assertEqual(
                    self.humans().parent_id, self.partner(1) | self.partner(2)
                )
                self.assertEqual(len(self.humans()), 2)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_who_is_there_already_in_the_company(self):
        self.bring(self.club(1), self.club(2))
        one, two = self.partner(1), self.partner(2)
        there = self.partners.create(
            [
                {"name": "A", "email": "ANN@club.nz", "parent_id": company.id}
                for company in (one, two)
            ]
        )
        self.bring(self.club(2, ANN))
        self.assertEqual(self.persons(2).partner_id, there[1])
        self.assertEqual(there[1].name, "A", "what a person typed stays")

    def test_who_has_no_company_joins_it(self):
        there = self.there("A", email="ann@club.nz", is_company=False)
        self.bring(self.club(1, ANN))
        self.assertEqual(self.persons(1).partner_id, there)
        self.assertEqual(there.parent_id, self.partner(1))

    def test_a_company_or_an_address_is_no_human(self):
        self.bring(self.club(1))
        self.partner(1).email = "ann@club.nz"
        self.partners.create(
            {
                "name": "Shop",
                "parent_id": self.partner(1).id,
                "type": "delivery",
                "email": "ann@club.nz",
            }
        )
        self.bring(self.club(1, ANN))
        self.assertEqual(self.humans(), self.persons(1).partner_id)
        self.assertEqual(len(self.humans()), 1)

    def test_two_with_one_email_in_a_company_are_one_and_the_first_feeds_it(self):
        self.bring(
            self.club(1, ANN, person("Bo", "Lee", "ann@club.nz"), person("Cy", "Hay"))
        )
        ann, bo, _cy = self.persons(1)
        self.assertEqual(ann.partner_id, bo.partner_id)
        self.assertEqual(ann.partner_id.name, "Ann Lee")
        self.contacts.mapping_ids.policy = "always"
        self.contacts.position = 0
        with self.count_partner_writes() as written:
            self.import_all()
        self.assertEqual(written, [])
        self.assertEqual(len(self.partner(1).child_ids), 2)

    def test_a_person_is_seen_by_whom_its_company_is(self):
        ours = self.connection.company_id
        self.there(ref=xero_id(1), company_id=ours.id)
        self.bring(self.club(1, ANN), self.club(2, person("Cy", "Hay")))
        self.assertEqual(self.humans().company_id, ours)
        self.assertFalse(self.humans("Cy Hay").company_id)

    def test_six_persons(self):
        others = [person("No", str(n), f"no{n}@club.nz") for n in range(1, 6)]
        primary = {"FirstName": "No", "LastName": "0", "EmailAddress": "no0@club.nz"}
        self.bring(self.club(1, *others, **primary))
        names = self.partner(1).child_ids.mapped("name")
        self.assertEqual(sorted(names), [f"No {n}" for n in range(6)])

    def test_persons_of_a_contact_that_was_merged_into_another_do_not_come(self):
        merged = {"ContactStatus": "ARCHIVED", "MergedToContactID": xero_id(2)}
        self.bring(self.club(1, ANN))
        self.bring(self.club(2), self.club(1, ANN, person("New", "One"), **merged))
        self.assertEqual(self.humans("New One"), self.partners)
        self.assertEqual(len(self.humans()), 1)


class TestNotMadeAgain(PersonCase):
    """Who was let go in the CRM is not made again, though the company goes on."""

    def setUp(self):
        super().setUp()
        self.bring(self.club(1, ANN))
        self.ann = self.humans()

    def bring_again(self):
        return self.bring(
            self.club(1, person("Ann", "Kirk", "ann@club.nz"), Name="Renamed")
        )

    def assertLetGo(self):
        self.assertEqual(self.partner(1).name, "Renamed")
        self.assertEqual(self.persons(1).link_state, "ignored")
        self.assertFalse(self.humans("Ann Kirk"))
        self.companies.position = self.contacts.position = 0
        self.assertFalse(self.import_all())
        self.assertFalse(self.humans("Ann Kirk"))

    def test_deleted(self):
        self.ann.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.bring_again().code, "record_deleted")
        self.assertLetGo()

    def test_archived(self):
        self.ann.active = False
        self.assertEqual(self.bring_again().code, "record_archived")
        self.assertLetGo()
        self.assertFalse(self.ann.active)

    def test_unlinked(self):
        self.persons(1).action_unlink_record()
        self.assertFalse(self.bring_again())
        self.assertLetGo()

    def test_whose_key_another_one_has(self):
        self.set_key("email", "EmailAddress", self.contacts)
        self.ann.unlink()
        self.env.invalidate_all()
        self.bring_again()
        there = self.partners.create(
            {"name": "There", "email": "ann@club.nz", "parent_id": self.partner(1).id}
        )
        self.assertLetGo()
        self.assertFalse(self.persons(1).partner_id)
        self.assertEqual(there.name, "There")
