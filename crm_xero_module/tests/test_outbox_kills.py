# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from copy import deepcopy
from unittest.mock import patch

from .common import FakeConnector, contact, person
from .outbox import OutboxCase
from .test_kills import Death, KillCase, Moments, one_of_each


class TestOutboxKills(OutboxCase, KillCase):
    """A process that dies on the way to Xero leaves, after another pass, what one that
    lives leaves: one contact there, linked here, and nothing twice."""

    def live(self, last=None):
        """As `KillCase.live`; a process may die right before and right behind each
        call as well, and whatever it left waiting is due when the next one begins."""
        moments = Moments(last)
        connector = self.connector
        type(self).connector = deepcopy(connector)
        with self.example():
            try:
                with moments.watched(), self.calls_watched(moments):
                    self.run_cron()
            except Death:
                self.env.invalidate_all(flush=False)
                self.later()
                self.run_cron()
            self.env.invalidate_all()
            if self.env["xero.outbox"].search_count([("state", "=", "waiting")]):
                self.later()
                self.run_cron()
                self.env.invalidate_all()
            left = self.left()
        type(self).connector = connector
        return moments, left

    def calls_watched(self, moments):
        handle = FakeConnector.handle

        def watched(connector, request):
            word = f"{request.method} {request.path_url.split('?')[0]}"
            moments.pass_by(f"before {word}")
            answer = handle(connector, request)
            moments.pass_by(f"behind {word}")
            return answer

        return patch.object(FakeConnector, "handle", watched)

    def left(self):
        entries = self.env["xero.outbox"].sudo().search([], order="id")
        return {
            **super().left(),
            "outbox": [
                (
                    entry.kind,
                    entry.state,
                    entry.code,
                    bool(entry.record),
                    entry.contact_id.xero_id,
                    entry.transaction_id.xero_id,
                )
                for entry in entries
            ],
            "in Xero": sorted(
                found.get("Name") or found.get("Reference")
                for found in self.connector.organisation.values()
            ),
            "links": [self.linked(entry.partner_id) for entry in entries],
        }

    def two_customers(self):
        """One of them with a person who goes along, and a sync that brings others."""
        self.club = self.customer()
        self.env["res.partner"].create(
            {"name": "Ann Lee", "parent_id": self.club.id, "email": "a@club.nz"}
        )
        self.queue(self.club)
        self.queue(self.customer("Harbour Club"), automatic=True)
        self.connector.add_part([contact(1, "From Xero", FirstName="Bo")])
        self.connector.add_end()

    def test_customers_are_created_once(self):
        expected = self.die_everywhere(self.two_customers)
        states = [entry[:4] for entry in expected["outbox"]]
        self.assertEqual(states, [("create_contact", "done", False, False)] * 2)
        self.assertEqual(expected["in Xero"], ["Bayside Club", "Harbour Club"])
        self.assertEqual([len(links) for links in expected["links"]], [1, 1])

    def a_lost_answer(self):
        self.queue(self.customer())
        self.connector.lost = 1

    def test_a_lost_answer(self):
        with self.example(), self.batches_of(2):
            self.a_lost_answer()
            self.env.flush_all()
            moments, _expected = self.live()
            for last in one_of_each(moments.names):
                with self.subTest(moments.names[last], number=last):
                    self.later()
                    _moments, left = self.live(last)
                    self.assertEqual(left["in Xero"], ["Bayside Club"])
                    self.assertEqual(len(left["links"][0]), 1)
                    self.assertEqual(left["outbox"][0][1], "done")

    def a_contact_that_a_sync_brings_first(self):
        """It was created, nobody heard of it, and the sync of the same pass has it."""
        partner = self.customer()
        entry = self.queue(partner)
        made = contact(
            9,
            "Bayside Club",
            ContactNumber=entry.body["ContactNumber"],
            FirstName="Ann",
            LastName="Lee",
            ContactPersons=[person("Al", "Wu", "al@club.nz")],
        )
        self.connector.put({**made, "key": entry.key})
        self.connector.add_part([made])
        self.connector.add_end()

    def test_a_sync_that_brings_it_first(self):
        expected = self.die_everywhere(self.a_contact_that_a_sync_brings_first)
        self.assertEqual(expected["partners"].count("Bayside Club"), 1)
        self.assertEqual([len(links) for links in expected["links"]], [1])
        self.assertEqual(expected["outbox"][0][1], "done")

    def a_draft_behind_its_customer(self):
        """Both wait: the draft goes when the customer is in Xero, and linked."""
        partner = self.customer()
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": partner.id})
        self.queue(partner)
        self.queue_invoice(partner, lead)

    def test_a_draft_behind_its_customer(self):
        expected = self.die_everywhere(self.a_draft_behind_its_customer)
        states = [entry[:2] for entry in expected["outbox"]]
        self.assertEqual(
            states, [("create_contact", "done"), ("draft_invoice", "done")]
        )
        self.assertTrue(expected["outbox"][1][5])
        self.assertEqual(len(expected["in Xero"]), 2)

    def an_update(self):
        """No sync is open, whose imports would count what they look at again."""
        self.bring(contact(1, "Bayside Club"))
        self.sync_run._finish("done")
        row = self.mirror(1)
        self.connector.put(contact(1, "Bayside Club"))
        self.env["xero.outbox"]._queue(
            "update_contact",
            self.connection,
            name=row.name,
            partner=row.partner_id,
            contact=row,
            body={"EmailAddress": "new@example.com"},
            shown=[],
            seen=self.connector.organisation[row.xero_id]["UpdatedDateUTC"],
        )

    def test_an_update(self):
        expected = self.die_everywhere(self.an_update)
        self.assertEqual(expected["outbox"][0][:2], ("update_contact", "done"))

    def test_a_person_who_waits_dies_over_it(self):
        """The request that sent it died; the worker brings it to its end."""
        with self.example():
            partner = self.customer()
            entry = self.queue(partner)
            self.env.flush_all()
            moments = self.request(entry)
            for last in one_of_each(moments.names):
                with self.subTest(moments.names[last], number=last):
                    self.request(entry, last)

    def request(self, entry, last=None):
        moments = Moments(last)
        connector = self.connector
        type(self).connector = deepcopy(connector)
        with self.example():
            try:
                with moments.watched(), self.calls_watched(moments):
                    self.press(entry)
            except Death:
                self.env.invalidate_all(flush=False)
            self.later()
            self.run_cron()
            self.env.invalidate_all()
            self.assertEqual(entry.state, "done")
            self.assertEqual(len(self.linked(entry.partner_id)), 1)
            self.assertEqual(len(self.connector.all_contacts()), 1)
        type(self).connector = connector
        return moments
