# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the screens cost, who sees what, and what they say when nothing is there."""

from ast import literal_eval

from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged

from .common import XeroCase, contact, person
from .screen_costs import ScreenCosts
from .test_groups import group

ROOT = "crm_xero_module.xero_menu_"


@tagged("post_install", "-at_install")
class TestScreenCosts(ScreenCosts, XeroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "xero_sam", "sales_team.group_sale_salesman_all_leads"
        )

    def cost_of_list(self, model, kind="list"):
        spec = self.spec_of(model, kind)
        return self.queries(lambda: model.web_search_read([], spec, limit=80))

    def test_opening_a_customer_costs_two_queries_at_most(self):
        self.bring(
            contact(
                1,
                ContactPersons=[person("Ann", "Baker")],
                FirstName="Bo",
                LastName="Chu",
            ),
        )
        for partner in (self.partner(1), self.partner(1).child_ids[0]):
            partner = partner.with_user(self.salesman)
            spec = self.spec_of(partner, "form")
            self.assertIn("xero_contact_count", spec)
            bare = {n: s for n, s in spec.items() if not n.startswith("xero_")}
            with_addon = self.queries(lambda p=partner, s=spec: p.web_read(s))
            without = self.queries(lambda p=partner, s=bare: p.web_read(s))
            self.assertLessEqual(with_addon - without, 2)

    def test_lists_cost_the_same_for_many_as_for_few(self):
        models = [
            (self.env["xero.connection"], "kanban"),
            (self.env["xero.connection"], "list"),
            (self.env["xero.contact"], "list"),
            (self.env["xero.sync"], "list"),
            (self.env["xero.sync.line"], "list"),
            (self.env["xero.import.profile"], "list"),
        ]
        self.bring(contact(1, ContactGroups=[group(1)]), contact(2, name=""))
        few = [self.cost_of_list(model, kind) for model, kind in models]
        for number in range(3, 9):
            connection = self.env["xero.connection"].create({})
            connection._set_connected(
                {
                    **self.connector.connection(),
                    "id": f"connection-{number}",
                    "organisation": {"id": f"tenant-{number}", "name": "Other"},
                }
            )
            connection.sudo()._run_of(f"sync-{number}")
        self.bring(
            *(
                contact(
                    n,
                    name="" if n % 2 else None,
                    ContactGroups=[group(n), group(n % 5)],
                )
                for n in range(3, 40)
            )
        )
        (self.mirror(4) | self.mirror(6)).action_unlink_record()
        self.partner(8).action_archive()
        many = [self.cost_of_list(model, kind) for model, kind in models]
        for (model, kind), cost_few, cost_many in zip(models, few, many, strict=True):
            self.assertLessEqual(cost_many, cost_few + 1, (model._name, kind))

    def test_forms_cost_the_same_for_many_as_for_few(self):
        human = [person("Ann", f"Lee {n}") for n in range(5)]
        self.bring(contact(1), contact(2, ContactPersons=human[:1]))
        self.connection.vendors = "all"
        one = [self.cost_of_form(self.connection), self.cost_of_form(self.mirror(2))]
        vendor = {"IsCustomer": False, "IsSupplier": True}
        self.bring(*(contact(n, **vendor) for n in range(3, 40)))
        self.bring(contact(2, ContactPersons=human, ContactGroups=[group(1), group(2)]))
        picked = self.env["xero.contact"].search([("is_supplier", "=", True)])
        self.connection.write({"vendors": "picked", "vendor_ids": picked.ids})
        many = [self.cost_of_form(self.connection), self.cost_of_form(self.mirror(2))]
        for few, cost in zip(one, many, strict=True):
            self.assertLessEqual(cost, few + 2)
            self.assertLessEqual(cost, 20)

    def cost_of_form(self, record):
        spec = self.spec_of(record, "form")
        return self.queries(lambda: record.web_read(spec))

    def test_overview_costs_few_queries(self):
        self.bring(contact(1), contact(2, name=""))
        self.assertLessEqual(
            self.cost_of_list(self.env["xero.connection"], "kanban"), 9
        )

    def test_numbers_of_the_overview_equal_the_lists_they_open(self):
        self.bring(
            contact(1), contact(2, name=""), contact(3, ContactStatus="ARCHIVED")
        )
        self.land(contact(4), contact(5, IsSupplier=True, IsCustomer=False))
        searches = {
            "contact_count": ("xero.contact", ("current", "customers")),
            "unlinked_count": ("xero.contact", ("unlinked", "current", "customers")),
            "not_imported_count": ("xero.sync.line", ("open", "not_imported")),
        }
        for field, (model, filters) in searches.items():
            domain = [("connection_id", "=", self.connection.id)]
            arch = etree.fromstring(
                self.env[model].get_view(view_type="search")["arch"]
            )
            for name in filters:
                (node,) = arch.xpath(f"//filter[@name='{name}']")
                domain += literal_eval(node.get("domain"))
            found = self.env[model].search_count(domain)
            self.assertEqual(self.connection[field], found, field)
            self.assertTrue(found, field)
        self.assertEqual(self.sync_run.not_imported_count, 1)


@tagged("post_install", "-at_install")
class TestWhoSeesWhat(TransactionCase):
    def menus_of(self, groups):
        user = new_test_user(self.env, f"xero_{len(groups)}", groups)
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        menus = self.env["ir.ui.menu"].browse(visible)
        xmlids = menus._get_external_ids()
        return {
            name.removeprefix(ROOT)
            for names in xmlids.values()
            for name in names
            if name.startswith(ROOT)
        }

    def test_menus_by_group(self):
        self.assertFalse(self.menus_of("base.group_user"))
        user = {"root", "overview", "imports", "runs", "not_imported"}
        user |= {"customers", "contacts", "receivables", "receivables_over_time"}
        user |= {"sales", "sales_log", "sales_by_product", "sales_by_customer", "items"}
        user |= {"to_xero", "outbox"}
        self.assertEqual(self.menus_of("crm_xero_module.group_xero_user"), user)
        operator = user | {"profiles", "match"}
        self.assertEqual(self.menus_of("crm_xero_module.group_xero_operator"), operator)
        administrator = operator | {"configuration", "connections", "audit"}
        self.assertEqual(
            self.menus_of("crm_xero_module.group_xero_administrator"), administrator
        )
        self.assertEqual(
            self.menus_of("crm_xero_module.group_xero_administrator,base.group_system"),
            administrator | {"settings"},
        )

    def form_of(self, model, groups):
        user = new_test_user(self.env, f"form_{groups}", groups)
        arch = self.env[model].with_user(user).get_view(view_type="form")["arch"]
        return etree.fromstring(arch)

    def test_only_xero_users_see_the_tab_of_a_customer(self):
        outsider = self.form_of("res.partner", "base.group_user")
        self.assertFalse(outsider.xpath("//page[@name='xero']"))
        self.assertFalse(outsider.xpath("//field[@name='xero_contact_count']"))
        insider = self.form_of("res.partner", "crm_xero_module.group_xero_user")
        self.assertTrue(insider.xpath("//page[@name='xero']"))

    def test_buttons_by_group(self):
        def buttons(groups):
            form = self.form_of("xero.connection", f"crm_xero_module.{groups}")
            return {b.get("name") for b in form.xpath("//header/button")}

        self.assertFalse(buttons("group_xero_user"))
        self.assertEqual(buttons("group_xero_operator"), {"action_sync_now"})
        self.assertEqual(
            buttons("group_xero_administrator"),
            {"action_sync_now", "action_connect", "action_disconnect", "action_remove"},
        )

    def test_overview_without_connection_says_how_to_begin(self):
        def help_for(groups):
            user = new_test_user(self.env, f"help_{groups}", groups)
            return self.env["xero.connection"].with_user(user).get_empty_list_help("")

        administrator = help_for("crm_xero_module.group_xero_administrator")
        self.assertIn("Connect to Xero", administrator)
        salesman = help_for("sales_team.group_sale_salesman")
        self.assertNotIn("Connect to Xero", salesman)
        self.assertIn("Ask a Xero administrator", salesman)


@tagged("post_install", "-at_install")
class TestFinancialYear(TransactionCase):
    def year(self, day, month):
        return (
            self.env["xero.connection"]
            .new({"financial_year_end_day": day, "financial_year_end_month": month})
            .financial_year
        )

    def test_first_and_last_day(self):
        self.assertEqual(self.year(31, 3), "1 April – 31 March")
        self.assertEqual(self.year(31, 12), "1 January – 31 December")
        self.assertEqual(self.year(28, 2), "1 March – 28 February")

    def test_days_that_no_month_has(self):
        self.assertEqual(self.year(31, 6), "1 July – 30 June")
        for day, month in ((0, 3), (31, 0), (31, 13)):
            self.assertFalse(self.year(day, month))


@tagged("post_install", "-at_install")
class TestBanners(XeroCase):
    def shown(self, way):
        """Whether the banner of the connection's form offers it."""
        worst = self.connection.health[:1] if self.connection.health else []
        return any(finding["way"] == way for finding in worst)

    def setUp(self):
        super().setUp()
        self.connection.granted_features = ["contacts", "items", "sales", "report"]

    def test_what_xero_has_not_allowed_offers_reconnect(self):
        self.assertFalse(self.shown("reconnect"))
        self.connection.granted_features = ["contacts"]
        self.assertTrue(self.shown("reconnect"))

    def test_a_taken_feed_can_be_taken_over(self):
        self.connection.state_code = "feed_taken"
        self.assertIn("Another Odoo", self.connection.state_message)
        self.assertTrue(self.shown("take_over"))
        self.assertFalse(self.shown("reconnect"))
        self.connection.action_take_feed_over()
        self.assertFalse(self.shown("take_over"))

    def test_a_lost_permission_offers_reconnect(self):
        self.connection.write({"state": "reconnect", "state_code": "reconnect_needed"})
        self.assertTrue(self.shown("reconnect"))
        self.assertFalse(self.shown("take_over"))
