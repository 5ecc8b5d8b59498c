# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import XeroCase, address, contact, person, phone, xero_id


@contextmanager
def refusing(env, *names):
    """Make Odoo refuse partners of these names, as a module's constraint would."""
    partner_class = env.registry["res.partner"]
    create, write = partner_class.create, partner_class.write

    def check(vals):
        if vals.get("name") in names:
            raise ValidationError(
                env._("%(name)s is not wanted here", name=vals["name"])
            )

    def checked_create(self, vals_list):
        for vals in vals_list:
            check(vals)
        return create(self, vals_list)

    def checked_write(self, vals):
        check(vals)
        return write(self, vals)

    with (
        patch.object(partner_class, "create", checked_create),
        patch.object(partner_class, "write", checked_write),
    ):
        yield


class TestRefusals(XeroCase):
    """One bad record never stops the others, and says why it did not come."""

    def test_a_refused_record_is_found_in_its_batch(self):
        with refusing(self.env, "Company 7", "Company 15"):
            lines = self.bring(*[contact(n) for n in range(1, 21)])
        self.assertEqual(len(self.connection.env["xero.contact"].search([])), 20)
        self.assertEqual(
            sorted(lines.mapped("record_name")), ["Company 15", "Company 7"]
        )
        self.assertEqual(set(lines.mapped("code")), {"write_refused"})
        self.assertIn("is not wanted here", lines[0].reason)
        self.assertEqual(self.sync_run.created_count, 18)
        self.assertEqual(self.sync_run.failed_count, 2)
        self.assertFalse(self.partner(7))
        self.assertTrue(self.partner(8))

    def test_a_refused_change_leaves_the_record_as_it_was(self):
        self.bring(contact(1), contact(2))
        with refusing(self.env, "Bad"):
            line = self.bring(contact(1, "Bad", Phones=[phone()]), contact(2, "Good"))
        self.assertEqual(line.outcome, "failed")
        self.assertEqual(self.partner(1).name, "Company 1")
        self.assertFalse(self.partner(1).phone)
        self.assertEqual(self.partner(2).name, "Good")

    def test_retrying_needs_neither_xero_nor_the_connector(self):
        with refusing(self.env, "Company 1"):
            line = self.bring(contact(1), contact(2))
        self.connector.calls.clear()
        line.action_retry()
        self.assertEqual(line.state, "retried")
        self.assertTrue(self.partner(1))
        self.assertEqual(self.connector.calls, [])

    def test_retrying_what_is_still_bad_says_so_again(self):
        with refusing(self.env, "Company 1"):
            line = self.bring(contact(1))
            line.action_retry()
        again = self.sync_run.line_ids - line
        self.assertEqual(line.state, "retried")
        self.assertEqual(again.state, "open")

    def test_what_is_ignored_is_not_said_again(self):
        line = self.bring(contact(1, ""))
        line.action_ignore()
        self.assertEqual(line.state, "ignored")
        self.assertFalse(self.bring(contact(1, "", Phones=[phone()])))
        self.assertEqual(self.connection.not_imported_count, 0)

    def test_open_shows_the_customer_or_the_mirror(self):
        line = self.bring(contact(1, ""))
        self.assertEqual(line.action_open()["res_model"], "xero.contact")
        partial = self.bring(contact(2, Addresses=[address(Country="Atlantis")]))
        self.assertEqual(partial.action_open()["res_model"], "res.partner")

    def test_a_country_that_odoo_lacks(self):
        line = self.bring(
            contact(1, Addresses=[address(City="Poseidonis", Country="Atlantis")]),
            contact(2, Addresses=[address(Country="uk")]),
        )
        self.assertRecordValues(
            line, [{"code": "country_unknown", "outcome": "created"}]
        )
        self.assertIn("Atlantis", line.reason)
        self.assertEqual(self.partner(1).city, "Poseidonis")
        self.assertEqual(self.partner(2).country_id, self.env.ref("base.uk"))
        self.assertFalse(self.partners.env["res.country"].search([("name", "=", "A")]))

    def test_a_state_that_odoo_lacks(self):
        lines = self.bring(
            contact(1, Addresses=[address(Country="Australia", Region="Mars")]),
            contact(2, Addresses=[address(Country="Australia", Region="victoria")]),
            contact(3, Addresses=[address(Region="NSW")]),
        )
        self.assertEqual(lines.mapped("code"), ["state_unknown"])
        self.assertFalse(self.partner(1).state_id)
        self.assertEqual(self.partner(2).state_id.code, "VIC")

    def test_a_value_that_does_not_fit(self):
        self.companies.mapping_ids.create(
            {
                "profile_id": self.companies.id,
                "target_field": "color",
                "source_fields": "AccountNumber",
            }
        )
        line = self.bring(contact(1, AccountNumber="blue"))
        self.assertEqual(line.code, "value_unusable")
        self.assertTrue(self.partner(1))

    def test_a_value_that_odoo_refuses(self):
        line = self.bring(
            contact(1, Website="http://[broken", Phones=[phone()]), contact(2)
        )
        self.assertRecordValues(line, [{"code": "value_refused", "outcome": "created"}])
        self.assertIn("http://[broken", line.reason)
        self.assertEqual(self.partner(1).phone, "555 1234")
        self.assertFalse(self.partner(1).website)
        self.assertTrue(self.partner(2))

    def test_a_name_too_long_for_odoos_index(self):
        text = "".join(chr(0x4E00 + n * 7 % 20000) for n in range(500))
        lines = self.bring(
            contact(1, text, FirstName=text[::-1], LastName="Li"),
            contact(2, ContactPersons=[person("Ann", "Lee")]),
        )
        self.assertEqual(self.partner(1).name, text)
        self.assertEqual(set(lines.mapped("code")) - {"write_refused"}, set())
        self.assertTrue(self.persons(2).partner_id)

    def test_a_required_field_without_value(self):
        line = self.companies.mapping_ids.filtered(
            lambda mapping: mapping.target_field == "phone"
        )
        line.is_required = True
        told = self.bring(contact(1), contact(2, Phones=[phone()]))
        self.assertEqual(told.code, "required_missing")
        self.assertIn("Phone", told.reason)
        line.default_value = "0800"
        told.action_retry()
        self.assertEqual(self.partner(1).phone, "0800")

    def test_the_vat_that_odoo_refuses(self):
        self.needs_base_vat()
        belgium = [address(Country="Belgium")]
        lines = self.bring(
            contact(1, TaxNumber="BE0477472702", Addresses=belgium),
            contact(2, TaxNumber="BE0477472701", Addresses=belgium),
            contact(3),
        )
        self.assertEqual(lines.mapped("code"), ["vat_refused"])
        self.assertIn("BE0477472702", lines.reason)
        self.assertFalse(self.partner(1).vat)
        self.assertEqual(self.partner(1).country_id.code, "BE")
        self.assertEqual(self.partner(2).vat, "BE0477472701")
        self.assertTrue(self.partner(3))
        changed = self.bring(contact(2, TaxNumber="BE1", Addresses=belgium))
        self.assertEqual(changed.code, "vat_refused")
        self.assertEqual(self.partner(2).vat, "BE0477472701")

    def test_a_vat_that_odoo_formats_does_not_flap(self):
        self.needs_base_vat()
        values = {
            "TaxNumber": "BE 0477.472.701",
            "Addresses": [address(Country="Belgium")],
        }
        self.bring(contact(1, **values))
        with self.count_partner_writes() as written:
            self.companies.position = 0
            self.import_all()
        self.assertEqual(written, [])
        self.bring(contact(1, **{**values, "TaxNumber": "BE0428759497"}))
        self.assertEqual(self.partner(1).vat, "BE0428759497")

    def needs_base_vat(self):
        installed = self.env["ir.module.module"].sudo()._installed()
        if "base_vat" not in installed:
            self.skipTest("for the set-up with base_vat")


class TestRights(XeroCase):
    """An import has its user's rights, no more."""

    def test_without_the_right_to_make_contacts(self):
        self.companies.run_as = new_test_user(
            self.env, "reader", groups="base.group_user,crm_xero_module.group_xero_user"
        )
        with mute_logger("odoo.addons.base.models.ir_model"):
            self.bring(contact(1))
        self.assertFalse(self.partner(1))
        self.assertEqual(self.mirror(1).name, "Company 1", "the mirror goes on")
        self.assertEqual(self.companies.position, 0)
        self.assertEqual(self.sync_run.code, "profile_not_allowed")
        self.assertIn("reader", self.sync_run.message)

    def test_an_archived_user_imports_nothing(self):
        user = new_test_user(
            self.env,
            "gone",
            groups="base.group_partner_manager,crm_xero_module.group_xero_user",
        )
        self.companies.run_as = user
        user.sudo().active = False
        self.bring(contact(1))
        self.assertEqual(self.sync_run.code, "profile_not_allowed")
        self.assertFalse(self.partner(1))

    def test_partners_are_made_by_the_imports_user(self):
        user = new_test_user(
            self.env,
            "importer",
            groups="base.group_partner_manager,crm_xero_module.group_xero_user",
        )
        self.companies.run_as = user
        self.bring(contact(1))
        self.assertEqual(self.partner(1).create_uid, user)

    def test_what_its_user_may_not_see_it_leaves(self):
        user = new_test_user(
            self.env,
            "importer",
            groups="base.group_partner_manager,crm_xero_module.group_xero_user",
        )
        self.bring(contact(1))
        self.env["ir.rule"].sudo().create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("ref", "!=", xero_id(1))],
            }
        )
        self.companies.run_as = user
        line = self.bring(contact(1, "Changed"), contact(2))
        self.assertEqual(line.code, "record_not_visible")
        self.assertEqual(self.partner(1).sudo().name, "Company 1")
        self.assertTrue(self.partner(2))

    def test_a_field_that_is_gone(self):
        line = self.companies.mapping_ids[-1]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_import_mapping SET target_field = 'x_gone' WHERE id = %s",
            [line.id],
        )
        self.env.invalidate_all()
        self.bring(contact(1))
        self.assertEqual(self.sync_run.code, "profile_broken")
        self.assertIn("x_gone", self.sync_run.message)

    def test_fields_of_rights_are_no_targets(self):
        for name in ("company_id", "user_id", "user_ids", "category_id", "nothing"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.companies.mapping_ids[-1].target_field = name
