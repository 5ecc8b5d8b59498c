# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..services.sales.ledger import aged_sums, is_overdue, open_documents

# The context's key of the day that is shown, an ISO date; each organisation's own
# today without it.
DAY = "xero_day"


class XeroReceivable(models.Model):
    """What a Xero contact owes on a day, in one currency.

    No table: the ledger of that day, added up. A row is named by the first of the
    documents in it. Only organisations of the allowed companies are asked.
    """

    _name = "xero.receivable"
    _inherit = ["xero.aged.mixin", "xero.totals.mixin"]
    _description = "Xero Receivable"
    _auto = False
    _order = "overdue desc, outstanding desc, name, id"
    _left_out_field = "unconverted"
    _depends = {
        "xero.connection": ["base_currency", "rate_direction", "timezone"],
        "xero.contact": ["name", "partner_id"],
        "res.partner": ["complete_name", "user_id"],
    }

    name = fields.Char(
        string="Customer", readonly=True, help="As in Odoo, or as in Xero."
    )
    connection_id = fields.Many2one(
        "xero.connection", string="Organisation", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    contact_id = fields.Many2one("xero.contact", string="Xero Contact", readonly=True)
    contact_xero_id = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="CRM Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    day = fields.Date(string="As of", readonly=True)
    currency_code = fields.Char(string="Currency", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", string="Currency in Odoo", readonly=True
    )
    document_outstanding = fields.Monetary(
        string="In its currency", aggregator=None, readonly=True
    )
    unconverted = fields.Monetary(
        string="Not converted",
        aggregator=None,
        readonly=True,
        help="What is in no sum, as no rate of Xero's is proven for it yet.",
    )
    oldest_due = fields.Date(
        string="Oldest due",
        readonly=True,
        aggregator="min",
        help="Due date of the oldest overdue invoice.",
    )
    overdue_days = fields.Integer(string="Days late", aggregator="max", readonly=True)
    open_count = fields.Integer(string="Open documents", readonly=True)
    overdue_count = fields.Integer(string="Overdue invoices", readonly=True)

    @property
    def _table_query(self):
        due = SQL("min(COALESCE(l.due_date, l.date)) FILTER (WHERE %s)", is_overdue())
        return SQL(
            """
            SELECT min(l.transaction_id) AS id, l.connection_id, l.company_id,
                   l.contact_id, l.base_currency_id, l.day, l.currency_code,
                   l.currency_id, min(t.contact_xero_id) AS contact_xero_id,
                   c.partner_id, p.user_id,
                   COALESCE(p.complete_name, c.name, min(t.contact_name)) AS name,
                   %(ages)s, sum(l.open) AS document_outstanding,
                   COALESCE(sum(l.open) FILTER (WHERE l.base_open IS NULL), 0)
                       AS unconverted,
                   %(due)s AS oldest_due, l.day - %(due)s AS overdue_days,
                   count(*) AS open_count,
                   count(*) FILTER (WHERE %(overdue)s) AS overdue_count
              FROM (%(ledger)s) AS l
              JOIN xero_transaction t ON t.id = l.transaction_id
              LEFT JOIN xero_contact c ON c.id = l.contact_id
              LEFT JOIN res_partner p ON p.id = c.partner_id
             GROUP BY l.connection_id, l.company_id, l.contact_id, l.base_currency_id,
                      l.day, l.currency_code, l.currency_id, c.id, p.id,
                      CASE WHEN l.contact_id IS NULL THEN t.contact_xero_id END
            """,
            ages=aged_sums(),
            due=due,
            overdue=is_overdue(),
            ledger=self._ledger(),
        )

    @api.model
    def _ledger(self):
        """SQL of the documents that were open on the day of the context."""
        connections = self.env["xero.connection"].sudo()
        allowed = connections.search([("company_id", "in", self.env.companies.ids)])
        return open_documents(allowed, self._day())

    @api.model
    def _day(self):
        return fields.Date.to_date(self.env.context.get(DAY) or None)

    @api.model
    def get_empty_list_help(self, help_message):
        if self.env["xero.transaction"].search_count([], limit=1):
            title = self.env._("Nothing of this search is open on that day")
            advice = self.env._("Choose another day, or take a filter away.")
        else:
            title = self.env._("No invoice of Xero is here yet")
            advice = self.env._(
                "Let sales come on the connection, then sync: what customers owe"
                " appears here by itself."
            )
        return Markup("<p class='o_view_nocontent_neutral_face'>%s</p><p>%s</p>") % (
            title,
            advice,
        )

    def action_open_documents(self):
        """The open documents behind the row, as of the same day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_receivable_document_action"
        )
        owner = (
            ("contact_id", "=", self.contact_id.id)
            if self.contact_id
            else ("contact_xero_id", "=", self.contact_xero_id)
        )
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": [
                ("connection_id", "=", self.connection_id.id),
                ("currency_code", "=", self.currency_code),
                owner,
            ],
            "context": {
                DAY: self.env.context.get(DAY) or False,
                "xero_in_base": self.currency_id == self.base_currency_id,
            },
        }

    @api.model
    def action_reconcile(self, _ids=None):
        """Compare an organisation's receivables with Xero's balances."""
        connections = self.env["xero.connection"]
        connections._require("group_xero_operator")
        # The one that was synced last; the screen lets people choose another.
        found = connections.search([], order="last_sync_at desc NULLS LAST", limit=1)
        if not found:
            raise UserError(self.env._("Connect to Xero first."))
        return found.action_reconcile()
