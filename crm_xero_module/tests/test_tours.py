# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import XeroCase, contact, phone
from .connecting import CLIENT_SECRET, ConnectingCase
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestTours(ConnectingCase, XeroCase, TourCase):
    """Each screen in a browser, with a connector in memory."""

    def start(self, tour, url=None):
        self.start_tour(url, tour, login="admin")

    def test_overview_and_connection(self):
        self.bring(contact(1, "Bayside Club"), contact(2, ""))
        self.land(contact(3, "Harbour Club"))
        self.start("xero_overview")
        self.assertEqual(self.connection.state, "disconnected")
        self.assertEqual(self.partner(1).name, "Bayside Club")

    def test_overview_without_a_connection(self):
        self.connection.unlink()
        self.start("xero_first_connection")

    def test_settings(self):
        set_param = self.env["ir.config_parameter"].sudo().set_param
        set_param("crm_xero_module.connector_url", False)
        set_param("crm_xero_module.instance_key", False)
        self.start("xero_settings")
        sent = self.connector.bodies_of("PUT", "app")
        self.assertEqual(sent[-1]["client_secret"], CLIENT_SECRET)

    def test_what_was_not_imported_is_ignored_or_retried(self):
        lines = self.bring(contact(1, ""), contact(2, ""), contact(3, ""))
        self.land(contact(1, "A"), contact(2, "B"), contact(3, "C"))
        self.start("xero_not_imported")
        self.env.invalidate_all()
        self.assertEqual(
            sorted(lines.mapped("state")), ["ignored", "retried", "retried"]
        )
        self.assertEqual(len(self.partner(1) | self.partner(2) | self.partner(3)), 2)

    def test_customer_shows_what_xero_holds(self):
        self.connection.base_currency = "NZD"
        balances = {"AccountsReceivable": {"Outstanding": 1250.5, "Overdue": 200}}
        self.bring(
            contact(
                1,
                "Bayside Club",
                Balances=balances,
                Phones=[phone("FAX", "555 1234", "04"), phone(number="555 9999")],
            )
        )
        self.partner(1).phone = "my own"
        self.start("xero_customer", f"/odoo/res.partner/{self.partner(1).id}")

    def test_customer_without_xero_says_so(self):
        partner = self.env["res.partner"].create({"name": "Nobody of Xero"})
        self.start("xero_customer_not_linked", f"/odoo/res.partner/{partner.id}")

    def test_profile_is_changed_and_run(self):
        self.start("xero_profile")
        self.assertEqual(self.companies.mode, "import")
        self.assertEqual(self.companies.last_sync_id.kind, "profile")

    def test_vendors_are_chosen(self):
        vendor = {"IsCustomer": False, "IsSupplier": True}
        self.bring(
            contact(1, "Mill Customer"),
            contact(2, "Paper Mill", **vendor),
            contact(3, "Ink Works", **vendor),
        )
        self.start("xero_vendors")
        self.import_all()
        self.assertTrue(self.partner(2))
        self.assertFalse(self.partner(3))

    def test_customers_are_unlinked_and_imported_again(self):
        self.bring(contact(1, "Bayside Club"), contact(2, "Harbour Club"))
        partner = self.partner(1)
        self.start("xero_unlink")
        self.env.invalidate_all()
        self.assertEqual(self.partner(1), partner)
        self.assertFalse(self.partner(2))
