"""An invoice on demand: as a PDF, and the page on which the customer sees it.

Source: developer.xero.com/documentation/api/accounting/invoices, retrieving an
invoice as PDF and retrieving the online invoice URL.
"""

import base64
import hashlib
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.pdf import one_page
from infra.xero_simulator.routing import Exchange
from infra.xero_simulator.values import Record, member, parts

_SHOWN_LINES = 40


def get_pdf(exchange: Exchange, found: Record | None) -> Response:
    if found is None:
        return refusals.not_found()
    pdf = one_page(_text(exchange.tenant.name, found))
    return Response(pdf, content_type="application/pdf")


def get_online_invoice(exchange: Exchange, found: Record | None) -> Response:
    """The page that anybody may open who has its address; a draft has none."""
    if found is None or not _is_public(found):
        return refusals.not_found()
    digest = hashlib.sha256(found["InvoiceID"].encode()).digest()
    token = base64.b32encode(digest).decode().rstrip("=")[:40]
    url = {"OnlineInvoiceUrl": f"https://in.xero.com/{token}"}
    return answer(exchange, "OnlineInvoices", [url])


def _is_public(invoice: Record) -> bool:
    return invoice.get("Type") == "ACCREC" and invoice.get("Status") != "DRAFT"


def _text(organisation: str, invoice: Record) -> list[str]:
    lines = parts(invoice, "LineItems")
    due = invoice.get("DueDateString") or ""
    return [
        organisation,
        f"Invoice {_shown(invoice.get('InvoiceNumber'))}",
        f"To {_shown(member(invoice, 'Contact.Name'))}",
        f"Date {str(invoice.get('DateString') or '')[:10]}, due {str(due)[:10]}",
        "",
        *(
            f"{_shown(line.get('Description'))}   {_shown(line.get('Quantity'))} x "
            f"{_shown(line.get('UnitAmount'))} = {_shown(line.get('LineAmount'))}"
            for line in lines[:_SHOWN_LINES]
        ),
        *(["and more"] if len(lines) > _SHOWN_LINES else []),
        "",
        f"Total {_shown(invoice.get('CurrencyCode'))} {_shown(invoice.get('Total'))}",
        f"Amount due {_shown(invoice.get('AmountDue'))}",
    ]


def _shown(value: Any) -> str:
    """A value in one line; without the digits that only a computer wants."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return " ".join(str("" if value is None else value).split())
