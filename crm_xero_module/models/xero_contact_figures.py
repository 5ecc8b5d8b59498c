# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..services.sales.compared import compared
from ..services.xero.deep_links import contact_url

AMOUNTS = ("sales_this_year", "outstanding", "overdue")
COUNTS = ("invoice_count", "open_count", "overdue_count")


class XeroContact(models.Model):
    """What a contact bought and owes, by the documents that are here.

    Xero's own balances (`receivable_…`) are of when the contact was last read.
    """

    _inherit = "xero.contact"

    sales_this_year = fields.Float(
        string="Sales this year",
        compute="_compute_figures",
        search="_search_sales_this_year",
        digits=(16, 2),
        aggregator=None,
        help="In the organisation's financial year, without tax.",
    )
    outstanding = fields.Float(
        string="Owed",
        compute="_compute_figures",
        search="_search_outstanding",
        digits=(16, 2),
        aggregator=None,
        help="What is open of invoices, less what is left of credits.",
    )
    overdue = fields.Float(
        compute="_compute_figures",
        search="_search_overdue",
        digits=(16, 2),
        aggregator=None,
    )
    oldest_due = fields.Date(
        string="Overdue since",
        compute="_compute_figures",
        help="Due date of the oldest overdue invoice.",
    )
    invoice_count = fields.Integer(string="Invoices", compute="_compute_figures")
    open_count = fields.Integer(
        string="Open Invoices", compute="_compute_figures", search="_search_open_count"
    )
    overdue_count = fields.Integer(
        string="Overdue Invoices",
        compute="_compute_figures",
        search="_search_overdue_count",
    )
    amounts = fields.Json(
        compute="_compute_figures",
        help="{code, currency_id: the numbers' currency, beside: {field: {code:"
        " amount}}, what no base amount is known of}; empty without figures.",
    )
    xero_url = fields.Char(compute="_compute_xero_url", help="Its page in Xero.")

    def _compute_figures(self):
        rows = self.env["xero.customer.figures"].search_fetch(
            [("contact_id", "in", self.ids), ("day", "!=", False)],
            [
                "contact_id",
                *AMOUNTS,
                *COUNTS,
                "oldest_due",
                "base_currency_id",
                "unconverted",
            ],
            order="id",
        )
        of_contact = rows.grouped("contact_id")
        for contact in self:
            row = of_contact.get(contact, rows.browse())
            for name in (*AMOUNTS, *COUNTS, "oldest_due"):
                contact[name] = row[name]
            contact.amounts = bool(row) and {
                "code": contact.connection_id.base_currency,
                "currency_id": row.base_currency_id.id,
                "beside": _beside(row.unconverted or {}),
            }

    def _search_sales_this_year(self, operator, value):
        return self._search_figure("sales_this_year", operator, value)

    def _search_outstanding(self, operator, value):
        return self._search_figure("outstanding", operator, value)

    def _search_overdue(self, operator, value):
        return self._search_figure("overdue", operator, value)

    def _search_open_count(self, operator, value):
        return self._search_figure("open_count", operator, value)

    def _search_overdue_count(self, operator, value):
        return self._search_figure("overdue_count", operator, value)

    def _search_figure(self, name, operator, value):
        """Contacts by a figure; who has none has 0."""
        how = compared(name, operator, value)
        if not how:
            return NotImplemented
        operator, condition = how
        self.env["xero.customer.figures"].flush_model()
        found = SQL(
            """
            SELECT figures.contact_id FROM xero_customer_figures figures
             WHERE figures.day IS NOT NULL AND %s
            """,
            condition,
        )
        return [("id", operator, found)]

    @api.depends("connection_id.short_code", "xero_id")
    def _compute_xero_url(self):
        for contact in self:
            code = contact.connection_id.short_code
            contact.xero_url = contact_url(code, contact.xero_id)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name not in (*AMOUNTS, *COUNTS):
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        figures = query.left_join(
            alias, "id", "xero_customer_figures", "contact_id", "figures"
        )
        amount = SQL.identifier(figures, field_name)
        return SQL("COALESCE(%s, 0) %s %s", amount, direction, nulls)

    def action_open_in_xero(self):
        """Open its page in Xero."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}

    def action_open_documents(self):
        """Its invoices, credit notes, over- and prepayments."""
        return self._documents({})

    def action_open_owed(self):
        """What of its documents is open."""
        return self._documents({"search_default_open": 1})

    def _documents(self, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_transaction_action"
        )
        domain = [("contact_id", "=", self.id), ("is_listed", "=", True)]
        name = self.env._("Xero: %(customer)s", customer=self.display_name)
        return dict(action, display_name=name, domain=domain, context=context)


def _beside(unconverted):
    """{field: {currency code: amount}} of a row's `unconverted`."""
    return {
        name: {
            code: amounts[name]
            for code, amounts in unconverted.items()
            if amounts.get(name)
        }
        for name in AMOUNTS
    }
