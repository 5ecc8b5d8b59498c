# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.xero_connection_to_xero import MOST_LISTED
from ..services.reasons import sentence
from ..services.to_xero.customer_filter import FilterRefused, guarded
from ..services.to_xero.new_customers import BATCH, found_by


class XeroDirection(models.TransientModel):
    """Which new customers go to Xero by themselves, counted before they do."""

    _name = "xero.direction"
    _description = "New Customers to Xero"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "xero.connection", required=True, readonly=True, ondelete="cascade"
    )
    is_on = fields.Boolean(compute="_compute_is_on")
    may_write = fields.Boolean(related="connection_id.may_write")
    new_customers = fields.Char(string="Which customers", required=True)
    delay = fields.Integer(
        string="Wait (hours)",
        required=True,
        help="A customer goes once nobody has changed it, or one of its persons, for so"
        " long.",
    )
    which = fields.Selection(
        [
            ("all", "All of these, and new ones"),
            ("from_now", "Only those made from now on"),
        ],
        required=True,
        default="from_now",
        string="Begin with",
    )
    since = fields.Datetime(
        related="connection_id.new_customers_since", string="Going since"
    )
    count = fields.Integer(compute="_compute_count")
    count_note = fields.Char(compute="_compute_count")
    problem = fields.Text(compute="_compute_count")
    cost_note = fields.Text(compute="_compute_cost_note")

    @api.depends("connection_id")
    def _compute_is_on(self):
        for dialog in self:
            dialog.is_on = dialog.connection_id.direction == "both"

    @api.depends("new_customers", "delay")
    @api.depends_context("lang")
    def _compute_count(self):
        for dialog in self:
            try:
                found = dialog._found()
                recent = len(found) - len(dialog._found(waited=True))
            except FilterRefused as refusal:
                dialog.count = 0
                dialog.count_note = False
                dialog.problem = sentence(self.env, refusal.code, **refusal.data)
            else:
                dialog.count = len(found)
                dialog.count_note = dialog._counted(len(found), recent)
                dialog.problem = False

    def _found(self, *, waited=False, limit=None):
        """The customers that the filter finds, those that were changed just now
        too."""
        before = fields.Datetime.now() - timedelta(hours=self.delay)
        with guarded(self.env):
            return found_by(
                self.connection_id.sudo(),
                self._looking(),
                self.new_customers,
                since=False,
                unchanged_since=before if waited else None,
                limit=limit,
            )

    def _looking(self):
        company = self.connection_id.company_id
        partners = self.env["res.partner"].sudo(False)
        return partners.with_context(allowed_company_ids=company.ids)

    def _counted(self, count, recent):
        ready = count - recent
        told = {"ready": f"{ready:,}", "recent": f"{recent:,}"}
        if not count:
            return self.env._(
                "No customer would go now: whoever matches is in Xero, or in the Outbox"
                " already."
            )
        if not recent:
            return (
                self.env._("1 customer would go now.")
                if ready == 1
                else self.env._("%(ready)s customers would go now.", **told)
            )
        if not ready:
            return self.env._(
                "%(recent)s would go as soon as nobody has changed them for a while.",
                **told,
            )
        return self.env._(
            "%(ready)s would go now, and %(recent)s more once nobody has changed them"
            " for a while.",
            **told,
        )

    @api.depends("count", "which")
    @api.depends_context("lang")
    def _compute_cost_note(self):
        for dialog in self:
            dialog.cost_note = dialog._cost()

    def _cost(self):
        """What it costs of the calls that Xero takes in a day."""
        told = self.env._("Each customer that goes takes one call to Xero.")
        if self.which != "all" or not self.count:
            return told
        connection = self.connection_id
        usable = connection.calls_limit - connection.calls_reserved
        if usable <= 0:
            return told
        days = ceil(self.count / usable)
        if days > 1:
            return self.env._(
                "Each takes one call to Xero: %(count)s of the %(limit)s calls a day,"
                " so it takes %(days)s days or more. They go %(batch)s at a time, and"
                " syncs go on meanwhile.",
                count=f"{self.count:,}",
                limit=f"{connection.calls_limit:,}",
                days=days,
                batch=BATCH,
            )
        return self.env._(
            "Each takes one call to Xero: %(count)s of the %(limit)s calls a day, of"
            " which %(left)s are left today.",
            count=f"{self.count:,}",
            limit=f"{connection.calls_limit:,}",
            left=f"{connection.calls_remaining:,}",
        )

    @api.model
    def _open(self, connection):
        dialog = self.create(
            {
                "connection_id": connection.id,
                "new_customers": connection.new_customers or "[]",
                "delay": connection.new_customers_delay,
                "which": "from_now" if _is_from_then(connection) else "all",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New customers to Xero"),
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    # Buttons

    def action_list(self):
        """The customers that are counted."""
        self.ensure_one()
        self.connection_id.check_access("read")
        try:
            found = self._found(limit=MOST_LISTED)
        except FilterRefused as refusal:
            raise ValidationError(
                sentence(self.env, refusal.code, **refusal.data)
            ) from refusal
        return self.connection_id._list_customers(found)

    def action_reconnect(self):
        """Ask Xero for what writing takes."""
        self.connection_id._require("group_xero_administrator")
        self.connection_id.with_writing = True
        return self.connection_id.action_connect()

    def action_apply(self):
        """Let these customers go by themselves from now on."""
        self.ensure_one()
        connection = self.connection_id
        connection._require("group_xero_administrator")
        if not connection.may_write:
            raise UserError(
                self.env._("Xero has not allowed it yet: reconnect, and allow it.")
            )
        since = False
        if self.which == "from_now":
            # Whoever changes the filter leaves nobody behind that waits already.
            since = connection.new_customers_since if self.is_on else False
            since = since or fields.Datetime.now()
        connection.write(
            {
                "direction": "both",
                "new_customers": self.new_customers,
                "new_customers_since": since,
                "new_customers_delay": self.delay,
            }
        )
        connection._wake()
        return {"type": "ir.actions.act_window_close"}


def _is_from_then(connection):
    return connection.direction != "both" or connection.new_customers_since
