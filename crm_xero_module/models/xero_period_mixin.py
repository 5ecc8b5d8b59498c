# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain

from ..services.sales.lists import PERIODS, dated_in


class XeroPeriodMixin(models.AbstractModel):
    """Rows with `connection_id` and `date`, searched by the organisation's periods."""

    _name = "xero.period.mixin"
    _description = "Periods of a Xero Organisation"

    period = fields.Selection(
        [
            ("this_month", "This month"),
            ("last_month", "Last month"),
            ("this_year", "This financial year"),
            ("last_year", "Last financial year"),
        ],
        store=False,
        search="_search_period",
        help="To search by, in the organisation's own days.",
    )

    def _search_period(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(dated_in(self.env, name) for name in value if name in PERIODS)
