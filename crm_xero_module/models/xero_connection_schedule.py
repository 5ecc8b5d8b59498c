# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.schedule import (
    interval_of,
    next_after,
    pause_after,
    settled_next,
)
from .xero_connection_sales import FEATURES

# What a person changes when changing how often; and what makes it cost otherwise.
HOW_OFTEN = frozenset({"schedule", "interval_minutes"})
COSTS = HOW_OFTEN | FEATURES.keys()


class XeroConnection(models.Model):
    """How often a connection is synced by itself."""

    _inherit = "xero.connection"

    schedule = fields.Selection(
        [
            ("proposed", "As proposed"),
            ("fixed", "Every"),
            ("manual", "Only when somebody presses Sync now"),
        ],
        default="proposed",
        required=True,
        help="As proposed: as often as the day's calls allow, less the part that is"
        " kept for people.",
    )
    interval_minutes = fields.Integer(
        string="Minutes", default=15, help="Between two syncs, where it is fixed."
    )
    plan = fields.Json(
        readonly=True,
        copy=False,
        help="What the connector proposes: see ConnectorClient.get_schedule.",
    )
    plan_at = fields.Datetime(
        readonly=True, copy=False, help="When the connector was last asked for it."
    )
    next_sync_at = fields.Datetime(
        string="Next Sync", readonly=True, copy=False, index=True
    )
    schedule_tries = fields.Integer(
        readonly=True,
        copy=False,
        help="How often the sync that is due was asked for in vain.",
    )
    schedule_note = fields.Char(
        string="Synced",
        compute="_compute_schedule_note",
        help="How often it is synced, and what that costs of a day's calls.",
    )

    _check_interval_minutes = models.Constraint(
        "CHECK (interval_minutes BETWEEN 5 AND 1440)",
        "Between two syncs there are from 5 minutes up to a day.",
    )

    @api.depends("schedule", "interval_minutes", "plan")
    @api.depends_context("lang")
    def _compute_schedule_note(self):
        for connection in self:
            connection.schedule_note = connection._how_often()

    def _how_often(self):
        interval = interval_of(self)
        if interval is None:
            return self.env._("only when somebody presses Sync now")
        minutes = int(interval.total_seconds()) // 60
        told = self._every(minutes)
        calls = self._calls_of(minutes)
        if calls is None:
            return told
        return self.env._(
            "%(often)s · %(calls)s of %(limit)s calls a day",
            often=told,
            calls=f"{calls:,}",
            limit=f"{self.plan['day_limit']:,}",
        )

    def _every(self, minutes):
        if minutes % 60:
            return self.env._("every %(minutes)s minutes", minutes=minutes)
        hours = minutes // 60
        if hours == 1:
            return self.env._("every hour")
        if hours == 24:
            return self.env._("once a day")
        return self.env._("every %(hours)s hours", hours=hours)

    def _calls_of(self, minutes):
        """Xero's calls of a day at this interval; None where nobody has said."""
        for choice in (self.plan or {}).get("choices") or ():
            if choice["minutes"] == minutes:
                return choice["calls"]
        return None

    def write(self, vals):
        done = super().write(vals)
        if HOW_OFTEN & vals.keys():
            now = fields.Datetime.now()
            begun = self.filtered(
                lambda found: found.next_sync_at or found.last_sync_at
            )
            for connection in begun:
                connection.next_sync_at = next_after(connection, now) or False
        if COSTS & vals.keys():
            self.plan_at = False
            self._wake()
        return done

    # What the worker does, each in a transaction that has the connection's row

    def _settle_schedule(self):
        """Bring the moment of the next sync up to date; whether it has come."""
        now = fields.Datetime.now()
        due = settled_next(self, self._newest_begun(), now)
        if (due or False) != self.next_sync_at:
            self.next_sync_at = due
        if not due or due > now or self.state != "connected":
            return False
        return not self._is_neutralized() and not self._open_runs("sync")

    def _newest_begun(self):
        """When the newest sync began that read all that was due: one that Xero's
        changes began reads only what they tell of."""
        newest = self.env["xero.sync"].search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "sync"),
                ("trigger", "!=", "webhook"),
            ],
            order="id desc",
            limit=1,
        )
        return newest.create_date or None

    def _is_neutralized(self):
        """Whether this database is a copy that must leave the world alone."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return bool(get_param("database.is_neutralized"))

    def _schedule_begun(self, answer):
        """Show the sync that the connector began, or was at, and plan the next one."""
        run = self._show_sync(answer, trigger="schedule")
        if answer.get("trigger") == "webhook":
            # It reads only what changes told of: the sync that is due is still due.
            return self._schedule_failed()
        if run.trigger == "webhook":
            # Changes in Xero began it, and now it reads all that is due.
            run.trigger = "schedule"
        self.write(
            {
                "schedule_tries": 0,
                "next_sync_at": next_after(self, fields.Datetime.now()) or False,
            }
        )

    def _schedule_failed(self):
        """Leave the sync that is due for later; each time for longer."""
        if interval_of(self) is None:
            return
        tries = self.schedule_tries + 1
        pause = pause_after(self, tries)
        self.write(
            {
                "schedule_tries": tries,
                "next_sync_at": fields.Datetime.now() + pause,
            }
        )

    def _take_plan(self, plan):
        """Keep what the connector proposes; None where it could not say."""
        values = {"plan_at": fields.Datetime.now()}
        if plan is not None and plan != self.plan:
            values["plan"] = plan
        self.write(values)
