# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's AgedReceivablesByContact as the tests write it."""

_HEADER = ("Date", "Number", "Due Date", "", "Total", "Paid", "Credited", "Due")


def aged_report(documents, *, closing="0.00"):
    """The report; `documents` are (id, number, total, paid, credited, due), the
    amounts as texts."""
    return {
        "Reports": [
            {
                "ReportName": "Aged Receivables By Contact",
                "Rows": [
                    {"RowType": "Header", "Cells": _cells(_HEADER)},
                    _section("Row", [("", "Opening Balance", *[""] * 5, "0.00")]),
                    {
                        "RowType": "Section",
                        "Title": "",
                        "Rows": [_document(*row) for row in documents],
                    },
                    _section("SummaryRow", [("Closing Balance", *[""] * 6, closing)]),
                ],
            }
        ]
    }


def _section(kind, rows):
    found = [{"RowType": kind, "Cells": _cells(values)} for values in rows]
    return {"RowType": "Section", "Title": "", "Rows": found}


def _document(document_id, number, *amounts):
    values = ("2026-11-01T00:00:00", number, "2026-11-20T00:00:00", "", *amounts)
    attributes = [{"Id": "invoiceID", "Value": document_id}]
    cells = [{**cell, "Attributes": attributes} for cell in _cells(values)]
    return {"RowType": "Row", "Cells": cells}


def _cells(values):
    return [{"Value": value} for value in values]
