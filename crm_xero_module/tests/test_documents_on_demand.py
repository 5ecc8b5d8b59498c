# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.crm_xero_module.services.xero.deep_links import (
    contact_url,
    document_url,
    item_url,
)

from .books import BooksCase, credit_note, invoice, invoice_id, overpayment
from .common import PDF, contact, xero_id

SALESMAN = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestDocumentsOnDemand(BooksCase, HttpCase):
    """An invoice's PDF and its online page, passed on to who may see the invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(cls.env, "xero_reader", groups=SALESMAN)

    def setUp(self):
        super().setUp()
        self.land(contact(1, "Bayside Club"))

    def document(self, record):
        self.land_books(record)
        return self.transaction(record)

    def path(self, number, what):
        return f"/v1/connections/connection-1/invoices/{invoice_id(number)}/{what}"

    def get(self, document, what, accept="application/pdf, text/plain", query=""):
        return self.url_open(
            f"/xero/transactions/{document.id}/{what}{query}",
            headers={"Accept": accept},
            allow_redirects=False,
        )

    def login(self):
        self.authenticate("xero_reader", "xero_reader")

    def test_pdf_is_shown_and_kept_nowhere(self):
        document = self.document(invoice(1))
        before = self.env["ir.attachment"].search_count([])
        self.login()
        answer = self.get(document, "pdf")
        self.assertEqual((answer.status_code, answer.content), (200, PDF))
        headers = answer.headers
        self.assertEqual(headers["Content-Type"], "application/pdf")
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(
            headers["Content-Disposition"], "inline; filename*=UTF-8''INV-0001.pdf"
        )
        saved = self.get(document, "pdf", query="?download=1")
        self.assertTrue(saved.headers["Content-Disposition"].startswith("attachment;"))
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_file_name_is_safe_whatever_the_number(self):
        document = self.document(
            invoice(1, InvoiceNumber='../"; x=<b>\r\nSet-Cookie: a\u202e.exe')
        )
        self.login()
        header = self.get(document, "pdf").headers["Content-Disposition"]
        name = header.split("''")[1]
        for character in ('"', "/", "\\", "<", ";", "\n"):
            self.assertNotIn(character, name)
        self.assertTrue(name.endswith(".pdf"))
        nameless = self.document(invoice(2, InvoiceNumber="///"))
        self.assertEqual(nameless._pdf_name(), "invoice.pdf")

    def test_strangers_get_nothing(self):
        document = self.document(invoice(1))
        self.assertEqual(self.get(document, "pdf").status_code, 303)
        new_test_user(self.env, "xero_clerk", groups="base.group_user")
        self.authenticate("xero_clerk", "xero_clerk")
        self.assertEqual(self.get(document, "pdf").status_code, 403)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        new_test_user(
            self.env,
            "xero_elsewhere",
            groups=SALESMAN,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.authenticate("xero_elsewhere", "xero_elsewhere")
        for what in ("pdf", "online"):
            self.assertEqual(self.get(document, what).status_code, 404)
        self.assertFalse([path for _m, path in self.connector.calls if "pdf" in path])

    def test_what_went_wrong_is_told_in_words(self):
        document = self.document(invoice(1))
        self.login()
        problem = {"code": "throttled", "status": 429}
        self.connector.answers[("GET", self.path(1, "pdf"))] = (429, problem)
        told = self.get(document, "pdf")
        self.assertEqual(told.status_code, 502)
        self.assertTrue(told.headers["Content-Type"].startswith("text/plain"))
        self.assertIn("takes no more calls", told.text)
        page = self.get(document, "pdf", accept="text/html")
        self.assertIn("o_xero_happened", page.text)
        self.assertIn("takes no more calls", page.text)

    def test_names_of_xero_are_escaped_on_the_page(self):
        document = self.document(
            credit_note(1, CreditNoteNumber="<script>alert(1)</script>")
        )
        self.login()
        page = self.get(document, "pdf", accept="text/html")
        self.assertEqual(page.status_code, 502)
        self.assertNotIn("<script>alert(1)", page.text)
        self.assertIn("of invoices only", page.text)

    def test_an_answer_that_is_no_pdf_is_not_passed_on(self):
        document = self.document(invoice(1))
        self.login()
        self.connector.answers[("GET", self.path(1, "pdf"))] = (200, b"<html>no</html>")
        told = self.get(document, "pdf")
        self.assertEqual(told.status_code, 502)
        self.assertNotIn("<html>no", told.text)

    def test_online_page_opens_at_xero_only(self):
        document = self.document(invoice(1))
        self.login()
        answer = self.get(document, "online")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(
            answer.headers["Location"], f"https://in.xero.com/{invoice_id(1)}"
        )
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        for url in ("https://evil.example", "http://in.xero.com/x", "javascript:1"):
            self.connector.answers[("GET", self.path(1, "online-url"))] = (
                200,
                {"url": url},
            )
            refused = self.get(document, "online", accept="text/html")
            self.assertEqual(refused.status_code, 502)
            self.assertNotIn(url, refused.text)

    def test_a_draft_has_no_online_page_and_is_not_asked_for(self):
        document = self.document(invoice(1, Status="DRAFT"))
        self.assertFalse(document.has_online)
        self.assertTrue(document.has_pdf)
        self.login()
        told = self.get(document, "online")
        self.assertEqual(told.status_code, 502)
        self.assertIn("once an invoice is approved", told.text)
        self.assertFalse(self.connector.called("GET", self.path(1, "online-url")))

    def test_pdf_is_attached_to_its_customer_on_request(self):
        document = self.document(invoice(1))
        with self.assertRaisesRegex(UserError, "link “Company 1” to one"):
            document.action_attach_pdf()
        self.import_all()
        document.invalidate_recordset()
        answer = document.with_user(self.reader).action_attach_pdf()
        self.assertEqual(answer["params"]["type"], "success")
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.partner(1).id)]
        )
        self.assertEqual(
            (attachment.name, attachment.raw, attachment.mimetype),
            ("INV-0001.pdf", PDF, "application/pdf"),
        )

    def test_pdf_is_attached_to_a_record_that_one_may_change(self):
        document = self.document(invoice(1)).with_user(self.reader)
        lead = self.env["crm.lead"].create(
            {"name": "A deal", "type": "opportunity", "user_id": self.reader.id}
        )
        document.action_attach_pdf("crm.lead", lead.id)
        found = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        )
        self.assertEqual(found.raw, PDF)
        company = self.env.company
        with self.assertRaises(AccessError):
            document.action_attach_pdf("res.company", company.id)

    def test_links_lead_to_the_record_in_its_organisation(self):
        self.connection.short_code = "!x&y"
        expected = {
            invoice(1)["InvoiceID"]: "/AccountsReceivable/View.aspx?InvoiceID=",
            credit_note(2)["CreditNoteID"]: (
                "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID="
            ),
        }
        self.land_books(invoice(1), credit_note(2), overpayment(3))
        for document in self.env["xero.transaction"].search([]):
            parts = urlsplit(document.xero_url)
            self.assertEqual((parts.scheme, parts.netloc), ("https", "go.xero.com"))
            query = parse_qs(parts.query)
            page = expected.get(document.xero_id)
            page = page + document.xero_id if page else f"/Contacts/View/{xero_id(1)}"
            self.assertEqual(query, {"shortcode": ["!x&y"], "redirecturl": [page]})

    def test_nothing_in_an_id_leads_elsewhere(self):
        url = contact_url("!a", "x&redirecturl=https://evil.example/?q=#'\"<>")
        query = parse_qs(urlsplit(url).query)
        self.assertEqual(len(query["redirecturl"]), 1)
        self.assertTrue(query["redirecturl"][0].startswith("/Contacts/View/x%26"))
        self.assertFalse({"<", ">", '"', "'", " "} & set(url))
        for unknown in (
            contact_url("", "x"),
            item_url("!a", ""),
            document_url(None, "invoice", "x", "y"),
        ):
            self.assertIsNone(unknown)
