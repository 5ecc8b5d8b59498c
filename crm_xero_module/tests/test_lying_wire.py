# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a lying connector does on the network itself, before anybody reads it."""

import gzip
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from odoo.tests import BaseCase

from odoo.addons.crm_xero_module.exceptions import ConnectorError
from odoo.addons.crm_xero_module.services.connector import answers
from odoo.addons.crm_xero_module.services.connector import client as client_module
from odoo.addons.crm_xero_module.services.connector.client import (
    ConnectorClient,
    is_login_address,
)

KEY = "xo_key"


class TestLyingWire(BaseCase):
    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's own compares the time-out, which is a pair here, with a number.
        return super()._request_handler(s, r, **kw | {"timeout": 10})

    @contextmanager
    def connector(self, answer):
        """A server that answers once, by `answer(handler)`, at its address."""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                # The client hangs up as soon as it has had enough.
                with suppress(OSError):
                    answer(self)

            def log_message(self, *_args):
                pass

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            # A call that never comes must not hold up the test.
            server.timeout = 5
            thread = threading.Thread(target=server.handle_request)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                thread.join()

    def code_of(self, answer):
        with (
            self.connector(answer) as address,
            ConnectorClient(address, KEY) as client,
            self.assertRaises(ConnectorError) as caught,
        ):
            client.get_app()
        return caught.exception.code

    def test_more_than_any_answer(self):
        """It is not even read to its end."""

        def flood(handler):
            handler.send_response(200)
            handler.end_headers()
            for _block in range(200):
                handler.wfile.write(bytes(1024 * 1024))

        self.assertEqual(self.code_of(flood), "connector_answer_unreadable")

    def test_what_unpacks_itself_on_the_way(self):
        """We ask for plain answers, so what is packed has a reason of its own."""
        asked = []

        def bomb(handler):
            asked.append(handler.headers["Accept-Encoding"])
            handler.send_response(200)
            handler.send_header("Content-Encoding", "gzip")
            handler.end_headers()
            handler.wfile.write(gzip.compress(bytes(10_000_000)))

        self.assertEqual(self.code_of(bomb), "connector_answer_unreadable")
        self.assertEqual(asked, ["identity"])

    def test_an_answer_that_drips(self):
        """No single wait is long, so a read time-out would never end it."""

        def drip(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "100000")
            handler.end_headers()
            # Until the client has hung up, and no longer than that should take.
            for _byte in range(1000):
                handler.wfile.write(b" ")
                time.sleep(0.005)

        with patch.object(client_module, "ANSWER_SECONDS", 0.1):
            self.assertEqual(self.code_of(drip), "connector_unreachable")

    def test_a_redirect_is_not_followed(self):
        def redirect(handler):
            handler.send_response(307)
            handler.send_header("Location", "http://127.0.0.1:1/steal")
            handler.end_headers()

        self.assertEqual(self.code_of(redirect), "connector_refused")

    def test_an_answer_cut_short(self):
        def cut(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "100")
            handler.end_headers()
            handler.wfile.write(b"{}")

        self.assertEqual(self.code_of(cut), "connector_unreachable")


class TestForms(BaseCase):
    """What a value of an answer may be."""

    def test_values(self):
        wrong = (True, -1, 1.5, 2**70, "x" * 5000, [{}], {}, "A b\n", "a\0", "é")
        for check, good, also in (
            (answers.count, (0, 2**31 - 1), ()),
            (answers.short, ("", "Zoë 😀"), ("A b\n", "a\0", "é")),
            (answers.code, ("feed_taken", "x"), ()),
            (answers.digest, ("0" * 64,), ()),
            (answers.word, ("JKJaXmPLvHcESHA=",), ()),
            (answers.seconds, (0, 1.5), ()),
            (answers.flag, (True, False), ()),
            (answers.one_of("a", "b"), ("a",), ()),
            (answers.rows(answers.mapping), ([], [{}]), ()),
        ):
            for value in good:
                self.assertTrue(check(value), value)
            for value in wrong:
                is_meant = value in also or any(value is one for one in good)
                is_meant = is_meant or (value in good and type(value) is not bool)
                with self.subTest(value=str(value)[:20], good=good):
                    self.assertEqual(check(value), is_meant)

    def test_null_is_only_what_may_be_missing(self):
        form = answers.members(a=answers.count, b=answers.maybe(answers.count))
        self.assertTrue(form({"a": 1, "c": "unknown"}))
        self.assertFalse(form({"a": None}))
        self.assertFalse(form({"a": 1, "b": "x"}))
        self.assertFalse(form([]))

    def test_where_a_login_may_begin(self):
        xero, local = "https://login.xero.com/x", "http://localhost:8071/x"
        away, here = "https://connector.example", "http://127.0.0.1:8070"
        for url, connector, allowed in (
            (xero, away, True),
            (xero, here, True),
            (local, here, True),
            # A connector elsewhere has nothing to look for on this machine.
            (local, away, False),
            ("https://login.xero.com.evil.example/", away, False),
            ("https://xero.com@evil.example/", away, False),
            ("http://login.xero.com/", away, False),
            ("javascript:alert(1)", away, False),
            ("javascript:alert(1)", here, False),
            ("//evil.example/", here, False),
            ("http://[broken", here, False),
        ):
            with self.subTest(url=url, connector=connector):
                self.assertEqual(is_login_address(url, connector), allowed)
