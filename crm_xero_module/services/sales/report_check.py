# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compares a contact's open documents with Xero's own report, document by document."""

from dataclasses import dataclass
from datetime import date

from odoo.tools import SQL

from .days import today_of
from .ledger import open_documents

CENT = 0.005


@dataclass
class CheckedDocument:
    """A document as it is here and in Xero's report, in the base currency, a credit's
    amounts negative; None where a side does not have it.

    `code` says why they differ (`services/reasons.py`), None where they agree.
    """

    xero_id: str
    transaction_id: int | None
    number: str | None
    date: date | None
    due_date: date | None
    our_total: float | None
    our_paid: float | None
    our_credited: float | None
    our_due: float | None
    xero_total: float | None = None
    xero_paid: float | None = None
    xero_credited: float | None = None
    xero_due: float | None = None
    code: str | None = None


def check_report(contact, report, now=None):
    """The `CheckedDocument`s of a contact: those that differ first.

    :param report: Xero's `AgedReport` as of the organisation's today
    """
    today = today_of(contact.connection_id, now)
    theirs = {row.document_id: row for row in report.documents}
    found = []
    for row in _ours(contact, list(theirs), today, now):
        document, facts = _document(row), row
        other = theirs.pop(document.xero_id, None)
        if other is None and not facts["is_open"]:
            continue
        _take(document, other)
        document.code = _why(document, facts, other, today)
        found.append(document)
    found += [_only_there(row) for row in theirs.values()]
    return sorted(found, key=lambda one: (not one.code, one.date or date.min))


def _document(row):
    names = CheckedDocument.__dataclass_fields__
    return CheckedDocument(**{name: row[name] for name in names if name in row})


def _take(document, other):
    if other:
        document.xero_total, document.xero_paid = other.total, other.paid
        document.xero_credited, document.xero_due = other.credited, other.due


def _only_there(row):
    document = CheckedDocument(
        row.document_id,
        None,
        row.number,
        row.date,
        row.due_date,
        *(None,) * 4,
        code="report_missing_here",
    )
    _take(document, row)
    return document


def _why(document, facts, other, today):
    is_later = (document.date or today) > today
    if other is None:
        return "report_future" if is_later else "report_missing_there"
    if document.our_due is None:
        return "report_not_converted"
    by = other.due - document.our_due
    if abs(by) < CENT and abs(other.total - document.our_total) < CENT:
        return None
    if facts["settled_later"] and abs(abs(by) - facts["settled_later"]) < CENT:
        return "report_future"
    if facts["is_foreign"] and abs(by) < 0.01 + CENT:
        return "report_cents"
    return "report_differs"


def _ours(contact, named, today, now):
    """The documents that are open here or that the report names, in base currency."""
    connection = contact.connection_id
    return contact.env.execute_query_dict(
        SQL(
            """
            SELECT t.id AS transaction_id, t.xero_id, t.number, t.date, t.due_date,
                   t.base_total::float AS our_total,
                   (t.base_total / NULLIF(t.total, 0) * settled.paid)::float
                        AS our_paid,
                   (t.base_total / NULLIF(t.total, 0) * settled.credited)::float
                        AS our_credited,
                   CASE WHEN l.transaction_id IS NULL THEN 0 ELSE l.base_open END::float
                        AS our_due,
                   l.transaction_id IS NOT NULL AS is_open,
                   t.currency_code IS DISTINCT FROM %(base)s AS is_foreign,
                   abs(t.base_total / NULLIF(t.total, 0) * settled.later)::float
                        AS settled_later
              FROM xero_transaction t
              LEFT JOIN (%(ledger)s) AS l ON l.transaction_id = t.id
             CROSS JOIN LATERAL (
                SELECT COALESCE(sum(a.amount) FILTER (WHERE a.kind != 'credit'), 0)
                            AS paid,
                       COALESCE(sum(a.amount) FILTER (WHERE a.kind = 'credit'), 0)
                            AS credited,
                       sum(a.amount) FILTER (WHERE a.date > %(today)s) AS later
                  FROM xero_allocation a
                 WHERE (t.kind = 'invoice' AND a.invoice_id = t.id)
                    OR (t.kind != 'invoice' AND a.transaction_id = t.id)
             ) AS settled
             WHERE t.connection_id = %(connection)s
               AND (l.transaction_id IS NOT NULL OR t.xero_id = ANY(%(named)s))
             ORDER BY t.date, t.id
            """,
            base=connection.base_currency or "",
            ledger=open_documents(connection, contacts=contact.ids, now=now),
            today=today,
            connection=connection.id,
            named=named,
        )
    )
