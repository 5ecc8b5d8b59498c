# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from .xero_one_currency_mixin import SUMS


class XeroReceivableHistory(models.Model):
    """The snapshots of receivables, one row for each day, customer, currency and age.

    No table: the snapshots, turned so that graphs can stack the ages. What was owed on
    one day is no addition to what was owed on another: over several days a sum is that
    of the last of them.
    """

    _name = "xero.receivable.history"
    _inherit = "xero.one.currency.mixin"
    _description = "Xero Receivables over Time"
    _auto = False
    _order = "day desc, amount desc, id"
    _rec_name = "contact_id"
    _depends = {
        "xero.contact": ["partner_id"],
        "res.partner": ["user_id"],
    }

    day = fields.Date(readonly=True)
    connection_id = fields.Many2one(
        "xero.connection", string="Organisation", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    contact_id = fields.Many2one("xero.contact", string="Xero Contact", readonly=True)
    partner_id = fields.Many2one("res.partner", string="CRM Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    currency_code = fields.Char(string="Currency", readonly=True)
    age = fields.Selection(
        [
            ("0_current", "Not due"),
            ("1_30", "1–30 days"),
            ("31_60", "31–60 days"),
            ("61_90", "61–90 days"),
            ("91_over", "Over 90 days"),
            ("99_credits", "Credits"),
        ],
        readonly=True,
    )
    is_overdue = fields.Boolean(string="Overdue", readonly=True)
    base_currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(currency_field="base_currency_id", readonly=True)

    @property
    def _table_query(self):
        return """
            SELECT s.id * 6 + a.position AS id, s.day, s.connection_id, s.company_id,
                   s.contact_id, c.partner_id, p.user_id, s.currency_code, a.age,
                   a.position BETWEEN 1 AND 4 AS is_overdue, s.base_currency_id,
                   a.amount
              FROM xero_receivable_snapshot s
              LEFT JOIN xero_contact c ON c.id = s.contact_id
              LEFT JOIN res_partner p ON p.id = c.partner_id
             CROSS JOIN LATERAL (VALUES
                    (0, '0_current', s.current),
                    (1, '1_30', s.days_1_30),
                    (2, '31_60', s.days_31_60),
                    (3, '61_90', s.days_61_90),
                    (4, '91_over', s.days_over_90),
                    (5, '99_credits', s.credits)
                 ) AS a(position, age, amount)
             WHERE a.amount != 0
        """

    def _read_group_select(self, aggregate_spec, query):
        name, _separator, function = aggregate_spec.partition(":")
        if name != "amount" or function not in SUMS:
            return super()._read_group_select(aggregate_spec, query)
        column = {
            name: self._field_to_sql(self._table, name, query)
            for name in ("amount", "day", "base_currency_id")
        }
        return SQL(
            """
            CASE WHEN COUNT(DISTINCT COALESCE(%(currency)s, 0)) = 1 THEN (
                SELECT sum(each.amount)
                  FROM unnest(array_agg(%(amount)s), array_agg(%(day)s))
                    AS each(amount, day)
                 WHERE each.day = max(%(day)s)
            ) END
            """,
            currency=column["base_currency_id"],
            amount=column["amount"],
            day=column["day"],
        )
