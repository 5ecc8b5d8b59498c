# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroAgedMixin(models.AbstractModel):
    """What is owed, by how long it is overdue, in the base currency.

    Invoices stand under their age; what is left of credits stands by itself, negative,
    as it lessens what is owed and not what is overdue. `outstanding` is the sum.
    """

    _name = "xero.aged.mixin"
    _inherit = "xero.one.currency.mixin"
    _description = "Aged Amounts of Xero"

    base_currency_id = fields.Many2one("res.currency")
    current = fields.Monetary(currency_field="base_currency_id", string="Not due")
    days_1_30 = fields.Monetary(currency_field="base_currency_id", string="1–30 days")
    days_31_60 = fields.Monetary(currency_field="base_currency_id", string="31–60 days")
    days_61_90 = fields.Monetary(currency_field="base_currency_id", string="61–90 days")
    days_over_90 = fields.Monetary(
        currency_field="base_currency_id", string="Over 90 days"
    )
    credits = fields.Monetary(
        currency_field="base_currency_id",
        help="What is left of credit notes, over- and prepayments; negative.",
    )
    outstanding = fields.Monetary(currency_field="base_currency_id")
    overdue = fields.Monetary(currency_field="base_currency_id")
