# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.tests import BaseCase

from odoo.addons.crm_xero_module.services.xero.aged_report import amount, read_report

from .aged_reports import aged_report


class TestAgedReport(BaseCase):
    """Xero's AgedReceivablesByContact, as the connector hands it on."""

    def test_documents_and_closing_balance(self):
        report = read_report(
            aged_report(
                [
                    ("id-1", "INV-1", "1,234.50", "34.50", "0.00", "1,200.00"),
                    ("id-2", "CN-1", "(30.00)", "", "(10.00)", "(20.00)"),
                ],
                closing="1,180.00",
            )
        )
        invoice, credit = report.documents
        self.assertEqual(
            (invoice.document_id, invoice.number, invoice.date, invoice.due_date),
            ("id-1", "INV-1", date(2026, 11, 1), date(2026, 11, 20)),
        )
        self.assertEqual((invoice.total, invoice.paid), (1234.5, 34.5))
        self.assertEqual((invoice.credited, invoice.due), (0, 1200))
        self.assertEqual((credit.total, credit.paid), (-30, 0))
        self.assertEqual((credit.credited, credit.due), (-10, -20))
        self.assertEqual(report.closing, 1180)

    def test_columns_are_found_by_their_titles(self):
        answer = aged_report([("id-1", "INV-1", "10", "0", "0", "10")])
        rows = answer["Reports"][0]["Rows"]
        header = rows[0]
        for row in (header, *(row for section in rows[1:] for row in section["Rows"])):
            row["Cells"].reverse()
        header["Cells"][6]["Value"] = "Reference"
        [read] = read_report(answer).documents
        self.assertEqual((read.number, read.total, read.due), ("INV-1", 10, 10))

    def test_amounts_as_people_write_them(self):
        for written, meant in (
            ("1,234,567.89", 1234567.89),
            ("(1,234.50)", -1234.5),
            ("-20.00", -20),
            ("\u221220.00", -20),
            ("", 0),
            (None, 0),
        ):
            with self.subTest(written):
                self.assertEqual(amount(written), meant)
        for written in ("ten", "1.2.3", "nan", "1e99"):
            with self.subTest(written), self.assertRaises(ValueError):
                amount(written)

    def test_odd_cells_are_met(self):
        answer = aged_report([("id-1", "IN\x00V", "5", "0", "0", "5")])
        cells = answer["Reports"][0]["Rows"][2]["Rows"][0]["Cells"]
        cells[2]["Value"] = None
        cells[0] = {"Attributes": None}
        [read] = read_report(answer).documents
        self.assertEqual((read.number, read.date, read.due_date), ("INV", None, None))

    def test_what_is_no_report_is_refused(self):
        for answer in ({}, {"Reports": []}, {"Reports": [{}]}, {"Reports": "x"}):
            with self.subTest(answer), self.assertRaises(ValueError):
                read_report(answer)

    def test_an_empty_report_is_one(self):
        self.assertEqual(read_report({"Reports": [{"Rows": []}]}).documents, [])
