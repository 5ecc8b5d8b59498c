# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..services.mirror.base_amounts import rewrite_base_amounts
from ..services.mirror.owners import touch_all_figures
from ..services.sales.rates import proven_direction

# What decides the day and the years of figures.
_DATES = ("financial_year_end_day", "financial_year_end_month", "timezone")
# What decides the amounts of documents, and so those of figures.
_CONVERTS = ("base_currency", "rate_direction")


class XeroConnection(models.Model):
    """What of the organisation its customers' figures depend on."""

    _inherit = "xero.connection"

    financial_year_end_day = fields.Integer(
        help="Of the financial years that figures are of; the month's last day where it"
        " is shorter. Without a day and a month, years end on 31 December."
    )
    rate_votes = fields.Json(
        readonly=True,
        copy=False,
        help="What customers' balances say of the direction of rates: {direction:"
        " weight, neither: how many}; empty where none can tell.",
    )
    rates_doubt = fields.Text(
        compute="_compute_rates_doubt",
        help="Why amounts in the base currency may be wrong or are missing.",
    )

    @api.depends("rate_votes", "rate_direction")
    @api.depends_context("lang")
    def _compute_rates_doubt(self):
        for connection in self:
            connection.rates_doubt = connection._doubt_rates()

    def _doubt_rates(self):
        votes = self.rate_votes
        if not votes:
            return False
        says = proven_direction(votes)
        if self.rate_direction == "unproven":
            return self.env._(
                "What customers owe in other currencies agrees with no way to read"
                " Xero's currency rates, so such amounts are not converted. Sync again;"
                " if it stays so, choose under “Organisation” what the rates are."
            )
        if not says or says == self.rate_direction:
            return False
        return self.env._(
            "Balances of customers in Xero contradict how currency rates are read, so"
            " converted amounts may be wrong. Compare one invoice in another currency"
            " with Xero, and choose under “Organisation” what the rates are."
        )

    @api.constrains("financial_year_end_day", "financial_year_end_month")
    def _check_financial_year_end(self):
        for connection in self:
            # 0 is what Xero did not say.
            if not (
                0 <= connection.financial_year_end_day <= 31
                and 0 <= connection.financial_year_end_month <= 12
            ):
                raise ValidationError(
                    self.env._(
                        "The financial year ends on a day from 1 to 31 of a month"
                        " from 1 to 12."
                    )
                )

    def write(self, vals):
        watched = [name for name in (*_DATES, *_CONVERTS) if name in vals]
        before = {row.id: {name: row[name] for name in watched} for row in self}
        result = super().write(vals)
        for row in self:
            changed = {name for name in watched if row[name] != before[row.id][name]}
            if changed.intersection(_CONVERTS):
                rewrite_base_amounts(row)
            elif changed:
                touch_all_figures(row)
        return result
