# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError

from .common import FakeConnector, contact
from .matching import MatchingCase


class TestGate(MatchingCase):
    """Where the CRM has customers of its own, imports wait until they are matched."""

    def connect(self, organisation="tenant-9"):
        connection = self.env["xero.connection"].create({})
        remote = FakeConnector().connection()
        remote |= {"id": f"of-{organisation}"}
        remote["organisation"] = {"id": organisation, "name": "Another"}
        connection._set_connected(remote)
        return connection

    def test_a_fresh_crm_is_not_asked(self):
        self.assertEqual(self.connection._count_customers(), 0)
        connection = self.connect()
        self.assertEqual(connection.matching, "none")
        self.assertFalse(connection.matching_note)
        self.assertTrue(connection._auto_profiles())

    def test_imports_wait_where_customers_are(self):
        self.customer("Bayside Club")
        connection = self.connect()
        self.assertEqual(connection.matching, "offered")
        self.assertIn("(1)", connection.matching_note)
        self.assertFalse(connection._auto_profiles())

    def test_who_connects_again_is_not_asked_again(self):
        connection = self.connect()
        self.customer("Bayside Club")
        connection._set_connected(FakeConnector().connection() | {"id": "new"})
        self.assertEqual(connection.matching, "none")

    def test_the_mirror_goes_on_and_the_imports_follow(self):
        club = self.customer("Bayside Club", email="club@bayside.nz")
        self.connection.matching = "offered"
        self.connector.add_part(
            [contact(1, "Bayside Club", EmailAddress="club@bayside.nz"), contact(2)]
        )
        self.connector.add_end()
        self.run_cron()
        self.assertEqual(self.sync_run.state, "done")
        self.assertTrue(self.mirror(2))
        self.assertFalse(self.partner(2), "the imports wait")
        answer = self.accept(1)
        self.assertEqual(self.partner(1), club)
        self.assertIn("when the imports begin", answer["message"])
        self.matches.done(self.connection.id)
        self.assertEqual(self.connection.matching, "done")
        self.run_cron()
        self.assertEqual(self.partner(1), club)
        self.assertEqual(self.partner(2).name, "Company 2")
        self.assertEqual(club.ref, False, "what is set on create only")
        runs = self.connection._open_runs()
        self.assertFalse(runs)

    def test_done_twice_is_once(self):
        self.connection.matching = "offered"
        self.connection.action_matching_done()
        runs = self.connection.sync_ids
        self.connection.action_matching_done()
        self.assertEqual(self.connection.sync_ids, runs)

    def test_no_import_is_run_by_hand_meanwhile(self):
        self.connection.matching = "offered"
        with self.assertRaises(UserError):
            self.companies.action_run()

    def test_without_matching(self):
        self.customer("Company 1")
        self.land(contact(1))
        self.connection.matching = "offered"
        self.matches.done(self.connection.id, True)
        self.run_cron()
        self.assertTrue(self.partner(1))

    def test_who_comes_as_new_is_asked_no_more(self):
        self.customer("Bayside Club")
        self.land(contact(1, "Bayside Club"), contact(2, "Nobody"))
        self.connection.matching = "offered"
        self.refresh()
        answer = self.matches.new_customer((self.mirror(1) | self.mirror(2)).ids)
        self.assertEqual(len(answer["done"]), 2)
        page = self.page()
        self.assertEqual(page["rows"], [])
        self.assertEqual(page["counts"]["new"], 2)
        self.assertEqual((page["matched"], page["total"]), (2, 2))
        self.assertEqual(self.page(kind="new")["length"], 2)
        self.matches.decide_again(self.mirror(2).ids)
        self.matches.undo(answer["undo"])
        self.assertEqual(self.page()["counts"]["new"], 0)
        self.assertEqual(self.names(1), ["Bayside Club"])
        self.matches.new_customer(self.mirror(1).ids)
        self.matches.done(self.connection.id)
        self.run_cron()
        self.assertEqual(self.partner(1).name, "Bayside Club")
        self.assertEqual(self.partners.search_count([("name", "=", "Bayside Club")]), 2)
