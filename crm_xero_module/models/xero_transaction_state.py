# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..services.sales.days import today_of
from ..services.sales.lists import converted, listed, states
from ..services.sales.sold import COUNTED

OTHER = "other"


class XeroTransaction(models.Model):
    """What a document is to people, and whether lists show it."""

    _name = "xero.transaction"
    _inherit = ["xero.transaction", "xero.one.currency.mixin", "xero.period.mixin"]

    _empty_is_unknown = True
    # The first page of the list, without sorting all documents; and documents of some
    # days. One index by date is enough: every index slows landing.
    _newest_idx = models.Index("(date DESC, id DESC)")

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Awaiting approval"),
            ("open", "Open"),
            ("overdue", "Overdue"),
            ("paid", "Paid"),
            ("voided", "Voided"),
            ("deleted", "Deleted"),
            (OTHER, "Other"),
        ],
        compute="_compute_state",
        search="_search_state",
        help="Overdue by the organisation's own day.",
    )
    state_name = fields.Char(
        string="State in Words",
        compute="_compute_state_name",
        help="The state in words; what Odoo does not know, as Xero says it.",
    )
    overdue_days = fields.Integer(
        string="Days Overdue", compute="_compute_overdue_days", aggregator=None
    )
    is_listed = fields.Boolean(
        compute="_compute_is_listed",
        search="_search_is_listed",
        help="As the connection's “Show sales since” and “Show drafts” have it.",
    )
    item_id = fields.Many2one(
        "xero.item",
        string="Product",
        store=False,
        search="_search_item_id",
        help="To search by: a product or service in its lines.",
    )
    customer_name = fields.Char(
        compute="_compute_customer_name",
        search="_search_customer_name",
        help="The linked customer; without one, the name that Xero gives.",
    )
    is_converted = fields.Boolean(
        compute="_compute_is_converted",
        search="_search_is_converted",
        help="Amounts in the base currency are known.",
    )
    is_counted = fields.Boolean(
        compute="_compute_is_counted",
        help="It is part of sums: neither draft nor void.",
    )
    rate_words = fields.Char(string="Rate in words", compute="_compute_rate_words")

    @api.depends("status", "open_amount", "kind", "due_date", "date", "connection_id")
    def _compute_state(self):
        self.state = OTHER
        for state, domain in states(self.env).items():
            self.filtered_domain(domain).state = state

    @api.depends("state", "status")
    @api.depends_context("lang")
    def _compute_state_name(self):
        names = dict(self._fields["state"]._description_selection(self.env))
        for transaction in self:
            known = transaction.state != OTHER
            name = names[transaction.state] if known else transaction.status
            transaction.state_name = name

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = states(self.env)
        other = [~Domain.OR(found.values())] if OTHER in value else []
        return Domain.OR([*(found[name] for name in value if name in found), *other])

    @api.depends("state")
    def _compute_overdue_days(self):
        self.overdue_days = 0
        overdue = self.filtered(lambda row: row.state == "overdue")
        for connection, rows in overdue.grouped("connection_id").items():
            today = today_of(connection.sudo())
            for row in rows:
                row.overdue_days = (today - (row.due_date or row.date)).days

    @api.depends("status", "open_amount", "date", "connection_id")
    def _compute_is_listed(self):
        self.is_listed = False
        self.filtered_domain(listed(self.env)).is_listed = True

    def _search_is_listed(self, operator, value):
        return self._search_flag(listed(self.env), operator, value)

    def _search_item_id(self, operator, value):
        return Domain("line_ids.item_id", operator, value)

    @api.depends("contact_id.partner_id", "contact_name")
    def _compute_customer_name(self):
        for transaction in self:
            contact = transaction.sudo().contact_id
            transaction.customer_name = (
                contact.partner_id.display_name
                or transaction.contact_name
                or contact.name
            )

    def _search_customer_name(self, operator, value):
        if operator not in ("in", "ilike", "=ilike"):
            return NotImplemented
        linked = Domain("partner_id.complete_name", operator, value)
        named = Domain("contact_name", operator, value)
        if operator == "in":
            # Exactly those of a group by this name.
            return linked | Domain("partner_id", "=", False) & named
        return linked | named

    @api.depends("currency_code", "currency_rate", "connection_id")
    def _compute_is_converted(self):
        self.is_converted = False
        self.filtered_domain(converted(self.env)).is_converted = True

    def _search_is_converted(self, operator, value):
        return self._search_flag(converted(self.env), operator, value)

    def _search_flag(self, domain, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.depends("status")
    def _compute_is_counted(self):
        for transaction in self:
            transaction.is_counted = transaction.status in COUNTED

    @api.depends("currency_code", "currency_rate", "connection_id")
    @api.depends_context("lang")
    def _compute_rate_words(self):
        for transaction in self:
            transaction.rate_words = transaction._rate_in_words()

    def _rate_in_words(self):
        connection = self.connection_id.sudo()
        base, code = connection.base_currency, self.currency_code
        if not self.currency_rate or not code or code == base:
            return False
        rate = f"{self.currency_rate:.6f}".rstrip("0").rstrip(".")
        values = {"base": base, "code": code, "rate": rate}
        if connection.rate_direction == "divide":
            return self.env._("1 %(base)s = %(rate)s %(code)s", **values)
        if connection.rate_direction == "multiply":
            return self.env._("1 %(code)s = %(rate)s %(base)s", **values)
        return self.env._(
            "%(rate)s; what it means is not proven yet, so nothing is converted",
            **values,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """State and customer as SQL, so that lists can be grouped by them."""
        if query is not None and field_expr == "state":
            return self._state_sql(alias, query)
        if query is not None and field_expr == "customer_name":
            return self._customer_sql(alias, query)
        return super()._field_to_sql(alias, field_expr, query)

    def _counted_sql(self, query):
        """Drafts and voided documents are listed, and count nothing."""
        return SQL(
            "FILTER (WHERE %s IN %s)",
            self._field_to_sql(self._table, "status", query),
            COUNTED,
        )

    def _state_sql(self, alias, query):
        cases = [
            SQL("WHEN %s THEN %s", domain._to_sql(self, alias, query), state)
            for state, domain in (
                (state, domain.optimize_full(self))
                for state, domain in states(self.env).items()
            )
        ]
        return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), OTHER)

    def _customer_sql(self, alias, query):
        contacts, contact = self._fields["contact_id"].join(self.sudo(), alias, query)
        partners, partner = contacts._fields["partner_id"].join(
            contacts, contact, query
        )
        return SQL(
            "COALESCE(%s, %s)",
            partners._field_to_sql(partner, "complete_name", query),
            self._field_to_sql(alias, "contact_name", query),
        )
