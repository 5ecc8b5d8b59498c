# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..services.mirror.base_amounts import rewrite_base_amounts

# What decides the day and the years of figures.
_DATES = ("financial_year_end_day", "financial_year_end_month", "timezone")
# What decides the amounts of documents, and so those of figures.
_CONVERTS = ("base_currency", "rate_direction")


class XeroConnection(models.Model):
    """What of the organisation its customers' figures depend on."""

    _inherit = "xero.connection"

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
                row._make_figures_stale()
        return result

    def _make_figures_stale(self):
        """Have all figures worked out again."""
        self.env["xero.customer.figures"].flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE xero_customer_figures SET stale = TRUE
                 WHERE connection_id = %s AND NOT stale
                RETURNING id
                """,
                self.id,
            )
        )
        self.env["xero.customer.figures"].invalidate_model(flush=False)
