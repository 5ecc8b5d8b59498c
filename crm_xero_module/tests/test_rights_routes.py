# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo import http
from odoo.tests import HttpCase, new_test_user

from .rights import GROUPS, LEVELS, MARK, RightsCase
from .test_rights_methods import METHODS

ANYBODY, CLERK, USER, OPERATOR, ADMINISTRATOR = LEVELS
NOBODY = None
MODULE = "crm_xero_module"
# Who gets something there; the others get 403, who is not logged in the login page.
ROUTES = {
    "/xero/connect/<int:connection_id>": ADMINISTRATOR,
    "/xero/successor/<int:connection_id>": ADMINISTRATOR,
    # Only who began at Xero's login, in the same session.
    "/xero/return": NOBODY,
    "/xero/transactions/<int:transaction_id>/pdf": USER,
    "/xero/transactions/<int:transaction_id>/online": USER,
    "/xero/profiles/export": OPERATOR,
}
# Of these METHODS tells who may with somebody else's; one's own are everybody's.
OWN = {"xero.outbox"}
# Without any login, and without any answer: see `test_nudge.py`.
PUBLIC = {"/xero/nudge"}
MENUS = {
    "root": USER,
    "overview": USER,
    "customers": USER,
    "contacts": USER,
    "receivables": USER,
    "receivables_over_time": USER,
    "match": OPERATOR,
    "sales": USER,
    "sales_log": USER,
    "sales_by_product": USER,
    "sales_by_customer": USER,
    "items": USER,
    "imports": USER,
    "profiles": OPERATOR,
    "runs": USER,
    "not_imported": USER,
    "to_xero": USER,
    "outbox": USER,
    "configuration": ADMINISTRATOR,
    "connections": ADMINISTRATOR,
    "audit": ADMINISTRATOR,
    # For who may change Odoo's own settings.
    "settings": NOBODY,
}


def may(level, lowest):
    return bool(lowest) and LEVELS.index(level) >= LEVELS.index(lowest)


class TestRightsOfRoutes(RightsCase, HttpCase):
    """Each address by group, and with ids of another company."""

    def addresses(self):
        """{route: an address of it}"""
        transaction = self.record("xero.transaction").id
        return {
            route: route.replace("<int:connection_id>", str(self.connection.id))
            .replace("<int:transaction_id>", str(transaction))
            .replace("/export", f"/export?ids={self.companies.id}")
            for route in ROUTES
        }

    def get(self, address):
        """What a browser gets there, whichever way it asks."""
        is_post = "/successor/" in address
        token = is_post and {"csrf_token": http.Request.csrf_token(self)}
        return self.url_open(address, data=token or None, allow_redirects=False)

    def test_each_route_is_in_a_row(self):
        found = {
            url
            for url, _endpoint in http._generate_routing_rules(
                [MODULE], nodb_only=False
            )
            if url.startswith("/xero")
        }
        self.assertEqual(found, ROUTES.keys() | PUBLIC)

    def test_each_route_by_group(self):
        addresses = self.addresses()
        for level in LEVELS:
            login = self.users[level].login
            self.authenticate(login, login)
            for route, lowest in ROUTES.items():
                status = self.get(addresses[route]).status_code
                self.assertEqual(
                    status == 403, not may(level, lowest), (route, level, status)
                )

    def test_each_route_without_a_login(self):
        self.authenticate(None, None)
        for address in self.addresses().values():
            answer = self.get(address)
            self.assertEqual(answer.status_code, 303, address)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_each_route_by_another_company(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        new_test_user(
            self.env,
            "stranger",
            groups=GROUPS["administrator"],
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.authenticate("stranger", "stranger")
        for address in self.addresses().values():
            answer = self.get(address)
            self.assertIn(answer.status_code, (403, 404), address)
            self.assertNotIn(MARK, answer.text)


class TestRightsOfScreens(RightsCase):
    """Each menu and each button by group."""

    def test_each_menu_is_in_a_row(self):
        found = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", MODULE), ("model", "=", "ir.ui.menu")])
        )
        names = {one.name.removeprefix("xero_menu_") for one in found}
        self.assertEqual(names, set(MENUS))

    def test_each_menu_by_group(self):
        for level in LEVELS[1:]:
            seen = self.env["ir.ui.menu"].with_user(self.users[level]).load_menus(False)
            for name, lowest in MENUS.items():
                menu = self.env.ref(f"{MODULE}.xero_menu_{name}")
                self.assertEqual(menu.id in seen, may(level, lowest), (name, level))

    def test_each_button_that_is_shown_may_be_pressed(self):
        """And each view opens for whoever may read its model."""
        pressed = 0
        views = (
            self.env["ir.ui.view"]
            .sudo()
            .search(
                [
                    ("model", "in", list(METHODS.keys() - OWN)),
                    ("type", "in", ("form", "list", "kanban")),
                ]
            )
        )
        own = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", MODULE), ("model", "=", "ir.ui.view")])
        )
        for view in views.filtered(lambda one: one.id in own.mapped("res_id")):
            model = view.model
            for level in LEVELS[1:]:
                records = self.env[model].with_user(self.users[level])
                if not records.has_access("read") or view.inherit_id:
                    continue
                arch = records.get_view(view.id, view.type)["arch"]
                for button in etree.fromstring(arch).iter("button", "a"):
                    name = button.get("name")
                    if button.get("type") == "object" and name in METHODS[model]:
                        pressed += 1
                        is_allowed = may(level, METHODS[model][name])
                        self.assertTrue(is_allowed, (view.xml_id, name, level))
        self.assertGreater(pressed, 100)
