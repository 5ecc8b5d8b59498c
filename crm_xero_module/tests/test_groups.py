# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.mirror.contacts import land_contacts
from odoo.addons.crm_xero_module.services.mirror.groups import land_groups

from .common import READ_AT, XeroCase, contact


def group(number, name=None, **values):
    """A contact group as Xero lists it."""
    return {
        "ContactGroupID": f"90000000-0000-4000-8000-{number:012d}",
        "Name": f"Group {number}" if name is None else name,
        "Status": "ACTIVE",
        **values,
    }


class TestGroups(XeroCase):
    """Xero's contact groups in the mirror, and who is in them."""

    def list_groups(self, *groups, is_whole=True):
        return land_groups(self.connection.sudo(), list(groups), is_whole=is_whole)

    def groups(self):
        every = self.env["xero.contact.group"].with_context(active_test=False)
        return every.search([("connection_id", "=", self.connection.id)])

    def names_of(self, number):
        return sorted(self.mirror(number).group_ids.mapped("name"))

    def test_a_list_brings_renames_and_ends_groups(self):
        self.list_groups(group(1, "Schools"), group(2, "Clubs"))
        self.assertEqual(self.groups().mapped("name"), ["Clubs", "Schools"])
        self.assertEqual(self.groups().company_id, self.connection.company_id)
        self.list_groups(group(1, "Colleges"))
        self.assertEqual(
            self.groups().mapped(lambda each: (each.name, each.active)),
            [("Clubs", False), ("Colleges", True)],
        )
        self.list_groups(group(2, "Clubs"), is_whole=False)
        self.assertEqual(set(self.groups().mapped("active")), {True})
        self.list_groups()
        self.assertEqual(set(self.groups().mapped("active")), {False})

    def test_an_odd_list_does_no_harm(self):
        self.list_groups(
            None,
            "x",
            {"Name": "No id"},
            group(1, "  "),
            group(2, "=cmd|' /C calc'!A0 <b>\U0001f600</b>" + "x" * 600),
            group(3, Status="DELETED"),
            group(4, ContactGroupID="x" * 200),
        )
        self.assertEqual(len(self.groups()), 2)
        self.assertIn(group(1)["ContactGroupID"], self.groups().mapped("name"))

    def test_the_same_list_again_writes_nothing(self):
        self.list_groups(group(1), group(2))
        self.assertEqual(self.changed_by(self.list_groups, group(1), group(2)), 0)
        self.assertEqual(self.changed_by(self.list_groups, group(1, "X"), group(2)), 1)

    def changed_by(self, work, *args):
        """How many groups a step writes, by PostgreSQL's own row versions."""
        before = self.versions()
        work(*args)
        return len(self.versions() - before)

    def versions(self):
        rows = SQL("SELECT id, ctid::text FROM xero_contact_group")
        return set(self.env.execute_query(rows))

    def test_contacts_say_who_is_in_a_group(self):
        self.list_groups(group(1, "Schools"))
        self.land(
            contact(1, ContactGroups=[group(1, "Schools"), group(2, "Clubs")]),
            contact(2, ContactGroups=[group(2, "Clubs"), group(2, "Clubs")]),
            contact(3, ContactGroups=None),
            contact(4, ContactGroups=["x", {}, {"Name": "No id"}]),
        )
        self.assertEqual(self.names_of(1), ["Clubs", "Schools"])
        self.assertEqual(self.names_of(2), ["Clubs"])
        self.assertEqual(self.names_of(3) + self.names_of(4), [])
        self.land(contact(1, ContactGroups=[group(2)]), contact(2))
        self.assertEqual(self.names_of(1), ["Clubs"], "the list has the say on names")
        self.assertEqual(self.names_of(2), [])

    def test_other_contacts_keep_their_groups(self):
        self.land(contact(1, ContactGroups=[group(1)]))
        self.land(contact(2, ContactGroups=[group(2)]))
        self.assertEqual(self.names_of(1), ["Group 1"])

    def test_an_older_answer_changes_no_membership(self):
        self.land(contact(1, ContactGroups=[group(1)]))
        self.land(contact(1), read_at=READ_AT - timedelta(hours=1))
        self.assertEqual(self.names_of(1), ["Group 1"])

    def test_connections_have_groups_of_their_own(self):
        self.land(contact(1, ContactGroups=[group(1)]))
        other = self.env["xero.connection"].create({"name": "Other"})
        land_groups(other.sudo(), [group(1, "Elsewhere")], is_whole=True)
        self.assertEqual(self.names_of(1), ["Group 1"])
        land_groups(other.sudo(), [], is_whole=True)
        self.assertTrue(self.groups().active)
        self.land(contact(2, ContactGroups=[group(1)]))
        self.assertEqual(self.mirror(2).group_ids, self.mirror(1).group_ids)

    def test_entering_a_group_brings_a_contact_to_its_import(self):
        self.list_groups(group(1))
        self.companies.write({"which": "groups", "group_ids": self.groups().ids})
        self.bring(contact(1))
        self.assertFalse(self.partner(1))
        self.bring(contact(1, ContactGroups=[group(1)]))
        self.assertTrue(self.partner(1))

    def test_by_the_feed(self):
        listed = {"resource": "contact_groups", "key": "ContactGroups"}
        self.connector.add_part([group(1, "Schools"), group(2, "Clubs")], **listed)
        self.connector.add_part([contact(1, ContactGroups=[group(1, "Schools")])])
        self.connector.add_end()
        self.run_cron()
        self.assertEqual(self.groups().mapped("name"), ["Clubs", "Schools"])
        self.assertEqual(self.names_of(1), ["Schools"])
        self.connector.sync("sync-2")
        self.connector.add_part([], sync="sync-2", **listed)
        self.connector.add_part([group(3)], sync="sync-2", part=2, **listed)
        self.connector.add_end(sync="sync-2")
        self.run_cron()
        self.assertEqual(self.groups().filtered("active").mapped("name"), ["Group 3"])
        self.assertEqual(self.names_of(1), [], "a group that is gone is not shown")

    def test_a_page_costs_one_query_more(self):
        page = [contact(n, ContactGroups=[group(n % 7)]) for n in range(500)]
        self.env.flush_all()
        connection = self.connection.sudo()
        with self.assertQueryCount(5):
            land_contacts(connection, page, READ_AT)
        with self.assertQueryCount(1):
            land_contacts(connection, page, READ_AT)

    def test_the_mirror_is_grouped_and_filtered_by_them(self):
        self.land(
            contact(1, ContactGroups=[group(1), group(2)]),
            contact(2, ContactGroups=[group(2)]),
            contact(3),
        )
        contacts = self.env["xero.contact"]
        found = contacts.search([("group_ids", "=", "Group 1")])
        self.assertEqual(found, self.mirror(1))
        counts = contacts._read_group([], ["group_ids"], ["__count"])
        self.assertEqual(
            {each.name: count for each, count in counts},
            {"Group 1": 1, "Group 2": 2, False: 1},
        )
        self.list_groups(group(2))
        counts = contacts._read_group([], ["group_ids"], ["__count"])
        self.assertEqual(
            {each.name: count for each, count in counts}, {"Group 2": 2, False: 1}
        )
