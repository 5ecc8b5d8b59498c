# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..services.sales.days import FinancialYear, today_of
from ..services.sales.ledger import AGES
from ..services.sales.overview import sales_overview

# What of the receivables a number of the card stands for.
_OWED = frozenset({*AGES, "credits", "outstanding", "overdue"})


class XeroConnection(models.Model):
    """What the organisation's card on the overview tells of its sales."""

    _inherit = "xero.connection"

    overview_sales = fields.Json(
        compute="_compute_overview_sales",
        help="See `services/sales/overview.py`; with `hint`, why there is nothing.",
    )

    @api.depends_context("lang")
    def _compute_overview_sales(self):
        cards = sales_overview(self)
        for connection in self:
            card = cards.get(connection.id)
            hint = not card and connection._sales_hint()
            connection.overview_sales = card or (hint and {"hint": hint})

    def _sales_hint(self):
        """Why no sales are shown and what to do; nothing before it is connected."""
        if self.state not in ("connected", "reconnect"):
            return False
        if not self.with_sales:
            return self.env._(
                "Sales do not come: “Sales” is not ticked under “What to sync”."
            )
        if "sales" in self._missing_features():
            # The connection's own note says it too, on its form.
            return self.consent_note
        if not self.last_sync_at:
            return self.env._(
                "What is owed to you and what you sold is here after the first sync."
            )
        return self.env._("No sales documents in Xero yet.")

    def action_open_overview(self, figure, month=None):
        """Open the records that a number of the card is the sum of.

        :param figure: a field of `xero.aged.mixin`, `sales_this_year`,
            `sales_same_days`, `sales_last_year`, or `month`
        :param month: its first day, in ISO 8601
        """
        self.ensure_one()
        self.check_access("read")
        if figure in _OWED:
            return self._open_owed(figure)
        today = today_of(self)
        year = FinancialYear.of(self, today)
        days = {
            "sales_this_year": (year.first, today),
            "sales_same_days": (year.last_first, year.last_same_day),
            "sales_last_year": (year.last_first, year.last_last),
        }
        if month:
            first = fields.Date.to_date(month)
            days["month"] = (first, first + relativedelta(months=1, days=-1))
        if figure not in days:
            raise UserError(self.env._("The overview has no such number."))
        return self._open_sold(*days[figure])

    def _open_owed(self, figure):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_receivable_action"
        )
        part = [] if figure == "outstanding" else [(figure, "!=", 0)]
        return dict(action, domain=[("connection_id", "=", self.id), *part], context={})

    def _open_sold(self, first, last):
        name = self.env._(
            "Sales %(first)s – %(last)s",
            first=format_date(self.env, first),
            last=format_date(self.env, last),
        )
        return self._open_sales(
            name,
            [
                ("connection_id", "=", self.id),
                ("kind", "in", ("invoice", "credit_note")),
                ("status", "in", ("AUTHORISED", "PAID")),
                ("date", ">=", first),
                ("date", "<=", last),
            ],
        )

    @api.model
    def _open_sales(self, name, domain):
        """The sales log of these documents alone."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_transaction_action"
        )
        return dict(action, name=name, domain=domain, context={})
