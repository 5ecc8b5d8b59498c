# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL


class XeroReceivableDocument(models.Model):
    """A document of Xero's that is open on a day, with what was open of it then.

    No table: the ledger of the day of the context (see `xero.receivable`). The id is
    that of the transaction.
    """

    _name = "xero.receivable.document"
    _inherit = "xero.totals.mixin"
    _description = "Xero Open Document"
    _auto = False
    _order = "due_date, date, id"
    _rec_name = "number"
    _left_out_field = "unconverted"
    _depends = {
        "xero.connection": ["base_currency", "rate_direction", "timezone"],
        "xero.contact": ["name", "partner_id"],
        "res.partner": ["complete_name", "user_id"],
    }

    transaction_id = fields.Many2one("xero.transaction", readonly=True)
    kind = fields.Selection(
        lambda self: self.env["xero.transaction"]._fields["kind"].selection,
        readonly=True,
    )
    number = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    name = fields.Char(string="Customer", readonly=True)
    connection_id = fields.Many2one(
        "xero.connection", string="Organisation", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    contact_id = fields.Many2one("xero.contact", string="Xero Contact", readonly=True)
    contact_xero_id = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="CRM Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    day = fields.Date(string="As of", readonly=True)
    date = fields.Date(readonly=True)
    due_date = fields.Date(readonly=True)
    overdue_days = fields.Integer(string="Days late", aggregator="max", readonly=True)
    age = fields.Selection(
        [
            ("current", "Not due"),
            ("days_1_30", "1–30 days"),
            ("days_31_60", "31–60 days"),
            ("days_61_90", "61–90 days"),
            ("days_over_90", "Over 90 days"),
            ("credits", "Credits"),
        ],
        readonly=True,
    )
    currency_code = fields.Char(string="Currency", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", string="Currency in Odoo", readonly=True
    )
    total = fields.Monetary(aggregator=None, readonly=True)
    open = fields.Monetary(
        string="In its currency",
        aggregator=None,
        readonly=True,
        help="On that day; of a credit what was left, negative.",
    )
    base_currency_id = fields.Many2one("res.currency", readonly=True)
    base_open = fields.Monetary(
        string="Open",
        help="In the organisation's currency.",
        currency_field="base_currency_id",
        readonly=True,
    )
    unconverted = fields.Monetary(
        string="Not converted",
        aggregator=None,
        readonly=True,
        help="What is in no sum, as no rate of Xero's is proven for it yet.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.transaction_id AS id, l.*, t.number, t.reference, t.total,
                   t.contact_xero_id, c.partner_id, p.user_id,
                   COALESCE(p.complete_name, c.name, t.contact_name) AS name,
                   CASE WHEN l.base_open IS NULL THEN l.open ELSE 0 END AS unconverted,
                   CASE WHEN l.age NOT IN ('current', 'credits')
                        THEN l.day - COALESCE(l.due_date, l.date) END AS overdue_days
              FROM (%s) AS l
              JOIN xero_transaction t ON t.id = l.transaction_id
              LEFT JOIN xero_contact c ON c.id = l.contact_id
              LEFT JOIN res_partner p ON p.id = c.partner_id
            """,
            self.env["xero.receivable"]._ledger(),
        )

    def action_open_transaction(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.transaction",
            "res_id": self.id,
            "views": [[False, "form"]],
            "name": self.display_name,
        }
