# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..services.sales.days import today_of
from ..services.sales.sold import SOLD


class DigestDigest(models.Model):
    """What was sold in Xero, and what is overdue there.

    A digest tells amounts in its company's currency: only organisations that keep
    their books in it count. Without one, the digest leaves the figure out.
    """

    _inherit = "digest.digest"

    kpi_xero_sales = fields.Boolean(
        string="Sales in Xero",
        help="Untaxed, by the documents' dates, less credit notes; of the organisations"
        " whose books are in the company's currency.",
    )
    kpi_xero_sales_value = fields.Monetary(compute="_compute_kpi_xero_sales_value")
    kpi_xero_overdue = fields.Boolean(
        string="Overdue in Xero",
        help="At the end of the period, compared with its beginning; of the"
        " organisations whose books are in the company's currency.",
    )
    kpi_xero_overdue_value = fields.Monetary(compute="_compute_kpi_xero_overdue_value")

    def _compute_kpi_xero_sales_value(self):
        first, last = self._xero_period()
        for digest in self:
            connections = digest._xero_connections()
            [[sales]] = self.env["xero.transaction"]._read_group(
                SOLD
                & Domain("connection_id", "in", connections.ids)
                & Domain("date", ">=", first)
                & Domain("date", "<", last),
                aggregates=["base_sub_total:sum"],
            )
            digest.kpi_xero_sales_value = sales

    def _compute_kpi_xero_overdue_value(self):
        _first, last = self._xero_period()
        for digest in self:
            digest.kpi_xero_overdue_value = sum(
                self._xero_overdue_on(connection, last)
                for connection in digest._xero_connections()
            )

    def _xero_overdue_on(self, connection, day):
        """What is overdue, as it is now or as it was kept at the end of an earlier day;
        0 where nothing was kept."""
        model, domain = "xero.customer.figures", []
        if day < today_of(connection):
            model, domain = "xero.receivable.snapshot", [("day", "=", day)]
        [[overdue]] = self.env[model]._read_group(
            [("connection_id", "=", connection.id), *domain],
            aggregates=["overdue:sum"],
        )
        return overdue

    def _xero_period(self):
        """The first day, and the one after the last; today where nobody asks for a
        period."""
        start, end, _companies = self._get_kpi_compute_parameters()
        return (fields.Date.to_date(day) or fields.Date.today() for day in (start, end))

    def _xero_connections(self):
        """The organisations that this digest adds up."""
        if not self.env.user.has_group("crm_xero_module.group_xero_user"):
            raise AccessError(self.env._("Xero's figures are for Xero users."))
        company = self.company_id or self.env.company
        connections = self.env["xero.connection"].search(
            [
                ("company_id", "=", company.id),
                ("base_currency", "=", company.currency_id.name),
            ]
        )
        if not connections:
            # The way in which a digest leaves a figure out.
            raise AccessError(
                self.env._(
                    "No organisation in Xero has its books in %(currency)s.",
                    currency=company.currency_id.name,
                )
            )
        return connections

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm_xero_module.xero_menu_root").id
        actions["kpi_xero_sales"] = (
            f"crm_xero_module.xero_transaction_action?menu_id={menu}"
        )
        actions["kpi_xero_overdue"] = (
            f"crm_xero_module.xero_receivable_action?menu_id={menu}"
        )
        return actions
