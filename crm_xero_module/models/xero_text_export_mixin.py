# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

# What a spreadsheet takes for a formula.
_FORMULA = ("=", "{=", "@")


class XeroTextExportMixin(models.AbstractModel):
    """Lists with texts that strangers wrote: in a file they stay texts.

    A customer may call itself =HYPERLINK(…), and Odoo writes such a name into an
    Excel file as a formula, which runs where the file is opened.
    """

    _name = "xero.text.export.mixin"
    _description = "List Whose Texts Are No Formulas"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        if not _is_toplevel_call:
            return rows
        return [[_as_text(value) for value in row] for row in rows]


def _as_text(value):
    is_formula = isinstance(value, str) and value.startswith(_FORMULA)
    return f"'{value}" if is_formula else value


class XeroAudit(models.Model):
    _name = "xero.audit"
    _inherit = ["xero.audit", "xero.text.export.mixin"]


class XeroContact(models.Model):
    _name = "xero.contact"
    _inherit = ["xero.contact", "xero.text.export.mixin"]


class XeroContactPerson(models.Model):
    _name = "xero.contact.person"
    _inherit = ["xero.contact.person", "xero.text.export.mixin"]


class XeroItem(models.Model):
    _name = "xero.item"
    _inherit = ["xero.item", "xero.text.export.mixin"]


class XeroTransaction(models.Model):
    _name = "xero.transaction"
    _inherit = ["xero.transaction", "xero.text.export.mixin"]


class XeroTransactionLine(models.Model):
    _name = "xero.transaction.line"
    _inherit = ["xero.transaction.line", "xero.text.export.mixin"]


class XeroReceivable(models.Model):
    _name = "xero.receivable"
    _inherit = ["xero.receivable", "xero.text.export.mixin"]


class XeroReceivableDocument(models.Model):
    _name = "xero.receivable.document"
    _inherit = ["xero.receivable.document", "xero.text.export.mixin"]


class XeroReceivableHistory(models.Model):
    _name = "xero.receivable.history"
    _inherit = ["xero.receivable.history", "xero.text.export.mixin"]


class XeroSaleReport(models.Model):
    _name = "xero.sale.report"
    _inherit = ["xero.sale.report", "xero.text.export.mixin"]


class XeroSyncLine(models.Model):
    _name = "xero.sync.line"
    _inherit = ["xero.sync.line", "xero.text.export.mixin"]


class XeroOutbox(models.Model):
    _name = "xero.outbox"
    _inherit = ["xero.outbox", "xero.text.export.mixin"]
