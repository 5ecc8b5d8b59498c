# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import requests
from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .connecting import AUTHORIZE_URL, OTHER_TENANT, TENANT, ConnectingCase

ADMINISTRATOR = "base.group_user,crm_xero_module.group_xero_administrator"
COMPLETION = ("POST", "completion")


@tagged("post_install", "-at_install")
class TestConnectFlow(ConnectingCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = new_test_user(cls.env, "xero_anna", ADMINISTRATOR)
        cls.bert = new_test_user(cls.env, "xero_bert", ADMINISTRATOR)
        cls.oscar = new_test_user(
            cls.env, "xero_oscar", "base.group_user,crm_xero_module.group_xero_operator"
        )
        cls.connection = cls.env["xero.connection"].create({"name": "Xero"})

    def setUp(self):
        super().setUp()
        self.authenticate("xero_anna", "xero_anna")

    def start(self):
        """Press Connect; the id of the authorization that the connector gave."""
        response = self.url_open(
            f"/xero/connect/{self.connection.id}", allow_redirects=False
        )
        self.assertEqual(response.headers["Location"], AUTHORIZE_URL)
        return f"a{self.connector.authorizations}"

    def come_back(self, authorization):
        return self.url_open(
            f"/xero/return?authorization={authorization}", allow_redirects=False
        )

    def assertRefused(self, response, code, *words):
        page = html.fromstring(response.content)
        text = " ".join(page.xpath("//div[@class='card-body p-4']//text()"))
        self.assertIn("Xero is not connected", text)
        self.assertIn(f"Code: {code}", " ".join(text.split()))
        for word in words:
            self.assertIn(word, " ".join(text.split()))
        return page

    def links(self, page):
        return [
            (a.text.strip(), a.get("href"))
            for a in page.xpath("//a[contains(@class, 'btn')]")
        ]

    def assertUntouched(self):
        self.assertEqual(self.connection.state, "draft")
        self.assertFalse(self.connection.connector_ref)

    def test_connect_asks_for_what_was_chosen_and_leads_to_xero(self):
        self.connection.with_report = False
        self.start()
        (asked,) = self.connector.bodies_of("POST", "authorizations")
        self.assertEqual(asked["features"], ["contacts", "items", "sales"])
        self.assertIsNone(asked["connection"])
        self.assertIn(str(self.connection.id), asked["reference"])

    def test_return_connects_the_organisation_that_was_chosen(self):
        response = self.come_back(self.start())
        self.assertTrue(
            response.headers["Location"].endswith(
                f"/odoo/xero-connections/{self.connection.id}"
            )
        )
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.connection.name, TENANT["name"])
        self.assertEqual(self.connection.organisation_ref, TENANT["id"])
        self.assertEqual(
            (self.connection.feed_epoch, self.connection.feed_position),
            (self.connector.epoch, 0),
        )

    def test_the_proof_of_having_come_back_goes_to_the_connector(self):
        """Who began and lets somebody else log in has the id alone."""
        handle = f"{self.start()}-0f2c"
        self.come_back(handle)
        asked = ("POST", f"/v1/authorizations/{handle}/completion")
        self.assertIn(asked, self.connector.calls)
        self.assertEqual(self.connection.state, "connected")

    def test_return_asks_which_of_several_organisations(self):
        self.connector.organisations = [TENANT, OTHER_TENANT]
        authorization = self.start()
        page = html.fromstring(self.come_back(authorization).content)
        buttons = page.xpath("//form/button")
        self.assertEqual(
            [b.text for b in buttons], [TENANT["name"], OTHER_TENANT["name"]]
        )
        self.assertEqual(self.connection.state, "choose")
        form = {i.get("name"): i.get("value") for i in buttons[1].getparent()[:-1]}
        response = self.url_open("/xero/return", data=form, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.connection.organisation_ref, OTHER_TENANT["id"])

    def test_choosing_without_csrf_token_is_refused(self):
        self.connector.organisations = [TENANT, OTHER_TENANT]
        authorization = self.start()
        with mute_logger("odoo.http"):
            response = self.url_open(
                "/xero/return",
                data={"authorization": authorization, "organisation": TENANT["id"]},
                allow_redirects=False,
            )
        self.assertEqual(response.status_code, 400)
        self.assertUntouched()

    def test_every_refusal_of_the_completion_says_what_to_do(self):
        start = ("Connect again", f"/xero/connect/{self.connection.id}")
        settings = (
            "Open the settings",
            "/odoo/action-crm_xero_module.xero_settings_action",
        )
        cases = {
            (403, "consent_denied"): start,
            (403, "scope_missing"): start,
            (404, "not_found"): start,
            (409, "authorization_used"): start,
            (410, "authorization_expired"): start,
            (409, "organisation_none"): start,
            (409, "organisation_taken"): start,
            (422, "code_refused"): start,
            (422, "xero_client_invalid"): settings,
            (401, "instance_key_invalid"): settings,
        }
        for (status, code), link in cases.items():
            with self.subTest(code=code):
                self.connector.refusals[COMPLETION] = (status, code, {})
                response = self.come_back(self.start())
                self.assertEqual(response.status_code, status)
                self.assertIn(link, self.links(self.assertRefused(response, code)))
                self.assertUntouched()

    def test_what_may_pass_can_be_asked_again(self):
        cases = {
            "authorization_pending": (409, "authorization_pending", {}),
            "xero_unavailable": (502, "xero_unavailable", {}),
            "connector_unreachable": requests.ConnectTimeout(),
        }
        for code, problem in cases.items():
            with self.subTest(code=code):
                self.connector.refusals[COMPLETION] = problem
                authorization = self.start()
                page = self.assertRefused(self.come_back(authorization), code)
                again = dict(self.links(page))["Try again"]
                self.assertUntouched()
        del self.connector.refusals[COMPLETION]
        self.url_open(again, allow_redirects=False)
        self.assertEqual(self.connection.state, "connected")

    def test_reconnecting_with_another_organisation_names_both(self):
        self.come_back(self.start())
        extra = {"expected": TENANT["name"], "got": OTHER_TENANT["name"]}
        self.connector.refusals[COMPLETION] = (409, "organisation_different", extra)
        response = self.come_back(self.start())
        page = self.assertRefused(
            response, "organisation_different", TENANT["name"], OTHER_TENANT["name"]
        )
        self.assertIn("New connection", dict(self.links(page)))
        asked = self.connector.bodies_of("POST", "authorizations")[-1]
        self.assertEqual(asked["connection"], self.connection.connector_ref)
        self.assertEqual(self.connection.organisation_ref, TENANT["id"])

    def test_a_reset_demo_company_leads_to_its_successor_in_one_click(self):
        self.come_back(self.start())
        self.connector.refusals[COMPLETION] = (409, "demo_company_reset", {})
        page = self.assertRefused(
            self.come_back(self.start()), "demo_company_reset", "has other records"
        )
        self.assertEqual(
            (self.connection.state, self.connection.state_code),
            ("reconnect", "demo_company_reset"),
        )
        (form,) = page.xpath("//form[contains(@action, '/xero/successor/')]")
        self.assertNotIn("Connect again", dict(self.links(page)))
        del self.connector.refusals[COMPLETION]
        token = {"csrf_token": form.xpath("./input/@value")[0]}
        response = self.url_open(form.get("action"), data=token, allow_redirects=False)
        self.assertEqual(response.headers["Location"], AUTHORIZE_URL)
        successor = self.connection.successor_id
        self.assertEqual(successor.company_id, self.connection.company_id)
        self.connector.organisations = [OTHER_TENANT]
        self.connector.connection_id = "connection-2"
        self.come_back(f"a{self.connector.authorizations}")
        self.assertEqual(
            (successor.state, successor.organisation_ref),
            ("connected", OTHER_TENANT["id"]),
        )
        self.assertEqual(self.connection.state, "disconnected")
        self.assertEqual(self.connection.health[0]["code"], "replaced")

    def test_a_demo_company_that_was_only_disconnected_goes_on(self):
        self.come_back(self.start())
        self.connection.write(
            {"state": "reconnect", "state_code": "demo_company_reset"}
        )
        successor = self.connection._successor()
        self.connection, old = successor, self.connection
        self.connector.refusals[COMPLETION] = (409, "organisation_taken", {})
        self.assertRefused(self.come_back(self.start()), "organisation_taken")
        self.assertEqual((old.successor_id.id, old.checked_at), (False, False))

    def test_who_connects_is_remembered(self):
        self.come_back(self.start())
        self.assertEqual(self.connection.connected_by_id, self.anna)
        self.authenticate("xero_bert", "xero_bert")
        self.come_back(self.start())
        self.assertEqual(self.connection.connected_by_id, self.bert)

    def test_connecting_without_app_or_connector_leads_on(self):
        unreachable = requests.ConnectionError()
        cases = [
            ("app_not_set", (409, "app_not_set", {}), "Open the settings"),
            (
                "instance_key_invalid",
                (401, "instance_key_invalid", {}),
                "Open the settings",
            ),
            ("connector_unreachable", unreachable, "Try again"),
            ("connector_unavailable", (503, "connector_unavailable", {}), "Try again"),
        ]
        for code, problem, link in cases:
            with self.subTest(code=code):
                self.connector.refusals["POST", "authorizations"] = problem
                response = self.url_open(f"/xero/connect/{self.connection.id}")
                page = self.assertRefused(response, code)
                self.assertIn(link, dict(self.links(page)))

    def test_connecting_before_a_connector_is_entered_leads_to_settings(self):
        self.env["ir.config_parameter"].set_param(
            "crm_xero_module.connector_url", False
        )
        response = self.url_open(f"/xero/connect/{self.connection.id}")
        page = self.assertRefused(response, "address_missing")
        self.assertIn("Open the settings", dict(self.links(page)))
        self.assertFalse(self.connector.calls)

    def test_another_user_cannot_finish(self):
        authorization = self.start()
        self.authenticate("xero_bert", "xero_bert")
        response = self.come_back(authorization)
        self.assertEqual(response.status_code, 403)
        self.assertRefused(response, "login_elsewhere")
        self.assertFalse(self.connector.bodies_of("POST", "completion"))
        self.assertUntouched()

    def test_another_session_of_the_same_user_cannot_finish(self):
        authorization = self.start()
        self.authenticate("xero_anna", "xero_anna")
        self.assertRefused(self.come_back(authorization), "login_elsewhere")
        self.assertFalse(self.connector.bodies_of("POST", "completion"))

    def test_a_finished_login_is_not_finished_twice(self):
        authorization = self.start()
        self.come_back(authorization)
        self.assertRefused(self.come_back(authorization), "login_elsewhere")
        self.assertEqual(len(self.connector.bodies_of("POST", "completion")), 1)

    def test_two_logins_side_by_side_both_finish(self):
        first, second = self.start(), self.start()
        self.assertEqual(self.come_back(first).status_code, 303)
        self.assertEqual(self.come_back(second).status_code, 303)

    @mute_logger("odoo.http")
    def test_only_administrators_connect(self):
        self.authenticate("xero_oscar", "xero_oscar")
        response = self.url_open(f"/xero/connect/{self.connection.id}")
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self.connector.calls)

    @mute_logger("odoo.http")
    def test_connection_of_another_company_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        connection = self.env["xero.connection"].create({"company_id": other.id})
        response = self.url_open(f"/xero/connect/{connection.id}")
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self.connector.calls)

    def test_who_is_not_logged_in_is_asked_to(self):
        self.authenticate(None, None)
        for url in (f"/xero/connect/{self.connection.id}", "/xero/return"):
            response = self.url_open(url, allow_redirects=False)
            self.assertIn("/web/login", response.headers["Location"])
        self.assertFalse(self.connector.calls)
