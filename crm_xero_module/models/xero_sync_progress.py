# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import fields, models

from ..services.runs import pace
from ..services.runs.progress import (
    FIGURES,
    IMPORT,
    UNCOUNTED,
    figures_step,
    import_step,
    is_here,
    is_reading,
    measure,
    reading_step,
)
from .xero_sync import BROKEN_CODES


class XeroSync(models.Model):
    """How far a run is: its steps, their sum, and how long they still take."""

    _inherit = "xero.sync"

    steps = fields.Json(
        readonly=True, help="A list of {name, label, state, done, total}."
    )
    pace = fields.Json(readonly=True, help="How fast its steps were lately.")
    records_done = fields.Integer(readonly=True)
    records_total = fields.Integer(readonly=True)
    progress = fields.Float(readonly=True, aggregator=None)
    eta_seconds = fields.Integer(string="Seconds left", readonly=True, aggregator=None)
    is_eta_least = fields.Boolean(
        readonly=True, help="It takes longer: Xero has not counted all yet."
    )

    def _update_step(self, name, **values):
        steps = self._with_step(name)
        step = next(step for step in steps if step["name"] == name)
        before = step["done"]
        step.update({key: v for key, v in values.items() if v is not None})
        if step["total"]:
            step["done"] = min(step["done"], step["total"])
        if is_reading(step) and step["state"] in ("running", "done"):
            # What the connector has read is not here yet.
            step["state"] = "done" if self._is_over(step, values) else "running"
        self.steps = steps
        if step["done"] > before:
            self._note_pace(name, step["done"] - before)
        self._measure()

    def _is_over(self, step, told):
        """Whether all of a resource came, after what was `told` of its step."""
        is_counted = step["total"] is not None or step["name"] in UNCOUNTED
        if is_counted and (step["done"] or step["total"] == 0):
            return is_here(step)
        return told.get("state") == "done" and is_here(step)

    def _with_step(self, name):
        """Copies of the steps; what the connector reads besides, before the imports."""
        steps = [dict(step) for step in self.steps or []]
        if name == FIGURES and not self._find_step(name):
            steps.append(figures_step(self._reader_env()))
        elif not self._find_step(name):
            read = [step for step in steps if is_reading(step)]
            steps.insert(len(read), reading_step(self._reader_env(), name))
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
        if not self.pace:
            self.pace = pace.begun(time.time())

    def _close_steps(self, state):
        """Nothing goes on any more: steps that were under way ended like the run."""
        over = ("waiting", "running") if state == "done" else ("running",)
        steps = [
            {**step, "state": state} if step["state"] in over else step
            for step in self.steps or []
        ]
        values = {"steps": steps, "pace": False, "eta_seconds": 0}
        self.write(values | ({"progress": 100.0} if state == "done" else {}))

    def _note_pace(self, name, records):
        now = time.time()
        self.pace = pace.noted(self.pace or pace.begun(now), name, records, now)

    def _measure(self):
        """Progress and time left, from what the steps say."""
        done, total, share = measure(self.steps)
        left, is_least = pace.time_left(self.steps, self.pace or {})
        self.write(
            {
                "records_done": done,
                "records_total": total,
                # Totals grow as pages come in: the bar must not go back.
                "progress": max(self.progress, min(100.0 * share, 99.0)),
                "eta_seconds": round(left or 0),
                "is_eta_least": is_least,
            }
        )
