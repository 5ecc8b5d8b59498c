# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroOutbox(models.Model):
    """One thing that is written to Xero: a record first, sent after the commit.

    The list of these is the audit of everything that was written: who, when, what,
    and what Xero answered. Nobody removes one by hand.
    """

    _name = "xero.outbox"
    _description = "Xero Outbox"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    connection_id = fields.Many2one(
        "xero.connection", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    kind = fields.Selection(
        [
            ("create_contact", "Create customer"),
            ("update_contact", "Update customer"),
            ("draft_invoice", "Draft invoice"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("answered", "Sent"),
            ("done", "Done"),
            ("failed", "Needs a person"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
        help="Sent: Xero has answered, and it is about to be taken over here.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    contact_id = fields.Many2one(
        "xero.contact",
        string="Xero Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    transaction_id = fields.Many2one(
        "xero.transaction",
        string="Xero Document",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    key = fields.Char(
        required=True,
        readonly=True,
        help="What the connector knows this by, however often it is sent.",
    )
    body = fields.Json(readonly=True, help="What is sent, in Xero's words.")
    shown = fields.Json(
        readonly=True,
        help="What is sent, in a person's words: a list of label, value and origin.",
    )
    attempts = fields.Integer(readonly=True)
    next_try_at = fields.Datetime(readonly=True)
    code = fields.Char(readonly=True, help="What keeps it from being done.")
    answer = fields.Json(
        readonly=True, help="What Xero answered: its messages, its record's id."
    )
    record = fields.Json(
        readonly=True,
        groups="base.group_no_one",
        help="Xero's record as it was answered, until it is in the mirror.",
    )
    read_at = fields.Datetime(readonly=True, help="When Xero answered.")
    is_automatic = fields.Boolean(
        string="By itself",
        readonly=True,
        help="Nobody asked for this one; it leaves the calls that are kept for people.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    done_at = fields.Datetime(readonly=True)

    _key_uniq = models.Constraint(
        "UNIQUE (key)", "Everything is sent under its own key."
    )
    _waiting_idx = models.Index(
        "(connection_id, next_try_at) WHERE state IN ('waiting', 'answered')"
    )
