# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class XeroTransaction(models.Model):
    """The mirror of a sales invoice, credit note, overpayment or prepayment.

    Rows are written in bulk by SQL (`services/mirror/transactions.py`) and read only
    for everybody. Amounts of the document are Xero's own, positive also for credits.
    Amounts in the base currency (`base_…`) are signed, so that they add up: a credit
    is negative. They are empty while the direction of Xero's rates is not proven
    (`services/sales/rates.py`) and the document is in another currency.
    """

    _name = "xero.transaction"
    _description = "Xero Transaction"
    _order = "date desc, id desc"
    _rec_names_search = ["number", "reference", "contact_name"]
    _log_access = False

    connection_id = fields.Many2one(
        "xero.connection", string="Organisation", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection(
        [
            ("invoice", "Invoice"),
            ("credit_note", "Credit note"),
            ("overpayment", "Overpayment"),
            ("prepayment", "Prepayment"),
        ],
        required=True,
    )
    xero_id = fields.Char(string="Xero ID", required=True)
    number = fields.Char()
    reference = fields.Char()
    status = fields.Char(help="As Xero sent it, e.g. AUTHORISED or PAID.")
    contact_xero_id = fields.Char(help="ContactID that Xero names.")
    contact_name = fields.Char(string="Customer in Xero")
    contact_id = fields.Many2one(
        "xero.contact",
        string="Xero Contact",
        ondelete="set null",
        help="Whose it is; where Xero merged the contact, the one that is left.",
    )
    partner_id = fields.Many2one(
        related="contact_id.partner_id", string="Customer", store=False
    )
    user_id = fields.Many2one(
        related="contact_id.partner_id.user_id", string="Salesperson", store=False
    )
    date = fields.Date()
    due_date = fields.Date()
    expected_payment_date = fields.Date(string="Expected")
    fully_paid_on = fields.Date(string="Paid on")
    line_amount_types = fields.Char(help="Exclusive, Inclusive or NoTax.")
    currency_code = fields.Char(string="Currency in Xero")
    currency_id = fields.Many2one(
        "res.currency",
        help="Empty where Odoo has no currency of this code.",
    )
    currency_rate = fields.Float(digits=(16, 6), string="Rate")
    sub_total = fields.Monetary(string="Untaxed", aggregator=None)
    total_tax = fields.Monetary(string="Tax", aggregator=None)
    total = fields.Monetary(aggregator=None)
    amount_paid = fields.Monetary(string="Paid", aggregator=None)
    amount_credited = fields.Monetary(string="Credited", aggregator=None)
    open_amount = fields.Monetary(
        string="Due",
        aggregator=None,
        help="Of an invoice, what is due; of a credit, what is left of it.",
    )
    base_currency_id = fields.Many2one("res.currency")
    base_sub_total = fields.Monetary(
        string="Untaxed (base)", currency_field="base_currency_id"
    )
    base_total = fields.Monetary(
        string="Total (base)", currency_field="base_currency_id"
    )
    base_open = fields.Monetary(string="Due (base)", currency_field="base_currency_id")
    sent_to_contact = fields.Boolean(string="Sent")
    updated_at = fields.Datetime(string="Changed in Xero")
    read_at = fields.Datetime()
    digest = fields.Char(help="Of the record's bytes, as they came.")
    line_ids = fields.One2many("xero.transaction.line", "transaction_id")
    # Of an invoice, what settled it; of a credit, what it settled and what was paid
    # back of it.
    settlement_ids = fields.One2many("xero.allocation", "invoice_id")
    use_ids = fields.One2many("xero.allocation", "transaction_id")

    _connection_xero_id_uniq = models.Constraint(
        "UNIQUE (connection_id, xero_id)", "A Xero transaction is mirrored once."
    )
    _contact_idx = models.Index("(contact_id, date)")
    _open_idx = models.Index(
        "(connection_id, contact_id) WHERE status = 'AUTHORISED' AND open_amount != 0"
    )
    _orphan_idx = models.Index(
        "(connection_id, contact_xero_id) WHERE contact_id IS NULL"
    )
    _unknown_currency_idx = models.Index(
        "(connection_id, currency_code) WHERE currency_id IS NULL"
    )

    @api.depends("number", "reference", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for transaction in self:
            name = transaction.number or kinds.get(transaction.kind)
            if not transaction.number and transaction.reference:
                name = f"{name} ({transaction.reference})"
            transaction.display_name = name
