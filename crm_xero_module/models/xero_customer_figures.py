# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroCustomerFigures(models.Model):
    """The figures of one Xero contact, in the organisation's base currency.

    Recomputed by one SQL (`services/sales/figures.py`) for those that are `stale`, and
    for all where the organisation's day has changed.
    """

    _name = "xero.customer.figures"
    _inherit = "xero.aged.mixin"
    _description = "Xero Customer Figures"
    _order = "contact_id"
    _log_access = False

    connection_id = fields.Many2one(
        "xero.connection", string="Organisation", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    contact_id = fields.Many2one("xero.contact", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="contact_id.partner_id", string="Customer")
    day = fields.Date(help="The organisation's day that the figures are of.")
    stale = fields.Boolean(help="Something changed since.")
    oldest_due = fields.Date(
        string="Overdue since", help="Due date of the oldest overdue invoice."
    )
    open_count = fields.Integer(string="Open Invoices")
    overdue_count = fields.Integer(string="Overdue Invoices")
    invoice_count = fields.Integer(string="Invoices")
    sales_this_year = fields.Monetary(
        currency_field="base_currency_id",
        help="Invoices less credit notes, untaxed, from the first day of the financial"
        " year to today.",
    )
    sales_last_year = fields.Monetary(
        currency_field="base_currency_id", help="Of the whole financial year."
    )
    sales_same_days = fields.Monetary(
        string="Same days last year",
        currency_field="base_currency_id",
        help="Of last year's days up to today's, to compare this year with.",
    )
    last_purchase = fields.Date()
    days_to_pay = fields.Float(
        digits=(16, 1),
        help="Mean days from invoice to payment, of invoices paid in the last 365"
        " days; empty (0 with no paid invoice) where there is none.",
    )
    paid_count = fields.Integer(help="How many invoices `days_to_pay` is the mean of.")
    unconverted = fields.Json(
        help="What no base amount is known of, by currency code:"
        " {code: {outstanding, overdue, sales_this_year, sales_last_year}}."
    )
    overdue_told = fields.Date(
        help="When a salesperson was told that it is overdue; empty once it no longer"
        " is."
    )

    _contact_uniq = models.Constraint(
        "UNIQUE (contact_id)", "A Xero contact has one set of figures."
    )
    _day_idx = models.Index("(connection_id, day)")
    _stale_idx = models.Index("(connection_id) WHERE stale")
