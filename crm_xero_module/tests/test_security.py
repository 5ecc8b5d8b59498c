# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import file_open, mute_logger

from odoo.addons.crm_xero_module.services.connector.client import KEY_PARAMETER

from .common import XeroCase, contact, person

MODELS = (
    "xero.connection",
    "xero.contact",
    "xero.contact.person",
    "xero.import.profile",
    "xero.import.mapping",
    "xero.sync",
    "xero.sync.line",
)


class TestSecurity(XeroCase):
    """Who sees and does what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "salesman", groups="sales_team.group_sale_salesman"
        )
        cls.manager = new_test_user(
            cls.env, "manager", groups="sales_team.group_sale_manager"
        )
        cls.clerk = new_test_user(cls.env, "clerk", groups="base.group_user")

    def allowed(self, user):
        return {
            (model, operation)
            for model in MODELS
            for operation in ("read", "write", "create", "unlink")
            if self.env[model].with_user(user).has_access(operation)
        }

    def test_rights_of_each_group(self):
        profile = {"xero.import.profile", "xero.import.mapping"}
        reads = {(model, "read") for model in set(MODELS) - profile}
        self.assertEqual(self.allowed(self.clerk), set())
        self.assertEqual(self.allowed(self.salesman), reads)
        self.assertEqual(
            self.allowed(self.manager), reads | {(model, "read") for model in profile}
        )
        editable = profile | {"xero.connection"}
        self.assertEqual(
            self.allowed(self.admin),
            {(model, "read") for model in MODELS}
            | {
                (model, operation)
                for model in editable
                for operation in ("write", "create", "unlink")
            },
        )

    def test_buttons(self):
        as_salesman = self.connection.with_user(self.salesman)
        as_manager = self.connection.with_user(self.manager)
        for action in ("action_sync_now", "action_disconnect", "action_connect"):
            with self.assertRaises(AccessError):
                getattr(as_salesman, action)()
        as_manager.action_sync_now()
        with self.assertRaises(AccessError):
            as_manager.action_disconnect()
        with self.assertRaises(AccessError):
            self.sync_run.with_user(self.salesman).action_cancel()
        line = self.bring(contact(1, ""))
        with self.assertRaises(AccessError):
            line.with_user(self.salesman).action_retry()
        line.with_user(self.manager).action_retry()
        self.companies.with_user(self.manager).action_run()

    def test_suppliers_are_hidden_from_sales(self):
        self.land(
            contact(1, IsCustomer=False, IsSupplier=True, FirstName="A", LastName="B"),
            contact(2, ContactPersons=[person("C", "D")]),
        )
        for user in (self.salesman, self.manager):
            seen = self.env["xero.contact"].with_user(user).search([])
            self.assertEqual(seen, self.mirror(2))
            people = self.env["xero.contact.person"].with_user(user).search([])
            self.assertEqual(people, self.persons(2))
        self.assertEqual(len(self.env["xero.contact"].search([])), 2)
        self.mirror(1).sudo().partner_id = self.partners.create({"name": "Chosen"})
        seen = self.env["xero.contact"].with_user(self.salesman).search([])
        self.assertEqual(len(seen), 2, "chosen to be a partner")

    def test_other_companies_see_nothing(self):
        self.bring(contact(1, "", ContactPersons=[person("C", "D")]), contact(2))
        other = self.env["res.company"].sudo().create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="crm_xero_module.group_xero_administrator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in MODELS:
            self.assertTrue(self.env[model].sudo().search([]), model)
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)

    def test_the_key_is_for_the_system_group_only(self):
        parameters = self.env["ir.config_parameter"]
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            parameters.with_user(self.manager).get_param(KEY_PARAMETER)

    def test_a_copied_database_forgets_the_connector(self):
        with file_open("crm_xero_module/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertFalse(
            self.env["ir.config_parameter"].sudo().get_param(KEY_PARAMETER)
        )
