# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..services.runs.announce import announce
from ..services.runs.progress import current_step
from ..services.runs.words import ending_of

# What a browser shows of a run while it goes on.
TOLD = frozenset(
    {"state", "is_stopping", "steps", "progress", "eta_seconds", "due_at", "message"}
)
SOON = timedelta(seconds=5)
KNOWN_LIMIT = 200


class XeroSync(models.Model):
    """A run as browsers follow it: over the bus, and by asking where that is silent."""

    _inherit = "xero.sync"

    live = fields.Json(
        compute="_compute_live",
        help="How far it is, as the bus tells it: what screens show while it goes on.",
    )

    @api.depends(*TOLD)
    def _compute_live(self):
        for run in self:
            run.live = run._live()

    def _live(self):
        """What a browser needs to show this run going on; moments are UTC texts."""
        step = current_step(self.steps or [])
        return {
            "id": self.id,
            "connection": self.connection_id.id,
            "name": self.name,
            "kind": self.kind,
            "state": self.state,
            "stopping": self.is_stopping,
            "step": step and {key: step[key] for key in ("label", "done", "total")},
            "progress": round(self.progress, 1),
            "left": self.eta_seconds,
            "least": self.is_eta_least,
            "due_at": fields.Datetime.to_string(self.due_at) or False,
            "message": self.message,
        }

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        announce(runs)
        return runs

    def write(self, vals):
        result = super().write(vals)
        if not TOLD.isdisjoint(vals):
            announce(self)
        return result

    # Who looks

    @api.model
    def get_live(self, known=()):
        """How far the runs are that are not over, and those that the browser knows to
        have been going on. Somebody looks, so the work goes on soon."""
        runs = self.search([("is_open", "=", True)])
        runs.poke()
        runs |= self.search([("id", "in", list(known)[:KNOWN_LIMIT])])
        return [run._live() for run in runs]

    def poke(self):
        """Let the work go on soon, as somebody is looking."""
        if any(run.is_open and not run._rests() for run in self):
            self.env["xero.connection"]._wake()

    def _rests(self):
        """Whether nothing can come before a moment that is known."""
        waits = self.state == "waiting" and not self.is_stopping
        return waits and self.due_at and self.due_at > fields.Datetime.now() + SOON

    # Who waits for it

    def _finish(self, state, code=None, detail=None):
        was_open = self.is_open
        result = super()._finish(state, code, detail)
        if was_open:
            self._tell_starter()
        return result

    def _await(self, user):
        """Tell `user` of the end of a run that began by itself."""
        if not self.user_id.active:
            self.user_id = user

    def _tell_starter(self):
        """Let who waits for it know what came of it, wherever in Odoo they are."""
        user = self.user_id
        # What begins by itself is begun by a user that is nobody.
        if not user.active or user.share:
            return
        # Of all of the user's companies, not of those that a cron works in.
        theirs = self.with_user(user).with_context(allowed_company_ids=None)
        if not theirs.has_access("read"):
            return
        told = self.with_context(lang=user.lang)
        user._bus_send(
            "xero.run_ended",
            {"id": self.id, "name": self.name, "state": self.state}
            | {"message": ending_of(told.env, told)},
        )
