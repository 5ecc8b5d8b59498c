# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval
from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.tests import tagged

from .common import XeroCase, address, contact, person, phone


@tagged("post_install", "-at_install")
class TestLogLines(XeroCase):
    """What a person does with the records that did not come."""

    def retry(self, lines):
        """What the notification says."""
        return lines.action_retry()["params"]

    def require(self, field, value=None):
        line = self.companies.mapping_ids.filtered(
            lambda mapping: mapping.target_field == field
        )
        line.write({"is_required": True, "default_value": value})

    def test_a_retry_after_mending_the_mapping_asks_nobody(self):
        self.require("phone")
        lines = self.bring(contact(1), contact(2), contact(3, Phones=[phone()]))
        self.require("phone", "0800")
        self.connector.handle = None
        told = self.retry(lines)
        self.assertEqual((told["type"], told["message"]), ("success", "2 settled"))
        self.assertEqual(lines.mapped("state"), ["retried", "retried"])
        self.assertEqual(self.partner(2).phone, "0800")

    def test_the_screen_is_read_again_after_a_retry(self):
        told = self.retry(self.bring(contact(1, "")))
        self.assertEqual(told["next"], {"type": "ir.actions.act_window_close"})

    def test_what_can_be_retried_is_and_the_rest_is_told(self):
        self.require("phone")
        lines = self.bring(contact(1), contact(2), contact(3, ""))
        self.land(contact(1, Phones=[phone()]))
        entry = {"resource": "contacts", "page": 1, "part": 1, "n": 1, "sha256": "x"}
        self.sync_run.sudo()._log_part(entry, ValueError())
        lines |= self.sync_run.line_ids.filtered(
            lambda li: li.code == "part_unreadable"
        )
        told = self.retry(lines)
        self.assertEqual(told["type"], "warning")
        self.assertIn("1 settled, 3 still open: ", told["message"])
        for reason in (
            "It cannot be retried from here: sync again. (1)",
            "Xero has no value of a field that the import asks for. (1)",
            "The contact has no name in Xero; a company needs one. (1)",
        ):
            self.assertIn(reason, told["message"])
        self.assertTrue(self.partner(1))

    def test_an_import_that_is_broken_holds_up_no_other(self):
        lines = self.bring(
            contact(1, ""), contact(2, ContactPersons=[person("Bo", "", "bo@x.nz")])
        )
        self.land(
            contact(1, "A"),
            contact(2, ContactPersons=[person("Bo", "Chu", "bo@x.nz")]),
        )
        # As a field of a module that was uninstalled.
        mapping = self.companies.mapping_ids[0]
        self.env.cr.execute(
            "UPDATE xero_import_mapping SET target_field = 'x_gone' WHERE id = %s",
            [mapping.id],
        )
        self.env.invalidate_all()
        told = self.retry(lines)
        self.assertIn("“x_gone” does not exist", told["message"])
        self.assertIn("1 settled", told["message"])
        self.assertFalse(self.partner(1))
        self.assertTrue(self.persons(2).partner_id)

    def test_a_deleted_import_or_record_cannot_be_retried(self):
        lines = self.bring(contact(1, ""), contact(2, ""))
        self.mirror(1).sudo().unlink()
        told = self.retry(lines[1])
        self.assertIn("sync again", told["message"])
        self.companies.unlink()
        self.assertIn(
            "2 still open: It cannot be retried", self.retry(lines)["message"]
        )

    def test_a_record_that_the_import_no_longer_looks_at(self):
        line = self.bring(contact(1, ""))
        self.land(contact(1, "Now with a name", IsCustomer=False, IsSupplier=True))
        told = self.retry(line)
        self.assertIn("Its import no longer looks at it.", told["message"])
        self.assertEqual(line.state, "open")

    def test_what_is_settled_is_not_tried_again(self):
        line = self.bring(contact(1, ""))
        self.retry(line)
        with self.count_partner_writes() as written:
            self.assertEqual(self.retry(line)["message"], "These are settled already.")
        self.assertFalse(written)

    def test_an_ignored_line_is_open_again_when_retried(self):
        line = self.bring(contact(1, ""))
        line.action_ignore()
        told = self.retry(line)
        self.assertIn("1 still open", told["message"])
        self.assertTrue(self.sync_run.line_ids.filtered(lambda li: li.state == "open"))

    def test_persons_follow_a_company_that_is_retried(self):
        lines = self.bring(
            contact(1, "", ContactPersons=[person("Ann", "Lee"), person("Bo", "Chu")])
        )
        self.land(
            contact(
                1, "Bayside", ContactPersons=[person("Ann", "Lee"), person("Bo", "Chu")]
            )
        )
        self.retry(lines.filtered(lambda line: line.code == "name_missing"))
        self.assertEqual(
            sorted(self.partner(1).child_ids.mapped("name")), ["Ann Lee", "Bo Chu"]
        )
        self.assertEqual(set(lines.mapped("state")), {"retried"})

    def test_while_a_run_works_a_retry_says_so(self):
        lines = self.bring(contact(1, ""), contact(2, ""))
        connections = self.registry["xero.connection"]
        with patch.object(connections, "lock_for_update", side_effect=LockError("x")):
            told = self.retry(lines)
        self.assertIn("2 still open: A run is working", told["message"])
        self.assertEqual(set(lines.mapped("state")), {"open"})

    def test_many_equal_reasons_are_one_group(self):
        places = [
            address(Country="Australia", Region=f"Somewhere {n}") for n in range(30)
        ]
        self.bring(*(contact(n, Addresses=[p]) for n, p in enumerate(places)))
        self.bring(contact(99, ""))
        groups = self.env["xero.sync.line"]._read_group(
            [("sync_id", "=", self.sync_run.id)], ["reason_group"], ["__count"]
        )
        self.assertEqual(
            dict(groups),
            {
                "Odoo does not know the state; the rest came.": 30,
                "The contact has no name in Xero; a company needs one.": 1,
            },
        )

    def test_many_are_retried_with_queries_for_batches(self):
        def cost(numbers):
            lines = self.bring(*(contact(n, "") for n in numbers))
            self.land(*(contact(n) for n in numbers))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.retry(lines)["message"], f"{len(lines)} settled")
            return self.env.cr.sql_log_count - before

        cost(range(1))
        few, many = cost(range(10, 15)), cost(range(20, 70))
        self.assertLess((many - few) / 45, 2)

    def test_the_list_costs_the_same_with_thousands_of_lines(self):
        lines = self.env["xero.sync.line"]
        values = {
            "outcome": "skipped",
            **self.sync_run._line_values("name_missing", {}),
        }
        lines.sudo().create([values | {"record_name": f"R{n}"} for n in range(3000)])
        self.env.flush_all()

        def read():
            return lines.formatted_read_group(
                [("sync_id", "=", self.sync_run.id)], ["reason_group"], ["__count"]
            )

        read()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            groups = read()
        self.assertEqual(groups[0]["__count"], 3000)

    def test_a_person_that_went_from_xero_is_settled(self):
        line = self.bring(contact(1, ContactPersons=[person("Ann", "")]))
        self.land(contact(1))
        self.assertEqual(self.retry(line)["message"], "1 settled")

    def test_why_a_record_is_ignored_is_told_until_somebody_decides(self):
        self.bring(contact(1))
        self.partner(1).unlink()
        line = self.bring(contact(1, "Again"))
        self.assertFalse(self.bring(contact(1, "And again")))
        self.assertEqual((line.code, line.state), ("record_deleted", "open"))

    def test_what_to_do_ends_in_a_button(self):
        twins = self.env["res.partner"].create(
            [{"name": "Twin", "ref": contact(1)["ContactID"]} for _ in range(2)]
        )
        self.require("phone")
        lines = self.bring(contact(1, Phones=[phone()]), contact(2))
        buttons = {line.code: line.remedy_button for line in lines}
        self.assertEqual(
            buttons, {"key_conflict": "compare", "required_missing": "profile"}
        )
        conflict = lines.filtered(lambda line: line.code == "key_conflict")
        shown = self.env["res.partner"].search(conflict.action_compare()["domain"])
        self.assertEqual(shown, twins)
        opened = (lines - conflict).action_open_profile()
        self.assertEqual(opened["res_id"], self.companies.id)

    def test_an_archived_customer_is_brought_back(self):
        self.bring(contact(1))
        partner = self.partner(1)
        partner.active = False
        line = self.bring(contact(1, "Again"))
        self.assertEqual(line.remedy_button, "bring_back")
        line.action_bring_back()
        self.assertTrue(partner.active)
        self.assertEqual(partner.name, "Again")

    def test_lines_of_a_preview_are_nowhere_else(self):
        action = self.env.ref("crm_xero_module.xero_sync_line_action")
        self.assertIn(("state", "!=", "preview"), literal_eval(action.domain))
