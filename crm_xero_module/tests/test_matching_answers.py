# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import new_test_user

from odoo.addons.crm_xero_module.models.xero_connection import XeroConnection

from .common import address, contact, person, phone, xero_id
from .matching import MatchingCase
from .test_kills import Death, Moments, one_of_each


class TestAccept(MatchingCase):
    def setUp(self):
        super().setUp()
        self.club = self.customer("Bayside Club", email="club@bayside.nz")

    def land_club(self, number=1, **values):
        values = {"EmailAddress": "club@bayside.nz", **values}
        self.land(contact(number, "Bayside Club", **values))

    def test_a_suggestion_is_accepted_and_imported(self):
        self.land_club(Phones=[phone()], Addresses=[address(City="Napier")])
        answer = self.accept(1)
        self.assertEqual(self.partner(1), self.club)
        self.assertTrue(self.mirror(1).is_leading)
        self.assertEqual(self.club.phone, "555 1234")
        self.assertEqual(self.club.city, "Napier")
        self.assertEqual(answer["done"], self.mirror(1).ids)
        self.assertEqual(answer["message"], "Bayside Club: Follows Xero.")
        [row] = answer["rows"]
        self.assertTrue(row["leads"])

    def test_what_the_crm_holds_stays(self):
        self.club.phone = "12345678"
        self.land_club(Phones=[phone()])
        self.accept(1)
        self.assertEqual(self.club.phone, "12345678")

    def test_accepting_twice_is_once(self):
        self.land_club()
        self.refresh()
        match = self.match(1, self.club)
        self.matches.accept(match.ids)
        again = self.matches.accept(match.ids)
        self.assertEqual(again["done"], [])
        self.assertEqual(len(again["refused"]), 1)
        self.assertEqual(self.club.xero_contact_ids, self.mirror(1))

    def test_it_makes_no_suggestion_stale(self):
        self.land_club()
        self.accept(1)
        self.assertFalse(self.page()["is_stale"])

    def test_two_contacts_are_one_customer_and_the_older_leads(self):
        self.land_club(1)
        self.land_club(2)
        self.refresh()
        answer = self.matches.accept(self.matches.search([]).ids)
        self.assertEqual(len(answer["done"]), 2)
        self.assertEqual(self.partner(1) | self.partner(2), self.club)
        self.assertEqual([self.mirror(n).is_leading for n in (1, 2)], [True, False])
        texts = {row["contact_id"]: row["text"] for row in answer["rows"]}
        self.assertIn("Bayside Club", texts[self.mirror(2).id])

    def test_who_leads_goes_on_leading(self):
        self.bring(contact(5, "Other"))
        self.land_club()
        answer = self.matches.other(self.mirror(1).id, self.partner(5).id)
        self.assertFalse(self.mirror(1).is_leading)
        self.assertTrue(self.mirror(5).is_leading)
        self.assertIn("Other", answer["rows"][0]["text"])

    def test_of_two_suggestions_of_one_contact_the_better_one_counts(self):
        worse = self.customer("Bayside Club")
        self.land_club()
        self.refresh()
        ids = (self.match(1, worse) | self.match(1, self.club)).ids
        self.matches.accept(ids)
        self.assertEqual(self.partner(1), self.club)

    def test_a_suggestion_that_no_longer_holds_is_refused(self):
        self.land_club()
        self.refresh()
        match = self.match(1, self.club)
        self.club.active = False
        answer = self.matches.accept(match.ids)
        self.assertEqual([one for one, _text in answer["refused"]], self.mirror(1).ids)
        self.assertFalse(self.partner(1))

    def test_hundreds_at_once(self):
        for number in range(10, 60):
            self.customer(f"Customer number {number}", email=f"c{number}@x.nz")
            self.land(
                contact(number, f"Customer number {number}", EmailAddress="")
                | {"EmailAddress": f"c{number}@x.nz"}
            )
        self.refresh()
        counted = self.matches.accept_count(self.connection.id, 90)["count"]
        self.assertEqual(self.page(score=90)["length"], counted)
        skipped = self.mirror(10).ids
        answer = self.matches.accept_above(self.connection.id, 90, skipped)
        self.assertEqual(len(answer["done"]), counted - 1)
        self.assertFalse(self.partner(10))
        self.assertEqual(self.partner(20).name, "Customer number 20")

    def test_links_cost_the_same_for_any_number(self):
        def cost(numbers):
            for number in numbers:
                self.customer(f"Customer nr {number}", email=f"c{number}@x.nz")
                self.land(
                    contact(number, f"Customer nr {number}", AccountNumber="x")
                    | {"EmailAddress": f"c{number}@x.nz"}
                )
            self.refresh()
            self.connection.matching = "offered"
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answer = self.matches.accept_above(self.connection.id, 90)
            self.assertEqual(len(answer["done"]), len(numbers))
            return self.env.cr.sql_log_count - before

        few = cost(range(10, 12))
        self.assertLessEqual(cost(range(12, 60)), few + 5)

    def test_undo(self):
        self.land_club(ContactPersons=[person("Ann", "Lee", "ann@bayside.nz")])
        answer = self.accept(1)
        self.assertTrue(self.persons(1).partner_id)
        self.matches.undo(answer["undo"])
        self.assertFalse(self.partner(1))
        self.assertFalse(self.persons(1).partner_id)
        self.assertEqual(self.mirror(1).link_state, "unlinked")
        self.assertEqual(self.suggested(1)[0][0], "Bayside Club")

    def test_another_one(self):
        other = self.customer("Another")
        self.land_club()
        self.matches.other(self.mirror(1).id, other.id)
        self.assertEqual(self.partner(1), other)

    def test_who_cannot_be_chosen(self):
        company = self.env["res.company"].create({"name": "Other company"})
        theirs = self.customer("Theirs", company_id=company.id)
        ann = self.customer("Ann", is_company=False, parent_id=self.club.id)
        gone = self.customer("Gone", active=False)
        self.land_club()
        for partner in (theirs, ann, gone, self.connection.company_id.partner_id):
            answer = self.matches.other(self.mirror(1).id, partner.id)
            self.assertEqual(answer["done"], [], partner.name)
            self.assertTrue(answer["message"])
        self.assertFalse(self.partner(1))

    def test_a_new_customer(self):
        self.land_club()
        answer = self.matches.new_customer(self.mirror(1).ids)
        self.assertEqual(answer["done"], self.mirror(1).ids)
        self.assertNotEqual(self.partner(1), self.club)
        self.assertEqual(self.partner(1).name, "Bayside Club")

    def test_no_new_customer_where_the_import_only_updates(self):
        self.companies.mode = "update"
        self.land_club()
        answer = self.matches.new_customer(self.mirror(1).ids)
        self.assertEqual(answer["done"], [])
        self.assertIn(self.companies.name, answer["refused"][0][1])

    def test_it_waits_for_no_run(self):
        self.land_club()
        self.refresh()
        busy = patch.object(
            XeroConnection, "lock_for_update", side_effect=LockError("busy")
        )
        with busy, self.assertRaises(UserError):
            self.matches.accept(self.match(1, self.club).ids)

    def test_only_operators(self):
        user = new_test_user(
            self.env, "only_user", groups="crm_xero_module.group_xero_user"
        )
        matches = self.matches.with_user(user)
        with self.assertRaises(AccessError):
            matches.load_matches(self.connection.id, {})
        for name, arguments in {
            "accept": ([1],),
            "accept_above": (self.connection.id, 90),
            "never": ([1],),
            "other": (1, 1),
            "new_customer": ([1],),
            "undo": ({"connection_id": self.connection.id},),
            "done": (self.connection.id,),
            "refresh": (self.connection.id,),
            "select_all": (self.connection.id, {}),
        }.items():
            with self.assertRaises(AccessError, msg=name):
                getattr(matches, name)(*arguments)

    def test_the_other_column(self):
        self.land_club()
        nobody = self.customer("Nobody in Xero")
        self.refresh()
        page = self.page(side="customers", search="nobody in")
        self.assertEqual([row["partner"]["id"] for row in page["rows"]], nobody.ids)
        self.accept(1)
        page = self.page(side="customers")
        self.assertNotIn(self.club.id, [row["partner"]["id"] for row in page["rows"]])

    def test_searching_takes_no_wildcards(self):
        self.land_club()
        self.land(contact(2, "100% Club"))
        self.assertEqual(self.page(search="0%")["length"], 1)
        self.assertEqual(self.page(search="_")["length"], 0)

    def test_all_of_a_filter(self):
        self.land_club()
        self.land(contact(2, "Nobody"))
        self.refresh()
        found = self.matches.select_all(self.connection.id, {"kind": "all"})
        self.assertEqual(found["contacts"], (self.mirror(1) | self.mirror(2)).ids)
        self.assertEqual(found["matches"], self.match(1, self.club).ids)

    def test_accepting_dies_nowhere_halfway(self):
        self.land_club(ContactPersons=[person("Ann", "Lee", "a@bayside.nz")])
        self.refresh()
        match = self.match(1, self.club)
        self.env.flush_all()
        moments, expected = self.accepted(match)
        self.assertTrue(expected[0])
        for last in one_of_each(moments.names):
            with self.subTest(moments.names[last]):
                self.assertEqual(self.accepted(match, last)[1], expected)

    def accepted(self, match, last=None):
        """What is left after accepting, or after one that died and another."""
        outer = self.env.cr.savepoint()
        moments = Moments(last)
        try:
            try:
                with moments.watched(), self.env.cr.savepoint():
                    self.matches.accept(match.ids)
            except Death:
                self.env.invalidate_all(flush=False)
                self.matches.accept(match.ids)
            self.env.flush_all()
            row, people = self.mirror(1), self.persons(1).partner_id
            left = (
                row.partner_id == self.club,
                row.is_leading,
                people.sorted("name").mapped("name"),
                people.parent_id == self.club,
                self.partners.search_count([]),
            )
        finally:
            outer.close(rollback=True)
            self.env.invalidate_all(flush=False)
        return moments, left


class TestPersons(MatchingCase):
    """Persons join the people who are there, so that none comes twice."""

    def setUp(self):
        super().setUp()
        self.club = self.customer("Bayside Club")

    def human(self, name, **values):
        values = {"is_company": False, "parent_id": self.club.id, **values}
        return self.customer(name, **values)

    def link(self, *persons, name="Bayside Club", **values):
        self.land(contact(1, name, ContactPersons=list(persons), **values))
        self.matches.other(self.mirror(1).id, self.club.id)

    def who(self):
        return [one.partner_id.id for one in self.persons(1).sorted("position")]

    def test_by_email_and_by_name(self):
        ann = self.human("Ann Lee-Smith", email="ann@x.nz")
        bob = self.human("Bob Ray")
        self.link(person("Ann", "Lee", "ANN@x.nz"), person("Bob", "Ray", "bob@x.nz"))
        self.assertEqual(self.who(), [ann.id, bob.id])
        self.assertEqual(ann.xero_id, f"{xero_id(1)}/1")
        self.assertEqual(bob.email, "bob@x.nz")
        self.assertEqual(self.club.child_ids, ann | bob)

    def test_two_who_write_from_one_address(self):
        ann = self.human("Ann Lee", email="info@x.nz")
        bob = self.human("Bob Ray", email="info@x.nz")
        self.link(person("Bob", "Ray", "info@x.nz"), person("Ann", "Lee", "info@x.nz"))
        self.assertEqual(self.who(), [bob.id, ann.id])

    def test_nobody_is_two_persons(self):
        ann = self.human("Ann Lee", email="info@x.nz")
        self.link(person("Ann", "Lee", "info@x.nz"), person("Cy", "Wu", "info@x.nz"))
        first, second = self.who()
        self.assertEqual(first, ann.id)
        self.assertNotIn(second, (ann.id, False))

    def test_the_people_of_others_are_left_alone(self):
        other = self.customer("Other")
        ann = self.human("Ann Lee", email="ann@x.nz", parent_id=other.id)
        self.link(person("Ann", "Lee", "ann@x.nz"))
        self.assertNotEqual(self.who(), ann.ids)
        self.assertEqual(len(self.club.child_ids), 1)

    def test_a_contact_that_is_one_human_is_its_customer(self):
        self.club.write({"is_company": False, "name": "Bob Ray"})
        self.link(name="Bob Ray", FirstName="Bob", LastName="Ray")
        self.assertEqual(self.who(), self.club.ids)
        self.assertFalse(self.club.child_ids)
        self.assertEqual(self.club.xero_id, xero_id(1))

    def test_a_human_is_one_of_the_persons_of_its_firm(self):
        self.club.write({"is_company": False, "name": "Bob Ray", "email": "b@x.nz"})
        self.link(
            name="Ray Ltd", FirstName="Bob", LastName="Ray", EmailAddress="b@x.nz"
        )
        self.assertEqual(self.who(), self.club.ids)
        self.assertFalse(self.club.child_ids)

    def test_who_is_archived_comes_last_and_is_not_made_again(self):
        gone = self.human("Ann Lee", email="ann@x.nz", active=False)
        self.link(person("Ann", "Lee", "ann@x.nz"))
        self.assertEqual(self.who(), gone.ids)
        self.assertFalse(self.club.child_ids)
