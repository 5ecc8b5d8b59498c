# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import ConnectorError
from ..services.connector.client import ConnectorClient
from ..services.reasons import sentence
from ..services.xero.deep_links import document_url

# What Xero shows to the customer.
APPROVED = ("AUTHORISED", "PAID")
# Neither paths nor quotes, whatever number people gave it in Xero.
_NOT_IN_FILE_NAMES = re.compile(r"[^\w .()+-]+")


class XeroTransaction(models.Model):
    """What Xero has of a document beyond its figures, asked for when a person wants it.

    Nothing of it is kept, unless somebody attaches it.
    """

    _inherit = "xero.transaction"

    xero_url = fields.Char(string="In Xero", compute="_compute_xero_url")
    has_pdf = fields.Boolean(compute="_compute_has_documents")
    has_online = fields.Boolean(
        string="Has an online invoice", compute="_compute_has_documents"
    )

    @api.depends("kind", "xero_id", "contact_xero_id", "connection_id.short_code")
    def _compute_xero_url(self):
        for transaction in self:
            transaction.xero_url = document_url(
                transaction.connection_id.sudo().short_code,
                transaction.kind,
                transaction.xero_id,
                transaction.contact_xero_id,
            )

    @api.depends("kind", "status")
    def _compute_has_documents(self):
        for transaction in self:
            is_invoice = transaction.kind == "invoice"
            transaction.has_pdf = is_invoice and transaction.status != "DELETED"
            transaction.has_online = is_invoice and transaction.status in APPROVED

    def action_attach_pdf(self, model=None, res_id=None):
        """Attach the PDF to a record, by default to its customer."""
        self.ensure_one()
        # Its customer is known to more people than the document is.
        self.check_access("read")
        record = self.env[model].browse(res_id) if model else self.partner_id
        if not record:
            raise UserError(
                self.env._(
                    "It is no customer's in the CRM yet: link “%(contact)s” to one"
                    " first.",
                    contact=self.customer_name,
                )
            )
        record.check_access("write")
        name = self._pdf_name()
        self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": self._pdf(),
                "mimetype": "application/pdf",
                "res_model": record._name,
                "res_id": record.id,
            }
        )
        return self.env["xero.connection"]._notify(
            "success",
            self.env._(
                "“%(name)s” is attached to %(record)s.",
                name=name,
                record=record.display_name,
            ),
        )

    def _pdf(self):
        """The invoice's PDF as Xero renders it now, in bytes.

        :raise UserError: there is none, or the connector did not give it
        """
        self.ensure_one()
        if not self.has_pdf:
            raise UserError(self.env._("Xero's PDF can be had of invoices only."))
        return self._ask(lambda client, ids: client.get_invoice_pdf(**ids))

    def _online_url(self):
        """Where the customer sees the invoice at Xero.

        :raise UserError: there is no such page, or the connector did not give it
        """
        self.ensure_one()
        url = self.has_online and self._ask(
            lambda client, ids: client.get_online_url(**ids)
        )
        if not url:
            raise UserError(
                self.env._(
                    "There is no online invoice: Xero makes one once an invoice is"
                    " approved. Approve it in Xero, then sync again."
                )
            )
        return url

    def _ask(self, question):
        connection = self.connection_id.sudo()
        if not connection.connector_ref:
            raise UserError(sentence(self.env, "not_connected"))
        ids = {"connection": connection.connector_ref, "invoice": self.xero_id}
        try:
            with ConnectorClient.from_env(self.env) as client:
                return question(client, ids)
        except ConnectorError as error:
            raise UserError(connection._explain(error)) from error

    def _pdf_name(self):
        number = _NOT_IN_FILE_NAMES.sub("_", self.number or "").strip(" ._")
        return f"{number[:100] or self.env._('invoice')}.pdf"
