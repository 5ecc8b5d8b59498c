# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connector that is broken, replaced or somebody else's: whatever it answers, Odoo
keeps what it had, goes on working, and says in words what is wrong."""

import gzip
import json
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlencode

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_xero_module.models import xero_connection
from odoo.addons.crm_xero_module.services import reasons
from odoo.addons.crm_xero_module.services import worker as worker_module
from odoo.addons.crm_xero_module.services.connector import client as client_module

from .common import XeroCase, contact, xero_id
from .connecting import AUTHORIZE_URL, OTHER_TENANT, TENANT, ConnectingCase
from .outbox import OutboxCase

UNREADABLE = "connector_answer_unreadable"
FEED = "/v1/connections/connection-1/feed"
STATUS = "/v1/connections/connection-1"
# What no integer column takes, and what no reader of JSON goes down into.
HUGE = 2**70
DEEP = b"[" * 100_000


class LyingCase(XeroCase):
    def setUp(self):
        super().setUp()
        self.logged = self.enterContext(
            patch.object(xero_connection._logger, "exception")
        )

    def lie(self, method, path, body, status=200):
        self.connector.answers[method, path] = (status, body)

    def pass_over(self):
        """One pass of the cron, which must not meet anything unforeseen."""
        self.run_cron()
        self.env.invalidate_all()
        self.logged.assert_not_called()

    def assert_told(self, code=UNREADABLE):
        """The connection says what is wrong, in words."""
        self.assertEqual(self.connection.state_code, code)
        self.assertTrue(self.connection.state_message)

    def assert_nothing_moved(self):
        self.assertEqual(self.connection.feed_position, 0)
        self.assertFalse(self.connector.acknowledged)
        self.assertFalse(self.mirror(1))


class TestLyingFeed(LyingCase):
    """What waits in the feed."""

    def feed(self, *entries):
        told = {"epoch": "epoch-1", "acknowledged": 0, "entries": entries}
        self.lie("GET", FEED, told)

    def entry(self, **values):
        self.connector.add_part([contact(1)])
        return {**self.connector.feed.pop(), **values}

    def test_what_is_no_feed(self):
        good = self.entry()
        for body in (
            DEEP,
            b"",
            b"<html>",
            b'{"acknowledged": NaN, "entries": []}',
            {"acknowledged": 0, "entries": [{**good, "n": HUGE}]},
            {"acknowledged": 0, "entries": [{**good, "sync": "x" * 5000}]},
            {"acknowledged": 0, "entries": [{**good, "sha256": None}]},
        ):
            with self.subTest(body=str(body)[-80:]):
                self.lie("GET", FEED, body)
                self.pass_over()
                self.assert_told()
                self.assert_nothing_moved()

    def test_entries_left_out_doubled_or_going_back(self):
        """What is passed over would be missing for ever, and nobody would know."""
        first, second = self.entry(), self.entry(n=2)
        for entries in (
            [second],
            [first, self.entry(n=3)],
            [first, first],
            [second, first],
            [self.entry(n=0)],
            [self.entry(n=2**31 - 1)],
        ):
            with self.subTest(numbers=[entry["n"] for entry in entries]):
                self.feed(*entries)
                self.pass_over()
                self.assert_told()
                self.assert_nothing_moved()

    def test_an_end_in_no_state(self):
        self.connector.add_end("exploded")
        self.pass_over()
        self.assert_told()
        self.assertTrue(self.sync_run.is_open)

    def test_a_restart_to_nowhere(self):
        for extra in ({}, {"epoch": 1}, {"epoch": "e", "head": -1, "stamp": ""}):
            with self.subTest(extra=extra):
                self.lie("GET", FEED, {"code": "feed_restart", **extra}, 410)
                self.pass_over()
                self.assert_told()
                self.assertEqual(self.connection.sudo().feed_epoch, "epoch-1")

    def test_a_feed_without_end_gets_no_more_than_its_time(self):
        """Then the other connections have their turn; it goes on in the next pass."""
        for number in range(1, 6):
            self.connector.add_part([contact(number)])
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *_args, **_values: 0.0):
            self.pass_over()
        self.assertEqual(self.connection.feed_position, 1)

    def test_a_page_twice_changes_nothing(self):
        self.connector.add_part([contact(1)])
        self.pass_over()
        before = self.mirror(1).change_seq
        self.connector.add_part([contact(1)])
        self.pass_over()
        self.assertEqual(self.mirror(1).change_seq, before)

    def test_what_was_read_tomorrow_keeps_nothing_out(self):
        self.connector.add_part([contact(1)], read_at="9999-12-31T23:59:59Z")
        self.pass_over()
        now = fields.Datetime.now()
        self.assertLessEqual(self.mirror(1).read_at, now)
        later = now + timedelta(minutes=1)
        self.connector.add_part(
            [contact(1, "Renamed")], read_at=f"{later:%Y-%m-%dT%H:%M:%SZ}"
        )
        self.pass_over()
        self.assertEqual(self.mirror(1).name, "Renamed")

    def test_another_organisation_lands_nothing_more(self):
        def organisation(number):
            found = {"OrganisationID": xero_id(number), "Name": f"Books {number}"}
            self.connector.add_part(
                [found], resource="organisation", key="Organisations"
            )

        organisation(1)
        self.pass_over()
        organisation(2)
        self.connector.add_part([contact(1)])
        for _try in range(worker_module.TRIES + 1):
            self.pass_over()
        self.assert_told("organisation_foreign")
        self.assertEqual(self.connection.name, "Books 1")
        self.assertEqual(self.connection.feed_position, 1)
        self.assertFalse(self.mirror(1))

    def test_no_entry_leads_to_another_connection(self):
        """What is asked for is built from our own ids."""
        self.connector.add_part(
            [contact(1)], connection="connection-2", url="https://evil.example/"
        )
        self.pass_over()
        paths = [path for _method, path in self.connector.calls]
        self.assertFalse([path for path in paths if "connection-2" in path])
        self.assertTrue(self.mirror(1))


class TestLyingParts(LyingCase):
    """Parts that are not what was announced: each is tried three times, told, passed
    over, and its resource read again from Xero."""

    def passed_over(self, body, **values):
        self.connector.add_part(body)
        self.connector.feed[-1] |= {"records": 1} | values
        for _try in range(worker_module.TRIES):
            self.pass_over()
        self.assertEqual(self.connection.feed_position, len(self.connector.feed))
        self.assertFalse(self.mirror(1))
        return self.sync_run.line_ids.sorted("id")[-1:].detail

    def page(self, text=None):
        text = text or json.dumps({"Contacts": [contact(1)]}).encode()
        return gzip.compress(text, mtime=0)

    def test_what_is_no_page(self):
        for body, values, why in (
            (b"not gzip", {}, "part_not_json"),
            (self.page()[:-8], {}, "part_not_json"),
            (self.page(b"<html>"), {}, "part_not_json"),
            (self.page(b'{"Contacts": {}}'), {}, "part_incomplete"),
            (self.page(), {"records": 7}, "part_incomplete"),
            (self.page(), {"key": "Elsewhere"}, "part_incomplete"),
            (self.page(), {"sha256": "0" * 64}, "part_damaged"),
        ):
            with self.subTest(body=body[:20], values=values):
                self.assertIn(why, self.passed_over(body, **values))

    def test_a_type_that_nobody_knows(self):
        """A newer connector may have it: it is passed over as it is."""
        self.assertFalse(self.passed_over(self.page(), resource="spells"))

    def test_what_unpacks_to_more_than_memory_holds(self):
        bomb = self.page(bytes(worker_module.PART_LIMIT + 1))
        self.assertLess(len(bomb), 100_000)
        self.assertIn("part_too_large", self.passed_over(bomb))

    def test_what_is_nested_too_deeply(self):
        self.assertIn("RecursionError", self.passed_over(self.page(DEEP)))

    def test_the_next_part_comes_in_all_the_same(self):
        self.passed_over(b"not gzip")
        self.connector.add_part([contact(2)])
        self.pass_over()
        self.assertTrue(self.mirror(2))


class TestLyingAnswers(LyingCase):
    """Everything else that the connector says."""

    def test_syncs(self):
        good = self.connector.sync()
        for values in (
            {"state": "exploded"},
            {"code": {"a": 1}},
            {"resources": [{"name": "contacts", "item_count": HUGE}]},
            {"resources": [{"name": "contacts", "item_count": -5}]},
            {"resources": [5]},
        ):
            with self.subTest(values=values):
                self.lie("GET", "/v1/syncs/sync-1", good | values)
                self.pass_over()
                self.assert_told()
                self.assertTrue(self.sync_run.is_open)

    def test_the_connections_state(self):
        good = self.connector.connection()
        for values in (
            {"state": "rich"},
            {"state_code": "forged\nline"},
            {"budget": {**good["budget"], "day_limit": HUGE}},
            {"budget": {**good["budget"], "day_remaining": -1}},
            {"features": "contacts"},
        ):
            with self.subTest(values=values):
                self.lie("GET", STATUS, good | values)
                self.pass_over()
                self.assert_told()
                self.assertEqual(self.connection.state, "connected")

    def test_the_state_of_another_connection(self):
        good = self.connector.connection()
        for values in (
            {"id": "connection-2"},
            {"organisation": {"id": "tenant-2", "name": "Theirs"}},
        ):
            with self.subTest(values=values):
                self.lie("GET", STATUS, good | values)
                self.pass_over()
                self.assert_told("organisation_foreign")

    def test_schedules(self):
        self.connector.syncs["sync-1"]["state"] = "done"
        for value in (True, HUGE, "x", [5]):
            with self.subTest(value=value):
                self.connector.plan = {"day_limit": value, "choices": value}
                self.connection.sudo().plan_at = False
                self.pass_over()
                self.assertFalse(self.connection.plan)
                self.assertTrue(self.connection.schedule_note)

    def test_the_app(self):
        good = self.connector.app()
        for values in (
            {"webhooks": "x"},
            {"webhooks": {"address": {}}},
            {"client_id": [1]},
            {"instance": "x"},
            {"secret_set_at": HUGE},
        ):
            with self.subTest(values=values):
                self.lie("GET", "/v1/app", good | values)
                action = self.connection.action_check_connector()
                self.assertEqual(action["params"]["type"], "danger")
                settings = self.env["res.config.settings"].create({})
                self.assertFalse(settings.xero_client_id)
                self.assertFalse(settings.xero_webhooks)

    def test_refusals(self):
        """Their members become parts of sentences, and their codes of log lines."""
        for problem, code in (
            ({"code": "feed_taken", "env": 1, "self": 2, "data": 3}, "feed_taken"),
            ({"code": "x", "detail": {"a": 1}}, "connector_refused"),
            ({"code": "bad\nINFO forged line"}, "connector_refused"),
            ({"code": "x" * 5000}, "connector_refused"),
            ({"code": "x", "request_id": "a\nINFO forged"}, "connector_refused"),
            ({"code": "throttled", "retry_after": "soon"}, "connector_refused"),
            ({"code": "contact_exists", "contacts": 5}, "connector_refused"),
        ):
            with (
                self.subTest(problem=str(problem)[:60]),
                patch.object(client_module, "_logger") as logger,
            ):
                self.lie("GET", FEED, problem, 409)
                self.pass_over()
                self.assert_told(code)
                for call in logger.info.call_args_list:
                    self.assertNotIn("\n", call.args[0] % call.args[1:])

    def test_any_member_can_be_part_of_a_sentence(self):
        told = {"env": 1, "code": 2, "self": 3, "message": "<b>", "contacts": [{}]}
        for code in reasons.REASONS:
            self.assertTrue(reasons.sentence(self.env, code, **told))


class TestLyingWrites(OutboxCase, LyingCase):
    """What is written to Xero is linked only to what was written."""

    def press_with(self, entry, method, path, found, status=201):
        answer = {"outcome": "created", "contact": found, "invoice": found}
        self.lie(method, f"{STATUS}/{path}", answer, status)
        return self.press(entry)

    def test_a_new_customer_is_not_linked_to_somebody_elses_contact(self):
        self.bring(contact(7, "Somebody Else"))
        partner = self.customer()
        entry = self.queue(partner)
        for found in (
            contact(7, "Somebody Else"),
            contact(8, partner.name, ContactNumber="ODOO-other-1"),
            {},
            {"ContactID": "x" * 500},
        ):
            with self.subTest(found=found):
                self.later()
                told = self.press_with(entry, "POST", "contacts", found)
                self.assertEqual(told["state"], "waiting")
                self.assertFalse(self.linked(partner))
                # It may have been made, so the same key goes on asking.
                self.assertTrue(entry.may_have_arrived)

    def test_what_cannot_be_an_answer_is_asked_for_again(self):
        entry = self.queue(self.customer())
        for answer in (DEEP, b"<html>", [], {"outcome": 5}, {"retry_after": "soon"}):
            with self.subTest(answer=str(answer)[:30]):
                self.later()
                self.lie("POST", f"{STATUS}/contacts", answer, 201)
                self.assertEqual(self.press(entry)["state"], "waiting")
                self.assertEqual(entry.code, UNREADABLE)
                self.assertTrue(entry.may_have_arrived)

    def test_a_draft_is_not_taken_for_another_invoice(self):
        self.bring(contact(1))
        lead = self.env["crm.lead"].create({"name": "Renewal"})
        entry = self.queue_invoice(self.partner(1), lead)
        found = {"InvoiceID": xero_id(50), "Type": "ACCREC", "Reference": "Theirs"}
        told = self.press_with(entry, "POST", "invoices", found)
        self.assertEqual(told["state"], "waiting")
        self.assertFalse(self.env["xero.transaction"].search([]))


@tagged("post_install", "-at_install")
class TestLyingLogin(ConnectingCase, HttpCase):
    """A person is sent to Xero to log in, and nowhere else."""

    def setUp(self):
        super().setUp()
        self.connection = self.env["xero.connection"].create({})
        self.authenticate("admin", "admin")

    def begin(self):
        url = f"/xero/connect/{self.connection.id}"
        return self.url_open(url, allow_redirects=False)

    def test_an_address_that_is_not_xeros(self):
        for url in (
            "https://login.xero.com.evil.example/",
            "https://xero.com@evil.example/",
            "http://localhost/xero",
            "javascript:alert(1)",
            "//evil.example",
            {"a": 1},
        ):
            with self.subTest(url=url), self.answering(authorize_url=url):
                answer = self.begin()
                self.assertNotIn("Location", answer.headers)
                self.assertEqual(answer.status_code, 502)

    def answering(self, **values):
        connector = type(self.connector)
        answer = {"id": "a1", "authorize_url": AUTHORIZE_URL, **values}
        return patch.object(
            connector, "_authorize", lambda own: own.respond(201, answer)
        )

    def completing(self, answer):
        connector = type(self.connector)
        return patch.object(
            connector, "_complete", lambda own, _chosen: own.respond(200, answer)
        )

    def finish(self, **values):
        self.begin()
        url = "/xero/return?" + urlencode({"authorization": "a1", **values})
        return self.url_open(url, allow_redirects=False)

    def test_organisations_with_names_of_html(self):
        evil = "<script>alert(1)</script>"
        self.connector.organisations = [
            {"id": '"><script>', "name": evil},
            {"id": "b", "name": "B"},
        ]
        page = self.finish()
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("<script>", page.text.partition("<form")[2])
        self.assertIn("&lt;script&gt;", page.text)

    def test_completions_that_are_none(self):
        good = {"status": "connected", "connection": self.connector.connection()}
        for answer in (
            {},
            {"status": "choose", "organisations": 5},
            {"status": "connected"},
            good | {"connection": {**good["connection"], "feed": None}},
        ):
            with self.subTest(answer=answer):
                with self.completing(answer):
                    self.assertEqual(self.finish().status_code, 502)
        self.assertEqual(self.connection.state, "draft")

    def test_another_organisation_than_the_one_that_was_chosen(self):
        other = {**self.connector.connection(), "organisation": OTHER_TENANT}
        with self.completing({"status": "connected", "connection": other}):
            page = self.finish(organisation=TENANT["id"])
        self.assertEqual(page.status_code, 502)
        self.assertEqual(self.connection.state, "draft")

    def test_a_connection_that_another_one_here_has(self):
        """Not even one of another company, of which its administrator knows nothing."""
        company = self.env["res.company"].create({"name": "Other company"})
        self.env["xero.connection"].create(
            {"company_id": company.id, "connector_ref": "connection-1"}
        )
        page = self.finish()
        self.assertNotIn("Location", page.headers)
        self.assertIn("connected already", page.text)
        self.assertFalse(self.connection.connector_ref)
