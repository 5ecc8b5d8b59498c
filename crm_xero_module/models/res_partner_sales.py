# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..services.sales import history
from ..services.sales.compared import compared
from ..services.sales.days import FinancialYear, today_of
from ..services.sales.shown import figures_of, partners_where

READERS = "crm_xero_module.group_xero_user"
# What a field of a partner shows of the figures: amounts, and counts of invoices.
AMOUNTS = {
    "xero_sales_this_year": "sales_this_year",
    "xero_owed": "outstanding",
    "xero_overdue": "overdue",
}
COUNTS = {
    "xero_invoice_count": "invoice_count",
    "xero_open_count": "open_count",
    "xero_overdue_count": "overdue_count",
}


class ResPartner(models.Model):
    """What a customer bought and owes by Xero; a person shows its company's.

    The numbers are of one base currency. Where a customer is in organisations of
    several, it is the company's own, else the first; `xero_amounts` has the others.
    They are no Monetary: those read their currency, which would be a query more.
    """

    _inherit = "res.partner"

    xero_currency = fields.Char(
        string="Currency in Xero",
        compute="_compute_xero_figures",
        groups=READERS,
        help="Code of the organisation's base currency.",
    )
    xero_sales_this_year = fields.Float(
        string="Sales in Xero",
        compute="_compute_xero_figures",
        search="_search_xero_sales_this_year",
        digits=(16, 2),
        aggregator=None,
        groups=READERS,
        help="This financial year, without tax.",
    )
    xero_owed = fields.Float(
        string="Owed in Xero",
        compute="_compute_xero_figures",
        search="_search_xero_owed",
        digits=(16, 2),
        aggregator=None,
        groups=READERS,
        help="What is open of invoices, less what is left of credits.",
    )
    xero_overdue = fields.Float(
        string="Overdue in Xero",
        compute="_compute_xero_figures",
        search="_search_xero_overdue",
        digits=(16, 2),
        aggregator=None,
        groups=READERS,
    )
    xero_overdue_days = fields.Integer(
        string="Days overdue in Xero",
        compute="_compute_xero_figures",
        groups=READERS,
        help="Of the oldest overdue invoice.",
    )
    xero_invoice_count = fields.Integer(
        string="Invoices in Xero", compute="_compute_xero_figures", groups=READERS
    )
    xero_open_count = fields.Integer(
        string="Open invoices in Xero",
        compute="_compute_xero_figures",
        search="_search_xero_open_count",
        groups=READERS,
        help="Of all currencies, those too that are not converted.",
    )
    xero_overdue_count = fields.Integer(
        string="Overdue invoices in Xero",
        compute="_compute_xero_figures",
        search="_search_xero_overdue_count",
        groups=READERS,
        help="Of all currencies, those too that are not converted.",
    )
    xero_amounts = fields.Json(
        string="Amounts in other currencies",
        compute="_compute_xero_figures",
        groups=READERS,
        help="{code, currency_id: the numbers' currency, beside: {field: {code:"
        " amount}}, what the numbers leave out}; empty without figures.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_xero_figures(self):
        figures = figures_of(self)
        own = self.env.company.currency_id.id
        for partner in self:
            partner.update(_numbers(figures.get(partner._origin.id, ()), own))

    def _search_xero_sales_this_year(self, operator, value):
        return self._search_xero_figure("sales_this_year", operator, value)

    def _search_xero_owed(self, operator, value):
        return self._search_xero_figure("outstanding", operator, value)

    def _search_xero_overdue(self, operator, value):
        return self._search_xero_figure("overdue", operator, value)

    def _search_xero_open_count(self, operator, value):
        return self._search_xero_figure("open_count", operator, value)

    def _search_xero_overdue_count(self, operator, value):
        return self._search_xero_figure("overdue_count", operator, value)

    def _search_xero_figure(self, figure, operator, value):
        """Partners one of whose organisations has such a figure, each in its own
        base currency. Who has no figures has 0."""
        # A field's groups keep nobody from searching by it.
        self.env["xero.connection"]._require("group_xero_user")
        how = compared(figure, operator, value)
        if not how:
            return NotImplemented
        operator, condition = how
        # The condition does not hold for 0, so rows of 0 need not be added up.
        among = SQL("f.%s != 0", SQL.identifier(figure))
        return [("id", operator, partners_where(self.env, condition, among))]

    def _xero_contacts(self):
        """The Xero contacts whose figures this customer shows, those that the reader
        may see: its company's, and those of the company's persons and branches."""
        self.ensure_one()
        return self.env["xero.contact"].search(
            [("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id)]
        )

    def action_open_xero_sales(self):
        """What it bought in Xero this financial year."""
        return self._xero_documents({"search_default_this_year": 1})

    def action_open_xero_owed(self):
        """What of its documents in Xero is open."""
        return self._xero_documents({"search_default_open": 1})

    def action_open_xero_invoices(self):
        """Its invoices in Xero."""
        return self._xero_documents({"search_default_invoices": 1})

    def _xero_documents(self, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_transaction_action"
        )
        domain = [("contact_id", "in", self._xero_contacts().ids)]
        return dict(
            action,
            display_name=self.env._(
                "Xero: %(customer)s", customer=self.commercial_partner_id.display_name
            ),
            domain=domain + [("is_listed", "=", True)],
            context=context,
        )

    def action_open_in_xero(self):
        """Open its contact in Xero itself, or the list of several."""
        contacts = self._xero_contacts()
        if len(contacts) == 1 and contacts.xero_url:
            return contacts.action_open_in_xero()
        return self.action_open_xero_contacts()

    # What the Xero tab asks for when it is opened

    def xero_linked_contacts(self, specification):
        """Its contacts in Xero, as `web_read` gives them."""
        self._check_xero_reader()
        return self._xero_contacts().web_read(specification)

    def xero_sheet(self):
        """The figures of each organisation, as `figures_of` has them, and the first
        and last days of the financial years that they are of."""
        self._check_xero_reader()
        figures = figures_of(self)[self.id]
        connections = self.env["xero.connection"].browse(
            [row["connection_id"] for row in figures]
        )
        return [
            {**row, **_years(connection)}
            for row, connection in zip(figures, connections, strict=True)
        ]

    def xero_sales_by_month(self):
        """See `history.sales_by_month`."""
        self._check_xero_reader()
        return history.sales_by_month(self._xero_contacts())

    def xero_most_bought(self):
        """See `history.most_bought`."""
        self._check_xero_reader()
        return history.most_bought(self._xero_contacts())

    def xero_last_invoices(self):
        """The last ten invoices that lists show, as the tab shows them."""
        self._check_xero_reader()
        invoices = history.last_invoices(self._xero_contacts())
        return [
            {
                "id": invoice.id,
                "name": invoice.display_name,
                "organisation": invoice.connection_id.display_name,
                "date": invoice.date,
                "due_date": invoice.due_date,
                "state": invoice.state,
                "state_name": invoice.state_name,
                "total": invoice.total,
                "open_amount": invoice.open_amount,
                "has_pdf": invoice.has_pdf,
                "currency_id": invoice.currency_id.id,
                "currency_code": invoice.currency_code,
            }
            for invoice in invoices
        ]

    def _check_xero_reader(self):
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_user")


def _numbers(figures, own_currency):
    """The values of a partner's fields.

    :param figures: of its organisations, as `figures_of` has them
    :param own_currency: id of the base currency to prefer
    """
    first = sorted(figures, key=lambda row: row["currency_id"] != own_currency)[:1]
    main = first[0]["currency_code"] if first else False
    shown = [row for row in figures if row["currency_code"] == main]
    beside = {field: _beside(figures, name, main) for field, name in AMOUNTS.items()}
    return {
        **{field: _sum(shown, name) for field, name in AMOUNTS.items()},
        **{field: _sum(figures, name) for field, name in COUNTS.items()},
        "xero_currency": main,
        "xero_amounts": bool(first)
        and {"code": main, "currency_id": first[0]["currency_id"], "beside": beside},
        "xero_overdue_days": max(
            (row["overdue_days"] or 0 for row in figures), default=0
        ),
    }


def _sum(figures, name):
    return sum(row[name] for row in figures)


def _beside(figures, name, main):
    """{currency code: amount} of a figure in other base currencies, and of what no
    base amount is known of."""
    amounts = {}
    for row in figures:
        if row["currency_code"] != main:
            _add(amounts, row["currency_code"], row[name])
        for code, unconverted in row["unconverted"].items():
            _add(amounts, code, unconverted.get(name))
    return amounts


def _add(amounts, code, amount):
    if amount:
        amounts[code] = round(amounts.get(code, 0.0) + amount, 2)


def _years(connection):
    today = today_of(connection)
    year = FinancialYear.of(connection, today)
    return {
        "today": today,
        "year_first": year.first,
        "last_first": year.last_first,
        "last_last": year.last_last,
        "last_same_day": year.last_same_day,
    }
