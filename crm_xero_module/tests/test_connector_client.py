# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from unittest.mock import patch

import requests

from odoo.tests import BaseCase

from odoo.addons.crm_xero_module.exceptions import ConnectorError, PartUnreadable
from odoo.addons.crm_xero_module.services.connector import client as connector_client
from odoo.addons.crm_xero_module.services.connector.client import (
    MAX_DOCUMENT_BYTES,
    ConnectorClient,
    check_address,
    is_xero_address,
)
from odoo.addons.crm_xero_module.services.reasons import REASONS

from .common import ADDRESS, KEY, PDF, XeroCase

PDF_PATH = "/v1/connections/c/invoices/i/pdf"
URL_PATH = "/v1/connections/c/invoices/i/online-url"


class TestAddress(BaseCase):
    """Where the instance key may be sent."""

    def test_https_or_this_machine(self):
        self.assertEqual(check_address(" https://x.example/ "), "https://x.example")
        for local in ("localhost:8070", "127.0.0.1", "[::1]:8070"):
            self.assertTrue(check_address(f"http://{local}"))

    def test_anything_else_is_refused(self):
        for address, code in (
            ("", "address_missing"),
            (None, "address_missing"),
            ("connector", "address_invalid"),
            ("ftp://x.example", "address_invalid"),
            ("https://", "address_invalid"),
            ("https://user:pass@x.example", "address_invalid"),
            ("https://x.example:port", "address_invalid"),
            ("https://x.example/?a=1", "address_invalid"),
            ("http://x.example", "address_not_https"),
            ("http://localhost.evil.example", "address_not_https"),
        ):
            with self.subTest(address=address):
                with self.assertRaises(ConnectorError) as caught:
                    check_address(address)
                self.assertEqual(caught.exception.code, code)


class TestXeroAddress(BaseCase):
    """Where a link from Xero may lead."""

    def test_xero_over_https(self):
        for url in ("https://xero.com/x", "https://in.xero.com/abc?x=1#y"):
            self.assertTrue(is_xero_address(url), url)

    def test_nowhere_else(self):
        for url in (
            "",
            "http://in.xero.com/abc",
            "javascript:alert(1)//in.xero.com",
            "https://xero.com.evil.example/",
            "https://evilxero.com/",
            "https://in.xero.com@evil.example/",
            "https://user@in.xero.com/",
            "https://in.xero.com:8443/",
            "https://in.xero.com:port/",
            "https://evil.example\\.xero.com/",
            "https://in.xero.com/\x00",
            "//in.xero.com/abc",
        ):
            self.assertFalse(is_xero_address(url), url)


class TestConnectorClient(XeroCase):
    """The connector's answers, and what comes instead of them."""

    def client(self, key=KEY):
        return ConnectorClient(ADDRESS, key)

    def code_of(self, status, body):
        self.connector.answers["GET", "/v1/app"] = (status, body)
        with self.assertRaises(ConnectorError) as caught:
            self.client().get_app()
        return caught.exception.code

    def test_an_answer(self):
        self.assertEqual(self.client().get_app()["client_id"], "client-1")
        self.assertTrue(all(self.timeouts))

    def test_a_problem_keeps_its_code_and_extras(self):
        self.connector.consumer = "another"
        with self.assertRaises(ConnectorError) as caught:
            self.client().get_feed(
                connection="c", epoch="epoch-1", after=0, stamp="", consumer="me"
            )
        error = caught.exception
        self.assertEqual((error.code, error.status), ("feed_taken", 409))
        self.assertEqual(error.extra, {"consumer": "another"})

    def test_what_is_no_problem_document(self):
        self.assertEqual(self.code_of(502, b"<html>"), "connector_unavailable")
        self.assertEqual(
            self.code_of(503, {"message": "Service Unavailable"}),
            "connector_unavailable",
        )
        self.assertEqual(self.code_of(403, {"message": "no"}), "connector_forbidden")
        self.assertEqual(self.code_of(429, b""), "connector_busy")
        self.assertEqual(self.code_of(404, b""), "route_unknown")
        self.assertEqual(self.code_of(302, b""), "connector_refused")
        self.assertEqual(
            self.code_of(200, b"<html>login"), "connector_answer_unreadable"
        )
        self.assertEqual(self.code_of(200, [1]), "connector_answer_unreadable")

    def test_no_answer(self):
        for error in (requests.ConnectionError(), requests.Timeout()):
            self.assertEqual(self.code_of(0, error), "connector_unreachable")

    def test_a_wrong_key(self):
        with self.assertRaises(ConnectorError) as caught:
            self.client("xo_wrong").get_app()
        self.assertEqual(caught.exception.code, "instance_key_invalid")
        with self.assertRaises(ConnectorError) as caught:
            self.client("")
        self.assertEqual(caught.exception.code, "instance_key_missing")

    def test_ids_cannot_leave_their_place_in_the_path(self):
        with self.assertRaises(ConnectorError):
            self.client().get_sync(sync="../app?x=1")
        self.assertEqual(self.connector.calls[-1][1], "/v1/syncs/..%2Fapp%3Fx%3D1")

    def test_a_part_is_proven(self):
        self.connector.add_part([])
        part = {"connection": "c", "epoch": "epoch-1", "n": 1, "consumer": "me"}
        sha256 = self.connector.feed[0]["sha256"]
        self.assertTrue(self.client().get_part(**part, sha256=sha256))
        with self.assertRaises(PartUnreadable) as caught:
            self.client().get_part(**part, sha256="0" * 64)
        self.assertEqual(caught.exception.code, "part_damaged")

    def test_an_answer_that_was_lost_is_no_error(self):
        path, contact = "/v1/connections/c/contacts", {"Name": "A"}
        answer = {"outcome": "unknown", "retry_after": 15}
        self.connector.answers["POST", path] = (202, answer)
        self.connector.answers["PATCH", f"{path}/k"] = (202, answer)
        sent = {"connection": "c", "key": "the-key-1", "contact": contact}
        client = self.client()
        self.assertEqual(client.create_contact(**sent), answer)
        changed = client.update_contact(contact_id="k", seen="/Date(1)/", **sent)
        self.assertEqual(changed, answer)

    def test_a_refused_write_keeps_what_is_in_the_way(self):
        path, contacts = "/v1/connections/c/contacts", [{"Name": "A"}]
        problem = {"code": "contact_exists", "detail": "…", "contacts": contacts}
        self.connector.answers["POST", path] = (409, problem)
        with self.assertRaises(ConnectorError) as caught:
            self.client().create_contact(
                connection="c", key="the-key-2", contact={"Name": "A"}
            )
        self.assertEqual(caught.exception.code, "contact_exists")
        self.assertEqual(caught.exception.extra, {"contacts": contacts})

    def test_documents(self):
        client = self.client()
        invoice = {"connection": "c", "invoice": "i"}
        self.assertEqual(client.get_invoice_pdf(**invoice), PDF)
        self.assertEqual(client.get_online_url(**invoice), "https://in.xero.com/i")
        report = client.get_aged_receivables(
            connection="c", contact="k", date=date(2026, 11, 20)
        )
        self.assertIn("To 2026-11-20", report["Reports"][0]["ReportTitles"])

    def test_an_invoice_that_is_not_online(self):
        self.connector.answers["GET", URL_PATH] = (200, {"url": None})
        url = self.client().get_online_url(connection="c", invoice="i")
        self.assertIsNone(url)

    def test_documents_that_are_none(self):
        client = self.client()
        for path, call, answers in (
            (
                PDF_PATH,
                client.get_invoice_pdf,
                {
                    b"<html>": "connector_answer_unreadable",
                    b"": "connector_answer_unreadable",
                    PDF + bytes(MAX_DOCUMENT_BYTES): "document_too_large",
                },
            ),
            (
                URL_PATH,
                client.get_online_url,
                {
                    b'{"url": "https://evil.example/"}': "xero_answer_unreadable",
                    b'{"url": 5}': "xero_answer_unreadable",
                    b"<html>": "connector_answer_unreadable",
                },
            ),
        ):
            for body, code in answers.items():
                with self.subTest(path=path, body=body[:40]):
                    self.connector.answers["GET", path] = (200, body)
                    with self.assertRaises(ConnectorError) as caught:
                        call(connection="c", invoice="i")
                    self.assertEqual(caught.exception.code, code)

    def test_a_refused_document_says_when_to_come_again(self):
        problem = {"code": "throttled", "retry_after": 40}
        self.connector.answers["GET", PDF_PATH] = (429, problem)
        with self.assertRaises(ConnectorError) as caught:
            self.client().get_invoice_pdf(connection="c", invoice="i")
        self.assertEqual(caught.exception.extra, {"retry_after": 40})

    def test_neither_key_nor_body_is_logged(self):
        self.connector.answers["PUT", "/v1/app"] = (422, {"code": "x", "detail": "d"})
        with (
            patch.object(connector_client, "_logger") as logger,
            self.assertRaises(ConnectorError) as caught,
        ):
            self.client().set_app(client_id="i", client_secret="s3cr3t")
        told = f"{logger.mock_calls} {caught.exception!r} {caught.exception}"
        self.assertNotIn("s3cr3t", told)
        self.assertNotIn(KEY, told)
        logger.info.assert_called_once()
        self.assertIn("/v1/app", told)

    def test_every_code_is_told_in_words(self):
        for code, (happened, remedy) in REASONS.items():
            self.assertTrue(str(happened).endswith((".", ")s")), code)
            self.assertTrue(str(remedy).endswith("."), code)
