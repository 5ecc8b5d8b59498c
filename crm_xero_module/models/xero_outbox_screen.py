# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.reasons import describe
from ..services.to_xero.outbox import obstacle
from ..services.xero.deep_links import contact_url, document_url
from .xero_outbox_send import ANYWAY_CODES

# A contact that Xero has may be linked instead.
LINKABLE_CODES = ("contact_exists", "contact_number_taken", "look_alike")


class XeroOutbox(models.Model):
    """An entry as a person reads it."""

    _inherit = "xero.outbox"

    reason = fields.Char(
        string="What happened", compute="_compute_reason", compute_sudo=True
    )
    remedy = fields.Char(
        string="What to do", compute="_compute_reason", compute_sudo=True
    )
    # Contacts of Xero that the customer may be, as the connector names them.
    alike = fields.Json(compute="_compute_alike")
    may_create_anyway = fields.Boolean(compute="_compute_alike")
    xero_url = fields.Char(
        string="Open in Xero", compute="_compute_xero_url", compute_sudo=True
    )
    outcome = fields.Char(
        string="Xero's answer", compute="_compute_outcome", compute_sudo=True
    )

    @api.depends("state", "code", "data", "connection_id.state", "outcome")
    @api.depends_context("lang")
    def _compute_reason(self):
        for entry in self:
            code = entry.code
            if entry.state == "waiting":
                code = obstacle(entry) or code
            told = code and describe(self.env, code, **(entry.data or {}))
            entry.reason = told.happened if told else entry.outcome
            entry.remedy = told and told.remedy

    @api.depends("state", "code", "data")
    def _compute_alike(self):
        for entry in self:
            is_open = entry.state == "failed" and entry.kind == "create_contact"
            contacts = (entry.data or {}).get("contacts")
            can_be_linked = is_open and entry.code in LINKABLE_CODES
            entry.alike = contacts if can_be_linked and contacts else False
            entry.may_create_anyway = is_open and entry.code in ANYWAY_CODES

    @api.depends("state", "answer")
    def _compute_xero_url(self):
        for entry in self:
            xero_id = (entry.answer or {}).get("id")
            code = entry.connection_id.short_code
            if entry.kind == "draft_invoice":
                contact = entry.contact_id.xero_id
                url = document_url(code, "invoice", xero_id, contact)
            else:
                url = contact_url(code, xero_id or entry.contact_id.xero_id)
            entry.xero_url = url

    @api.depends("answer", "kind")
    @api.depends_context("lang")
    def _compute_outcome(self):
        for entry in self:
            entry.outcome = entry._outcome((entry.answer or {}).get("outcome"))

    def _outcome(self, outcome):
        """What Xero did, in words."""
        match outcome:
            case "created" if self.kind == "draft_invoice":
                return self.env._("The draft invoice is in Xero.")
            case "created":
                return self.env._("Created in Xero.")
            case "updated":
                return self.env._("Changed in Xero.")
            case "found":
                return self.env._("It was in Xero already, and was left as it is.")
            case "linked":
                return self.env._("Linked to the contact that Xero had.")
        return False

    def _explain(self, code, data):
        return " ".join(describe(self.env, code, **(data or {})))

    def _told(self):
        """What the dialog shows of each of these."""
        return [entry._told_one() for entry in self]

    def _told_one(self):
        entry = self.sudo()
        is_answered = bool(entry.record)
        return {
            "id": entry.id,
            "name": entry.name,
            "kind": entry.kind,
            "state": entry.state,
            "is_answered": is_answered,
            "outcome": entry.outcome,
            "reason": entry.reason,
            "remedy": entry.remedy,
            "alike": entry.alike or [],
            "may_create_anyway": entry.may_create_anyway,
            "next_try_at": fields.Datetime.to_string(entry.next_try_at),
            "url": entry.xero_url,
        }
