# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class XeroConnection(models.Model):
    """One Xero organisation joined to one Odoo company."""

    _name = "xero.connection"
    _description = "Xero Connection"
    _order = "company_id, name"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Xero"))
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    connector_ref = fields.Char(
        string="Connector ID",
        readonly=True,
        copy=False,
        help="What the connector calls this connection.",
    )
    organisation_ref = fields.Char(
        string="Organisation ID",
        readonly=True,
        copy=False,
        help="Xero's id of the organisation (tenant).",
    )
    short_code = fields.Char(readonly=True, copy=False)
    base_currency = fields.Char(readonly=True, copy=False)
    country_code = fields.Char(readonly=True, copy=False)
    timezone = fields.Char(string="Time Zone", readonly=True, copy=False)
    financial_year_end_day = fields.Integer(copy=False)
    financial_year_end_month = fields.Integer(copy=False)
    is_demo_company = fields.Boolean(
        string="Demo Company",
        readonly=True,
        copy=False,
        help="Xero resets its demo company every 28 days.",
    )
    state = fields.Selection(
        [
            ("draft", "Not connected"),
            ("choose", "Choose organisation"),
            ("connected", "Connected"),
            ("reconnect", "Reconnect"),
            ("disconnected", "Disconnected"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    state_code = fields.Char(readonly=True, copy=False)
    state_message = fields.Text(compute="_compute_state_message")
    feed_epoch = fields.Char(readonly=True, copy=False)
    feed_position = fields.Integer(readonly=True, copy=False)
    connected_at = fields.Datetime(readonly=True, copy=False)
    last_sync_at = fields.Datetime(string="Last Success", readonly=True, copy=False)
    calls_remaining = fields.Integer(
        string="Calls Left Today", readonly=True, copy=False
    )
    calls_limit = fields.Integer(string="Calls a Day", readonly=True, copy=False)
    contact_count = fields.Integer(string="Contacts", compute="_compute_counts")
    unlinked_count = fields.Integer(string="Not Linked", compute="_compute_counts")
    not_imported_count = fields.Integer(
        string="Not Imported", compute="_compute_counts"
    )
    profile_ids = fields.One2many("xero.import.profile", "connection_id")
    sync_ids = fields.One2many("xero.sync", "connection_id")
    check_connector = fields.Boolean(
        string="Connector reached", compute="_compute_checklist"
    )
    check_app = fields.Boolean(string="Xero app entered", compute="_compute_checklist")
    check_connected = fields.Boolean(string="Connected", compute="_compute_checklist")
    check_synced = fields.Boolean(string="First sync", compute="_compute_checklist")

    _connector_ref_uniq = models.UniqueIndex(
        "(connector_ref) WHERE connector_ref IS NOT NULL",
        "This Xero organisation is connected already.",
    )

    @api.depends("state", "state_code")
    def _compute_state_message(self):
        self.state_message = False

    def _compute_counts(self):
        self.contact_count = self.unlinked_count = self.not_imported_count = 0

    def _compute_checklist(self):
        self.check_connector = self.check_app = False
        self.check_connected = self.check_synced = False

    @api.model
    def _cron_work(self):
        """Bring everything that waits at the connector into the CRM."""
