# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..services.forgetting import removal
from ..services.forgetting.retention import KEPT, LONGEST_DAYS, let_go_of_old


class XeroConnection(models.Model):
    """What is over goes after a while, a batch and a commit at a time."""

    _inherit = "xero.connection"

    @api.model
    def _cron_let_go(self):
        """Finish what is being deleted, then delete what is kept no longer."""
        cron = self.env["ir.cron"]
        commit = cron._commit_progress
        if removal.go_on(self.env, commit) or let_go_of_old(self.env, commit):
            commit(remaining=1)


class ResConfigSettings(models.TransientModel):
    """For how long what is over is kept, in days."""

    _inherit = "res.config.settings"

    xero_kept_runs = fields.Integer(
        string="Runs",
        compute="_compute_xero_kept",
        inverse="_inverse_xero_kept",
    )
    xero_kept_previews = fields.Integer(
        string="Previews",
        compute="_compute_xero_kept",
        inverse="_inverse_xero_kept",
    )
    xero_kept_sent = fields.Integer(
        string="What was sent to Xero",
        compute="_compute_xero_kept",
        inverse="_inverse_xero_kept",
    )
    xero_kept_activities = fields.Integer(
        string="Activity log",
        compute="_compute_xero_kept",
        inverse="_inverse_xero_kept",
    )
    xero_kept_days = fields.Integer(
        string="Receivables of each day",
        compute="_compute_xero_kept",
        inverse="_inverse_xero_kept",
    )

    @api.depends_context("uid")
    def _compute_xero_kept(self):
        for kept in KEPT:
            self[f"xero_kept_{kept.name}"] = kept.chosen_days(self.env)

    def _inverse_xero_kept(self):
        for settings in self:
            changed = []
            for kept in KEPT:
                field = self._fields[f"xero_kept_{kept.name}"]
                days = settings[field.name]
                settings._xero_check_days(days)
                before = kept.chosen_days(self.env)
                if days != before:
                    kept.choose(self.env, days)
                    label = field._description_string(self.env)
                    changed.append(f"{label} {before} → {days}")
            if changed:
                self.env["xero.audit"]._note(
                    "settings",
                    detail=self.env._(
                        "Kept for days: %(what)s", what=", ".join(changed)
                    ),
                )

    def _xero_check_days(self, days):
        if not 0 <= days <= LONGEST_DAYS:
            raise ValidationError(
                self.env._(
                    "Give a number of days from 0, which is for ever, to %(most)s.",
                    most=LONGEST_DAYS,
                )
            )
