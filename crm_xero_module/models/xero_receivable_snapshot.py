# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroReceivableSnapshot(models.Model):
    """What a Xero contact owed at the end of a day, by currency and age.

    A row for each contact and document currency with something open, written in bulk
    (`services/sales/snapshots.py`) and never changed: it tells what was known then.
    """

    _name = "xero.receivable.snapshot"
    _inherit = "xero.aged.mixin"
    _description = "Xero Receivables of a Day"
    _order = "day desc, contact_id"
    _log_access = False

    connection_id = fields.Many2one(
        "xero.connection", string="Organisation", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    contact_id = fields.Many2one(
        "xero.contact", string="Xero Contact", index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="contact_id.partner_id", string="Customer")
    user_id = fields.Many2one(
        related="contact_id.partner_id.user_id", string="Salesperson"
    )
    day = fields.Date(required=True)
    currency_code = fields.Char(string="Currency in Xero")
    currency_id = fields.Many2one("res.currency")
    document_outstanding = fields.Monetary(string="In its currency", aggregator=None)

    # Also of what nobody knows whose it is, and in which currency.
    _day_uniq = models.UniqueIndex(
        "(connection_id, day, COALESCE(contact_id, 0), COALESCE(currency_code, ''))",
        "What a Xero contact owed on a day is kept once.",
    )
