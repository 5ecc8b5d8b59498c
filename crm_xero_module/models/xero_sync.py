# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class XeroSync(models.Model):
    """One run: a sync with Xero, or one run of an import profile."""

    _name = "xero.sync"
    _description = "Xero Run"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    connection_id = fields.Many2one(
        "xero.connection", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [("sync", "Sync"), ("profile", "Import")],
        required=True,
        default="sync",
        readonly=True,
    )
    profile_id = fields.Many2one(
        "xero.import.profile", readonly=True, index=True, ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users", string="Started by", default=lambda self: self.env.user
    )
    connector_ref = fields.Char(string="Connector ID", readonly=True, index=True)
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("running", "Running"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="queued",
        readonly=True,
        index=True,
    )
    code = fields.Char(readonly=True)
    message = fields.Text(readonly=True)
    due_at = fields.Datetime(string="Goes on at", readonly=True)
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    duration = fields.Float(
        compute="_compute_duration", store=True, help="In seconds."
    )
    steps = fields.Json(
        readonly=True, help="A list of {name, label, state, done, total}."
    )
    records_done = fields.Integer(readonly=True)
    records_total = fields.Integer(readonly=True)
    progress = fields.Float(readonly=True, aggregator=None)
    eta_seconds = fields.Integer(string="Seconds left", readonly=True, aggregator=None)
    created_count = fields.Integer(string="New", readonly=True)
    updated_count = fields.Integer(string="Changed", readonly=True)
    unchanged_count = fields.Integer(string="Same", readonly=True)
    skipped_count = fields.Integer(string="Skipped", readonly=True)
    failed_count = fields.Integer(string="Not imported", readonly=True)
    position = fields.Integer(
        readonly=True, help="The last mirror row that an import's run has done."
    )
    line_ids = fields.One2many("xero.sync.line", "sync_id")

    _connector_ref_uniq = models.UniqueIndex(
        "(connection_id, connector_ref) WHERE connector_ref IS NOT NULL",
        "A sync of the connector has one run.",
    )

    @api.depends("started_at", "finished_at")
    def _compute_duration(self):
        for run in self:
            spent = (
                run.finished_at - run.started_at
                if run.started_at and run.finished_at
                else None
            )
            run.duration = spent.total_seconds() if spent else 0.0
