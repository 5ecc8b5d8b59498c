# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroAllocation(models.Model):
    """What settles a transaction on a day: a payment, a refund, or a credit that was
    allocated to an invoice.

    | kind    | transaction_id  | invoice_id               |
    |---------|-----------------|--------------------------|
    | payment | the invoice     | the invoice              |
    | credit  | the credit      | the invoice it settled   |
    | refund  | the credit      | none                     |

    So what settled an invoice has it in `invoice_id`, and what became of a credit has
    it in `transaction_id`. Amounts are positive, in the document's currency. The day
    of an allocation stands on the credit only, which is why it is kept with the
    credit.
    """

    _name = "xero.allocation"
    _description = "Xero Payment or Allocation"
    _order = "date, id"
    _log_access = False

    transaction_id = fields.Many2one(
        "xero.transaction", required=True, index=True, ondelete="cascade"
    )
    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection(
        [("payment", "Payment"), ("credit", "Credit"), ("refund", "Refund")],
        required=True,
    )
    xero_id = fields.Char(help="PaymentID or AllocationID.")
    invoice_xero_id = fields.Char(help="InvoiceID that a credit went to.")
    invoice_id = fields.Many2one(
        "xero.transaction",
        index="btree_not_null",
        ondelete="set null",
        help="Empty while the invoice has not come.",
    )
    date = fields.Date()
    reference = fields.Char()
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    amount = fields.Monetary(aggregator=None)

    _orphan_idx = models.Index(
        "(connection_id, invoice_xero_id) WHERE invoice_id IS NULL"
        " AND invoice_xero_id IS NOT NULL"
    )
