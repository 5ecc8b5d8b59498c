# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import asdict

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.misc import formatLang

from ..services.reasons import describe
from ..services.sales.reconcile import compare

# More than anybody reads; the largest come first.
LISTED = 500


class XeroReconciliation(models.TransientModel):
    """What the documents here leave open beside what Xero says of its contacts."""

    _name = "xero.reconciliation"
    _description = "Comparison with Xero's Balances"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "xero.connection", string="Organisation", required=True, ondelete="cascade"
    )
    has_several = fields.Boolean(compute="_compute_has_several")
    day = fields.Date(string="As of", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    currency_code = fields.Char(related="connection_id.base_currency")
    rates_doubt = fields.Text(related="connection_id.rates_doubt")
    compared = fields.Integer(readonly=True)
    agreeing = fields.Integer(readonly=True)
    unlisted = fields.Integer(
        readonly=True, help="Differences beyond those that are listed."
    )
    summary = fields.Char(compute="_compute_summary")
    our_outstanding = fields.Monetary(readonly=True)
    xero_outstanding = fields.Monetary(readonly=True)
    outstanding_difference = fields.Monetary(compute="_compute_differences")
    our_overdue = fields.Monetary(readonly=True)
    xero_overdue = fields.Monetary(readonly=True)
    overdue_difference = fields.Monetary(compute="_compute_differences")
    line_ids = fields.One2many(
        "xero.reconciliation.line", "reconciliation_id", readonly=True
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_has_several(self):
        self.has_several = self.env["xero.connection"].search_count([], limit=2) > 1

    @api.depends("compared", "agreeing")
    @api.depends_context("lang")
    def _compute_summary(self):
        for reconciliation in self:
            if not reconciliation.compared:
                told = self.env._("Nobody owes anything, on either side.")
            elif reconciliation.agreeing == reconciliation.compared:
                told = self.env._(
                    "All %(count)s customers with something open agree.",
                    count=reconciliation.compared,
                )
            else:
                told = self.env._(
                    "%(agreeing)s of %(count)s customers with something open agree.",
                    agreeing=reconciliation.agreeing,
                    count=reconciliation.compared,
                )
            reconciliation.summary = told

    @api.depends("our_outstanding", "xero_outstanding", "our_overdue", "xero_overdue")
    def _compute_differences(self):
        for one in self:
            one.outstanding_difference = one.our_outstanding - one.xero_outstanding
            one.overdue_difference = one.our_overdue - one.xero_overdue

    @api.model
    def _open(self, connection):
        """Compare an organisation, and show it."""
        reconciliation = self.create({"connection_id": connection.id})
        reconciliation.action_compare()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reconcile with Xero"),
            "res_model": self._name,
            "res_id": reconciliation.id,
            "views": [[False, "form"]],
            "target": "current",
        }

    def action_compare(self):
        """Compare anew, as of now."""
        self.ensure_one()
        connection = self.connection_id
        connection._require("group_xero_operator")
        connection.check_access("read")
        values = asdict(compare(connection.sudo()))
        lines = self._seen(values.pop("differences"))
        listed = map(Command.create, lines[:LISTED])
        self.sudo().write(
            {
                **values,
                "currency_id": connection._base_currency().id,
                "unlisted": max(len(lines) - LISTED, 0),
                "line_ids": [Command.clear(), *listed],
            }
        )
        return True

    def _seen(self, lines):
        """Those of these lines whose contact the reader may see, or that have none."""
        ids = [line["contact_id"] for line in lines if line["contact_id"]]
        seen = self.env["xero.contact"].browse(ids)._filtered_access("read")
        return [line for line in lines if line["contact_id"] in (*seen.ids, None)]


class XeroReconciliationLine(models.TransientModel):
    """A Xero contact whose balance is not what its documents leave open."""

    _name = "xero.reconciliation.line"
    _description = "Difference from Xero's Balance"
    _rec_name = "name"

    reconciliation_id = fields.Many2one(
        "xero.reconciliation", required=True, index=True, ondelete="cascade"
    )
    connection_id = fields.Many2one(related="reconciliation_id.connection_id")
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    contact_id = fields.Many2one("xero.contact", ondelete="cascade")
    contact_xero_id = fields.Char()
    name = fields.Char(string="Customer in Xero")
    our_outstanding = fields.Monetary(string="Here")
    xero_outstanding = fields.Monetary(string="In Xero")
    our_overdue = fields.Monetary(string="Overdue here")
    xero_overdue = fields.Monetary(string="Overdue there")
    difference = fields.Monetary(compute="_compute_difference")
    code = fields.Char()
    details = fields.Json()
    why = fields.Char(compute="_compute_why")
    remedy = fields.Char(string="What to do", compute="_compute_why")

    @api.depends("our_outstanding", "xero_outstanding")
    def _compute_difference(self):
        for line in self:
            line.difference = line.our_outstanding - line.xero_outstanding

    @api.depends("code", "details")
    @api.depends_context("lang")
    def _compute_why(self):
        for line in self:
            details = dict(line.details or {})
            if "amounts" in details:
                details["amounts"] = self._in_words(details["amounts"])
            line.why, line.remedy = describe(self.env, line.code, **details)

    def _in_words(self, amounts):
        return ", ".join(
            f"{code or '?'} {formatLang(self.env, amount)}"
            for code, amount in sorted(amounts.items())
        )

    def action_check_report(self):
        """Ask Xero for its own report of the customer, and show both sides."""
        self.ensure_one()
        return self.env["xero.report.check"]._open(self.contact_id)
