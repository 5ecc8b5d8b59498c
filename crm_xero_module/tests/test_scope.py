# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.imports.plan import Planner
from odoo.addons.crm_xero_module.services.imports.scope import scope_of
from odoo.addons.crm_xero_module.services.xero.fields import full_name

from .common import XeroCase, contact, person

VENDOR = {"IsCustomer": False, "IsSupplier": True}
LONG_AGO = {"UpdatedDateUTC": "/Date(1500000000000+0000)/"}
# Of 14 July 2017 in UTC.
THAT_DAY = "2017-07-14"
# One of each kind, each with one person of the same number.
CUSTOMER, BOTH, NEITHER, SELLER, GONE, GONE_SELLER, OLD = range(1, 8)


class ScopeCase(XeroCase):
    """Contacts of all kinds in the mirror, each with one person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = {
            CUSTOMER: {},
            BOTH: {"IsSupplier": True},
            NEITHER: {"IsCustomer": False},
            SELLER: VENDOR,
            GONE: {"ContactStatus": "ARCHIVED"},
            GONE_SELLER: {"ContactStatus": "ARCHIVED", **VENDOR},
            OLD: LONG_AGO,
        }
        cls.land(
            cls,
            *(
                contact(n, ContactPersons=[person("Person", str(n))], **values)
                for n, values in kinds.items()
            ),
        )

    def group(self, *numbers, name="VIP"):
        group = (
            self.env["xero.contact.group"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "company_id": self.connection.company_id.id,
                    "xero_id": name,
                    "name": name,
                }
            )
        )
        group.contact_ids = self.mirrors(*numbers)
        self.env.flush_all()
        return group

    def mirrors(self, *numbers):
        return self.env["xero.contact"].browse(self.mirror(n).id for n in numbers)

    def numbers(self, profile):
        """What a profile looks at, by number."""
        planner = Planner(profile.sudo(), self.env)
        rows = planner.rows(SQL("TRUE"))
        self.assertEqual(scope_of(profile).count(), len(rows))
        self.assertEqual(profile.record_count, len(rows))
        names = [full_name(row.person) if row.person else row.name for row in rows]
        return sorted(int(name.split()[-1]) for name in names)

    def assertScope(self, *numbers):
        """Companies and persons: each contact's person comes with it."""
        for profile in (self.companies, self.contacts):
            with self.subTest(profile=profile.name):
                self.assertEqual(self.numbers(profile), list(numbers))

    def choose(self, **values):
        (self.companies | self.contacts).write(values)


class TestScope(ScopeCase):
    """Which of Xero's contacts an import looks at, and their persons with them."""

    def test_customers_are_who_is_one_or_neither(self):
        self.assertScope(CUSTOMER, BOTH, NEITHER, OLD)

    def test_archived(self):
        self.choose(status="archived")
        self.assertScope(GONE)
        self.choose(status="all")
        self.assertScope(CUSTOMER, BOTH, NEITHER, GONE, OLD)

    def test_changed_since_the_start_of_a_day(self):
        self.choose(changed_since=THAT_DAY)
        self.assertScope(CUSTOMER, BOTH, NEITHER, OLD)
        self.choose(changed_since="2017-07-15")
        self.assertScope(CUSTOMER, BOTH, NEITHER)

    def test_groups(self):
        group = self.group(CUSTOMER, SELLER, GONE)
        self.choose(which="groups", group_ids=[Command.set(group.ids)])
        self.assertScope(CUSTOMER)
        self.choose(status="all")
        self.assertScope(CUSTOMER, GONE)

    def test_several_groups_bring_each_contact_once(self):
        groups = self.group(CUSTOMER, BOTH) | self.group(BOTH, OLD, name="New")
        self.choose(which="groups", group_ids=[Command.set(groups.ids)])
        self.assertScope(CUSTOMER, BOTH, OLD)

    def test_no_group_and_none_picked_is_nobody(self):
        self.choose(which="groups")
        self.assertScope()
        self.choose(which="picked")
        self.assertScope()

    def test_hand_picked(self):
        picked = self.mirrors(BOTH, SELLER)
        self.choose(which="picked", picked_ids=[Command.set(picked.ids)])
        self.assertScope(BOTH)

    def test_vendors_come_only_where_the_connection_lets_them(self):
        self.choose(which="vendors", status="all")
        self.assertScope()
        self.connection.vendors = "all"
        self.assertScope(SELLER, GONE_SELLER)
        self.connection.vendors = "groups"
        self.assertScope()
        group = self.group(SELLER, CUSTOMER)
        self.connection.vendor_group_ids = group
        self.assertScope(SELLER)
        self.connection.vendors = "picked"
        self.assertScope()
        self.connection.vendor_ids = self.mirrors(GONE_SELLER, BOTH)
        self.assertScope(GONE_SELLER)

    def test_vendors_that_the_connection_lets_in_may_be_picked(self):
        picked = self.mirrors(CUSTOMER, SELLER)
        self.choose(which="picked", picked_ids=[Command.set(picked.ids)])
        self.connection.vendors = "all"
        self.assertScope(CUSTOMER, SELLER)

    def test_customers_are_no_vendors_whatever_the_connection_says(self):
        self.connection.vendors = "all"
        self.assertScope(CUSTOMER, BOTH, NEITHER, OLD)

    def test_who_is_a_crm_record_already_goes_on_being_followed(self):
        partner = self.partners.create({"name": "There"})
        linked = self.mirrors(SELLER, GONE_SELLER).sudo()
        linked.write({"partner_id": partner.id, "link_state": "linked"})
        self.env.flush_all()
        self.assertScope(CUSTOMER, BOTH, NEITHER, SELLER, GONE_SELLER, OLD)

    def test_a_linked_vendor_is_fed_by_one_import(self):
        partner = self.partners.create({"name": "There"})
        linked = self.mirrors(SELLER, GONE_SELLER).sudo()
        linked.write({"partner_id": partner.id, "link_state": "linked"})
        self.connection.vendors = "picked"
        self.connection.vendor_ids = self.mirrors(SELLER)
        self.assertTrue(self.vendors.auto_run)
        self.assertEqual(self.numbers(self.vendors), [SELLER])
        self.assertEqual(
            self.numbers(self.companies), [CUSTOMER, BOTH, NEITHER, GONE_SELLER, OLD]
        )
        self.assertIn(SELLER, self.numbers(self.contacts))
        self.vendors.auto_run = False
        self.assertIn(SELLER, self.numbers(self.companies))

    def test_a_linked_person_is_followed_without_its_contact(self):
        partner = self.partners.create({"name": "There"})
        self.persons(SELLER).sudo().write(
            {"partner_id": partner.id, "link_state": "linked"}
        )
        self.env.flush_all()
        self.assertEqual(self.numbers(self.companies), [CUSTOMER, BOTH, NEITHER, OLD])
        self.assertEqual(
            self.numbers(self.contacts), [CUSTOMER, BOTH, NEITHER, SELLER, OLD]
        )

    def test_persons_that_are_gone_from_xero_are_not_looked_at(self):
        self.land(contact(CUSTOMER))
        self.assertEqual(self.numbers(self.contacts), [BOTH, NEITHER, OLD])

    def test_another_connections_contacts_are_not_looked_at(self):
        other = self.env["xero.connection"].create({"name": "Other"})
        profile = self.companies.copy({"connection_id": other.id})
        self.assertEqual(self.numbers(profile), [])

    def test_the_count_follows_the_form_before_it_is_saved(self):
        form = self.env["xero.import.profile"].new(origin=self.companies)
        form.status = "all"
        self.assertEqual(form.record_count, 5)
        form.which = "picked"
        form.picked_ids = self.mirrors(CUSTOMER)
        self.assertEqual(form.record_count, 1)


class TestWiderScope(ScopeCase):
    """Whoever comes into an import's view is imported, though nothing changed."""

    def test_a_wider_filter(self):
        self.import_all()
        self.assertFalse(self.partner(GONE))
        self.choose(status="all")
        self.import_all()
        self.assertTrue(self.partner(GONE))
        self.assertEqual(len(self.partner(GONE).child_ids), 1)
        self.assertTrue(self.partner(GONE).active)

    def test_a_group_and_a_picked_contact(self):
        group = self.group(CUSTOMER)
        self.choose(which="groups", group_ids=[Command.set(group.ids)])
        self.import_all()
        self.assertFalse(self.partner(BOTH))
        self.choose(which="picked", picked_ids=[Command.link(self.mirror(BOTH).id)])
        self.import_all()
        self.assertTrue(self.partner(BOTH))
        self.choose(picked_ids=[Command.link(self.mirror(OLD).id)])
        self.import_all()
        self.assertTrue(self.partner(OLD))

    def test_vendors_that_the_connection_lets_in(self):
        self.import_all(self.companies, self.vendors, self.contacts)
        self.assertFalse(self.partner(SELLER))
        self.connection.vendors = "all"
        self.import_all()
        self.assertTrue(self.partner(SELLER))
        self.assertEqual(len(self.partner(SELLER).child_ids), 1)
        self.assertFalse(self.partner(GONE_SELLER))

    def test_what_was_seen_is_not_written_again(self):
        self.import_all()
        self.choose(status="all", changed_since=THAT_DAY)
        self.import_all()
        self.choose(status="active")
        with self.count_partner_writes() as written:
            self.import_all()
        self.assertEqual(written, [])

    def test_other_changes_of_an_import_leave_its_position(self):
        self.import_all()
        before = self.companies.position
        self.companies.name = "Renamed"
        self.assertEqual(self.companies.position, before)
