# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import json

import openpyxl
import psycopg2

from odoo import SUPERUSER_ID, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.exceptions import ConnectorError

from .common import XeroCase, contact, person
from .connecting import CLIENT_ID, CLIENT_SECRET, ConnectingCase
from .matching import MatchingCase
from .outbox import OutboxCase

OPERATOR = "sales_team.group_sale_manager"
EVIL = '=HYPERLINK("http://evil.example")<script>alert(1)</script>'


class AuditCase(XeroCase):
    """Asks for the entries that an act left, each as (event, who, to what, count)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(cls.env, "op", groups=OPERATOR, name="Olga")
        cls.boss = new_test_user(
            cls.env,
            "boss",
            groups="crm_xero_module.group_xero_administrator,base.group_system,"
            "sales_team.group_sale_manager",
            name="Bea",
        )

    def setUp(self):
        super().setUp()
        self.audit = self.env["xero.audit"].sudo()

    def _refuse(self, method, path):
        """Let the connector refuse a call."""
        body = {"code": "xero_unavailable", "status": 503}
        self.connector.answers[method, path] = (503, body)

    def left_by(self, act, *args, **options):
        """The entries that an act leaves, the oldest first."""
        last = self.audit.search([], limit=1).id or 0
        act(*args, **options)
        return self.audit.search([("id", ">", last)]).sorted("id")

    def assertLeft(self, entries, *rows):
        """Each act leaves exactly these: (event, user, subject, count)."""
        found = [
            (entry.event, entry.user_id, entry.subject, entry.count)
            for entry in entries
        ]
        self.assertEqual(found, list(rows))
        for entry in entries:
            self.assertEqual(entry.user_name, entry.user_id.name)
            self.assertNotEqual(entry.user_id.id, SUPERUSER_ID)


class TestAuditOfConnections(ConnectingCase, AuditCase):
    """Who connected, disconnected, changed the settings, took the feed over."""

    def as_boss(self, record=None):
        return (record or self.connection).with_user(self.boss)

    def test_connecting(self):
        self.connection.sudo().connector_ref = False
        new = self.env["xero.connection"].create({})
        entries = self.left_by(self.as_boss(new)._complete, "a1")
        self.assertLeft(entries, ("connected", self.boss, new.name, 0))
        self.assertEqual(entries.connection_id, new)
        self.assertEqual(entries.company_id, new.company_id)

    def test_a_login_that_the_connector_refuses(self):
        self._refuse("POST", "/v1/authorizations/a1/completion")

        def refused():
            with self.assertRaises(ConnectorError):
                self.as_boss()._complete("a1")

        self.assertFalse(self.left_by(refused))

    def test_disconnecting(self):
        name = self.connection.name
        entries = self.left_by(self.as_boss().action_disconnect)
        self.assertLeft(entries, ("disconnected", self.boss, name, 0))

    def test_disconnecting_that_xero_refuses(self):
        self._refuse("DELETE", "/v1/connections/connection-1")

        def refused():
            with self.assertRaises(UserError):
                self.as_boss().action_disconnect()

        self.assertFalse(self.left_by(refused))

    def test_taking_the_feed_over(self):
        entries = self.left_by(self.as_boss().action_take_feed_over)
        self.assertLeft(entries, ("feed", self.boss, self.connection.name, 0))

    def test_what_a_person_changes_of_a_connection(self):
        values = {"schedule": "manual", "show_drafts": True, "sales_since": False}
        entries = self.left_by(self.as_boss().write, values)
        self.assertLeft(entries, ("settings", self.boss, self.connection.name, 0))
        self.assertIn("Show drafts: no → yes", entries.detail)
        self.assertIn("Only when somebody presses Sync now", entries.detail)
        self.assertNotIn("Show sales since", entries.detail, "it is as it was")

    def test_what_programs_write_of_a_connection(self):
        def written():
            self.connection.sudo().write({"show_drafts": True, "schedule": "manual"})
            self.connection.write({"state_code": "x", "calls_limit": 5})
            self.connection.write({"show_drafts": True})

        self.assertFalse(self.left_by(written))

    def test_settings_never_tell_a_secret(self):
        settings = self.env["res.config.settings"].with_user(self.boss)

        def saved():
            settings.create(
                {
                    "xero_connector_url": "https://other.example.com",
                    "xero_instance_key": "xo_new_very-secret-key",
                }
            ).execute()

        entries = self.left_by(saved)
        self.assertLeft(
            entries,
            ("settings", self.boss, False, 0),
            ("settings", self.boss, False, 0),
        )
        self.assertEqual(
            sorted(entries.mapped("detail")), ["Connector address", "Instance key"]
        )
        self.assertNotIn("secret", str(entries.read()))
        self.assertFalse(entries.company_id, "it is about the whole database")

    def test_the_xero_app(self):
        settings = self.env["res.config.settings"].with_user(self.boss)
        entries = self.left_by(settings.xero_set_app, CLIENT_ID, CLIENT_SECRET)
        self.assertLeft(entries, ("settings", self.boss, False, 0))
        self.assertNotIn(CLIENT_SECRET, str(entries.read()))
        self.assertFalse(self.left_by(settings.xero_set_app, CLIENT_ID, "wrong"))


class TestAuditOfRuns(AuditCase):
    """Who started and cancelled syncs, ran imports, retried and ignored."""

    def as_operator(self, record):
        return record.with_user(self.operator)

    def test_a_sync(self):
        entries = self.left_by(self.as_operator(self.connection).action_sync_now)
        run = self.connection.sync_ids.sorted("id")[-1:]
        self.assertLeft(entries, ("sync", self.operator, run.name, 0))

    def test_a_sync_that_nobody_may_start(self):
        clerk = new_test_user(
            self.env, "cl", groups="sales_team.group_sale_salesman", name="Carl"
        )

        def refused():
            with self.assertRaises(AccessError):
                self.connection.with_user(clerk).action_sync_now()

        self.assertFalse(self.left_by(refused))

    def test_a_sync_that_the_connector_refuses(self):
        self._refuse("POST", "/v1/connections/connection-1/syncs")

        def refused():
            with self.assertRaises(UserError):
                self.as_operator(self.connection).action_sync_now()

        self.assertFalse(self.left_by(refused))

    def test_cancelling(self):
        run = self.sync_run
        entries = self.left_by(self.as_operator(run).action_cancel)
        self.assertLeft(entries, ("cancelled", self.operator, run.name, 0))
        run.sudo()._finish("done")
        self.assertFalse(self.left_by(self.as_operator(run).action_cancel))

    def test_an_import(self):
        entries = self.left_by(self.as_operator(self.companies).action_run)
        self.assertLeft(entries, ("import", self.operator, self.companies.name, 0))

    def test_a_preview_is_nothing_until_it_is_done(self):
        self.land(contact(1))
        previewed = self.as_operator(self.companies).action_preview
        self.assertFalse(self.left_by(previewed))
        preview = self.env["xero.sync"].search([("kind", "=", "preview")], limit=1)
        while preview.is_open:
            preview.sudo()._work().run_whole_batch()
            self.env.invalidate_all()
        entries = self.left_by(self.as_operator(preview).action_do_preview)
        self.assertLeft(entries, ("import", self.operator, self.companies.name, 0))

    def test_lines(self):
        lines = self.bring(contact(1, ""), contact(2, ""))
        one = self.left_by(self.as_operator(lines[:1]).action_retry)
        self.assertLeft(one, ("import", self.operator, lines[0].display_name, 1))
        lines = self.env["xero.sync.line"].search([("state", "=", "open")])
        both = self.left_by(self.as_operator(lines).action_ignore)
        self.assertLeft(both, ("ignored", self.operator, self.connection.name, 2))
        self.assertFalse(self.left_by(self.as_operator(lines).action_ignore))

    def test_what_the_cron_does_is_no_persons_act(self):
        self.connector.add_part([contact(1)])
        self.connector.add_end()
        self.assertFalse(self.left_by(self.run_cron))


class TestAuditOfLinks(AuditCase, MatchingCase):
    """Who linked, unlinked and ignored whom."""

    def setUp(self):
        super().setUp()
        self.matches = self.env["xero.match"].with_user(self.operator)

    def test_one_and_many_matches(self):
        for number in (1, 2, 3):
            self.customer(f"Company {number}", email=f"c{number}@x.nz")
            self.land(contact(number, EmailAddress=f"c{number}@x.nz"))
        self.refresh()
        best = self.matches.search([("contact_id", "=", self.mirror(1).id)], limit=1)
        one = self.left_by(self.matches.accept, best.ids)
        self.assertLeft(one, ("linked", self.operator, "Company 1", 1))
        many = self.left_by(self.matches.accept_above, self.connection.id, 1)
        self.assertLeft(many, ("linked", self.operator, self.connection.name, 2))
        self.assertFalse(self.left_by(self.matches.accept, best.ids), "refused")

    def test_never_and_again(self):
        self.customer("Company 1", email="c1@x.nz")
        self.land(contact(1, EmailAddress="c1@x.nz"))
        self.refresh()
        match = self.matches.search([], limit=1)
        never = self.left_by(self.matches.never, match.ids)
        self.assertLeft(never, ("ignored", self.operator, "Company 1", 1))
        again = self.left_by(self.matches.never_undo, match.ids)
        self.assertLeft(again, ("reopened", self.operator, "Company 1", 1))

    def test_unlinking(self):
        self.bring(contact(1, ContactPersons=[person("C", "D")]), contact(2))
        one = self.mirror(1).with_user(self.operator)
        self.assertLeft(
            self.left_by(one.action_unlink_record),
            ("unlinked", self.operator, "Company 1", 1),
        )
        self.assertLeft(
            self.left_by(one.action_import_again),
            ("import", self.operator, "Company 1", 1),
        )
        self.assertLeft(
            self.left_by(self.mirror(2).with_user(self.operator).action_lead),
            ("linked", self.operator, "Company 2", 1),
        )


class TestAuditOfSending(OutboxCase, AuditCase):
    """Who sent what to Xero."""

    def setUp(self):
        super().setUp()
        self.connection.with_writing = True

    def dialog(self, partner):
        wizards = self.env["xero.create.contact"].with_user(self.operator)
        return wizards.with_context(default_partner_id=partner.id).create({})

    def test_a_customer(self):
        partner = self.customer("Bayside Club")
        entries = self.left_by(self.dialog(partner).action_send)
        self.assertLeft(entries, ("sent", self.operator, "Bayside Club", 0))
        entry = self.env["xero.outbox"].search([], limit=1)
        cancelled = self.left_by(entry.with_user(self.operator).action_cancel)
        self.assertLeft(cancelled, ("cancelled", self.operator, "Bayside Club", 1))

    def test_a_link_instead(self):
        self.land(contact(1, "Bayside Club Ltd"))
        partner = self.customer("Bayside Club")
        dialog = self.dialog(partner)
        entries = self.left_by(dialog.action_link, self.mirror(1).id)
        self.assertLeft(entries, ("linked", self.operator, "Bayside Club Ltd", 0))

    def test_many_customers(self):
        partners = self.customer("A Ltd", email="a@a.nz")
        partners |= self.customer("B Ltd", email="b@b.nz")
        action = partners.with_user(self.operator).action_create_in_xero()
        dialog = self.env["xero.create.contacts"].browse(action["res_id"])
        entries = self.left_by(dialog.with_user(self.operator).action_send)
        self.assertLeft(entries, ("sent", self.operator, self.connection.name, 2))


class TestAuditStays(AuditCase):
    """Nobody changes or removes what was written down."""

    def setUp(self):
        super().setUp()
        self.entry = self.audit._note("sync", self.connection, self.sync_run)

    def test_through_the_orm(self):
        for env in (self.env, self.env(user=self.boss), self.env(su=True)):
            entry = self.entry.with_env(env)
            for act in (
                lambda entry=entry: entry.write({"event": "sent"}),
                lambda entry=entry: setattr(entry, "user_name", "Somebody"),
                lambda entry=entry: entry.unlink(),
            ):
                with self.assertRaises(AccessError):
                    act()
        for user in (self.operator, self.boss):
            with self.assertRaises(AccessError):
                self.audit.with_user(user).sudo(False).create({"event": "sent"})

    def test_who_reads(self):
        self.assertTrue(self.audit.with_user(self.boss).search_count([]))
        with self.assertRaises(AccessError):
            self.audit.with_user(self.operator).sudo(False).search_count([])

    def test_the_user_goes(self):
        gone = new_test_user(
            self.env, "gone", groups="crm_xero_module.group_xero_operator", name="Gus"
        )
        entry = self.audit.with_user(gone)._note("sync", self.connection)
        self.env.flush_all()
        gone.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual((entry.user_name, entry.user_id.id), ("Gus", False))

    def test_the_connection_goes(self):
        name, company = self.connection.name, self.connection.company_id
        self.env.flush_all()
        self.connection.sudo().unlink()
        self.env.invalidate_all()
        self.assertTrue(self.entry.exists())
        self.assertEqual(self.entry.connection_name, name)
        self.assertEqual(self.entry.company_id, company)
        with self.assertRaises(UserError):
            self.entry.with_user(self.boss).action_open_subject()

    def test_the_company_goes(self):
        company = self.env["res.company"].sudo().create({"name": "Short-lived"})
        other = self.env["xero.connection"].sudo().create({"company_id": company.id})
        entry = self.audit._note("sync", other)
        self.env.flush_all()
        other.unlink()
        with mute_logger("odoo.sql_db"):
            try:
                with self.env.cr.savepoint():
                    company.unlink()
            except psycopg2.Error:
                # Some addon keeps companies; then it lost nothing either.
                self.assertTrue(entry.company_id)
                return
        self.env.invalidate_all()
        self.assertTrue(entry.exists())
        seen = self.audit.with_user(self.boss).sudo(False).search([])
        self.assertNotIn(entry, seen, "it is nobody's any more")

    def test_a_merged_customer(self):
        kept, gone = self.partners.create([{"name": "Kept"}, {"name": "Gone"}])
        entry = self.audit._note("linked", self.connection, gone)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (kept | gone).ids, dst_partner=kept
        )
        self.env.invalidate_all()
        self.assertEqual(entry.subject, "Gone")

    def test_what_is_rolled_back_was_not_done(self):
        def failed():
            with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
                self.audit._note("sync", self.connection)
                raise ZeroDivisionError

        self.assertFalse(self.left_by(failed))

    def test_companies_see_their_own_and_what_is_everybodys(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="crm_xero_module.group_xero_administrator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        common = self.audit._note("settings", detail="Xero app")
        seen = self.audit.with_user(stranger).sudo(False).search([])
        self.assertIn(common, seen)
        self.assertNotIn(self.entry, seen)

    def test_the_subject_opens_for_those_who_may_see_it(self):
        self.bring(contact(1))
        entry = self.audit._note("linked", self.connection, self.mirror(1))
        action = entry.with_user(self.boss).sudo(False).action_open_subject()
        self.assertEqual(action["res_model"], "xero.contact")
        self.assertEqual(action["res_id"], self.mirror(1).id)


class TestAuditShown(AuditCase, HttpCase):
    """The Activity log in a browser and in a file."""

    def test_names_that_are_formulas_or_html(self):
        self.land(contact(1, EVIL))
        self.audit._note("linked", self.connection, self.mirror(1), detail=EVIL)
        self.authenticate("boss", "boss")
        names = ["subject", "detail", "user_name"]
        data = {
            "model": "xero.audit",
            "fields": [{"name": name, "label": name} for name in names],
            "ids": False,
            "domain": [],
            "import_compat": False,
        }
        rows = self._export("csv", data).decode().splitlines()
        told = next(row for row in rows if "HYPERLINK" in row)
        self.assertTrue(told.startswith("\"'=HYPERLINK"), told)
        book = openpyxl.load_workbook(io.BytesIO(self._export("xlsx", data)))
        kinds = {cell.data_type for row in book.active for cell in row if cell.value}
        self.assertEqual(kinds, {"s"}, "no cell is a formula")

    def _export(self, kind, data):
        answer = self.url_open(
            f"/web/export/{kind}",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(answer.status_code, 200)
        return answer.content

    def test_an_export_of_profiles(self):
        self.authenticate("boss", "boss")

        def exported():
            self.url_open(f"/xero/profiles/export?ids={self.companies.id}")

        entries = self.left_by(exported)
        self.assertLeft(entries, ("exported", self.boss, self.companies.name, 1))
