# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_xero_module.controllers import nudge

from .common import XeroCase

REF = "connection-1"


@tagged("post_install", "-at_install")
class TestNudge(XeroCase, HttpCase):
    def setUp(self):
        super().setUp()
        nudge._woken.clear()
        self.time = 1000.0
        self.startPatcher(patch.object(nudge, "clock", lambda: self.time))
        self.triggers().unlink()

    def triggers(self):
        return (
            self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.cron.id)])
        )

    def post(self, body, kind="application/json"):
        """Post as the connector does; how often that woke the cron."""
        before = len(self.triggers())
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answered = self.opener.post(
            f"{self.base_url()}/xero/nudge", data=data, headers={"Content-Type": kind}
        )
        self.env.invalidate_all()
        return len(self.triggers()) - before

    def test_a_nudge_wakes_the_cron(self):
        self.assertEqual(self.post({"connection": REF}), 1)
        self.assertEqual(self.answered.status_code, 204)
        self.assertFalse(self.answered.content)
        self.assertNotIn("Set-Cookie", self.answered.headers)

    def test_what_is_no_nudge_is_answered_alike(self):
        bodies = {
            "another's": {"connection": "connection-2"},
            "no id": {},
            "null": {"connection": None},
            "a number": {"connection": 1},
            "a list": ["connection-1"],
            "nothing": b"",
            "no JSON": b"{",
            "NUL": b'{"connection": "\\u0000"}',
            "not UTF-8": b'{"connection": "\xff"}',
            "a pattern": {"connection": "connection-_"},
            "deep": b"[" * 900,
            "long": {"connection": "x" * 500},
        }
        for name, body in bodies.items():
            with self.subTest(name):
                self.assertEqual(self.post(body), 0)
                self.assertEqual(self.answered.status_code, 204)
                self.assertFalse(self.answered.content)
        self.assertFalse(nudge._woken)

    def test_what_is_too_long_is_not_read(self):
        self.assertEqual(self.post({"connection": REF, "more": "x" * 200_000}), 0)
        self.assertEqual(self.answered.status_code, 413)

    def test_a_form_is_no_nudge(self):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            with self.subTest(kind):
                self.assertEqual(self.post(b"connection=connection-1", kind), 0)
                self.assertLess(self.answered.status_code, 500)

    def test_a_query_is_no_nudge(self):
        response = self.url_open("/xero/nudge?connection=connection-1", data=b"{}")
        self.assertEqual(response.status_code, 204)
        self.assertFalse(self.triggers())

    def test_it_is_only_posted(self):
        self.assertEqual(self.url_open("/xero/nudge").status_code, 405)

    def test_a_flood_wakes_it_now_and_then(self):
        woken = []
        for _ in range(40):
            woken.append(self.post({"connection": REF}))
            self.time += 0.5
        self.assertEqual(woken[:3], [1, 1, 1])
        # 20 seconds: three at once, then three in six seconds.
        self.assertEqual(sum(woken), 12)

    def test_the_end_of_a_burst_is_heard(self):
        self.assertEqual(self.post({"connection": REF}), 1)
        self.time += 0.3
        self.assertEqual(self.post({"connection": REF}), 1)

    def test_each_connection_is_heard(self):
        for _ in range(5):
            self.post({"connection": REF})
        other = self.connection.copy()
        other.sudo().connector_ref = "connection-2"
        self.env.flush_all()
        self.assertEqual(self.post({"connection": "connection-2"}), 1)

    def test_a_cron_that_is_off_stays_off(self):
        self.cron.active = False
        self.assertEqual(self.post({"connection": REF}), 0)
        self.assertEqual(self.answered.status_code, 204)
