# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroConnection(models.Model):
    """What of Xero's sales comes, and what lists show of it."""

    _inherit = "xero.connection"

    with_items = fields.Boolean(string="Items", default=True)
    with_sales = fields.Boolean(
        string="Sales",
        default=True,
        help="Sales invoices, credit notes, over- and prepayments. Bills never come.",
    )
    with_report = fields.Boolean(
        string="Xero's aged report",
        default=True,
        help="Lets “Reconcile” ask Xero for its own report of one customer.",
    )
    sales_since = fields.Date(
        string="Show sales since",
        help="Lists leave out what is older, unless something of it is still open."
        " Figures know it all the same.",
    )
    show_drafts = fields.Boolean(
        string="Show drafts", help="Also those that wait for approval in Xero."
    )
    granted_features = fields.Json(
        readonly=True,
        copy=False,
        help="What the Xero user allowed, as the connector tells it.",
    )
    rate_direction = fields.Selection(
        [
            ("unproven", "Not proven yet"),
            ("divide", "Units of the currency for one of base"),
            ("multiply", "Base for one unit of the currency"),
        ],
        string="Xero's currency rates are",
        default="unproven",
        required=True,
        copy=False,
        help="Found by comparing what is due with the balances that Xero gives in the"
        " base currency. Until then, amounts in other currencies are not converted.",
    )
    snapshot_day = fields.Date(
        readonly=True, copy=False, help="The last day of which receivables were kept."
    )

    def _wanted_features(self):
        """What a consent is asked for, in the connector's words."""
        wanted = ["contacts"]
        wanted += ["items"] if self.with_items else []
        wanted += ["sales"] if self.with_sales else []
        wanted += ["report"] if self.with_report else []
        return wanted

    def _synced_features(self):
        """What a sync reads: what is wanted and was allowed. Who connected before
        sales were wanted goes on with contacts until the next consent."""
        granted = set(self.granted_features or [])
        wanted = [name for name in self._wanted_features() if name != "report"]
        return ["contacts", *(n for n in wanted if n in granted and n != "contacts")]
