# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models

from ..services.health.activities import ADMINISTRATORS, is_telling_due, tell_health
from ..services.health.findings import (
    COLUMNS,
    OK,
    PERMISSION,
    PROBLEM,
    SETTINGS,
    SUCCESSOR,
    health_of,
    since_text,
    way_back,
    words,
)
from ..services.lost import is_lost
from ..services.reasons import STOPPING_CODES
from ..services.xero.values import moment

_logger = logging.getLogger(__name__)


class XeroConnection(models.Model):
    """Whether a connection works, and since when."""

    _name = "xero.connection"
    _inherit = ["xero.connection", "mail.thread", "mail.activity.mixin"]

    connected_by_id = fields.Many2one(
        "res.users",
        string="Connected by",
        readonly=True,
        copy=False,
        help="Who allowed it at Xero; told first where it has to be done again.",
    )
    token_refreshed_at = fields.Datetime(
        string="Permission Renewed",
        readonly=True,
        copy=False,
        help="When Xero last renewed the permission; it ends after 60 days without.",
    )
    permission_ends = fields.Datetime(compute="_compute_permission_ends")
    feed_head = fields.Integer(
        readonly=True, copy=False, help="The newest entry that waits at the connector."
    )
    feed_waits_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the oldest entry came that is not in the CRM yet; empty: none.",
    )
    webhook_at = fields.Datetime(
        string="Webhook Heard",
        readonly=True,
        copy=False,
        help="The latest change that Xero told of by webhook.",
    )
    state_since = fields.Datetime(
        readonly=True, copy=False, help="Since when the state has its code."
    )
    failed_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the last sync failed; empty where it did not.",
    )
    failed_code = fields.Char(readonly=True, copy=False, help="Why it failed.")
    told_code = fields.Char(
        readonly=True, copy=False, help="What a person was told of by an activity."
    )
    health = fields.Json(
        compute="_compute_health",
        help="A list of findings, the worst first: {code, level, happened, remedy,"
        " since, way}.",
    )
    health_level = fields.Selection(
        [(OK, "Works"), ("warning", "Look at it"), (PROBLEM, "Needs you")],
        compute="_compute_health",
    )
    health_note = fields.Char(
        compute="_compute_health", help="The worst finding, in words."
    )
    way_back = fields.Char(
        compute="_compute_health", help="What mends the worst finding in one click."
    )

    @api.depends("token_refreshed_at")
    def _compute_permission_ends(self):
        for connection in self:
            renewed = connection.token_refreshed_at
            connection.permission_ends = renewed and renewed + PERMISSION

    @api.depends(*COLUMNS)
    @api.depends_context("lang", "tz", "uid")
    def _compute_health(self):
        found = health_of(self)
        for connection in self:
            level, findings = found[connection.id]
            worst = findings[0] if findings else None
            connection.health = [
                {
                    **connection._shown(finding),
                    "since": since_text(self.env, finding),
                }
                for finding in findings
            ]
            connection.health_level = level
            connection.health_note = worst and " ".join(words(self.env, worst))
            connection.way_back = worst and connection._way_back(worst.code)

    def _shown(self, finding):
        happened, remedy = words(self.env, finding)
        return {
            "code": finding.code,
            "level": finding.level,
            "happened": happened,
            "remedy": remedy,
            "way": self._way_back(finding.code),
        }

    def _way_back(self, code):
        """What mends it in one click of this user; None where nothing does."""
        way, user = way_back(code), self.env.user
        if not way or not user.has_group(ADMINISTRATORS):
            return None
        if way == SETTINGS and not user.has_group("base.group_system"):
            return None
        if way == SUCCESSOR and self.successor_id.sudo().state == "connected":
            return None
        return way

    @api.model
    def health_banner(self):
        """What administrators see on top of the screens, of the companies at hand.

        :return: {"connections": how many are watched, "broken": [{id, name,
            happened, remedy, way}, …]}
        """
        if not self.env.user.has_group(ADMINISTRATORS):
            return {"connections": 0, "broken": []}
        connections = self.search_fetch(
            [("state", "in", ("connected", "reconnect"))], COLUMNS
        )
        broken = []
        for connection in connections:
            level, findings = health_of(connection)[connection.id]
            if level == PROBLEM:
                shown = connection._shown(findings[0])
                broken.append({"id": connection.id, "name": connection.name, **shown})
        return {"connections": len(connections), "broken": broken}

    # Taking over what others say

    def write(self, vals):
        """Also since when the state has its code."""
        if "state_code" not in vals:
            return super().write(vals)
        code = vals["state_code"] or False
        changed = self.filtered(lambda one: (one.state_code or False) != code)
        since = bool(code) and fields.Datetime.now()
        super(XeroConnection, changed).write({**vals, "state_since": since})
        return super(XeroConnection, self - changed).write(vals)

    def _take_status(self, remote):
        """Also the age of the permission, and what waits at the connector."""
        feed = remote.get("feed") or {}
        self.write(
            {
                "token_refreshed_at": moment(remote.get("token_refreshed_at")) or False,
                "feed_head": feed.get("head") or 0,
                "feed_waits_since": moment(feed.get("waits_since")) or False,
                "webhook_at": moment(remote.get("webhook_at")) or False,
            }
        )
        return super()._take_status(remote)

    def _set_connected(self, remote):
        """Also who allowed it, and that it works again."""
        result = super()._set_connected(remote)
        values = {
            "connected_by_id": self.env.uid,
            "token_refreshed_at": moment(remote.get("token_refreshed_at")) or False,
        }
        if self.failed_code in STOPPING_CODES:
            # What the last sync failed for is mended.
            values |= {"failed_at": False, "failed_code": False}
        self.write(values)
        self._tell_health()
        return result

    def action_disconnect(self):
        """Also no longer ask anybody to mend it."""
        result = super().action_disconnect()
        self._tell_health()
        return result

    def _tell_health(self):
        """Tell people at once; what keeps that from working stops nothing else."""
        for connection in self.sudo():
            try:
                with self.env.cr.savepoint():
                    if is_telling_due(connection):
                        tell_health(connection)
            except Exception as error:  # noqa: BLE001  (another addon's, or the mail's)
                if is_lost(error):
                    raise
                _logger.exception("Xero: activity of connection %s", connection.id)
