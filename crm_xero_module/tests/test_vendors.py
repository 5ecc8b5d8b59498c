# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from odoo.addons.crm_xero_module.services.mirror.landers import LANDERS

from .common import XeroCase, contact, person, xero_id
from .test_groups import group

VENDOR = {"IsCustomer": False, "IsSupplier": True}


class VendorCase(XeroCase):
    """A customer and three vendors, of whom one is in a group and one archived."""

    def setUp(self):
        super().setUp()
        self.bring(
            contact(1, "Customer"),
            contact(2, "Paper Mill", **VENDOR),
            contact(3, "Ink Works", **VENDOR, ContactGroups=[group(1, "Trade")]),
            contact(4, "Gone Mill", **VENDOR, ContactStatus="ARCHIVED"),
        )

    def here(self):
        """The numbers of the contacts that are partners."""
        self.env.invalidate_all()
        linked = self.env["xero.contact"].sudo().search([("partner_id", "!=", False)])
        return sorted(int(row.xero_id[-12:]) for row in linked)

    def choose(self, vendors, **values):
        self.connection.write({"vendors": vendors, **values})
        self.import_all()


class TestVendors(VendorCase):
    """Vendors come by choice only."""

    def test_none_come_by_default(self):
        self.assertEqual(self.connection.vendors, "none")
        self.assertFalse(self.vendors.auto_run)
        self.assertEqual(self.connection.vendor_count, 0)
        self.assertEqual(self.here(), [1])

    def test_all(self):
        self.choose("all")
        self.assertTrue(self.vendors.auto_run)
        self.assertEqual(self.connection.vendor_count, 2)
        self.assertEqual(self.here(), [1, 2, 3])

    def test_those_of_a_group(self):
        trade = self.mirror(3).group_ids
        self.choose("groups", vendor_group_ids=[Command.set(trade.ids)])
        self.assertEqual(self.connection.vendor_count, 1)
        self.assertEqual(self.here(), [1, 3])
        entering = [group(1, "Trade")]
        self.bring(contact(2, "Paper Mill", **VENDOR, ContactGroups=entering))
        self.assertEqual(self.here(), [1, 2, 3], "who enters the group comes")

    def test_those_that_were_picked(self):
        self.choose("picked", vendor_ids=[Command.set(self.mirror(2).ids)])
        self.assertEqual(self.connection.vendor_count, 1)
        self.assertEqual(self.here(), [1, 2])
        self.choose("picked", vendor_ids=[Command.link(self.mirror(3).id)])
        self.assertEqual(self.here(), [1, 2, 3])

    def test_their_persons_come_with_them(self):
        ann = person("Ann", "Lee")
        self.bring(contact(2, "Paper Mill", **VENDOR, ContactPersons=[ann]))
        self.assertFalse(self.persons(2).partner_id)
        self.choose("all")
        self.assertEqual(self.persons(2).partner_id.parent_id, self.partner(2))

    def test_none_again(self):
        self.choose("all")
        partner = self.partner(2)
        self.choose("none")
        self.assertFalse(self.vendors.auto_run)
        self.assertEqual(self.partner(2), partner, "who came stays")
        self.bring(
            contact(2, "Paper Mill Ltd", **VENDOR), contact(5, "Glue Works", **VENDOR)
        )
        self.assertEqual(partner.name, "Paper Mill Ltd", "and goes on being followed")
        self.assertEqual(self.here(), [1, 2, 3], "nobody new comes")
        self.mirror(2).action_unlink_record()
        self.bring(contact(2, "Paper Mill Inc", **VENDOR))
        self.assertEqual(partner.name, "Paper Mill Ltd", "until it is unlinked")

    def test_a_vendor_who_buys_is_a_customer(self):
        self.bring(contact(2, "Paper Mill", IsCustomer=True, IsSupplier=True))
        self.assertEqual(self.here(), [1, 2])

    def test_a_choice_within_a_choice_leaves_the_import_alone(self):
        self.choose("all")
        self.vendors.auto_run = False
        self.choose("picked", vendor_ids=[Command.set(self.mirror(2).ids)])
        self.assertFalse(self.vendors.auto_run, "an administrator turned it off")

    def test_what_is_not_about_vendors_looks_at_nothing_again(self):
        self.choose("all")
        before = self.vendors.position
        self.assertTrue(before)
        self.connection.name = "Renamed"
        self.assertEqual(self.vendors.position, before)

    def test_vendors_of_another_organisation_are_refused(self):
        other = self.env["xero.connection"].create({"name": "Other"})
        with self.assertRaises(ValidationError):
            other.vendor_ids = self.mirror(2)
        with self.assertRaises(ValidationError):
            other.vendor_group_ids = self.mirror(3).group_ids

    def test_by_the_form(self):
        with Form(self.connection) as form:
            form.vendors = "picked"
            form.vendor_ids.add(self.mirror(2))
            self.assertEqual(form.vendor_count, 1)
            form.vendors = "all"
            self.assertEqual(form.vendor_count, 2)
        action = self.connection.action_open_vendors()
        found = self.env["xero.contact"].search(action["domain"])
        self.assertEqual(found, self.mirror(2) | self.mirror(3))

    def test_a_choice_made_before_connecting_holds(self):
        connection = self.env["xero.connection"].create({"vendors": "all"})
        remote = self.connector.connection()
        connection._set_connected(
            {**remote, "id": "2", "organisation": {"id": "tenant-2", "name": "Two"}}
        )
        vendors = connection.profile_ids.filtered(lambda each: each.which == "vendors")
        self.assertTrue(vendors.auto_run)


class TestVendorsAreHidden(VendorCase):
    """Vendors are no business of sales, unless they became partners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {
            "salesman": "sales_team.group_sale_salesman",
            "manager": "sales_team.group_sale_manager",
        }
        cls.users = [
            new_test_user(cls.env, login, groups=group)
            for login, group in groups.items()
        ]

    def test_as_members_of_a_group(self):
        self.bring(contact(1, "Customer", ContactGroups=[group(1, "Trade")]))
        trade = self.mirror(3).group_ids
        for user in self.users:
            self.assertEqual(trade.with_user(user).contact_ids, self.mirror(1))
        self.env.invalidate_all()
        self.assertEqual(trade.contact_ids, self.mirror(1) | self.mirror(3))

    def test_as_persons_and_by_name(self):
        ann = person("Ann", "Lee")
        self.bring(contact(2, "Paper Mill", **VENDOR, ContactPersons=[ann]))
        for user in self.users:
            contacts = self.env["xero.contact"].with_user(user)
            self.assertEqual(contacts.name_search("Mill"), [])
            self.assertFalse(contacts.search([("person_ids.last_name", "=", "Lee")]))
            persons = self.env["xero.contact.person"].with_user(user)
            self.assertFalse(persons.search([("last_name", "=", "Lee")]))
            with self.assertRaises(AccessError):
                self.mirror(2).with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                self.mirror(2).with_user(user).action_unlink_record()

    def test_in_lines_of_runs(self):
        self.choose("all")
        lines = self.bring(
            contact(5, "", **VENDOR), contact(6, ""), {"Name": "Lost", **VENDOR}
        )
        self.sync_run._log_unusable(LANDERS["contacts"], [{"Name": "Lost", **VENDOR}])
        lines |= self.sync_run.line_ids
        self.assertEqual(len(lines), 3)
        for user in self.users:
            seen = self.env["xero.sync.line"].with_user(user).search([])
            self.assertEqual(seen.contact_id, self.mirror(6))
            self.assertEqual(len(seen), 1)
        self.assertLessEqual(lines, self.env["xero.sync.line"].search([]))

    def test_in_the_lines_of_previews(self):
        self.connection.vendors = "all"
        self.land(contact(8, "New Customer"))
        for profile in (self.vendors, self.companies):
            run = self.env["xero.sync"].browse(profile.action_preview()["res_id"])
            while run.is_open:
                run.sudo()._work().run_whole_batch()
        self.env.invalidate_all()
        lines = self.env["xero.sync.line"]
        of_previews = [("state", "=", "preview")]
        told = lines.search(of_previews).mapped("record_name")
        self.assertEqual(sorted(told), ["Ink Works", "New Customer", "Paper Mill"])
        seen = [lines.with_user(user).search(of_previews) for user in self.users]
        self.assertEqual(
            [found.mapped("record_name") for found in seen], [[], ["New Customer"]]
        )

    def test_as_the_example_of_an_import(self):
        self.connection.vendors = "all"
        manager = self.users[1]
        self.assertFalse(self.vendors.with_user(manager).example_name)
        self.env.invalidate_all()
        self.assertEqual(self.vendors.example_name, "Paper Mill")
        self.env.invalidate_all()
        self.assertEqual(self.companies.with_user(manager).example_name, "Customer")

    def test_as_a_choice_of_the_connection(self):
        self.connection.write(
            {"vendors": "picked", "vendor_ids": [Command.set(self.mirror(2).ids)]}
        )
        self.env.invalidate_all()
        for user in self.users:
            seen = self.connection.with_user(user)
            self.assertFalse(seen.vendor_ids)
            with self.assertRaises(AccessError):
                seen.vendors = "all"

    def test_those_that_became_partners_are_seen(self):
        self.choose("all")
        for user in self.users:
            seen = self.env["xero.contact"].with_user(user).search([])
            self.assertEqual(len(seen), 3, "all but the archived one")

    def test_where_a_contact_was_merged_into_a_vendor(self):
        self.land(contact(7, "Old", MergedToContactID=xero_id(2)))
        for user in self.users:
            self.assertFalse(self.mirror(7).with_user(user).merged_to_id)
        self.assertEqual(self.mirror(7).merged_to_id, self.mirror(2))
