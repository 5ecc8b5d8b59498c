# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One import over the mirror, a batch at a time: rows → plan → apply → run."""

import logging

from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lost import is_lost
from ..mapping.targets import TARGETS
from .apply import Applier
from .change_notes import leave_notes
from .delivery_apply import DeliveryApplier
from .lines import ProfileBroken
from .plan import Planner
from .scope import scope_of
from .two_ways import mark_due

_logger = logging.getLogger(__name__)


class ImportRun:
    """Runs `profile` as its user, and counts on `run`.

    The caller holds the connection's lock and commits after each batch.
    """

    def __init__(self, profile, run):
        self.profile = profile.sudo()
        self.run = run.sudo()
        self.env = self.profile.env
        self.target = TARGETS[self.profile.target]
        self.connection = self.profile.connection_id
        self.broken = False

    def run_next_batch(self):
        """The rows that changed since the profile last looked; whether any."""
        return self._batch(self.profile, self.profile.position)

    def run_whole_batch(self):
        """The next rows of a run over the whole mirror, which ends behind the last
        of them, or with what breaks the profile."""
        done = self._batch(self.run, self.run.position)
        if self.broken:
            self.run._finish("failed", self.broken, self.run.message)
        elif not done:
            self.run._finish("done")

    def retry(self, rows):
        """Plan and apply these mirror rows again; the Counter of what became."""
        planner = self._planner()
        column = planner.alias("id")
        found = planner.rows(SQL("%s = ANY(%s)", column, rows), len(rows))
        return self._apply(planner, found)

    def _user_env(self):
        if not self.profile.run_as.active:
            raise AccessError(self.env._("The user is archived."))
        company = self.connection.company_id
        context = {
            "lang": self.profile.run_as.lang,
            "tz": self.profile.run_as.tz,
            "allowed_company_ids": company.ids,
        }
        return self.env(user=self.profile.run_as.id, su=False, context=context)

    def _batch(self, holder, position):
        try:
            with self.env.cr.savepoint():
                planner = self._planner()
                rows = self._next_rows(planner, position)
                counts = self._apply(planner, rows) if rows else None
        except AccessError as error:
            return self._break("profile_not_allowed", str(error))
        except ProfileBroken as error:
            return self._break("profile_broken", str(error))
        except Exception as error:  # noqa: BLE001  (the mirror goes on without it)
            if is_lost(error):
                raise
            _logger.exception("Xero: import %s", self.profile.id)
            return self._break("profile_broken", type(error).__name__)
        if not rows:
            self._step("done")
            return False
        holder.position = rows[-1].seq
        self.run._count(counts)
        self._step("running", len(rows), holder.position)
        return True

    def _planner(self):
        return Planner(self.profile, self._user_env())

    def _next_rows(self, planner, position):
        """What comes behind `position`; each has the position `seq` of its own."""
        return planner.rows(SQL("%s > %s", planner.alias("change_seq"), position))

    def _count_left(self, position):
        return scope_of(self.profile).count(after=position)

    def _apply(self, planner, rows):
        return self._carry_out(planner, planner.plan(rows))

    def _carry_out(self, planner, items):
        """Do what these items say, and log what did not come; the Counter of it."""
        counts = Applier(planner).apply(items)
        if planner.deliveries:
            DeliveryApplier(planner).apply(items)
        self.run._log_items(self.profile, items)
        if sending := [item.row.contact_id for item in items if item.sends]:
            mark_due(self.env, sending)
        if self.profile.leave_note:
            leave_notes(planner.env, self.profile, items)
        return counts

    def _step(self, state, done=0, position=0):
        step = self.run._profile_step(self.profile)
        done += step["done"]
        total = step["total"] or 0
        # Counted only where it may have grown: a count reads all that waits.
        if state == "running" and done >= total:
            total = done + self._count_left(position)
        self.run._show_profile_step(step, state, done, total)

    def _break(self, code, message):
        """The import cannot run; the mirror and the other imports go on."""
        self.broken = code
        self.run._note_broken(self.profile, code, message)
        self._step("failed")
        return False
