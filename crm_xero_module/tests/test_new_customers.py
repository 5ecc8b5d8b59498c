# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..services.mirror import links
from ..services.to_xero import customer_filter, new_customers
from ..services.to_xero.new_customers import queue_new_customers
from .common import XeroCase, contact, person, xero_id

EVERYBODY = "[]"
# Those that these tests make.
OURS = "[('comment', 'ilike', 'made by a test')]"


class NewCustomersCase(XeroCase):
    """An organisation to which customers go by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write(
            {
                "with_writing": True,
                "granted_features": ["contacts", "contacts_write"],
                "last_sync_at": fields.Datetime.now(),
                "new_customers": OURS,
                "new_customers_delay": 1,
                "direction": "both",
            }
        )

    def customer(self, name="Bayside Club", age=2, **values):
        """A company that was made and last changed so many hours ago."""
        partner = self.env["res.partner"].create(
            {"name": name, "is_company": True, "comment": "made by a test", **values}
        )
        self.make_older(partner, age)
        return partner

    def make_older(self, partner, hours):
        self.env.flush_all()
        then = fields.Datetime.now() - timedelta(hours=hours)
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s, write_date = %s WHERE id = %s",
            [then, then, partner.id],
        )
        self.env.invalidate_all()

    def queue(self):
        """One pass as the cron does it; the entries that it made."""
        outbox = self.env["xero.outbox"].sudo()
        before = outbox.search([])
        company = self.connection.company_id
        connection = self.connection.sudo().with_context(
            allowed_company_ids=company.ids
        )
        made = queue_new_customers(connection)
        entries = outbox.search([]) - before
        self.assertEqual(made, len(entries))
        return entries

    def assertGoes(self, *partners):
        entries = self.queue()
        self.assertEqual(sorted(entries.partner_id.ids), sorted(p.id for p in partners))
        return entries


@tagged("post_install", "-at_install")
class TestNewCustomers(NewCustomersCase):
    def test_a_customer_of_the_filter_goes_once(self):
        entry = self.assertGoes(self.customer())
        self.assertEqual(entry.state, "waiting")
        self.assertEqual(entry.kind, "create_contact")
        self.assertTrue(entry.is_automatic)
        self.assertEqual(entry.body["Name"], "Bayside Club")
        self.assertEqual(entry.connection_id, self.connection)
        self.assertGoes()

    def test_nothing_goes_while_it_may_not(self):
        self.customer()
        for values in (
            {"direction": "from_xero"},
            {"with_writing": False},
            {"granted_features": ["contacts"]},
            {"last_sync_at": False},
            {"matching": "offered"},
            {"state": "reconnect"},
        ):
            before = self.connection.read(list(values))[0]
            self.connection.write(values)
            self.assertFalse(self.queue(), values)
            before.pop("id")
            self.connection.write(before)
        self.assertEqual(len(self.queue()), 1)

    def test_by_default_those_go_that_won_something(self):
        self.connection.new_customers = self.connection.default_get(["new_customers"])[
            "new_customers"
        ]
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        bought, asked = self.customer("Bought"), self.customer("Asked")
        through = self.customer("Bought by a person")
        buyer = self.env["res.partner"].create(
            {"name": "Ann Buyer", "parent_id": through.id}
        )
        leads = self.env["crm.lead"]
        for partner, stage in ((bought, won), (asked, leads.stage_id), (buyer, won)):
            leads.create(
                {
                    "name": "Shelves",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    **({"stage_id": stage.id} if stage else {}),
                }
            )
        for partner in (bought, asked, through, buyer):
            self.make_older(partner, 2)
        self.assertEqual(
            self.queue().partner_id & (bought | asked | through | buyer),
            bought | through,
        )

    def test_whoever_enters_it_may_still_be_typing(self):
        fresh = self.customer(age=0)
        self.assertGoes()
        self.make_older(fresh, 2)
        child = self.env["res.partner"].create(
            {"name": "Ann New", "parent_id": fresh.id}
        )
        self.assertGoes()
        self.make_older(child, 2)
        self.assertGoes(fresh)

    def test_a_delay_of_nothing_lets_them_go_at_once(self):
        self.connection.new_customers_delay = 0
        self.assertGoes(self.customer(age=0))

    def test_older_ones_stay_where_only_new_ones_go(self):
        self.connection.new_customers_since = fields.Datetime.now() - timedelta(days=1)
        self.customer("Old Club", age=48)
        self.assertGoes(self.customer("New Club", age=3))

    def test_only_customers_go(self):
        company = self.customer()
        person_of = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": company.id, "comment": "made by a test"}
        )
        self.make_older(person_of, 2)
        self.customer("Gone Club", active=False)
        user = new_test_user(self.env, "colleague", "base.group_user")
        user.partner_id.comment = "made by a test"
        self.make_older(user.partner_id, 2)
        self.env.company.partner_id.comment = "made by a test"
        self.make_older(self.env.company.partner_id, 2)
        alone = self.customer("Ben Alone", is_company=False)
        portal = new_test_user(self.env, "customer_portal", "base.group_portal")
        portal.partner_id.comment = "made by a test"
        self.make_older(portal.partner_id, 2)
        branch = self.customer("Branch", parent_id=company.id)
        self.make_older(company, 2)
        self.assertGoes(company, alone, portal.partner_id, branch)

    def test_who_is_in_xero_does_not_go(self):
        self.bring(
            contact(1, "Bayside Club"),
            contact(2, "Harbour Club", ContactPersons=[person("Ann", "Lee")]),
        )
        everybody = self.env["xero.contact"].search([]).partner_id
        everybody |= everybody.child_ids
        everybody.comment = "made by a test"
        for partner in everybody:
            self.make_older(partner, 2)
        self.assertGoes()
        # Archived in Xero, it is still the same customer.
        self.land(contact(1, "Bayside Club", ContactStatus="ARCHIVED"))
        self.assertGoes()

    def test_a_company_whose_person_is_a_customer_in_xero_does_not_go(self):
        self.bring(contact(1, "Ann Lee", FirstName="Ann", LastName="Lee"))
        company = self.customer("Lee & Co")
        self.partner(1).parent_id = company
        self.make_older(self.partner(1), 2)
        self.make_older(company, 2)
        self.assertGoes()

    def test_who_was_unlinked_by_hand_is_not_made_again(self):
        self.bring(contact(1, "Bayside Club"))
        partner = self.partner(1)
        partner.comment = "made by a test"
        links.forget(self.mirror(1).sudo())
        self.make_older(partner, 2)
        self.assertEqual(partner.ref, xero_id(1))
        self.assertGoes()

    def test_what_was_made_and_unlinked_since_is_not_made_again(self):
        partner = self.customer()
        entry = self.assertGoes(partner)
        for state in ("done", "cancelled", "failed", "answered"):
            entry.state = state
            self.env.flush_all()
            self.assertGoes()

    def test_each_organisation_is_asked_for_itself(self):
        partner = self.customer()
        self.assertGoes(partner)
        other = self.env["xero.connection"].create({"name": "Other books"})
        values = self.connection.copy_data()[0]
        other.write(
            {
                "state": "connected",
                "with_writing": True,
                "granted_features": ["contacts_write"],
                "last_sync_at": values.get("last_sync_at") or fields.Datetime.now(),
                "new_customers": OURS,
                "direction": "both",
            }
        )
        self.assertEqual(queue_new_customers(other.sudo()), 1)

    def test_a_look_alike_waits_for_a_person(self):
        self.land(contact(1, "Bayside Club"))
        entry = self.assertGoes(self.customer("BAYSIDE  CLUB"))
        self.assertEqual((entry.state, entry.code), ("failed", "look_alike"))
        alike = entry.data["contacts"]
        self.assertEqual([one["ContactID"] for one in alike], [xero_id(1)])
        self.assertGoes()

    def test_an_email_of_a_contact_that_nobody_is_yet_waits_for_a_person(self):
        self.land(contact(1, "Bayside Club", EmailAddress="info@bayside.example"))
        entry = self.assertGoes(self.customer("Bay", email="info@bayside.example"))
        self.assertEqual(entry.code, "look_alike")

    def test_an_email_of_another_customer_is_no_look_alike(self):
        self.bring(contact(1, "Bayside Club", EmailAddress="books@accountant.example"))
        entry = self.assertGoes(self.customer("Bay", email="books@accountant.example"))
        self.assertEqual(entry.state, "waiting")

    def test_what_xero_would_refuse_is_told(self):
        entry = self.assertGoes(self.customer("A <b> Club"))
        self.assertEqual(entry.state, "failed")
        self.assertTrue(entry.code)
        self.assertNotEqual(entry.code, "look_alike")

    def test_hostile_names_are_only_names(self):
        names = (
            "'; DROP TABLE res_partner; --",
            "%s %(x)s",
            "=cmd|' /C calc'!A0",
            "\u202eevil",
            "😀" * 40,
            "x" * 300,
        )
        for name in names:
            self.customer(name)
        self.assertEqual(len(self.queue()), len(names))

    def test_a_hundred_go_at_a_time(self):
        with patch.object(new_customers, "BATCH", 3):
            partners = [self.customer(f"Club {n}") for n in range(7)]
            self.assertEqual(len(self.queue()), 3)
            self.assertEqual(len(self.queue()), 3)
            self.assertEqual(self.queue().partner_id, partners[6])
            self.assertFalse(self.queue())

    def test_a_broken_filter_stops_nothing_but_itself(self):
        self.customer()
        for text, code in (
            ("[('no_such_field', '=', 1)]", "filter_broken"),
            ("[('name', 'no operator', 1)]", "filter_broken"),
            ("[('name', '=', 1), '&']", "filter_broken"),
            ("__import__('os').system('x')", "filter_unreadable"),
            ("[('id', '=', uid)]", "filter_unreadable"),
            ("('a', 'b'", "filter_unreadable"),
            ("{}", "filter_unreadable"),
            ("7", "filter_unreadable"),
            ("[" * 5000 + "]" * 5000, "filter_unreadable"),
            ("[('name', 'in', " + repr("x" * 20_000) + ")]", "filter_unreadable"),
        ):
            self.env.cr.execute(
                "UPDATE xero_connection SET new_customers = %s WHERE id = %s",
                [text, self.connection.id],
            )
            self.env.invalidate_all()
            self.assertFalse(self.queue(), text)
            self.assertEqual(self.connection.new_customers_code, code, text)
            self.assertTrue(self.connection.new_customers_note)
            # The transaction goes on.
            self.assertTrue(self.env["res.partner"].search([], limit=1))
        self.connection.new_customers = OURS
        self.assertEqual(len(self.queue()), 1)
        self.assertFalse(self.connection.new_customers_code)

    def test_a_slow_filter_is_ended(self):
        self.customer()
        with (
            mute_logger("odoo.sql_db"),
            patch.object(customer_filter, "TIMEOUT_SECONDS", 0.01),
            patch.object(
                new_customers,
                "found_by",
                lambda connection, *a, **kw: connection.env.cr.execute(
                    "SELECT pg_sleep(5)"
                ),
            ),
        ):
            self.assertFalse(self.queue())
        self.assertEqual(self.connection.new_customers_code, "filter_slow")
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone()[0], "0")

    def test_a_filter_sees_what_its_user_sees(self):
        self.customer()
        clerk = new_test_user(
            self.env, "xero_clerk", "crm_xero_module.group_xero_administrator"
        )
        self.connection.with_user(clerk).new_customers_delay = 2
        self.assertEqual(self.connection.new_customers_user_id, self.admin)
        self.connection.write({"new_customers_user_id": clerk.id})
        self.assertEqual(self.connection.new_customers_user_id, self.admin)
        with self.assertRaises(ValidationError):
            # Who sells nothing may not look at opportunities.
            self.connection.with_user(
                clerk
            ).new_customers = "[('opportunity_ids.name', 'ilike', 'x')]"
        self.connection.invalidate_recordset()
        self.connection.with_user(clerk).new_customers = OURS
        self.assertEqual(self.connection.new_customers_user_id, clerk)
        self.make_older(
            self.env["res.partner"].search([("comment", "ilike", "made by a test")]), 3
        )
        self.assertEqual(len(self.queue()), 1)
        clerk.active = False
        self.customer("Another")
        self.assertFalse(self.queue())
        self.assertEqual(self.connection.new_customers_code, "filter_user_gone")

    def test_opportunities_of_another_company_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.admin.company_ids += other
        shared = self.customer("Shared Club")
        here, there = self.customer("Ours", company_id=self.env.company.id), None
        there = self.customer("Theirs", company_id=other.id)
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        self.env["crm.lead"].create(
            {
                "name": "Shelves",
                "type": "opportunity",
                "partner_id": shared.id,
                "company_id": other.id,
                "team_id": False,
                "user_id": False,
                "stage_id": won.id,
            }
        )
        for partner in (shared, here, there):
            self.make_older(partner, 2)
        self.assertGoes(shared, here)
        self.env["xero.outbox"].sudo().search([]).unlink()
        self.connection.new_customers = (
            "[('comment', 'ilike', 'made by a test'),"
            " ('opportunity_ids.stage_id.is_won', '=', True)]"
        )
        self.assertGoes()

    def test_a_broken_filter_is_refused_in_words(self):
        for text in (
            "[('no_such_field', '=', 1)]",
            "[('id', '=', uid)]",
            "[('partner_share', '~~', 1)]",
        ):
            with self.assertRaises(ValidationError) as caught:
                self.connection.new_customers = text
            self.assertIn("filter", str(caught.exception))
            self.connection.invalidate_recordset()
