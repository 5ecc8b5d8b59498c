# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_xero_module.exceptions import ConnectorError
from odoo.addons.crm_xero_module.services.connector.client import ConnectorClient
from odoo.addons.crm_xero_module.services.connector.correlation import HEADER, named

from .common import ADDRESS, KEY, XeroCase, contact

TRACE = "0123456789abcdef0123456789abcdef"
OTHER = "ffffffff-0000-4000-8000-000000000001"
START = "/v1/connections/connection-1/syncs"


@tagged("post_install", "-at_install")
class TestCorrelation(XeroCase):
    """One id for what a person or the schedule begins, on all its calls."""

    def setUp(self):
        super().setUp()
        self.traces = []
        handle = self.connector.handle

        def noted(request):
            path = request.url.removeprefix(ADDRESS).partition("?")[0]
            self.traces.append((path, request.headers.get(HEADER)))
            return handle(request)

        self.startPatcher(patch.object(self.connector, "handle", noted))

    def sent(self, path):
        return [trace for called, trace in self.traces if called == path]

    def test_each_client_has_an_id_of_its_own(self):
        clients = [ConnectorClient(ADDRESS, KEY) for _ in range(2)]
        for client in clients:
            client.get_app()
            client.get_app()
        first, again, second, _again = self.sent("/v1/app")
        self.assertEqual((first, again), (clients[0].correlation,) * 2)
        self.assertNotEqual(first, second)
        self.assertTrue(named(first))

    def test_what_is_given_is_sent_and_ends_with_what_it_is_for(self):
        client = ConnectorClient(ADDRESS, KEY, TRACE)
        with client.tracing(OTHER):
            client.get_app()
        with client.tracing(None):
            client.get_app()
        self.assertEqual(self.sent("/v1/app"), [OTHER, TRACE])

    def test_what_has_not_the_form_of_one_is_not_passed_on(self):
        for odd in (
            "short",
            "x" * 65,
            "new\nline-000",
            "späce-000",
            5,
            None,
            ["a" * 9],
        ):
            self.assertIsNone(named(odd))
        client = ConnectorClient(ADDRESS, KEY, "new\nline-000")
        self.assertTrue(named(client.correlation))

    def test_run_shows_what_the_connector_says_of_its_sync(self):
        begun = self.connector.sync("sync-7", correlation=TRACE)
        self.connector.answers["POST", START] = (202, begun)
        action = self.connection.action_sync_now()
        run = self.env["xero.sync"].browse(action["res_id"])
        self.assertEqual(run.correlation, TRACE)

    def test_parts_are_fetched_under_the_trace_of_their_sync(self):
        self.connector.add_part([contact(1)], sync="sync-9", correlation=OTHER)
        self.connector.add_end(sync="sync-9")
        self.run_cron()
        run = self.env["xero.sync"].search([("connector_ref", "=", "sync-9")])
        self.assertEqual(run.correlation, OTHER)
        path = "/v1/connections/connection-1/feed/parts/1"
        self.assertEqual(self.sent(path), [OTHER])

    def test_refusal_names_its_trace_to_administrators_only(self):
        problem = {"code": "xero_unavailable", "status": 502}
        self.connector.answers["POST", START] = (502, problem)
        operator = new_test_user(
            self.env,
            "xero_operator_of_traces",
            groups="crm_xero_module.group_xero_operator",
        )
        for user, is_told in ((self.env.user, True), (operator, False)):
            with self.assertRaises(UserError) as caught:
                self.connection.with_user(user).action_sync_now()
            trace = self.sent(START)[-1]
            self.assertEqual(trace in str(caught.exception), is_told)

    def test_error_of_no_call_has_no_trace(self):
        with self.assertRaises(ConnectorError) as caught:
            ConnectorClient("", KEY)
        self.assertIsNone(caught.exception.correlation)
