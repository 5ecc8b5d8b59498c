# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.connector.features import feature_names

# The connector's features beside contacts, by the field that asks for them.
FEATURES = {
    "with_items": "items",
    "with_sales": "sales",
    "with_report": "report",
    "with_writing": "contacts_write",
    "with_invoicing": "invoices_write",
}
# Those that nothing is read with by a sync.
NOT_SYNCED = frozenset({"report", "contacts_write", "invoices_write"})


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
    items_listed_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When Xero made the list of items that is coming in; empty once it is in,"
        " or where a part of it was lost.",
    )
    snapshot_day = fields.Date(
        readonly=True, copy=False, help="The last day of which receivables were kept."
    )

    consent_note = fields.Char(
        compute="_compute_consent_note",
        help="What was chosen here and not allowed at Xero yet.",
    )

    @api.depends(*FEATURES, "granted_features")
    @api.depends_context("lang")
    def _compute_consent_note(self):
        for connection in self:
            missing = connection._missing_features()
            connection.consent_note = bool(missing) and self.env._(
                "Not allowed at Xero yet: %(features)s. Reconnect, and allow it there.",
                features=feature_names(self.env, missing),
            )

    def _wanted_features(self):
        """What a consent is asked for, in the connector's words."""
        wanted = (name for chosen, name in FEATURES.items() if self[chosen])
        return ["contacts", *wanted]

    def _synced_features(self):
        """What a sync reads: what is wanted and was allowed. Contacts are asked for
        in any case, so that the connector says what is wrong where they are not."""
        return [
            name
            for name in self._wanted_features()
            if name == "contacts"
            or (name not in NOT_SYNCED and name in (self.granted_features or ()))
        ]

    def _missing_features(self):
        granted = self.granted_features or ()
        return [name for name in self._wanted_features() if name not in granted]
