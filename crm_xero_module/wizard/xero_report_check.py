# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import asdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..exceptions import ConnectorError
from ..services.connector.client import ConnectorClient
from ..services.reasons import describe, sentence
from ..services.sales.days import today_of
from ..services.sales.report_check import check_report
from ..services.xero.aged_report import read_report


class XeroReportCheck(models.TransientModel):
    """Xero's own report of one customer, beside the documents here."""

    _name = "xero.report.check"
    _description = "Check with Xero's Aged Receivables"
    _rec_name = "contact_id"

    contact_id = fields.Many2one(
        "xero.contact", string="Customer in Xero", readonly=True, ondelete="cascade"
    )
    day = fields.Date(string="As of", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    currency_code = fields.Char(related="contact_id.connection_id.base_currency")
    summary = fields.Char(compute="_compute_summary")
    our_due = fields.Monetary(string="Due here", readonly=True)
    xero_due = fields.Monetary(string="Due in Xero's report", readonly=True)
    line_ids = fields.One2many("xero.report.check.line", "check_id", readonly=True)

    @api.depends("line_ids.code")
    @api.depends_context("lang")
    def _compute_summary(self):
        for check in self:
            differing = len(check.line_ids.filtered("code"))
            if not check.line_ids:
                told = self.env._("Nothing is open, neither here nor in Xero's report.")
            elif not differing:
                told = self.env._(
                    "All %(count)s documents agree with Xero's report.",
                    count=len(check.line_ids),
                )
            else:
                told = self.env._(
                    "%(count)s of %(all)s documents differ from Xero's report.",
                    count=differing,
                    all=len(check.line_ids),
                )
            check.summary = told

    @api.model
    def _open(self, contact):
        """Ask Xero for its report of a contact, and show both sides.

        :raise UserError: the connector or Xero refused, in words
        """
        connection = contact.connection_id
        connection._require("group_xero_operator")
        contact.check_access("read")
        today = today_of(connection)
        report = self._ask(contact, today)
        lines = check_report(contact.sudo(), report)
        check = self.sudo().create(
            {
                "contact_id": contact.id,
                "day": today,
                "currency_id": connection._base_currency().id,
                "our_due": sum(line.our_due or 0 for line in lines),
                "xero_due": report.balance,
                "line_ids": [Command.create(asdict(line)) for line in lines],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(customer)s in Xero's report", customer=contact.name),
            "res_model": self._name,
            "res_id": check.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _ask(self, contact, today):
        connection = contact.connection_id
        if not connection.connector_ref:
            raise UserError(self.env._("Connect to Xero first."))
        try:
            with ConnectorClient.from_env(self.env) as client:
                answer = client.get_aged_receivables(
                    connection=connection.connector_ref,
                    contact=contact.xero_id,
                    date=today,
                )
            return read_report(answer)
        except ConnectorError as error:
            raise UserError(connection._explain(error)) from error
        except ValueError as error:
            told = sentence(self.env, "xero_answer_unreadable")
            raise UserError(told) from error


class XeroReportCheckLine(models.TransientModel):
    """A document as it is here and in Xero's report."""

    _name = "xero.report.check.line"
    _description = "Document in Xero's Aged Receivables"
    _rec_name = "number"

    check_id = fields.Many2one(
        "xero.report.check", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="check_id.currency_id")
    xero_id = fields.Char()
    transaction_id = fields.Many2one("xero.transaction", ondelete="cascade")
    number = fields.Char()
    date = fields.Date()
    due_date = fields.Date()
    our_total = fields.Monetary(string="Total here")
    our_paid = fields.Monetary(string="Paid here")
    our_credited = fields.Monetary(string="Credited here")
    our_due = fields.Monetary(string="Due here")
    xero_total = fields.Monetary(string="Total in Xero")
    xero_paid = fields.Monetary(string="Paid in Xero")
    xero_credited = fields.Monetary(string="Credited in Xero")
    xero_due = fields.Monetary(string="Due in Xero")
    code = fields.Char()
    why = fields.Char(string="Difference", compute="_compute_why")
    remedy = fields.Char(string="What to do", compute="_compute_why")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_why(self):
        for line in self:
            line.why = line.remedy = False
            if line.code:
                line.why, line.remedy = describe(self.env, line.code)

    def action_open_transaction(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.transaction",
            "res_id": self.transaction_id.id,
            "views": [[False, "form"]],
        }
