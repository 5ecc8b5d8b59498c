# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's report AgedReceivablesByContact: what a contact owes, document by document.

Source: Xero's page on reports; the schemas ReportWithRow, ReportRows and
ReportCell of Xero's OpenAPI description. Values are texts as people read them:
"1,234.50", negative also in brackets, dates with a time.
"""

import json
from dataclasses import dataclass
from datetime import date

from .values import day, load_json, number, record, rows, text

# The titles of the columns, and where they are when a header does not name them.
_COLUMNS = {
    "Date": 0,
    "Number": 1,
    "Due Date": 2,
    "Total": 4,
    "Paid": 5,
    "Credited": 6,
    "Due": 7,
}
# Xero calls the column by either name.
_TITLES = {"Reference": "Number"}


@dataclass(frozen=True)
class AgedRow:
    """A document in the report; amounts in the base currency, a credit's negative."""

    document_id: str
    number: str | None
    date: date | None
    due_date: date | None
    total: float
    paid: float
    credited: float
    due: float


@dataclass(frozen=True)
class AgedReport:
    """`closing` is the balance at the end of the report's day, None if not told."""

    documents: list
    closing: float | None

    @property
    def balance(self):
        if self.closing is not None:
            return self.closing
        return sum(document.due for document in self.documents)


def read_report(answer):
    """The `AgedReport` of the connector's answer.

    :raise ValueError: it is no such report, or an amount is not a number
    """
    # Taken apart once more, which takes away what PostgreSQL refuses.
    clean = load_json(json.dumps(answer).encode())
    reports = rows(record(clean).get("Reports"))
    if not reports or not isinstance(reports[0].get("Rows"), list):
        raise ValueError("no report")
    columns, documents, closing = dict(_COLUMNS), [], None
    for row in _flat(reports[0]["Rows"]):
        values = [_value(cell) for cell in rows(row.get("Cells"))]
        if row.get("RowType") == "Header":
            columns |= _named(values)
            continue
        document_id = _document_of(row)
        if document_id:
            documents.append(_document(document_id, values, columns))
        elif row.get("RowType") == "SummaryRow" and _is_closing(values):
            closing = amount(_at(values, columns["Due"]))
    return AgedReport(documents, closing)


def amount(value):
    """The number of a text such as "1,234.50" or "(20.00)"; 0 where it is blank.

    :raise ValueError: it is something else
    """
    plain = (value or "").strip().replace(",", "").replace("\u2212", "-")
    if not plain:
        return 0.0
    in_brackets = plain.startswith("(") and plain.endswith(")")
    found = number(plain[1:-1] if in_brackets else plain)
    if found is None:
        raise ValueError("no amount")
    return -found if in_brackets else found


def _flat(found):
    """Rows, those of a section in its place."""
    for row in rows(found):
        if row.get("RowType") == "Section":
            yield from _flat(row.get("Rows"))
        else:
            yield row


def _named(titles):
    known = ((_TITLES.get(title, title), at) for at, title in enumerate(titles))
    return {title: at for title, at in known if title in _COLUMNS}


def _document(document_id, values, columns):
    found = {title: _at(values, at) for title, at in columns.items()}
    return AgedRow(
        document_id=document_id,
        number=found["Number"] or None,
        date=day(found["Date"]),
        due_date=day(found["Due Date"]),
        total=amount(found["Total"]),
        paid=amount(found["Paid"]),
        credited=amount(found["Credited"]),
        due=amount(found["Due"]),
    )


def _document_of(row):
    """The id that the cells lead to; none of an opening balance or a total."""
    attributes = (
        attribute
        for cell in rows(row.get("Cells"))
        for attribute in rows(cell.get("Attributes"))
    )
    ids = (a.get("Value") for a in attributes if a.get("Id") == "invoiceID")
    return next(filter(None, map(text, ids)), None)


def _is_closing(values):
    return any(value.strip().lower() == "closing balance" for value in values)


def _value(cell):
    value = cell.get("Value")
    return value if isinstance(value, str) else ""


def _at(values, position):
    return values[position] if position < len(values) else ""
