# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from requests import ConnectionError as NoConnection

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from odoo.addons.crm_xero_module.services.to_xero import builders, settle
from odoo.addons.crm_xero_module.services.to_xero.builders import Built, CannotBuild
from odoo.addons.crm_xero_module.services.xero.our_numbers import contact_number

from .common import XeroCase, contact, xero_id
from .outbox import OutboxCase

CREATE = ("POST", "/v1/connections/connection-1/contacts")


class TestOutbox(OutboxCase, XeroCase):
    """What is written to Xero: once, in order, and told."""

    def test_a_customer_is_created_linked_and_told(self):
        partner = self.customer()
        entry = self.queue(partner)
        told = self.press(entry)
        self.assertEqual(told["state"], "done")
        self.assertEqual(told["outcome"], "Created in Xero.")
        [made] = self.connector.all_contacts()
        self.assertEqual(self.linked(partner), [(made["ContactID"], True)])
        self.assertEqual(entry.contact_id, partner.xero_contact_ids)
        self.assertFalse(entry.sudo().record)
        self.assertEqual(entry.answer["id"], made["ContactID"])
        self.assertTrue(entry.done_at)

    def test_pressing_twice_is_one_entry_and_one_contact(self):
        partner = self.customer()
        entry = self.queue(partner)
        self.assertEqual(self.queue(partner), entry)
        self.press(entry)
        self.press(entry)
        self.assertEqual(len(self.connector.written), 1)
        self.assertEqual(len(self.connector.all_contacts()), 1)

    def test_what_was_sent_is_remembered_as_applied(self):
        partner = self.customer("Bayside Club")
        self.press(self.queue(partner))
        applied = partner.xero_contact_ids.applied
        self.assertEqual(applied["name"], ["Bayside Club", "Bayside Club"])
        lines = self.import_all()
        self.assertFalse(lines)
        self.assertEqual(partner.name, "Bayside Club")

    def test_the_worker_sends_what_nobody_pressed(self):
        entry = self.queue(self.customer(), automatic=True)
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "done")
        [(_key, body)] = self.connector.written
        self.assertTrue(body["automatic"])

    def test_people_may_use_the_calls_that_are_kept_for_them(self):
        entry = self.queue(self.customer(), automatic=True)
        self.press(entry)
        self.assertFalse(self.connector.written[0][1]["automatic"])

    def test_a_lost_answer_is_asked_for_under_the_same_key(self):
        partner = self.customer()
        entry = self.queue(partner)
        self.connector.lost = 1
        told = self.press(entry)
        self.assertEqual((told["state"], entry.code), ("waiting", "xero_unknown"))
        self.assertTrue(entry.may_have_arrived)
        self.assertTrue(entry.next_try_at)
        self.later()
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "done")
        self.assertEqual(entry.answer["outcome"], "found")
        self.assertEqual({key for key, _body in self.connector.written}, {entry.key})
        self.assertEqual(len(self.connector.all_contacts()), 1)
        self.assertEqual(len(self.linked(partner)), 1)

    def test_what_time_mends_waits_longer_each_time(self):
        entry = self.queue(self.customer())
        self.connector.answers[CREATE] = (503, {"code": "xero_unavailable"})
        pauses = []
        for _try in range(9):
            self.rpc(entry, "send_now")
            now = fields.Datetime.now()
            pauses.append(round((entry.next_try_at - now).total_seconds(), -1))
            self.assertEqual((entry.state, entry.code), ("waiting", "xero_unavailable"))
        self.assertEqual(pauses[:4], [30, 60, 120, 240])
        self.assertEqual(max(pauses), 3600)

    def test_xero_says_when_to_come_back(self):
        entry = self.queue(self.customer())
        self.connector.answers[CREATE] = (
            429,
            {"code": "throttled", "retry_after": 66975},
        )
        self.press(entry)
        wait = entry.next_try_at - fields.Datetime.now()
        self.assertGreater(wait, timedelta(hours=18))
        # It was turned away before it got to Xero.
        self.assertFalse(entry.may_have_arrived)

    def test_who_is_turned_away_holds_up_the_rest_of_the_pass(self):
        self.queue(self.customer("One"), automatic=True)
        self.queue(self.customer("Two"), automatic=True)
        self.connector.answers[CREATE] = (429, {"code": "throttled"})
        self.run_cron()
        self.assertEqual(self.connector.called(*CREATE), 1)

    def test_a_connector_that_cannot_be_reached_leaves_it_waiting(self):
        entry = self.queue(self.customer())
        self.connector.answers[CREATE] = (0, NoConnection())
        told = self.press(entry)
        self.assertEqual(told["state"], "waiting")
        self.assertTrue(entry.may_have_arrived)
        self.assertIn("cannot be reached", told["reason"])

    def test_what_xero_refuses_needs_a_person(self):
        entry = self.queue(self.customer())
        self.connector.answers[CREATE] = (
            422,
            {"code": "xero_validation", "messages": ["Email address must be valid."]},
        )
        told = self.press(entry)
        self.assertEqual(told["state"], "failed")
        self.assertIn("Email address must be valid.", told["reason"])
        self.assertFalse(entry.may_have_arrived)
        self.run_cron()
        self.assertEqual(self.connector.called(*CREATE), 1)

    def test_a_reconnect_that_is_needed_is_seen_on_the_connection(self):
        entry = self.queue(self.customer())
        self.connector.answers[CREATE] = (409, {"code": "reconnect_needed"})
        self.press(entry)
        self.assertEqual(entry.state, "waiting")
        self.assertEqual(self.connection.state, "reconnect")
        self.assertEqual(self.connection.state_code, "reconnect_needed")

    def test_no_right_to_write_stops_no_sync(self):
        self.connection.granted_features = ["contacts"]
        entry = self.queue(self.customer())
        told = self.press(entry)
        self.assertEqual(told["state"], "waiting")
        self.assertIn("has not", told["reason"])
        self.assertFalse(self.connector.written)
        self.assertEqual(self.connection.state, "connected")

    # Order

    def test_a_draft_waits_for_its_customer(self):
        partner = self.customer()
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": partner.id})
        self.queue(partner)
        invoice = self.queue_invoice(partner, lead)
        told = self.press(invoice)
        self.assertEqual(told["state"], "waiting")
        self.assertIn("goes first", told["reason"])
        self.assertFalse(self.connector.written)

    def test_the_worker_sends_one_customers_entries_in_their_order(self):
        partner = self.customer()
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": partner.id})
        create = self.queue(partner)
        invoice = self.queue_invoice(partner, lead)
        with self.filling_contacts():
            self.run_cron()
            self.run_cron()
        self.env.invalidate_all()
        self.assertEqual((create.state, invoice.state), ("done", "done"))
        [drafted] = self.connector.all_invoices()
        found = partner.xero_contact_ids.xero_id
        self.assertEqual(drafted["Contact"]["ContactID"], found)
        self.assertEqual(invoice.transaction_id.xero_id, drafted["InvoiceID"])

    def filling_contacts(self):
        """The draft's maker, as far as it matters here."""

        def build(entry):
            found = entry.sudo()._linked_contact()
            if not found:
                raise CannotBuild("customer_not_in_xero")
            contact = {"Contact": {"ContactID": found.xero_id}}
            return Built({**entry.body, **contact}, entry.shown)

        return patch.dict(builders.BUILDERS, {"draft_invoice": build})

    def test_a_customer_that_failed_holds_its_draft_up_and_nobody_elses(self):
        partner, other = self.customer("One"), self.customer("Two")
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": partner.id})
        failed = self.queue(partner, failed="look_alike")
        invoice, free = self.queue_invoice(partner, lead), self.queue(other)
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(failed.state, "failed")
        self.assertEqual((invoice.state, free.state), ("waiting", "done"))

    # Meanwhile

    def test_a_customer_deleted_before_it_was_sent_is_not_sent(self):
        partner = self.customer()
        entry = self.queue(partner)
        partner.unlink()
        told = self.press(entry)
        self.assertEqual((told["state"], entry.code), ("cancelled", "partner_gone"))
        self.assertFalse(self.connector.written)

    def test_a_customer_deleted_behind_its_sending_is_not_made_again(self):
        partner = self.customer("Gone Club")
        entry = self.queue(partner)
        self.rpc(entry, "send_now")
        partner.unlink()
        self.rpc(entry, "settle_now")
        self.assertEqual(entry.state, "done")
        self.assertEqual(entry.contact_id.link_state, "ignored")
        self.import_all()
        self.assertFalse(self.partners.search([("name", "=", "Gone Club")]))

    def test_an_archived_customer_is_asked_about(self):
        partner = self.customer()
        entry = self.queue(partner)
        partner.active = False
        self.assertEqual(self.press(entry)["state"], "failed")
        self.assertEqual(entry.code, "partner_archived")
        self.assertFalse(self.connector.written)

    def test_merged_customers_are_one_in_xero(self):
        partner, other = self.customer("Old"), self.customer("New")
        first, second = self.queue(partner), self.queue(other)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [partner.id, other.id], dst_partner=other
        )
        self.env.invalidate_all()
        self.assertEqual(first.partner_id, other)
        self.run_cron()
        self.later()
        self.run_cron()
        self.env.invalidate_all()
        states = {(entry.state, entry.code) for entry in first | second}
        self.assertEqual(states, {("done", False), ("cancelled", "linked_meanwhile")})
        self.assertEqual(len(self.connector.all_contacts()), 1)
        self.assertEqual(len(self.linked(other)), 1)

    def test_a_disconnected_organisation_keeps_what_was_answered(self):
        partner = self.customer()
        answered, waiting = self.queue(partner), self.queue(self.customer("Two"))
        self.rpc(answered, "send_now")
        self.connection.action_disconnect()
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(answered.state, "done")
        self.assertEqual(len(self.linked(partner)), 1)
        self.assertEqual(waiting.state, "waiting")
        self.assertIn("not connected", waiting.reason)
        waiting.action_cancel()
        self.assertEqual(waiting.state, "cancelled")

    def test_a_run_at_work_leaves_the_answer_to_the_worker(self):
        entry = self.queue(self.customer())
        self.rpc(entry, "send_now")
        busy = UserError("busy")
        where = "odoo.addons.crm_xero_module.models.xero_outbox_send.become_writer"
        with patch(where, side_effect=busy):
            [told] = self.rpc(entry, "settle_now")
        self.assertTrue(told["is_answered"])
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "done")

    def test_an_answer_that_cannot_be_taken_over_is_kept(self):
        entry = self.queue(self.customer())
        self.rpc(entry, "send_now")
        with (
            patch.object(settle, "link_to", side_effect=ValueError),
            mute_logger("odoo.addons.crm_xero_module.services.to_xero.settle"),
        ):
            self.run_cron()
        self.env.invalidate_all()
        self.assertEqual((entry.state, entry.code), ("answered", "answer_unusable"))
        self.assertTrue(entry.sudo().record)
        self.later()
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "done")

    # What a sync brings meanwhile

    def test_a_sync_that_brings_it_first_makes_no_second_customer(self):
        partner = self.customer()
        entry = self.queue(partner)
        self.connector.lost = 1
        self.press(entry)
        [made] = self.connector.all_contacts()
        self.connector.add_part([{k: v for k, v in made.items() if k != "key"}])
        self.connector.add_end()
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(self.linked(partner), [(made["ContactID"], True)])
        self.assertEqual(self.partners.search_count([("name", "=", partner.name)]), 1)
        self.later()
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "done")
        self.assertEqual(self.partners.search_count([("name", "=", partner.name)]), 1)

    def test_a_database_from_before_the_entry_finds_its_contact(self):
        partner = self.customer()
        entry = self.queue(partner)
        self.connector.put(
            contact(1, partner.name, ContactNumber=entry.body["ContactNumber"])
        )
        self.assertEqual(self.press(entry)["outcome"], entry._outcome("found"))
        self.assertEqual(self.linked(partner), [(xero_id(1), True)])

    def test_a_number_of_ours_under_another_name_is_not_taken(self):
        partner = self.customer()
        number = self.queue(partner).body["ContactNumber"]
        self.connector.add_part([contact(1, "Somebody Else", ContactNumber=number)])
        self.connector.add_end()
        self.connection.granted_features = ["contacts"]
        self.connector.features = ["contacts"]
        self.run_cron()
        self.env.invalidate_all()
        self.assertFalse(self.linked(partner))

    def test_a_restored_database_knows_its_contact_by_the_sync(self):
        """It has the customer, and no entry of what it sent after the backup."""
        partner = self.customer()
        number = contact_number(self.env, partner.id)
        self.connector.add_part([contact(1, "Bayside Club", ContactNumber=number)])
        self.connector.add_end()
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(self.linked(partner), [(xero_id(1), True)])
        self.assertEqual(self.partners.search_count([("name", "=", partner.name)]), 1)

    def test_a_demo_company_that_was_reset_leaves_entries_to_people(self):
        """Its successor is another connection."""
        partner = self.customer()
        entry = self.queue(partner)
        self.connector.lost = 1
        self.press(entry)
        self.connector.answers[CREATE] = (409, {"code": "demo_company_reset"})
        self.connector.status = "reconnect"
        self.connector.status_code = "demo_company_reset"
        self.later()
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "reconnect")
        self.assertEqual((entry.state, entry.may_have_arrived), ("waiting", True))
        calls = self.connector.called(*CREATE)
        self.later()
        self.run_cron()
        self.assertEqual(self.connector.called(*CREATE), calls)
        entry.action_cancel()
        self.assertEqual(entry.state, "cancelled")

    def test_a_day_later_the_same_key_asks(self):
        entry = self.queue(self.customer())
        self.connector.lost = 3
        for _day in range(3):
            self.later()
            self.run_cron()
        self.env.invalidate_all()
        self.assertEqual((entry.state, entry.attempts), ("waiting", 3))
        self.later(days=1)
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "done")
        self.assertEqual(len(self.connector.all_contacts()), 1)

    def test_a_refusal_after_a_lost_answer_is_no_word_on_that(self):
        entry = self.queue(self.customer())
        self.connector.lost = 1
        self.press(entry)
        for status, code in ((409, "idempotency_key_reused"), (429, "throttled")):
            self.connector.answers[CREATE] = (status, {"code": code})
            self.rpc(entry, "action_retry")
            self.press(entry)
            self.assertTrue(entry.may_have_arrived, code)

    def test_a_time_that_is_no_number_is_a_pause(self):
        entry = self.queue(self.customer())
        self.connector.answers[CREATE] = (
            429,
            {"code": "throttled", "retry_after": "soon"},
        )
        self.press(entry)
        self.assertLess(entry.next_try_at, fields.Datetime.now() + timedelta(hours=1))

    def test_an_answer_that_is_no_record_is_a_lost_one(self):
        entry = self.queue(self.customer())
        for answer in ({}, {"contact": None}, {"contact": []}, {"contact": {"a": 1}}):
            self.connector.answers[CREATE] = (200, answer)
            self.press(entry)
            self.assertEqual((entry.state, entry.code), ("waiting", "xero_unknown"))
            self.assertTrue(entry.may_have_arrived)

    def test_an_answer_with_what_a_database_cannot_hold_is_taken(self):
        partner = self.customer()
        entry = self.queue(partner)
        found = contact(3, "Bay\x00side \ud800Club", EmailAddress="x\x00@y.nz")
        found["ContactNumber"] = entry.body["ContactNumber"]
        self.connector.answers[CREATE] = (
            201,
            {"outcome": "created", "contact": found, "read_at": "nonsense"},
        )
        self.assertEqual(self.press(entry)["state"], "done")
        self.assertEqual(self.linked(partner), [(xero_id(3), True)])

    def test_an_unknown_problem_needs_a_person_only_where_it_is_a_refusal(self):
        entry = self.queue(self.customer())
        for status, state in ((500, "waiting"), (418, "waiting"), (422, "failed")):
            self.connector.answers[CREATE] = (status, {"code": "never_heard_of"})
            self.press(entry)
            self.assertEqual(entry.state, state, status)
            self.assertIn("never_heard_of", entry.reason)

    def test_the_way_out_never_stops_the_way_in(self):
        self.queue(self.customer())
        self.connector.add_part([contact(1, "From Xero")])
        self.connector.add_end()
        where = "odoo.addons.crm_xero_module.services.worker"
        with patch(f"{where}.due", side_effect=ValueError), mute_logger(where):
            self.run_cron()
        self.env.invalidate_all()
        self.assertTrue(self.partner(1))

    def test_what_looks_for_changes_does_so_once_a_minute(self):
        self.connection.direction = "both"
        looked = []

        def breaks(_connection):
            raise ValueError

        where = "odoo.addons.crm_xero_module.services.worker"
        with (
            patch(f"{where}.TO_XERO", (breaks, looked.append)),
            mute_logger(where),
        ):
            self.run_cron()
            self.run_cron()
            self.assertEqual(looked, [self.connection])
            self.connection.direction = "from_xero"
            self.connection.to_xero_at = False
            self.run_cron()
        self.assertEqual(len(looked), 1)

    def test_an_update_that_met_another_change_takes_that_over_first(self):
        self.bring(contact(1, "Bayside Club"))
        row = self.mirror(1)
        seen = row.payload["UpdatedDateUTC"]
        self.connector.put({**contact(1, "Bayside Club"), "EmailAddress": "new@x.nz"})
        entry = self.env["xero.outbox"]._queue(
            "update_contact",
            self.connection,
            name=row.name,
            partner=row.partner_id,
            contact=row,
            body={"Name": "Bayside Club (NZ)"},
            shown=[],
            seen=seen,
        )
        self.rpc(entry, "send_now")
        self.assertEqual((entry.state, entry.code), ("waiting", "contact_changed"))
        self.rpc(entry, "settle_now")
        self.assertEqual(row.email, "new@x.nz")
        self.assertFalse(entry.sudo().record)

    # What people do

    def test_retry_sends_what_the_crm_holds_now(self):
        partner = self.customer("Wrong")
        entry = self.queue(partner)
        self.connector.answers[CREATE] = (422, {"code": "xero_validation"})
        self.press(entry)
        key = entry.key
        partner.name = "Right"
        del self.connector.answers[CREATE]
        action = entry.action_retry()
        self.assertEqual(action["tag"], "xero_send")
        self.assertNotEqual(entry.key, key)
        self.press(entry)
        [made] = self.connector.all_contacts()
        self.assertEqual(made["Name"], "Right")

    def test_what_may_have_arrived_is_not_cancelled(self):
        entry = self.queue(self.customer())
        self.connector.lost = 1
        self.press(entry)
        with self.assertRaises(UserError):
            entry.action_cancel()
        self.assertEqual(entry.state, "waiting")

    def test_a_contact_that_is_there_is_linked_instead(self):
        self.connector.put(contact(7, "bayside club"))
        partner = self.customer()
        entry = self.queue(partner)
        told = self.press(entry)
        self.assertEqual((told["state"], entry.code), ("failed", "contact_exists"))
        self.assertEqual(told["alike"][0]["ContactID"], xero_id(7))
        [told] = self.rpc(entry, "link_instead", xero_id(7))
        self.assertEqual(told["state"], "done")
        self.assertEqual(self.linked(partner), [(xero_id(7), True)])

    def test_somebody_elses_contact_is_not_linked(self):
        self.bring(contact(7, "Bayside Club"))
        entry = self.queue(self.customer(), failed="contact_exists")
        with self.assertRaisesRegex(UserError, "another customer"):
            self.rpc(entry, "link_instead", xero_id(7))
        self.assertEqual(entry.state, "failed")

    def test_sales_people_see_and_send_their_own(self):
        seller = new_test_user(
            self.env, "seller", groups="crm_xero_module.group_xero_user"
        )
        other = new_test_user(
            self.env, "other", groups="crm_xero_module.group_xero_user"
        )
        entry = self.queue(self.customer(), self.env(user=seller))
        self.assertEqual(entry.user_id, seller)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.rpc(entry, "send_now", user=other.id)
        self.assertEqual(self.press(entry, user=seller.id)["state"], "done")

    def test_nobody_removes_or_changes_an_entry(self):
        entry = self.queue(self.customer()).sudo(False)
        for do in (entry.unlink, lambda: entry.write({"state": "done"})):
            with self.assertRaises(AccessError):
                do()

    def test_two_senders_at_once_send_once(self):
        entry = self.queue(self.customer())
        create = type(self.connector)._create_contact
        seen = []

        def meanwhile(connector, body, key):
            seen.append(entry.env["xero.outbox"].browse(entry.id).sending_until)
            [told] = self.rpc_inside(entry)
            self.assertEqual(told["state"], "waiting")
            return create(connector, body, key)

        with patch.object(type(self.connector), "_create_contact", meanwhile):
            told = self.press(entry)
        self.assertEqual(told["state"], "done")
        self.assertEqual(len(self.connector.written), 1)
        self.assertEqual(len(seen), 1)

    def rpc_inside(self, entry):
        """Another request, while the first one waits for Xero."""
        with self.registry.cursor() as cr:
            return entry.with_env(self.env(cr=cr)).send_now()

    def test_many_are_retried_and_cancelled_at_once(self):
        entries = self.env["xero.outbox"]
        for number in range(3):
            entries |= self.queue(self.customer(f"Club {number}"), failed="look_alike")
        waiting = self.queue(self.customer("Fourth"))
        entries[2].partner_id.active = False
        said = (entries[:2] | waiting).action_retry()["params"]["message"]
        self.assertIn("2 are sent", said)
        self.assertEqual(entries.mapped("state"), ["waiting", "waiting", "failed"])
        (entries | waiting).action_cancel()
        self.assertEqual(set((entries | waiting).mapped("state")), {"cancelled"})

    def test_each_filter_of_the_list_finds(self):
        done = self.queue(self.customer("One"))
        done._end("done")
        failed = self.queue(self.customer("Two"), failed="look_alike")
        waiting = self.queue(self.customer("Three"), automatic=True)
        found = {}
        arch = self.env["xero.outbox"].get_view(view_type="search")["arch"]
        for node in etree.fromstring(arch).iter("filter"):
            if node.get("domain"):
                domain = safe_eval(node.get("domain"), {"uid": self.env.uid})
                found[node.get("name")] = self.env["xero.outbox"].search(domain)
        every = done | failed | waiting
        self.assertEqual(found.pop("needs_person"), failed)
        self.assertEqual(found.pop("waiting"), waiting)
        self.assertEqual(found.pop("open"), failed | waiting)
        self.assertEqual(found.pop("mine"), done | failed)
        self.assertEqual(found.pop("automatic"), waiting)
        self.assertEqual(found.pop("create_contact"), every)
        self.assertEqual(found.pop("this_week"), every)
        self.assertFalse(any(found.values()))

    def test_the_lists_cost_does_not_grow_with_its_rows(self):
        fields_read = [
            "create_date", "kind", "name", "state", "reason", "remedy", "outcome",
            "user_id", "partner_id", "xero_url", "next_try_at",
        ]  # fmt: skip

        def cost(count):
            self.env["xero.outbox"].sudo().search([]).state = "cancelled"
            for number in range(count):
                self.queue(self.customer(f"Club {count} {number}"))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["xero.outbox"].web_search_read(
                [("state", "=", "waiting")], dict.fromkeys(fields_read, {})
            )
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(2), cost(30))
        self.assertLessEqual(cost(30), 8)
