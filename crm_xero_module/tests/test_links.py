# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import new_test_user

from odoo.addons.crm_xero_module.models import xero_link_mixin

from .common import XeroCase, address, contact, person

ANN = person("Ann", "Lee", "ann@club.nz")
ARCHIVED = "Archived in Odoo: unarchive it, then import it again."
DELETED = "Deleted in Odoo, so it is not made again by itself."
BOB = person("Bob", "Ray", "bob@club.nz")


class LinkCase(XeroCase):
    def assert_link(self, row, state, partner=None):
        self.env.invalidate_all()
        self.assertEqual(row.link_state, state)
        self.assertEqual(row.partner_id, partner or self.partners)

    def leading(self, partner):
        self.env.invalidate_all()
        return partner.xero_contact_ids.filtered("is_leading")

    def join(self, number, partner, leading=False):
        """Make a contact one more of a customer's."""
        self.mirror(number).sudo().write(
            {"partner_id": partner.id, "link_state": "linked", "is_leading": leading}
        )
        self.env.flush_all()


class TestUnlink(LinkCase):
    """Unlink, and Import again."""

    def test_unlink_follows_xero_no_longer(self):
        self.bring(contact(1, ContactPersons=[ANN]))
        partner, ann = self.partner(1), self.persons(1).partner_id
        self.mirror(1).action_unlink_record()
        self.assert_link(self.mirror(1), "ignored")
        self.assert_link(self.persons(1), "ignored")
        self.assertFalse(self.mirror(1).is_leading)
        self.assertEqual(self.mirror(1).link_note, "Unlinked by hand.")
        lines = self.bring(contact(1, "Changed", ContactPersons=[ANN, BOB]))
        self.assertEqual(partner.name, "Company 1")
        self.assertTrue(partner.active and ann.active)
        self.assertFalse(self.partners.search([("name", "in", ("Changed", "Bob Ray"))]))
        self.assertFalse(lines)

    def test_import_again_comes_at_once(self):
        self.bring(contact(1, ContactPersons=[ANN]))
        partner, ann = self.partner(1), self.persons(1).partner_id
        self.mirror(1).action_unlink_record()
        self.land(contact(1, "Changed", ContactPersons=[ANN]))
        self.mirror(1).action_import_again()
        self.assert_link(self.mirror(1), "linked", partner)
        self.assert_link(self.persons(1), "linked", ann)
        self.assertFalse(self.mirror(1).link_note)
        self.assertEqual(self.partners.search_count([("ref", "=", partner.ref)]), 1)

    def test_import_again_keeps_what_people_typed(self):
        self.bring(contact(1, Website="a.nz"))
        partner = self.partner(1)
        partner.website = "http://typed.nz"
        self.mirror(1).action_unlink_record()
        self.mirror(1).action_import_again()
        self.assertEqual(self.partner(1), partner)
        self.assertEqual(partner.website, "http://typed.nz")

    def test_a_deleted_customer_comes_anew_only_when_told_to(self):
        self.bring(contact(1))
        self.partner(1).unlink()
        self.assertEqual(self.mirror(1).link_note, DELETED)
        lines = self.bring(contact(1, "Changed"))
        self.assertEqual(lines.code, "record_deleted")
        self.assert_link(self.mirror(1), "ignored")
        self.assertEqual(self.mirror(1).link_note, DELETED)
        self.mirror(1).action_import_again()
        self.assertEqual(self.partner(1).name, "Changed")

    def test_an_archived_customer_is_the_same_when_it_is_back(self):
        self.bring(contact(1))
        partner = self.partner(1)
        partner.action_archive()
        self.assertEqual(self.mirror(1).link_note, ARCHIVED)
        self.bring(contact(1, "Changed"))
        self.assert_link(self.mirror(1), "ignored", partner)
        self.mirror(1).action_import_again()
        self.assert_link(self.mirror(1), "ignored", partner)
        partner.action_unarchive()
        self.assertIn("for a while", self.mirror(1).link_note)
        self.mirror(1).action_import_again()
        self.assert_link(self.mirror(1), "linked", partner)
        self.assertEqual(partner.name, "Changed")
        self.assertEqual(self.leading(partner), self.mirror(1))

    def test_persons_one_by_one(self):
        self.bring(contact(1, ContactPersons=[ANN, BOB]))
        ann, bob = self.persons(1)
        partner = ann.partner_id
        ann.action_unlink_record()
        self.assert_link(ann, "ignored")
        self.assert_link(bob, "linked", bob.partner_id)
        self.assert_link(self.mirror(1), "linked", self.partner(1))
        self.bring(contact(1, "Changed", ContactPersons=[ANN, BOB]))
        self.assert_link(ann, "ignored")
        ann.action_import_again()
        self.assert_link(ann, "linked", partner)

    def test_with_a_delivery_address(self):
        places = [address(), address("STREET", "2 Dock Road")]
        self.bring(contact(1, Addresses=places))
        delivery = self.mirror(1).delivery_partner_id
        self.mirror(1).action_unlink_record()
        self.assertFalse(self.mirror(1).delivery_partner_id)
        self.mirror(1).action_import_again()
        self.assertEqual(self.mirror(1).delivery_partner_id, delivery)
        self.assertEqual(self.partner(1).child_ids, delivery)

    def test_an_individual(self):
        human = {"FirstName": "Ann", "LastName": "Lee"}
        self.bring(contact(1, "Ann Lee", **human))
        partner = self.partner(1)
        self.mirror(1).action_unlink_record()
        self.assert_link(self.persons(1), "ignored")
        self.bring(contact(1, "Ann Lee", EmailAddress="a@b.nz", **human))
        self.assertFalse(partner.email)
        self.mirror(1).action_import_again()
        self.assert_link(self.mirror(1), "linked", partner)
        self.assert_link(self.persons(1), "linked", partner)
        self.assertEqual(partner.email, "a@b.nz")

    def test_many_at_once(self):
        self.bring(*[contact(n) for n in range(40)])
        every = self.env["xero.contact"].search([])
        every.action_unlink_record()
        self.assertEqual(set(every.mapped("link_state")), {"ignored"})
        every.action_import_again()
        self.env.invalidate_all()
        self.assertEqual(set(every.mapped("link_state")), {"linked"})
        self.assertEqual(len(every.partner_id), 40)

    def test_unlinking_many_costs_what_a_few_cost(self):
        self.bring(*[contact(n, ContactPersons=[ANN]) for n in range(60)])
        every = self.env["xero.contact"].search([])
        counts = []
        for some in (every[:1], every[1:5], every[5:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.action_unlink_record()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_too_many_for_now_come_with_the_next_sync(self):
        self.bring(*[contact(n) for n in range(4)])
        every = self.env["xero.contact"].search([])
        every.action_unlink_record()
        with patch.object(xero_link_mixin, "BATCH", 3):
            answer = every.action_import_again()
        self.assertIn("with the next sync", answer["params"]["message"])
        self.assertFalse(every.partner_id)
        self.import_all()
        self.assertEqual(len(every.partner_id), 4)

    def test_what_does_not_come_is_said(self):
        self.bring(contact(1), contact(2))
        self.partner(1).action_archive()
        self.bring(contact(1, "Changed"))
        answer = self.mirror(1).action_import_again()
        self.assertIn("1 of 1 did not come", answer["params"]["message"])
        answer = self.mirror(2).action_import_again()
        self.assertIn("None of these", answer["params"]["message"])

    def test_a_run_at_work_is_not_disturbed(self):
        self.bring(contact(1))
        with (
            patch.object(
                type(self.connection), "lock_for_update", side_effect=LockError("x")
            ),
            self.assertRaisesRegex(UserError, "try again soon"),
        ):
            self.mirror(1).action_unlink_record()
        self.assert_link(self.mirror(1), "linked", self.partner(1))

    def test_what_is_not_linked_stays_to_be_imported(self):
        self.land(contact(1))
        self.mirror(1).action_unlink_record()
        self.assert_link(self.mirror(1), "unlinked")
        self.mirror(1).action_import_again()
        self.assert_link(self.mirror(1), "unlinked")

    def test_operators_only(self):
        self.bring(contact(1))
        seller = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman"
        )
        operator = new_test_user(
            self.env, "operator", groups="sales_team.group_sale_manager"
        )
        row = self.mirror(1)
        for action in ("action_unlink_record", "action_import_again", "action_lead"):
            with self.assertRaises(AccessError):
                getattr(row.with_user(seller), action)()
        row.with_user(operator).action_unlink_record()
        row.with_user(operator).action_import_again()
        self.assertTrue(self.partner(1))


class TestLead(LinkCase):
    """Several contacts are one customer, and one of them leads."""

    def test_let_this_one_lead(self):
        self.bring(contact(1, "First", Website="first.nz", TaxNumber="1"))
        partner = self.partner(1)
        partner.website = "http://typed.nz"
        self.land(contact(2, "Second", Website="second.nz", TaxNumber="2"))
        self.join(2, partner)
        self.mirror(2).action_lead()
        self.assertEqual(self.leading(partner), self.mirror(2))
        self.assertEqual((partner.name, partner.vat), ("Second", "2"))
        self.assertEqual(partner.website, "http://typed.nz", "typed here")
        self.bring(contact(1, "First again"), contact(2, "Second again"))
        self.assertEqual(partner.name, "Second again")
        self.mirror(1).action_lead()
        self.assertEqual(self.leading(partner), self.mirror(1))
        self.assertEqual(partner.name, "First again")

    def test_where_nobody_or_all_lead(self):
        self.bring(contact(1, "First"))
        partner = self.partner(1)
        self.land(contact(2), contact(3))
        self.join(2, partner, leading=True)
        self.join(3, partner, leading=True)
        self.mirror(3).action_lead()
        self.assertEqual(self.leading(partner), self.mirror(3))
        self.join(3, partner)
        self.mirror(2).action_lead()
        self.assertEqual(self.leading(partner), self.mirror(2))

    def test_unlinking_the_leader_passes_the_lead_on(self):
        self.bring(contact(1, "First"))
        partner = self.partner(1)
        self.land(contact(2, "Second"), contact(3, "Third"))
        self.join(2, partner)
        self.join(3, partner)
        self.mirror(1).action_unlink_record()
        self.assertEqual(self.leading(partner), self.mirror(2))
        self.import_all()
        self.assertEqual(partner.name, "Second")
        (self.mirror(2) | self.mirror(3)).action_unlink_record()
        self.assertFalse(partner.xero_contact_ids)

    def test_who_is_not_linked_cannot_lead(self):
        self.land(contact(1))
        with self.assertRaises(UserError):
            self.mirror(1).action_lead()


class TestMergeInOdoo(LinkCase):
    """Odoo's own merge of partners that Xero's contacts are linked to."""

    def merge(self, kept, *others):
        partners = kept.browse([kept.id, *(other.id for other in others)])
        wizard = self.env["base.partner.merge.automatic.wizard"].with_context(
            active_model="res.partner", active_ids=partners.ids
        )
        form = wizard.create({"dst_partner_id": kept.id})
        form.action_merge()
        self.env.invalidate_all()

    def again(self, *contacts):
        """The next sync, which finds nothing to do; the partners before and after."""
        before = self.partners.search_count([])
        lines = self.bring(*contacts)
        for profile in (self.companies, self.contacts):
            profile.position = 0
        lines |= self.import_all()
        self.assertEqual(self.partners.search_count([]), before, "no partner anew")
        return lines

    def test_two_that_are_linked(self):
        for kept in (1, 2):
            with self.subTest(kept=kept), self.cr.savepoint() as savepoint:
                one, two = (
                    contact(1, "One", Website="one.nz"),
                    contact(2, "Two", TaxNumber="2", ContactPersons=[ANN, BOB]),
                )
                self.bring(one, two)
                partner = self.partner(kept)
                name = partner.name
                self.merge(partner, self.partner(3 - kept))
                self.assertEqual(self.partner(1) | self.partner(2), partner)
                self.assertEqual(self.leading(partner), self.mirror(kept))
                self.assertFalse(self.again(one, two))
                self.assertEqual(partner.name, name)
                self.assertEqual(partner.website, "http://one.nz")
                self.assertEqual(partner.vat, "2")
                self.assertEqual(self.persons(2).partner_id.parent_id, partner)
                self.bring(contact(kept, "Renamed"), contact(3 - kept, "Other"))
                self.assertEqual(partner.name, "Renamed")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_linked_one_into_one_that_is_not(self):
        self.bring(contact(1, "One", Website="one.nz"))
        typed = self.partners.create({"name": "Typed", "is_company": True})
        self.merge(typed, self.partner(1))
        self.assertEqual(self.leading(typed), self.mirror(1))
        self.assertFalse(self.again(contact(1, "One", Website="one.nz")))
        self.assertEqual(typed.name, "Typed", "it was typed here")
        self.bring(contact(1, "One", Website="new.nz"))
        self.assertEqual(typed.website, "http://new.nz")

    def test_one_that_is_not_into_a_linked_one(self):
        self.bring(contact(1, "One"))
        partner = self.partner(1)
        other = self.partners.create({"name": "Typed", "email": "typed@x.nz"})
        self.merge(partner, other)
        self.assertEqual(self.leading(partner), self.mirror(1))
        self.assertFalse(self.again(contact(1, "One")))
        self.assertEqual((partner.name, partner.email), ("One", "typed@x.nz"))

    def test_companies_with_persons(self):
        one = contact(1, "One", ContactPersons=[ANN], Addresses=[address()])
        two = contact(2, "Two", ContactPersons=[ANN, BOB])
        self.bring(one, two)
        partner = self.partner(1)
        people = (self.persons(1) | self.persons(2)).partner_id
        self.merge(partner, self.partner(2))
        self.assertEqual(people.parent_id, partner)
        self.assertFalse(self.again(one, two))
        self.assertEqual(people.parent_id, partner)

    def test_two_persons(self):
        one = contact(1, "One", ContactPersons=[ANN, BOB])
        self.bring(one)
        ann, bob = self.persons(1).partner_id
        self.merge(ann, bob)
        self.assertEqual(self.persons(1).partner_id, ann)
        self.assertFalse(self.again(one))
        self.assertEqual(ann.name, "Ann Lee")

    def test_an_individual_and_a_company(self):
        human = {"FirstName": "Ann", "LastName": "Lee"}
        for kept in (1, 2):
            with self.subTest(kept=kept), self.cr.savepoint() as savepoint:
                one = contact(1, "Ann Lee", EmailAddress="ann@club.nz", **human)
                two = contact(2, "Two", ContactPersons=[BOB])
                self.bring(one, two)
                partner, bob = self.partner(kept), self.persons(2).partner_id
                name = partner.name
                self.merge(partner, self.partner(3 - kept))
                self.assertEqual(self.leading(partner), self.mirror(kept))
                self.assertFalse(self.again(one, two))
                self.assertEqual(partner.name, name)
                self.assertEqual(bob.parent_id, partner)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_delivery_addresses(self):
        one, two = (
            contact(n, Addresses=[address(), address("STREET", f"{n} Dock Road")])
            for n in (1, 2)
        )
        self.bring(one, two)
        partner = self.partner(2)
        places = (self.mirror(1) | self.mirror(2)).delivery_partner_id
        self.merge(partner, self.partner(1))
        self.assertFalse(self.again(one, two))
        self.assertEqual(places.parent_id, partner)
        self.assertEqual(partner.child_ids, places)

    def test_one_human_in_two_companies(self):
        one, two = (contact(n, ContactPersons=[ANN]) for n in (1, 2))
        self.bring(one, two)
        ann, other = (self.persons(n).partner_id for n in (1, 2))
        self.merge(ann, other)
        parent = ann.parent_id
        self.assertFalse(self.again(one, two))
        self.assertEqual(ann.parent_id, parent)

    def test_three_of_which_one_leads_two(self):
        self.bring(contact(1, "One"), contact(2, "Two"), contact(3, "Three"))
        self.join(2, self.partner(1))
        kept = self.partner(3)
        self.merge(kept, self.partner(1), self.partners.create({"name": "Typed"}))
        self.assertEqual(len(kept.xero_contact_ids), 3)
        self.assertEqual(self.leading(kept), self.mirror(3))
        self.assertFalse(self.again(*[contact(n) for n in (1, 2)]))

    def test_lines_of_runs_follow(self):
        country = [address(Country="Atlantis")]
        line = self.bring(contact(1, Addresses=country), contact(2))
        kept = self.partner(2)
        self.merge(kept, self.partner(1))
        self.assertEqual(line.partner_id, kept)


class TestEmptyList(LinkCase):
    """What the list of contacts says where it is empty."""

    def test_before_the_first_sync_and_when_a_search_finds_none(self):
        contacts = self.env["xero.contact"]
        self.assertIn("first", contacts.get_empty_list_help("<p>first</p>"))
        self.land(contact(1))
        self.assertIn("matches", contacts.get_empty_list_help("<p>first</p>"))
