# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, new_test_user, tagged

from .connecting import ConnectingCase

ADMINISTRATOR = "base.group_user,crm_xero_module.group_xero_administrator"
ALL = ["contacts", "items", "sales", "report"]


@tagged("post_install", "-at_install")
class TestConnectionSales(ConnectingCase, HttpCase):
    """What is chosen of sales, what Xero allowed of it, and what a sync asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, "xero_anna", ADMINISTRATOR)
        cls.connection = cls.env["xero.connection"].create({"name": "Xero"})

    def connect(self):
        self.authenticate("xero_anna", "xero_anna")
        self.url_open(f"/xero/connect/{self.connection.id}", allow_redirects=False)
        self.url_open("/xero/return?authorization=a1", allow_redirects=False)
        self.connection.invalidate_recordset()

    def asked_of_sync(self):
        self.connection.action_sync_now()
        return self.connector.bodies_of("POST", "syncs")[-1]["features"]

    def test_all_that_was_allowed_is_synced_but_the_report(self):
        self.connect()
        self.assertEqual(self.connection.granted_features, ALL)
        self.assertFalse(self.connection.consent_note)
        self.assertEqual(self.asked_of_sync(), ["contacts", "items", "sales"])

    def test_what_was_not_allowed_is_not_asked_for_and_is_named(self):
        self.connector.features = ["contacts", "items"]
        self.connect()
        self.assertEqual(self.asked_of_sync(), ["contacts", "items"])
        self.assertIn("Sales, Xero's aged report", self.connection.consent_note)
        self.assertNotIn("Items", self.connection.consent_note)

    def test_what_is_not_wanted_is_neither_asked_for_nor_missed(self):
        self.connection.write(
            {"with_items": False, "with_sales": False, "with_report": False}
        )
        self.connector.features = ["contacts"]
        self.connect()
        self.assertEqual(
            self.connector.bodies_of("POST", "authorizations")[-1]["features"],
            ["contacts"],
        )
        self.assertEqual(self.asked_of_sync(), ["contacts"])
        self.assertFalse(self.connection.consent_note)

    def test_consent_that_grew_elsewhere_is_seen_with_the_next_look(self):
        self.connector.features = ["contacts"]
        self.connect()
        self.assertTrue(self.connection.consent_note)
        self.connector.features = ALL
        self.connection._take_status(self.connector.connection())
        self.assertFalse(self.connection.consent_note)
        self.assertEqual(self.asked_of_sync(), ["contacts", "items", "sales"])
