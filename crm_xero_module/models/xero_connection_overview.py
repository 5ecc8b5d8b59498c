# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from calendar import monthrange
from datetime import date, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

# Any year without 29 February: a financial year ends on the same day every year.
COMMON_YEAR = 2025


class XeroConnection(models.Model):
    """What the screens of a connection show beyond its own fields."""

    _inherit = "xero.connection"

    financial_year = fields.Char(
        compute="_compute_financial_year", help="Its first and its last day."
    )

    @api.depends("financial_year_end_day", "financial_year_end_month")
    @api.depends_context("lang")
    def _compute_financial_year(self):
        for connection in self:
            end = connection._financial_year_end()
            if not end:
                connection.financial_year = False
                continue
            first, last = (
                format_date(self.env, day, date_format="d MMMM")
                for day in (end + timedelta(days=1), end)
            )
            connection.financial_year = f"{first} – {last}"

    def _financial_year_end(self):
        month, day = self.financial_year_end_month, self.financial_year_end_day
        if not 1 <= month <= 12 or day < 1:
            return None
        return date(COMMON_YEAR, month, min(day, monthrange(COMMON_YEAR, month)[1]))

    @api.model
    def get_empty_list_help(self, help_message):
        """Say how to begin, to those who may, and whom to ask to the others."""
        if help_message:
            return super().get_empty_list_help(help_message)
        title = self.env._("See in Odoo what your customers are in Xero")
        lines = Markup("<p class='o_view_nocontent_smiling_face'>%s</p>") % title
        if not self.has_access("create"):
            return lines + Markup("<p>%s</p>") % self.env._(
                "Xero is not connected yet. Ask a Xero administrator to connect it."
            )
        return lines + Markup(
            "<p>%s</p><p><a type='action' class='btn btn-primary o_xero_start' "
            "name='crm_xero_module.xero_connection_action_new'>%s</a></p>"
        ) % (
            self.env._("Connect your organisation, and its customers come here."),
            self.env._("Connect to Xero"),
        )
