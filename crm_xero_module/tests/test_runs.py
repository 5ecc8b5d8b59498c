# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

import requests

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from odoo.addons.crm_xero_module.services.reasons import STOPPING_CODES

from .common import XeroCase, contact, phone

SYNCS = ("POST", "/v1/connections/connection-1/syncs")


class TestRuns(XeroCase):
    """What a person starts, stops and reads."""

    def test_sync_now_asks_once_and_shows_the_run(self):
        read = ("organisation", "contact_groups", "contacts")
        resources = [{"name": name, "state": "waiting"} for name in read]
        asked = self.connector.sync("sync-9", resources=resources)
        self.connector.answers[SYNCS] = (202, asked)
        action = self.connection.action_sync_now()
        run = self.env["xero.sync"].browse(action["res_id"])
        self.assertEqual(run.connector_ref, "sync-9")
        self.assertEqual(run.user_id, self.env.user)
        self.assertEqual(
            [step["label"] for step in run.steps],
            [
                "Organisation",
                "Contact groups",
                "Xero contacts",
                "Companies",
                "Contacts",
                "Products",
            ],
        )
        again = self.connection.action_sync_now()
        self.assertEqual(again["res_id"], run.id)

    def test_sync_now_without_a_connector(self):
        self.connector.answers[SYNCS] = (0, requests.ConnectionError())
        with self.assertRaisesRegex(UserError, "cannot be reached"):
            self.connection.action_sync_now()

    def test_sync_now_where_xero_wants_a_new_login(self):
        for code in STOPPING_CODES:
            self.connector.answers[SYNCS] = (409, {"code": code, "status": 409})
            action = self.connection.action_sync_now()
            self.assertEqual(action["params"]["type"], "danger")
            self.assertRecordValues(
                self.connection, [{"state": "reconnect", "state_code": code}]
            )

    def test_poke_wakes_the_cron_for_an_open_run_only(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([])
        self.sync_run.poke()
        self.assertEqual(triggers.search_count([]), before + 1)
        self.sync_run._finish("done")
        self.sync_run.poke()
        self.assertEqual(triggers.search_count([]), before + 1)

    def test_progress(self):
        self.connector.sync()["resources"] = [
            {"name": "organisation", "state": "done", "item_count": None},
            {"name": "contacts", "state": "running", "item_count": 40},
        ]
        self.connector.add_part([contact(n) for n in range(10)], item_count=40)
        self.run_cron()
        contacts = next(s for s in self.sync_run.steps if s["name"] == "contacts")
        self.assertEqual((contacts["done"], contacts["total"]), (10, 40))
        self.assertEqual(self.sync_run.state, "running")
        # 10 of 40 contacts, and 10 of at most 40 partners and 40 persons.
        self.assertAlmostEqual(self.sync_run.progress, 100 * 20 / 120, places=1)
        self.assertEqual(self.sync_run.records_done, 20)

    def test_an_import_runs_over_the_whole_mirror_without_xero(self):
        self.bring(*[contact(n) for n in range(5)])
        self.sync_run._finish("done")
        self.partner(1).phone = "typed"
        self.companies.mapping_ids.filtered(
            lambda line: line.target_field == "phone"
        ).default_value = "0800"
        self.connector.calls.clear()
        action = self.companies.action_run()
        self.run_cron()
        run = self.env["xero.sync"].browse(action["res_id"])
        self.assertRecordValues(
            run,
            [
                {
                    "state": "done",
                    "kind": "profile",
                    "updated_count": 4,
                    "unchanged_count": 1,
                    "profile_id": self.companies.id,
                }
            ],
        )
        self.assertEqual(self.companies.last_sync_id, run)
        self.assertNotIn(SYNCS, self.connector.calls)

    def test_an_import_that_is_cancelled(self):
        action = self.companies.action_run()
        run = self.env["xero.sync"].browse(action["res_id"])
        run.action_cancel()
        self.land(contact(1))
        self.sync_run._finish("done")
        self.run_cron()
        self.assertEqual(run.state, "cancelled")
        self.assertFalse(self.partner(1))

    def test_a_run_of_a_deleted_import_ends(self):
        action = self.companies.action_run()
        run = self.env["xero.sync"].browse(action["res_id"])
        self.companies.unlink()
        self.run_cron()
        self.assertEqual(run.state, "cancelled")

    def test_a_new_import_waits_for_the_next_sync(self):
        self.bring(contact(1, Phones=[phone()]))
        self.sync_run._finish("done")
        copy = self.companies.copy({"mode": "update"})
        self.assertEqual(copy.position, 0)
        self.run_cron()
        self.assertEqual(copy.position, 0)

    def test_update_needs_a_key(self):
        profile = self.companies.copy({"mode": "update"})
        key = profile.key_mapping
        with self.assertRaises(ValidationError):
            profile.mapping_ids = [Command.update(key.id, {"is_key": False})]

    def test_update_that_lost_its_key_does_not_run(self):
        profile = self.companies.copy({"mode": "update"})
        profile.mapping_ids.is_key = False
        run = self.env["xero.sync"].browse(profile.action_run()["res_id"])
        self.run_cron()
        self.assertEqual((run.state, run.code), ("failed", "profile_broken"))
        self.assertIn("key", run.message)

    def test_an_import_runs_as_another_only_by_who_manages_rights(self):
        other = self.env["res.users"].create(
            {"name": "Other", "login": "other of an import"}
        )
        rights = self.env.ref("crm_xero_module.group_xero_administrator")
        keeper = self.env["res.users"].create(
            {
                "name": "Keeper",
                "login": "keeper of imports",
                "group_ids": [Command.link(rights.id)],
            }
        )
        profile = self.companies.with_user(keeper)
        with self.assertRaises(AccessError):
            profile.run_as = other
        profile.run_as = keeper
        self.assertEqual(profile.copy().run_as, keeper)
        self.companies.with_user(self.env.ref("base.user_admin")).run_as = other
        self.assertEqual(profile.copy().run_as, keeper, "no right is copied")

    def test_a_key_is_a_stored_text(self):
        country = self.companies.mapping_ids.filtered(
            lambda line: line.target_field == "country_id"
        )
        self.companies.mapping_ids.is_key = False
        with self.assertRaises(ValidationError):
            country.is_key = True

    def test_the_company_stays_once_contacts_are_here(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.admin.sudo().company_ids |= other
        self.land(contact(1))
        with self.assertRaises(ValidationError):
            self.connection.company_id = other

    def test_connecting_what_the_connector_forgot(self):
        asked = []

        def handle(request):
            body = json.loads(request.body)
            asked.append(body["connection"])
            if body["connection"]:
                return self.connector.problem(404, "not_found")
            begun = {"id": "a1", "authorize_url": "https://login.xero.com/authorize"}
            return self.connector.respond(201, begun)

        self.connector.handle = handle
        self.assertEqual(self.connection._authorize()["id"], "a1")
        self.assertEqual(asked, ["connection-1", None])

    def test_disconnecting_says_so_to_the_connector(self):
        self.bring(contact(1))
        self.connection.action_disconnect()
        self.assertIn(("DELETE", "/v1/connections/connection-1"), self.connector.calls)
        self.assertRecordValues(
            self.connection, [{"state": "disconnected", "connector_ref": False}]
        )
        self.assertEqual(self.sync_run.state, "cancelled")
        self.assertTrue(self.partner(1), "what was imported stays")
        with self.assertRaises(UserError):
            self.connection.action_sync_now()

    def test_disconnecting_what_is_gone_already(self):
        self.connector.answers["DELETE", "/v1/connections/connection-1"] = (
            404,
            {"code": "not_found"},
        )
        self.connection.action_disconnect()
        self.assertEqual(self.connection.state, "disconnected")

    def test_another_organisation_is_another_connection(self):
        remote = self.connector.connection()
        remote |= {"id": "connection-2", "organisation": {"id": "t2", "name": "Other"}}
        path = ("POST", "/v1/authorizations/a1/completion")
        answer = {"status": "connected", "connection": remote}
        self.connector.answers[path] = (200, answer)
        other = self.connection._complete("a1")["record"]
        self.assertNotEqual(other, self.connection)
        self.assertEqual(other.name, "Other")
        self.assertEqual(self.connection.connector_ref, "connection-1")
        self.assertEqual(len(other.profile_ids), 4)

    def test_check_remembers_what_is_not_secret(self):
        self.assertFalse(self.connection.check_connector)
        self.connection.action_check_connector()
        self.env.invalidate_all()
        self.assertTrue(self.connection.check_connector)
        self.assertTrue(self.connection.check_app)
