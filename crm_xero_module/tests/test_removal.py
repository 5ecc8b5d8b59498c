# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deleting a connection that is over: what goes, and what does not."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import Cursor
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.forgetting import removal
from odoo.addons.crm_xero_module.services.forgetting.removal import (
    PARTS,
    kept_after,
    remove,
    removed_with,
)

from .books import BooksCase, invoice
from .common import contact, person, xero_id


@tagged("post_install", "-at_install")
class TestRemoval(BooksCase):
    def setUp(self):
        super().setUp()
        people = [person("Ann", "Lee", "ann@example.com")]
        self.bring(*(contact(n, ContactPersons=people) for n in range(1, 4)))
        self.land_books(*(invoice(n, contact_number=n) for n in range(1, 4)))
        self.other = self.env["xero.connection"].create({"name": "Other"})
        self.connection.sudo().write({"state": "disconnected", "connector_ref": False})
        self.env.flush_all()

    def rows(self, connection):
        """{table: rows} of a connection, in all tables that name one."""
        found = {}
        for [table] in self.env.execute_query(
            SQL(
                """
                SELECT c.table_name FROM information_schema.columns c
                  JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE c.column_name = 'connection_id' AND t.table_type = 'BASE TABLE'
                   AND c.table_name LIKE 'xero\\_%%'
                """
            )
        ):
            [[count]] = self.env.execute_query(
                SQL(
                    "SELECT count(*) FROM %s WHERE connection_id = %s",
                    SQL.identifier(table),
                    connection,
                )
            )
            if count:
                found[table] = count
        return found

    def test_all_of_it_goes_and_nothing_of_another(self):
        connection = self.connection.id
        others = self.rows(self.other.id)
        self.assertGreater(len(self.rows(connection)), 6)
        self.assertTrue(remove(self.connection))
        self.assertFalse(self.connection.exists())
        self.assertEqual(self.rows(connection), {})
        self.assertEqual(self.rows(self.other.id), others)

    def test_customers_stay_as_they_are(self):
        before = self.partners.search([]).read(["name", "xero_id", "ref", "parent_id"])
        remove(self.connection)
        self.env.invalidate_all()
        after = self.partners.search([]).read(["name", "xero_id", "ref", "parent_id"])
        self.assertEqual(after, before)

    def test_another_connection_feeds_the_customers_from_now_on(self):
        customer = self.partner(1)
        elsewhere = (
            self.env["xero.contact"]
            .sudo()
            .create(
                {
                    "connection_id": self.other.id,
                    "company_id": self.other.company_id.id,
                    "xero_id": xero_id(1),
                    "partner_id": customer.id,
                    "link_state": "linked",
                }
            )
        )
        applied = self.mirror(1).filtered("is_leading").applied
        remove(self.connection)
        self.env.invalidate_all()
        self.assertTrue(elsewhere.is_leading)
        self.assertEqual(elsewhere.partner_id, customer)
        self.assertEqual(elsewhere.applied, applied, "what people typed stays theirs")

    def test_what_goes_and_what_stays_is_told_before(self):
        gone = dict(removed_with(self.connection))
        self.assertEqual(gone["Xero contacts"], 3)
        self.assertEqual(gone["Sales documents"], 3)
        self.assertEqual(gone["Runs"], 1)
        self.assertNotIn("Products and services", gone, "there are none")
        # Three companies, and the person of each.
        self.assertEqual(
            kept_after(self.connection), [("Customers and their persons", 6)]
        )

    def test_who_did_it_stays_in_the_log(self):
        name = self.connection.name
        remove(self.connection)
        entry = self.env["xero.audit"].search([("event", "=", "deleted")])
        self.assertEqual(entry.connection_name, name)
        self.assertFalse(entry.connection_id)

    def test_files_on_its_documents_go(self):
        files = self.env["ir.attachment"].sudo()
        document = self.env["xero.transaction"].search([], limit=1)
        for model, record in (
            ("xero.transaction", document.id),
            ("res.partner", self.partner(1).id),
        ):
            files |= files.create({"name": model, "res_model": model, "res_id": record})
        remove(self.connection)
        self.assertEqual(files.exists().mapped("res_model"), ["res.partner"])

    def test_one_that_is_connected_stays(self):
        for state in ("connected", "reconnect"):
            self.connection.sudo().state = state
            with self.assertRaises(UserError):
                remove(self.connection)

    def test_administrators_only(self):
        operator = new_test_user(
            self.env, "operator", groups="crm_xero_module.group_xero_operator"
        )
        with self.assertRaises(AccessError):
            remove(self.connection.with_user(operator))

    def test_what_takes_longer_goes_on_in_the_cron(self):
        self.patch(removal, "BATCH", 1)
        self.assertFalse(remove(self.connection, seconds=0))
        self.assertTrue(self.connection.removal_at)
        with self.assertRaises(UserError):
            self.connection._authorize()
        cron = self.env.ref("crm_xero_module.ir_cron_xero_let_go").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.connection.exists())

    def test_one_statement_a_batch_however_many(self):
        deletes = []
        execute = Cursor.execute

        def spy(cursor, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if text.lstrip().startswith("DELETE FROM"):
                deletes.append(text)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", spy):
            remove(self.connection)
        tables = {self.env[model]._table for model in PARTS}
        ours = [text for text in deletes if any(f'"{name}"' in text for name in tables)]
        self.assertEqual(len(ours), len(PARTS))

    def test_what_points_to_what_is_deleted_is_found_by_an_index(self):
        """Else each row that goes would cost a look through a whole table."""
        tables = [self.env[model]._table for model in PARTS]
        small = [
            model._table
            for model in self.env.values()
            if model.is_transient() or model._name == "xero.import.profile"
        ]
        slow = self.env.execute_query(
            SQL(
                """
                SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k
                  JOIN pg_attribute a
                    ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                 WHERE k.contype = 'f'
                   AND k.confrelid::regclass::text = ANY(%s)
                   AND k.conrelid::regclass::text != ALL(%s)
                   AND NOT EXISTS (
                       SELECT FROM pg_index i
                        WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1]
                   )
                """,
                tables,
                small,
            )
        )
        self.assertEqual(slow, [])

    def test_nothing_that_a_connection_has_many_of_is_forgotten(self):
        """What is left to the database's cascades is small: imports, groups."""
        small = {
            "xero_contact_group",
            "xero_import_profile",
            "xero_audit",
            "xero_connection_vendor_group_rel",
            "xero_connection_vendor_rel",
        }
        named = {
            model._table
            for model in self.env.values()
            if model._auto
            and not model._abstract
            and not model.is_transient()
            and (field := model._fields.get("connection_id"))
            and field.comodel_name == "xero.connection"
            and field.store
        }
        tables = {self.env[model]._table for model in PARTS}
        self.assertEqual(named - tables - small, set())
