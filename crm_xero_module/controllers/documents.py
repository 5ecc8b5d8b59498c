# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

# What Odoo could not get from the connector or Xero.
NO_ANSWER = 502


class XeroDocuments(http.Controller):
    """An invoice's PDF and its page for the customer, passed on and kept nowhere."""

    @http.route(
        "/xero/transactions/<int:transaction_id>/pdf",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def pdf(self, transaction_id, download=None):
        """The PDF, to be shown; with `download` to be saved."""
        transaction = self._transaction(transaction_id)
        try:
            content = transaction._pdf()
        except UserError as error:
            return self._refuse(error, transaction)
        kind = "attachment" if download else "inline"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                (
                    "Content-Disposition",
                    content_disposition(transaction._pdf_name(), kind),
                ),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @http.route(
        "/xero/transactions/<int:transaction_id>/online",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def online(self, transaction_id):
        """Lead to the page at Xero that the customer sees."""
        transaction = self._transaction(transaction_id)
        try:
            url = transaction._online_url()
        except UserError as error:
            return self._refuse(error, transaction)
        response = request.redirect(url, local=False)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _transaction(self, transaction_id):
        transaction = request.env["xero.transaction"].search(
            [("id", "=", transaction_id)]
        )
        if not transaction:
            raise request.not_found()
        return transaction

    def _refuse(self, error, transaction):
        """What happened, as a page for a person and as a text for the viewer."""
        if "text/html" in request.httprequest.headers.get("Accept", ""):
            return request.render(
                "crm_xero_module.document_refused",
                {"message": str(error), "transaction": transaction},
                status=NO_ANSWER,
            )
        return request.make_response(
            str(error),
            headers=[
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
            status=NO_ANSWER,
        )
