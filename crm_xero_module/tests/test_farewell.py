# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What uninstalling keeps in notes, and what a later installation takes from there.

That nothing else is left behind shows in databases in which it is really done: see
tests/module.
"""

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_xero_module.services.forgetting.farewell import (
    TYPED,
    keep_values,
    take_away_the_rest,
    take_values_back,
)

from .common import XeroCase, contact, person, xero_id

VALUES = {
    "xero_first_name": "Zoë & Co",
    "xero_last_name": "<b>O'Brien</b>",
    "xero_street3": 'c/o "Lee"',
    "xero_direct_phone": "+64 9 1",
    "xero_mobile": "021 2",
    "xero_fax": "&amp; 3",
    "xero_skype": "zoe",
}


@tagged("post_install", "-at_install")
class TestKeptNotes(XeroCase):
    def setUp(self):
        super().setUp()
        self.partner = self.partners.create({"name": "Zoë", **VALUES})

    def typed(self, partner):
        partner.invalidate_recordset()
        return {name: partner[name] for name in TYPED if partner[name]}

    def forget(self, partner):
        """As the columns are after a new installation."""
        partner.sudo().write(dict.fromkeys(TYPED, False))
        partner.flush_recordset()

    def test_values_are_readable_and_escaped(self):
        keep_values(self.env)
        note = self.partner.comment
        self.assertIn("Fax: ", note)
        self.assertIn("&lt;b&gt;O", note)
        self.assertNotIn("<b>", note)
        self.assertNotIn("Xero ID", note, "it has none")

    def test_a_later_installation_takes_them_back(self):
        self.partner.comment = "<p>Likes tea</p>"
        keep_values(self.env)
        self.forget(self.partner)
        take_values_back(self.env)
        self.assertEqual(self.typed(self.partner), VALUES)
        self.assertEqual(self.partner.comment, "<p>Likes tea</p>")

    def test_also_after_somebody_edited_the_note(self):
        keep_values(self.env)
        self.partner.invalidate_recordset()
        # Written by a person, and so sanitized.
        self.partner.comment += Markup("<p>Call on Monday</p>")
        self.forget(self.partner)
        take_values_back(self.env)
        self.assertEqual(self.typed(self.partner), VALUES)
        self.assertEqual(self.partner.comment, "<p>Call on Monday</p>")

    def test_twice_is_once(self):
        keep_values(self.env)
        first = self.partner.comment
        keep_values(self.env)
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.comment, first)

    def test_who_has_nothing_gets_no_note(self):
        plain = self.partners.create({"name": "Plain", "xero_fax": "  "})
        keep_values(self.env)
        self.assertFalse(plain.comment)
        self.assertFalse(self.partners.create({"name": "New"}).comment)

    def test_archived_ones_too(self):
        self.partner.active = False
        keep_values(self.env)
        self.assertIn("021 2", self.partner.comment)

    def test_what_a_customer_is_in_xero(self):
        self.bring(
            contact(1, ContactPersons=[person("Ann", "Lee", "ann@example.com")]),
            contact(2),
        )
        self.mirror(2).partner_id.ref = "C-2"
        keep_values(self.env)
        self.env.invalidate_all()
        self.assertFalse(self.mirror(1).partner_id.comment, "its reference is the id")
        self.assertIn(xero_id(2), self.mirror(2).partner_id.comment)
        [one] = self.persons(1).partner_id
        self.assertIn(f'"xero_id">{one.xero_id}<', one.comment)

    def test_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        field = self.env["ir.model.fields"]._get("res.partner", "xero_fax")
        field.sudo().with_context(lang="fr_FR").field_description = "Télécopie"
        self.env.ref("base.main_company").partner_id.lang = "fr_FR"
        keep_values(self.env)
        self.assertIn("Télécopie: ", self.partner.comment)

    def test_a_product_keeps_what_it_is_in_xero(self):
        product = self.env["product.template"].create(
            {"name": "Fork", "description": "<p>Bent</p>"}
        )
        self.env["xero.item"].sudo().create(
            {
                "connection_id": self.connection.id,
                "company_id": self.connection.company_id.id,
                "xero_id": xero_id(9),
                "code": "F<1>",
                "product_id": product.id,
            }
        )
        keep_values(self.env)
        keep_values(self.env)
        product.invalidate_recordset()
        self.assertTrue(product.description.startswith("<p>Bent</p>"))
        self.assertEqual(product.description.count(f"F&lt;1&gt; ({xero_id(9)})"), 1)


@tagged("post_install", "-at_install")
class TestTheRest(XeroCase):
    def test_what_names_our_fields_goes_and_other_things_stay(self):
        filters = self.env["ir.filters"]
        theirs, ours = (
            filters.create({"name": d, "model_id": "res.partner", "domain": d})
            for d in ("[('name', '!=', 'xero_fax_x')]", "[('xero_fax', '!=', False)]")
        )
        exports = self.env["ir.exports"]
        mixed, only = (
            exports.create(
                {
                    "name": str(names),
                    "resource": "res.partner",
                    "export_fields": [(0, 0, {"name": name}) for name in names],
                }
            )
            for names in (("name", "parent_id/xero_fax"), ("xero_fax",))
        )
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mine",
                "model_id": self.env["ir.model"]._get_id("xero.connection"),
                "state": "code",
            }
        )
        self.env.flush_all()
        take_away_the_rest(self.env(su=True))
        self.env.invalidate_all()
        self.assertEqual((theirs | ours).exists(), theirs)
        self.assertEqual((mixed | only).exists(), mixed)
        self.assertEqual(mixed.export_fields.mapped("name"), ["name"])
        self.assertFalse(action.exists())
        self.assertTrue(self.cron.exists(), "Odoo takes away what the module made")
        parameters = self.env["ir.config_parameter"]
        self.assertFalse(parameters.search([("key", "=like", "crm_xero_module.%")]))
        self.assertTrue(parameters.get_param("database.uuid"))


@tagged("post_install", "-at_install")
class TestUninstallDialog(XeroCase):
    """Whoever uninstalls is asked to disconnect first."""

    def setUp(self):
        super().setUp()
        module = self.env["ir.module.module"].search([("name", "=", "crm_xero_module")])
        self.dialog = self.ask(module)

    def ask(self, module):
        return self.env["base.module.uninstall"].create({"module_ids": module.ids})

    def test_it_names_what_is_connected(self):
        self.assertTrue(self.dialog.xero_is_uninstalled)
        self.assertEqual(self.dialog.xero_connected_names, self.connection.name)

    def test_what_takes_ours_along_asks_too(self):
        crm = self.env["ir.module.module"].search([("name", "=", "crm")])
        self.assertTrue(self.ask(crm).xero_connected_names)

    def test_other_modules_do_not(self):
        other = self.env["ir.module.module"].search(
            [("name", "=", "crm_iap_enrich"), ("state", "!=", "installed")]
        )
        dialog = self.env["base.module.uninstall"].new({"module_ids": other})
        self.assertFalse(dialog.xero_is_uninstalled or dialog.xero_connected_names)

    def test_disconnecting_there(self):
        action = self.dialog.action_xero_disconnect()
        self.assertEqual(self.connection.state, "disconnected")
        path = "/v1/connections/connection-1"
        self.assertEqual(self.connector.called("DELETE", path), 1)
        self.assertEqual(action["res_id"], self.dialog.id)
        self.dialog.invalidate_recordset()
        self.assertFalse(self.dialog.xero_connected_names)

    def test_another_companys_organisation_is_not_touched(self):
        elsewhere = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        self.admin.sudo().company_ids -= elsewhere
        self.connection.sudo().company_id = elsewhere
        self.assertTrue(self.dialog.xero_connected_names)
        with self.assertRaises(UserError):
            self.dialog.action_xero_disconnect()
        self.assertFalse(
            self.connector.called("DELETE", "/v1/connections/connection-1")
        )

    def test_xero_administrators_only(self):
        system = new_test_user(self.env, "system", groups="base.group_system")
        with self.assertRaises(AccessError):
            self.dialog.with_user(system).action_xero_disconnect()
