# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

from ..services.sales.lists import listed
from ..services.sales.sold import SIGN, SOLD


class XeroSaleReport(models.Model):
    """What was sold: the lines of invoices less those of credit notes, without tax.

    One record is a line of a document that lists show; of a document without lines,
    the document. Quantities and amounts of credit notes are negative. Amounts are in
    the organisation's base currency.
    """

    _name = "xero.sale.report"
    _inherit = ["xero.one.currency.mixin", "xero.period.mixin"]
    _description = "Xero Sales by Product"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "transaction_id"
    _empty_is_unknown = True
    # The mirror itself is written by SQL, at once.
    _depends = {
        "res.partner": ["complete_name", "user_id"],
        "xero.connection": ["sales_since", "show_drafts"],
        "xero.contact": ["partner_id"],
        "xero.item": ["product_id"],
    }

    transaction_id = fields.Many2one("xero.transaction", string="Document")
    connection_id = fields.Many2one("xero.connection", string="Organisation")
    company_id = fields.Many2one("res.company")
    kind = fields.Selection(
        [("invoice", "Invoice"), ("credit_note", "Credit note")], string="Document is"
    )
    date = fields.Date()
    contact_id = fields.Many2one("xero.contact", string="Customer in Xero")
    partner_id = fields.Many2one("res.partner", string="Linked Customer")
    customer_name = fields.Char(
        string="Customer", help="The linked customer; else the name that Xero gives."
    )
    user_id = fields.Many2one("res.users", string="Salesperson")
    item_id = fields.Many2one("xero.item", string="Product in Xero")
    product_id = fields.Many2one("product.template", string="Linked Product")
    product_name = fields.Char(
        string="Product", help="As Xero names it; empty where a line has no item."
    )
    description = fields.Text()
    currency_code = fields.Char(string="Currency of the Document")
    base_currency_id = fields.Many2one("res.currency")
    quantity = fields.Float(digits=(16, 2))
    base_net = fields.Monetary(string="Untaxed", currency_field="base_currency_id")
    document_count = fields.Integer(string="Documents", aggregator="count_distinct")
    is_converted = fields.Boolean(
        string="Converted", help="Its amount in the base currency is known."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT COALESCE(l.id, -t.id) AS id, t.id AS transaction_id,
                   t.connection_id, t.company_id, t.kind, t.date, t.contact_id,
                   t.currency_code, t.base_currency_id, t.id AS document_count,
                   c.partner_id, p.user_id, l.item_id, i.product_id, l.description,
                   COALESCE(p.complete_name, t.contact_name) AS customer_name,
                   COALESCE(i.name, i.code, l.item_code) AS product_name,
                   %(sign)s * l.quantity AS quantity,
                   CASE WHEN l.id IS NULL THEN t.base_sub_total ELSE l.base_net END
                       AS base_net,
                   t.base_sub_total IS NOT NULL AS is_converted
              FROM xero_transaction t
              LEFT JOIN xero_transaction_line l ON l.transaction_id = t.id
              LEFT JOIN xero_item i ON i.id = l.item_id
              LEFT JOIN xero_contact c ON c.id = t.contact_id
              LEFT JOIN res_partner p ON p.id = c.partner_id
             WHERE %(shown)s
            """,
            sign=SIGN,
            shown=self._shown("t"),
        )

    def _shown(self, alias):
        """The SQL condition of the documents that were sold and are listed."""
        documents = self.env["xero.transaction"]
        query = Query(self.env, alias, SQL.identifier(documents._table))
        domain = (SOLD & listed(self.env)).optimize_full(documents)
        return domain._to_sql(documents, alias, query)

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.transaction",
            "res_id": self.transaction_id.id,
            "views": [(False, "form")],
        }
