# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

# Unlinked companies and individuals, at least one of whose opportunities was won.
USUAL_NEW_CUSTOMERS = [
    ("parent_id", "=", False),
    "|",
    ("opportunity_ids.stage_id.is_won", "=", True),
    ("child_ids.opportunity_ids.stage_id.is_won", "=", True),
]


class XeroConnection(models.Model):
    """Which way data goes, and what of the CRM may go to Xero."""

    _inherit = "xero.connection"

    with_writing = fields.Boolean(
        string="Create and update customers",
        help="Lets people create customers in Xero, and changes go there.",
    )
    with_invoicing = fields.Boolean(
        string="Draft invoices",
        help="Lets people make a draft invoice in Xero from an opportunity.",
    )
    direction = fields.Selection(
        [("from_xero", "From Xero"), ("both", "Both ways")],
        default="from_xero",
        required=True,
        copy=False,
        help="Both ways: new customers of the CRM go to Xero by themselves, and so do"
        " changes of the fields that an import sends back.",
    )
    new_customers = fields.Char(
        string="New customers that go",
        default=lambda self: repr(USUAL_NEW_CUSTOMERS),
        copy=False,
        help="Of those that are not linked yet.",
    )
    new_customers_since = fields.Datetime(
        string="Made since",
        copy=False,
        help="Customers that are older do not go by themselves; empty: all.",
    )
    new_customers_delay = fields.Integer(
        string="Wait (hours)",
        default=1,
        help="Nobody has changed the customer for so long: whoever enters it may"
        " still be typing.",
    )
    changes_seen_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Customers changed before were looked at for what goes to Xero.",
    )
    outbox_count = fields.Integer(string="Outbox", compute="_compute_outbox_count")

    def _compute_outbox_count(self):
        counts = self._count_by_connection(
            "xero.outbox", [("state", "in", ("waiting", "answered", "failed"))]
        )
        for connection in self:
            connection.outbox_count = counts.get(connection, 0)
