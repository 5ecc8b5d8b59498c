# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .test_new_customers import OURS, NewCustomersCase


@tagged("post_install", "-at_install")
class TestDirection(NewCustomersCase):
    """The dialog that lets customers go by themselves, and the way back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write(
            {
                "direction": "from_xero",
                "calls_limit": 1000,
                "calls_reserved": 50,
                "calls_remaining": 700,
            }
        )

    def dialog(self, **values):
        action = self.connection.action_both_ways()
        dialog = self.env["xero.direction"].browse(action["res_id"])
        dialog.write(values)
        return dialog

    def test_it_is_counted_before_anything_goes(self):
        self.customer("Bayside Club")
        self.customer("Harbour Club", age=0)
        dialog = self.dialog()
        self.assertEqual(dialog.count, 2)
        self.assertIn("1 would go now, and 1 more", dialog.count_note)
        listed = self.env["res.partner"].search(dialog.action_list()["domain"])
        self.assertEqual(
            sorted(listed.mapped("name")), ["Bayside Club", "Harbour Club"]
        )
        self.assertEqual(self.connection.direction, "from_xero")
        self.assertFalse(self.env["xero.outbox"].sudo().search([]))

    def test_nobody_is_counted_where_nobody_goes(self):
        self.assertIn("No customer", self.dialog().count_note)

    def test_the_count_follows_the_filter(self):
        self.customer("Bayside Club")
        with Form(self.dialog()) as form:
            self.assertEqual(form.count, 1)
            form.new_customers = "[('name', '=', 'Nobody at all')]"
            self.assertEqual(form.count, 0)
            form.new_customers = "[('name', '=', uid)]"
            self.assertIn("filter", form.problem)
            form.new_customers = OURS
            self.assertEqual(form.count, 1)
            self.assertFalse(form.problem)

    def test_a_broken_filter_is_not_switched_on(self):
        dialog = self.dialog(new_customers="[('no_such_field', '=', 1)]")
        self.assertTrue(dialog.problem)
        for press in (dialog.action_apply, dialog.action_list):
            with self.assertRaises(ValidationError):
                press()
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.direction, "from_xero")

    def test_all_of_these_go(self):
        self.customer("Bayside Club", age=48)
        self.dialog(which="all", delay=0).action_apply()
        self.assertEqual(self.connection.direction, "both")
        self.assertFalse(self.connection.new_customers_since)
        self.assertEqual(self.connection.new_customers_delay, 0)
        self.assertEqual(len(self.queue()), 1)

    def test_only_new_ones_go(self):
        self.customer("Bayside Club", age=48)
        self.dialog(which="from_now", delay=0).action_apply()
        self.assertFalse(self.queue())
        self.assertTrue(self.connection.new_customers_since)
        new = self.customer("New Club", age=0)
        self.connection.new_customers_since -= timedelta(minutes=1)
        self.assertEqual(self.queue().partner_id, new)

    def test_who_changes_the_filter_leaves_nobody_behind(self):
        since = fields.Datetime.now() - timedelta(days=2)
        self.connection.write({"direction": "both", "new_customers_since": since})
        dialog = self.dialog()
        self.assertEqual(dialog.which, "from_now")
        dialog.action_apply()
        self.assertEqual(self.connection.new_customers_since, since)
        self.connection.new_customers_since = False
        self.assertEqual(self.dialog().which, "all")

    def test_what_it_costs_is_told(self):
        self.customer()
        dialog = self.dialog(which="all")
        self.assertIn("1 of the 1,000 calls", dialog.cost_note)
        self.assertIn("700", dialog.cost_note)
        self.connection.write({"calls_limit": 51, "calls_reserved": 50})
        self.customer("Another")
        dialog.invalidate_recordset()
        self.assertIn("2 days", dialog.cost_note)
        self.connection.write({"calls_limit": 0, "calls_reserved": 0})
        dialog.invalidate_recordset()
        self.assertIn("one call", dialog.cost_note)

    def test_xero_is_to_allow_it_first(self):
        self.connection.granted_features = ["contacts"]
        dialog = self.dialog()
        self.assertFalse(dialog.may_write)
        with self.assertRaises(UserError):
            dialog.action_apply()
        self.connection.with_writing = False
        action = dialog.action_reconnect()
        self.assertTrue(self.connection.with_writing)
        self.assertEqual(action["url"], f"/xero/connect/{self.connection.id}")

    def test_only_administrators_decide(self):
        operator = new_test_user(
            self.env, "direction_op", "crm_xero_module.group_xero_operator"
        )
        connection = self.connection.with_user(operator)
        for press in (
            connection.action_both_ways,
            connection.action_from_xero,
            connection.action_open_new_customers,
        ):
            with self.assertRaises(AccessError):
                press()
        with self.assertRaises(AccessError):
            self.dialog().with_user(operator).action_apply()
        with self.assertRaises(AccessError):
            connection.direction = "both"

    def test_switching_back_stops_at_once_and_says_what_waits(self):
        self.connection.direction = "both"
        self.customer()
        self.assertEqual(len(self.queue()), 1)
        self.customer("Another")
        answer = self.connection.action_from_xero()
        self.assertFalse(self.queue())
        self.assertIn("1 that", answer["params"]["message"])
        self.assertEqual(answer["params"]["links"][0]["url"], "/odoo/xero-outbox")
        self.env["xero.outbox"].sudo().search([])._end("cancelled")
        answer = self.connection.action_from_xero()
        self.assertNotIn("links", answer["params"])

    def test_fields_that_go_back_are_counted(self):
        lines = self.connection.profile_ids.mapping_ids
        lines.back = "no"
        self.assertEqual(self.connection.fields_back, 0)
        named = lines.filtered(lambda line: line.target_field in ("name", "vat"))
        named.filtered(lambda line: line.profile_id == self.companies).back = "crm"
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.fields_back, 2)
        action = self.connection.action_open_fields_back()
        self.assertEqual(action["domain"], [("connection_id", "=", self.connection.id)])

    def test_odoo_itself_is_nobody_to_look_as(self):
        self.connection.sudo().with_user(1).direction = "both"
        self.assertEqual(self.connection.new_customers_user_id, self.admin)
