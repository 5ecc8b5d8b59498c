# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.imports.scope import scope_of
from ..services.reasons import (
    REASONS,
    STOPPING_CODES,
    describe,
    sentence,
    waiting_sentence,
)
from ..services.runs.progress import OPEN_STATES
from ..services.runs.words import counts_text
from ..services.xero.values import moment
from .xero_sync_line import NOT_IMPORTED

BROKEN_CODES = ("profile_not_allowed", "profile_broken")


class XeroSync(models.Model):
    """One run: a sync with Xero, one run of an import over the whole mirror, or the
    preview of one."""

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
        [("sync", "Sync"), ("profile", "Import"), ("preview", "Preview")],
        required=True,
        default="sync",
        readonly=True,
    )
    profile_id = fields.Many2one(
        "xero.import.profile", readonly=True, index=True, ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Started by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    trigger = fields.Selection(
        [
            ("person", "A person"),
            ("schedule", "Schedule"),
            ("webhook", "Change in Xero"),
            ("repair", "Repair"),
        ],
        string="Begun by",
        required=True,
        default="person",
        readonly=True,
        help="Repair: what the connector had could not be read, so all is read again.",
    )
    connector_ref = fields.Char(
        string="Connector ID",
        readonly=True,
        groups="crm_xero_module.group_xero_administrator",
    )
    correlation = fields.Char(
        string="Trace",
        readonly=True,
        copy=False,
        groups="crm_xero_module.group_xero_administrator",
        help="What belongs to this run in the connector's logs is found by it, down to"
        " each call of Xero.",
    )
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
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True, index=True)
    is_stopping = fields.Boolean(
        readonly=True,
        help="Somebody cancelled it: its imports have stopped, and Xero is asked for no"
        " further page. What was read by then still comes in.",
    )
    code = fields.Char(readonly=True)
    message = fields.Text(readonly=True)
    due_at = fields.Datetime(string="Goes on at", readonly=True)
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    duration = fields.Float(
        compute="_compute_duration", store=True, help="In seconds.", aggregator="avg"
    )
    mirrored_count = fields.Integer(
        string="From Xero", readonly=True, help="Records that were new or other there."
    )
    created_count = fields.Integer(string="New", readonly=True)
    updated_count = fields.Integer(string="Changed", readonly=True)
    linked_count = fields.Integer(string="Linked", readonly=True)
    unchanged_count = fields.Integer(string="Same", readonly=True)
    skipped_count = fields.Integer(string="Skipped", readonly=True)
    failed_count = fields.Integer(string="Failed", readonly=True)
    left_count = fields.Integer(
        string="Left", readonly=True, help="Changed since the preview, so left alone."
    )
    not_imported_count = fields.Integer(compute="_compute_not_imported_count")
    position = fields.Integer(
        readonly=True, help="The last change of the mirror that an import has done."
    )
    line_ids = fields.One2many("xero.sync.line", "sync_id")
    line_count = fields.Integer(compute="_compute_line_count")

    _connector_ref_uniq = models.UniqueIndex(
        "(connection_id, connector_ref) WHERE connector_ref IS NOT NULL",
        "A sync of the connector has one run.",
    )

    @api.depends("state")
    def _compute_is_open(self):
        for run in self:
            run.is_open = run.state in OPEN_STATES

    @api.depends("started_at", "finished_at")
    def _compute_duration(self):
        for run in self:
            ended = run.started_at and run.finished_at
            spent = run.finished_at - run.started_at if ended else None
            run.duration = spent.total_seconds() if spent else 0.0

    def _compute_not_imported_count(self):
        counts = dict(
            self.env["xero.sync.line"]._read_group(
                [
                    ("sync_id", "in", self.ids),
                    ("state", "=", "open"),
                    ("outcome", "in", NOT_IMPORTED),
                ],
                ["sync_id"],
                ["__count"],
            )
        )
        for run in self:
            run.not_imported_count = counts.get(run, 0)

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["xero.sync.line"]._read_group(
                [("sync_id", "in", self.ids)], ["sync_id"], ["__count"]
            )
        )
        for run in self:
            run.line_count = counts.get(run, 0)

    # Buttons

    def action_cancel(self):
        """Stop the run: an import at its batch, a sync at its page. What has come by
        now stays.

        A sync is only marked here. Its row is written with every batch, and a request
        that asks the connector meanwhile would lose to each of them.
        """
        self.ensure_one()
        self.connection_id._require("group_xero_operator")
        run = self.sudo()
        if not run.is_open or run.is_stopping:
            return True
        self.env["xero.audit"]._note("cancelled", run.connection_id, run)
        if run.kind == "sync":
            run.is_stopping = True
        else:
            run._finish("cancelled", "cancelled")
        run.connection_id._wake()
        return True

    def _open(self):
        """The action that shows this run."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.name,
        }

    # What the connector says

    def _follow(self, answer):
        """Show how far the connector is. A sync ends here by its entry in the feed,
        behind its last part, not by what the connector says before."""
        state = answer.get("state")
        if not self.is_open:
            return
        values = {"due_at": moment(answer.get("due_at")) or False}
        if self.code not in BROKEN_CODES:
            values["code"] = answer.get("code") or False
            values["message"] = waiting_sentence(
                self._reader_env(), values["code"], answer.get("detail") or False
            )
        if state in OPEN_STATES:
            values["state"] = state
        started = moment(answer.get("started_at"))
        if started and not self.started_at:
            values["started_at"] = started
        self.write(values)
        for resource in answer.get("resources") or []:
            self._update_step(
                resource.get("name"),
                state=resource.get("state"),
                total=resource.get("item_count"),
            )

    def _finish(self, state, code=None, detail=None):
        """End the run; the connection's last success is the end of a sync."""
        if not self.is_open:
            return
        if state == "done" and self.is_stopping and self._lacks_imports():
            state, code = "cancelled", "cancelled"
        if state != "done":
            code = code or ("cancelled" if state == "cancelled" else "internal_error")
        now = fields.Datetime.now()
        broken = state == "done" and self.code in BROKEN_CODES
        values = {
            "state": "failed" if broken else state,
            "finished_at": now,
            "started_at": self.started_at or self.create_date,
            "due_at": False,
        }
        if not broken:
            values["code"] = code
            values["message"] = code and self._ending(code, detail)
        self.write(values)
        self._close_steps(state)
        if self.kind == "sync" and state == "done":
            self.connection_id.write({"last_sync_at": now})
        if code in STOPPING_CODES:
            self.connection_id.write({"state": "reconnect", "state_code": code})

    def _lacks_imports(self):
        """Whether records came whose imports were left, as the sync was cancelled just
        before its end."""
        return any(
            scope_of(profile).count(after=profile.position)
            for profile in self.connection_id._auto_profiles()
        )

    def _ending(self, code, detail):
        """Why it ended, in the reader's language where this Odoo knows the code."""
        if detail and (code in BROKEN_CODES or code not in REASONS):
            return detail
        env = self._reader_env()
        if code != "cancelled":
            return sentence(env, code)
        happened, remedy = describe(env, code)
        return " ".join(filter(None, (happened, self._stayed(env), remedy)))

    def _stayed(self, env):
        """What a cancelled run leaves behind, in words."""
        if self.kind == "preview":
            return env._("A preview changes nothing in the CRM.")
        told = counts_text(env, self)
        return told and env._("In the CRM by then: %(counts)s.", counts=told)

    def _count(self, counts):
        self.write(
            {
                f"{name}_count": self[f"{name}_count"] + number
                for name, number in counts.items()
            }
        )

    # Words

    def _note_broken(self, profile, code, message):
        """An import cannot run at all: said on the run."""
        told = describe(
            self._reader_env(),
            code,
            profile=profile.name,
            user=profile.run_as.name,
            message=message,
        )
        self.write({"code": code, "message": " ".join(told)})

    def _reader_env(self):
        """Texts are kept in the language of who waits for it, else the company's."""
        reader = self.user_id if self.user_id.active else self.company_id.partner_id
        return self.with_context(lang=reader.lang).env
