"""Single documents of an organisation, fetched from Xero while a person waits."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ..answers import OnlineUrlAnswer
from ..documentation import SINGLE_CALLS, refuses
from ..inputs import Id, ReportDay, XeroId
from ..observability import count
from ..services import Services
from .request import Request

_CONNECTION = "/v1/connections/<connection>"
_PDF: dict[int, Any] = {
    200: {
        "description": "The PDF, at most 4.5 MB.",
        "content": {"application/pdf": {}},
    }
}
_REPORT: dict[int, Any] = {
    200: {
        "description": "Xero's answer as it came, at most 2 MB.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"Reports": {"type": "array", "minItems": 1}},
                    "required": ["Reports"],
                }
            }
        },
    }
}
_NO_STORE = {"Cache-Control": "no-store"}


def document_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()
    documents = services.documents

    @router.get(f"{_CONNECTION}/invoices/<invoice>/pdf", responses=_PDF)
    @refuses(*SINGLE_CALLS, "record_unknown")
    def get_invoice_pdf(connection: Id, invoice: XeroId):
        """An invoice as a PDF, drawn by Xero at this moment."""
        pdf = documents.invoice_pdf(request.instance, connection, str(invoice))
        count("InvoicePdf")
        return Response(200, "application/pdf", pdf, headers=_NO_STORE)

    @router.get(f"{_CONNECTION}/invoices/<invoice>/online-url")
    @refuses(*SINGLE_CALLS)
    def get_online_url(connection: Id, invoice: XeroId) -> OnlineUrlAnswer:
        """Where the customer sees an invoice at Xero.

        It is secret in so far as whoever has it sees the invoice.
        """
        url = documents.online_url(request.instance, connection, str(invoice))
        count("OnlineUrl")
        return {"url": url}

    @router.get(f"{_CONNECTION}/contacts/<contact>/aged-receivables", responses=_REPORT)
    @refuses(*SINGLE_CALLS, "record_unknown", "report_not_allowed")
    def get_aged_receivables(connection: Id, contact: XeroId, date: ReportDay):
        """Xero's report AgedReceivablesByContact: what a contact owes as of a day."""
        report = documents.aged_receivables(
            request.instance, connection, str(contact), date
        )
        count("AgedReceivables")
        return Response(200, "application/json", report.decode(), headers=_NO_STORE)

    return router
