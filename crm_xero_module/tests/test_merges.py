# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from itertools import permutations

from odoo.addons.crm_xero_module.services.mirror.merges import CODE, follow_merges

from .common import XeroCase, address, contact, person, xero_id


def merged(number, into, name=None, **values):
    """A contact that was merged into another one, as Xero sends it."""
    return contact(
        number,
        name,
        **{
            "ContactStatus": "ARCHIVED",
            "MergedToContactID": xero_id(into),
            **values,
        },
    )


class TestMerges(XeroCase):
    """Contacts that were merged in Xero."""

    def lines(self, state="open"):
        return self.sync_run.line_ids.filtered(
            lambda line: line.code == CODE and line.state == state
        )

    def follow(self):
        follow_merges(self.connection.sudo(), self.sync_run)

    def links(self):
        """What a merge may change, of every mirror row."""
        self.env.invalidate_all()
        every = (
            self.env["xero.contact"].search([]),
            self.env["xero.contact.person"].with_context(active_test=False).search([]),
        )
        return [
            (row._name, row.id, row.partner_id.id, row.link_state, row.change_seq)
            for rows in every
            for row in rows
        ]

    def assert_leads(self, number, partner):
        self.assertEqual(self.partner(number), partner)
        self.assertEqual(self.mirror(number).link_state, "linked")
        leading = partner.xero_contact_ids.filtered("is_leading")
        self.assertEqual(leading, self.mirror(number), "exactly one leads")

    def test_the_contact_that_is_left_takes_the_customer_over(self):
        for order in permutations((merged(1, 2, "Old"), contact(2, "New"))):
            with self.subTest(order=[each["Name"] for each in order]):
                with self.cr.savepoint() as savepoint:
                    self.bring(contact(1, "Old"))
                    partner = self.partner(1)
                    before = self.partners.search_count([])
                    self.land(*order)
                    self.import_all()
                    self.assert_leads(2, partner)
                    self.assertEqual(partner.name, "New", "it follows who is left")
                    self.assertEqual(self.partner(1), partner, "history is kept")
                    self.assertEqual(self.partners.search_count([]), before)
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_one_page_after_the_other(self):
        self.bring(contact(1, "Old"))
        partner = self.partner(1)
        self.land(merged(1, 2, "Old"))
        self.import_all()
        self.assert_leads(1, partner)
        self.bring(contact(2, "New"))
        self.assert_leads(2, partner)

    def test_what_people_typed_stays(self):
        self.bring(contact(1, "Old", Website="old.nz", TaxNumber="1"))
        partner = self.partner(1)
        partner.website = "http://typed.nz"
        self.bring(
            merged(1, 2, "Old"), contact(2, "New", Website="n.nz", TaxNumber="2")
        )
        self.assertEqual(partner.website, "http://typed.nz")
        self.assertEqual((partner.name, partner.vat), ("New", "2"))

    def test_a_chain_ends_at_its_last(self):
        for order in permutations((merged(1, 2), merged(2, 3), contact(3, "Last"))):
            with self.subTest(order=[each["ContactID"][-1] for each in order]):
                with self.cr.savepoint() as savepoint:
                    self.bring(contact(1))
                    partner = self.partner(1)
                    for each in order:
                        self.land(each)
                    self.import_all()
                    self.assert_leads(3, partner)
                    self.assertFalse(self.partner(2), "never was a customer")
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_circles_and_unknown_winners_change_nothing(self):
        self.bring(*[contact(n) for n in range(1, 6)])
        partners = [self.partner(n) for n in range(1, 6)]
        self.land(merged(1, 1), merged(2, 3), merged(3, 4), merged(4, 2), merged(5, 99))
        self.import_all()
        self.assertEqual([self.partner(n) for n in range(1, 6)], partners)
        self.assertTrue(all(self.mirror(n).is_leading for n in range(1, 6)))
        self.assertFalse(self.lines())

    def test_a_merged_contact_that_was_no_customer_is_not_imported(self):
        lines = self.bring(
            merged(1, 2, ContactPersons=[person("Ann", "Lee")]), contact(2)
        )
        self.assertFalse(self.partner(1))
        self.assertFalse(self.persons(1).partner_id)
        self.assertFalse(lines)

    def test_an_ignored_winner_takes_nothing(self):
        self.bring(contact(1), contact(2))
        partner = self.partner(1)
        self.mirror(2).action_unlink_record()
        self.bring(merged(1, 2), contact(2, "New"))
        self.assert_leads(1, partner)
        self.assertFalse(self.partner(2))
        self.assertFalse(self.lines())

    def test_a_customer_that_was_archived_here_is_not_taken_over(self):
        ann = person("Ann", "Lee", "ann@club.nz")
        self.bring(contact(1, "Old", ContactPersons=[ann]))
        (self.partner(1) | self.persons(1).partner_id).action_archive()
        lines = self.bring(contact(1, "Old!", ContactPersons=[ann]))
        self.assertEqual(set(lines.mapped("code")), {"record_archived"})
        old = self.partner(1)
        self.bring(merged(1, 2, "Old!"), contact(2, "New", ContactPersons=[ann]))
        self.assertEqual(self.mirror(1).link_state, "ignored")
        self.assertNotEqual(self.partner(2), old)
        self.assertEqual(self.partner(2).name, "New")

    def test_several_into_one(self):
        self.bring(contact(1), contact(2))
        partner, other = self.partner(1), self.partner(2)
        self.bring(merged(1, 3), merged(2, 3), contact(3))
        self.assert_leads(3, partner)
        self.assertEqual(self.partner(2), other)
        self.assertEqual(self.lines().contact_id, self.mirror(2))

    def test_who_did_not_lead_hands_no_lead_on(self):
        self.bring(contact(1), contact(2))
        partner = self.partner(1)
        self.mirror(2).sudo().write({"partner_id": partner.id, "is_leading": False})
        self.env.flush_all()
        self.bring(merged(2, 3), contact(3))
        self.assertEqual(self.partner(3), partner)
        self.assert_leads(1, partner)

    def test_the_delivery_address_goes_along(self):
        places = [address(), address("STREET", "2 Dock Road")]
        self.bring(contact(1, Addresses=places))
        partner = self.partner(1)
        delivery = partner.child_ids
        self.assertEqual(delivery.type, "delivery")
        moved = [address(), address("STREET", "3 Pier Road")]
        self.bring(merged(1, 2, Addresses=places), contact(2, Addresses=moved))
        self.assertEqual(partner.child_ids, delivery)
        self.assertEqual(delivery.street, "3 Pier Road")
        self.assertEqual(self.mirror(2).delivery_partner_id, delivery)
        self.assertFalse(self.mirror(1).delivery_partner_id)

    # Two customers

    def test_two_customers_are_told_once(self):
        self.bring(contact(1, "First"), contact(2, "Second"))
        partners = self.partner(1), self.partner(2)
        self.land(merged(1, 2, "First"))
        self.import_all()
        self.assertEqual((self.partner(1), self.partner(2)), partners)
        line = self.lines()
        self.assertEqual(line.contact_id, self.mirror(1))
        self.assertIn("First", line.reason)
        self.assertIn("Second", line.reason)
        self.assertEqual(line.conflict_ids, [partner.id for partner in partners])
        before = self.links()
        self.follow()
        self.land(contact(2, "Second, changed"))
        self.assertEqual(self.lines(), line)
        self.follow()
        self.assertEqual(len(self.links()), len(before))

    def test_what_was_ignored_is_not_told_again(self):
        self.bring(contact(1), contact(2))
        self.land(merged(1, 2))
        self.lines().action_ignore()
        self.follow()
        self.assertFalse(self.lines())

    def test_a_merge_in_odoo_settles_it(self):
        self.bring(contact(1), contact(2))
        partner = self.partner(2)
        self.land(merged(1, 2))
        line = self.lines()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.partner(1) | partner).ids, partner
        )
        self.follow()
        self.assertEqual(line.state, "retried")
        self.assert_leads(2, partner)

    def test_unlinking_settles_it(self):
        self.bring(contact(1), contact(2))
        self.land(merged(1, 2))
        line = self.lines()
        self.mirror(1).action_unlink_record()
        self.follow()
        self.assertEqual(line.state, "retried")

    # Persons

    def test_persons_move_to_who_is_left(self):
        ann, bob, eve = (
            person("Ann", "Lee", "ann@club.nz"),
            person("Bob", "Ray"),
            person("Eve", "Fox", "eve@club.nz"),
        )
        self.bring(contact(1, ContactPersons=[ann, bob, eve]))
        old = {each.first_name: each.partner_id for each in self.persons(1)}
        self.assertTrue(all(old.values()))
        before = self.partners.search_count([])
        self.bring(
            merged(1, 2, ContactPersons=[ann, bob, eve]),
            contact(
                2,
                ContactPersons=[
                    person("Anna", "Lee", "ANN@club.nz"),
                    person("bob", "ray", "bob@new.nz"),
                    person("Zoe", "New", "zoe@club.nz"),
                ],
            ),
        )
        new = {each.first_name: each.partner_id for each in self.persons(2)}
        self.assertEqual(new["Anna"], old["Ann"])
        self.assertEqual(new["bob"], old["Bob"])
        self.assertEqual(old["Ann"].xero_first_name, "Anna")
        self.assertEqual(old["Bob"].email, "bob@new.nz")
        self.assertEqual(self.partners.search_count([]), before + 1, "Zoe is new")
        self.assertEqual(old["Eve"].parent_id, self.partner(2), "she stays")
        states = {each.first_name: each.link_state for each in self.persons(1)}
        self.assertEqual(states, {"Ann": "ignored", "Bob": "ignored", "Eve": "linked"})

    def test_persons_that_xero_takes_out_with_the_merge_are_found(self):
        ann = person("Ann", "Lee", "ann@club.nz")
        self.bring(contact(1, ContactPersons=[ann]))
        partner = self.persons(1).partner_id
        self.bring(merged(1, 2), contact(2, ContactPersons=[ann]))
        self.assertEqual(self.persons(2).partner_id, partner)

    def test_an_individual_stays_one_human(self):
        human = {"FirstName": "Ann", "LastName": "Lee"}
        self.bring(contact(1, "Ann Lee", **human))
        partner = self.partner(1)
        self.bring(
            merged(1, 2, "Ann Lee", **human),
            contact(2, "Ann Lee", EmailAddress="ann@club.nz", **human),
        )
        self.assert_leads(2, partner)
        self.assertEqual(self.persons(2).partner_id, partner)
        self.assertEqual(partner.email, "ann@club.nz")

    # Whatever comes again

    def test_following_twice_changes_nothing(self):
        ann = person("Ann", "Lee", "ann@club.nz")
        self.bring(contact(1, ContactPersons=[ann]), contact(4), contact(5))
        self.bring(
            merged(1, 2, ContactPersons=[ann]),
            contact(2, ContactPersons=[ann]),
            merged(4, 5),
        )
        self.follow()
        before = self.links()
        self.follow()
        self.assertEqual(self.links(), before)
        with self.count_partner_writes() as written:
            self.assertFalse(self.import_all())
        self.assertEqual(written, [])

    def test_any_merges_in_any_order(self):
        for seed in range(25):
            with self.subTest(seed=seed), self.cr.savepoint() as savepoint:
                self.shuffle_merges(random.Random(seed))
                savepoint.rollback()
                self.env.invalidate_all()

    def shuffle_merges(self, chance):
        numbers = range(1, 8)
        self.bring(*[contact(n) for n in numbers if chance.random() < 0.6])
        before = {n: self.partner(n) for n in numbers}
        into = {n: chance.choice((0, 0, *numbers, 99)) for n in numbers}
        now = [merged(n, into[n]) if into[n] else contact(n, f"New {n}") for n in into]
        chance.shuffle(now)
        while now:
            size = chance.randint(1, 4)
            self.land(*now[:size])
            now = now[size:]
            if chance.random() < 0.3:
                self.import_all()
        self.import_all()
        for n, partner in before.items():
            self.assertTrue(not partner or self.partner(n) == partner, "none is lost")
            if into[n] and not partner:
                self.assertFalse(self.partner(n), "a merged one is never imported")
        for partner in self.env["xero.contact"].search([]).partner_id:
            leading = partner.xero_contact_ids.filtered("is_leading")
            self.assertEqual(len(leading), 1)
        links = self.links()
        self.follow()
        self.assertEqual(self.links(), links)

    def test_nothing_merged_costs_one_query(self):
        self.bring(*[contact(n) for n in range(50)], merged(98, 99))
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.follow()

    def test_a_hundred_merges_cost_the_same_as_ten(self):
        self.bring(*[contact(n) for n in range(1, 201)])
        counts = []
        for numbers in (range(1, 3), range(3, 13), range(13, 101)):
            self.mirror(1)
            self.land(*[merged(n, 1000 + n) for n in numbers])
            winners = [contact(1000 + n) for n in numbers]
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.land(*winners)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_by_the_feed(self):
        self.connector.add_part([contact(1, "Old")])
        self.connector.add_end()
        self.run_cron()
        partner = self.partner(1)
        self.connector.sync("sync-2")
        self.connector.add_part([merged(1, 2, "Old")], sync="sync-2")
        self.connector.add_part([contact(2, "New")], sync="sync-2")
        self.connector.add_end(sync="sync-2")
        self.run_cron()
        self.assert_leads(2, partner)
        self.assertEqual(partner.name, "New")


class TestArchived(XeroCase):
    """Contacts that were archived in Xero, or whose data a person had erased."""

    def test_archived_stays_a_customer_and_is_shown(self):
        for status in ("ARCHIVED", "GDPRREQUEST"):
            with self.subTest(status):
                self.bring(contact(1, ContactStatus="ACTIVE"))
                partner = self.partner(1)
                self.bring(contact(1, ContactStatus=status))
                self.assertEqual(self.partner(1), partner)
                self.assertTrue(partner.active)
                self.assertTrue(self.mirror(1).archived)
                self.assertEqual(self.mirror(1).status, status)

    def test_archived_ones_come_when_they_are_active_again(self):
        ann = person("Ann", "Lee")
        self.bring(contact(1, ContactStatus="ARCHIVED", ContactPersons=[ann]))
        self.assertFalse(self.partner(1))
        self.bring(contact(1, ContactPersons=[ann]))
        self.assertTrue(self.partner(1))
        self.assertEqual(self.persons(1).partner_id.parent_id, self.partner(1))
        self.assertFalse(self.mirror(1).archived)

    def test_a_merge_that_was_undone_is_a_contact_again(self):
        self.bring(merged(1, 2))
        self.assertFalse(self.partner(1))
        self.bring(contact(1))
        self.assertTrue(self.partner(1))
