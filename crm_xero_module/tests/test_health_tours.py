# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Banner, card, form and Health tab in a browser."""

from odoo.tests import new_test_user, tagged

from .common import XeroCase, contact
from .connecting import ConnectingCase
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestHealthTours(ConnectingCase, XeroCase, TourCase):
    def stop(self):
        self.connection.write(
            {
                "state": "reconnect",
                "state_code": "organisation_gone",
                "reread_needed": True,
            }
        )

    def test_from_the_banner_to_reconnect(self):
        self.bring(contact(1, "Bayside Club"))
        self.sync_run._finish("failed", "stuck")
        self.stop()
        # The connector refuses: the browser does not leave for Xero.
        self.connector.refusals["POST", "authorizations"] = (409, "app_not_set", {})
        self.start_tour(None, "xero_health_banner", login="admin")
        asked = self.connector.bodies_of("POST", "authorizations")
        self.assertEqual(asked[-1]["connection"], "connection-1")

    def test_the_pipeline_has_the_banner(self):
        self.stop()
        self.start_tour(None, "xero_health_pipeline", login="admin")

    def test_others_have_no_banner_and_their_browsers_do_not_ask(self):
        asked = []
        model = self.registry["xero.connection"]
        self.patch(model, "health_banner", lambda records: asked.append(1))
        new_test_user(
            self.env, "xero_sam", "sales_team.group_sale_manager", password="xero_sam"
        )
        self.bring(contact(1, "Bayside Club"))
        self.stop()
        self.start_tour(None, "xero_health_others", login="xero_sam")
        self.assertFalse(asked)

    def test_a_disconnected_connection_is_deleted_and_customers_stay(self):
        self.bring(contact(1, "Bayside Club"))
        partner = self.partner(1)
        self.connection.action_disconnect()
        self.start_tour(None, "xero_health_remove", login="admin")
        self.assertFalse(self.connection.exists())
        self.assertEqual(partner.exists().name, "Bayside Club")
