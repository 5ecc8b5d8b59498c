# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import ConnectorError
from ..services.connector.client import ConnectorClient
from ..services.progress import (
    FIGURES,
    IMPORT,
    figures_step,
    import_step,
    is_reading,
    measure,
    reading_step,
)
from ..services.reasons import (
    REASONS,
    STOPPING_CODES,
    describe,
    sentence,
    waiting_sentence,
)
from ..services.xero.values import moment
from .xero_sync_line import NOT_IMPORTED

OPEN_STATES = ("queued", "running", "waiting")
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
    )
    connector_ref = fields.Char(string="Connector ID", readonly=True)
    is_reread = fields.Boolean(
        readonly=True, help="Asked for because a part could not be read."
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
    code = fields.Char(readonly=True)
    message = fields.Text(readonly=True)
    due_at = fields.Datetime(string="Goes on at", readonly=True)
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    duration = fields.Float(
        compute="_compute_duration", store=True, help="In seconds.", aggregator="avg"
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
        """Stop the run. What has come by now stays."""
        self.ensure_one()
        self.connection_id._require("group_xero_operator")
        run = self.sudo()
        if not run.is_open:
            return True
        self.env["xero.audit"]._note("cancelled", run.connection_id, run)
        if run.kind != "sync":
            run._finish("cancelled", "cancelled")
            return True
        try:
            with ConnectorClient.from_env(self.env) as client:
                answer = client.cancel_sync(sync=run.connector_ref)
        except ConnectorError as error:
            if error.code != "not_found":
                raise UserError(self.connection_id._explain(error)) from error
            run._finish("cancelled", "cancelled")
        else:
            run._follow(answer)
            self.connection_id._wake()
        return True

    def poke(self):
        """Let the work go on soon, as somebody is looking."""
        if any(self.mapped("is_open")):
            self.env["xero.connection"]._wake()

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
        if state != "done":
            code = code or ("cancelled" if state == "cancelled" else "internal_error")
        now = fields.Datetime.now()
        broken = state == "done" and self.code in BROKEN_CODES
        values = {
            "state": "failed" if broken else state,
            "finished_at": now,
            "started_at": self.started_at or self.create_date,
            "due_at": False,
            "eta_seconds": 0,
        }
        if state == "done":
            values["progress"] = 100.0
        if not broken:
            values["code"] = code
            values["message"] = code and self._ending(code, detail)
        self.write(values)
        self._end_steps(state)
        if self.kind == "sync" and state == "done":
            self.connection_id.write({"last_sync_at": now})
        if code in STOPPING_CODES:
            self.connection_id.write({"state": "reconnect", "state_code": code})

    def _ending(self, code, detail):
        """Why it ended, in the reader's language where this Odoo knows the code."""
        if detail and (code in BROKEN_CODES or code not in REASONS):
            return detail
        return sentence(self._reader_env(), code)

    # Progress

    def _update_step(self, name, **values):
        steps = self._with_step(name)
        step = next(step for step in steps if step["name"] == name)
        step.update({key: v for key, v in values.items() if v is not None})
        if step["total"]:
            step["done"] = min(step["done"], step["total"])
        self.steps = steps
        self._measure()

    def _with_step(self, name):
        """Copies of the steps; what the connector reads besides, before the imports."""
        steps = [dict(step) for step in self.steps or []]
        if name == FIGURES and not self._find_step(name):
            steps.append(figures_step(self.env))
        elif not self._find_step(name):
            read = [step for step in steps if is_reading(step)]
            steps.insert(len(read), reading_step(self.env, name))
        return steps

    def _step_done(self, name, done, total):
        """Records of a resource that came into the mirror; imports go on with them."""
        self.steps = [
            {**step, "state": "running"}
            if step["name"].startswith(IMPORT) and step["state"] == "done" and done
            else step
            for step in self.steps or []
        ]
        step = self._find_step(name) or {"done": 0}
        self._begin()
        self._update_step(name, state="running", done=step["done"] + done, total=total)

    def _profile_step(self, profile):
        """The step that shows how far an import is, made where there is none."""
        new = import_step(profile)
        step = self._find_step(new["name"])
        if step is None:
            step = new
            self.steps = [*(self.steps or []), step]
        return step

    def _find_step(self, name):
        return next((step for step in self.steps or [] if step["name"] == name), None)

    def _show_profile_step(self, step, state, done, total):
        """Rows of the mirror that an import went through, of how many."""
        if state == "done" and not done:
            return
        self._begin()
        self._update_step(step["name"], state=state, done=done, total=total)
        if self.code in BROKEN_CODES and not any(
            step["state"] == "failed" for step in self.steps
        ):
            self.write({"code": False, "message": False})

    def _show_figures(self, done, left):
        """So many more customers' figures are worked out, so many are left."""
        step = self._find_step(FIGURES) or {"done": 0}
        done += step["done"]
        state = "running" if left else "done"
        self._update_step(FIGURES, state=state, done=done, total=done + left)

    def _begin(self):
        if self.state == "queued":
            self.state = "running"
        if not self.started_at:
            self.started_at = fields.Datetime.now()

    def _end_steps(self, state):
        over = ("waiting", "running") if state == "done" else ("running",)
        self.steps = [
            {**step, "state": state} if step["state"] in over else step
            for step in self.steps or []
        ]

    def _measure(self):
        """Progress and time left, from what the steps say."""
        done, total, share = measure(self.steps)
        values = {"records_done": done, "records_total": total}
        # Totals grow as pages come in: the bar must not go back.
        values["progress"] = max(self.progress, min(100.0 * share, 99.0))
        if share and self.started_at:
            spent = (fields.Datetime.now() - self.started_at).total_seconds()
            values["eta_seconds"] = int(spent * (1 - share) / share)
        self.write(values)

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
        """Texts are kept in the language of who started the run."""
        return self.with_context(lang=self.user_id.lang).env
