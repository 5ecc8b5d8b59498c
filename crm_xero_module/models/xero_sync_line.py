# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.imports.both_changed import Decide
from ..services.imports.by_hand import Retry
from ..services.mapping.targets import COMPANY, PRODUCT

# The outcomes after which nothing of the record is in the CRM.
NOT_IMPORTED = ("skipped", "conflict", "failed")
# Where "What to do" is one click away: what the button of a code does.
REMEDIES = {
    "record_archived": "bring_back",
    "record_not_visible": "profile",
    "required_missing": "profile",
    "value_unusable": "profile",
    "price_currency": "profile",
    "both_changed": "decide",
}
# More reasons than these would make a notification unreadable.
TOLD_REASONS = 3


class XeroSyncLine(models.Model):
    """A Xero record that did not come, or not wholly: why, and what to do."""

    _name = "xero.sync.line"
    _description = "Xero Run Line"
    _order = "id desc"
    _rec_name = "record_name"

    sync_id = fields.Many2one(
        "xero.sync", string="Run", required=True, index=True, ondelete="cascade"
    )
    connection_id = fields.Many2one(
        "xero.connection", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    profile_id = fields.Many2one(
        "xero.import.profile", index="btree_not_null", ondelete="set null"
    )
    contact_id = fields.Many2one(
        "xero.contact", index="btree_not_null", ondelete="set null"
    )
    person_id = fields.Many2one(
        "xero.contact.person", index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null"
    )
    item_id = fields.Many2one("xero.item", index="btree_not_null", ondelete="set null")
    product_id = fields.Many2one(
        "product.template", index="btree_not_null", ondelete="set null"
    )
    record_name = fields.Char(string="Record")
    outcome = fields.Selection(
        [
            ("created", "Created in part"),
            ("updated", "Updated in part"),
            ("skipped", "Skipped"),
            ("conflict", "Conflict"),
            ("failed", "Failed"),
        ],
        required=True,
    )
    code = fields.Char(required=True)
    reason = fields.Text()
    reason_group = fields.Char(
        string="Reasons", index=True, help="The reason without this record's details."
    )
    field_name = fields.Char(help="The CRM field, where it is about one alone.")
    conflict_ids = fields.Json(help="The ids of the CRM records that are in conflict.")
    remedy_button = fields.Selection(
        [
            ("bring_back", "Bring back"),
            ("profile", "Open the import"),
            ("compare", "Compare"),
            ("decide", "Decide"),
        ],
        compute="_compute_remedy_button",
    )
    remedy = fields.Text(string="What to do")
    detail = fields.Text(string="Technical Detail")
    state = fields.Selection(
        [("open", "Open"), ("retried", "Settled"), ("ignored", "Ignored")],
        required=True,
        default="open",
        index=True,
    )

    @api.depends("code", "profile_id", "conflict_ids")
    def _compute_remedy_button(self):
        for line in self:
            button = "compare" if line.conflict_ids else REMEDIES.get(line.code)
            if button == "profile" and not line.profile_id:
                button = False
            line.remedy_button = button

    def action_retry(self):
        """Import these records again, from the mirror: Xero is not asked.

        What cannot be settled so is told, and holds up none of the others.
        """
        self._require_operator()
        self.env["xero.audit"]._note_each("import", self)
        return self._tell(Retry(self.sudo()).run())

    def action_take_xeros(self):
        """Of what was changed in both, write Xero's values into the CRM."""
        self._require_operator()
        self.env["xero.audit"]._note_each("import", self)
        return self._tell(Decide(self.sudo()).take_xeros())

    def action_send_ours(self):
        """Of what was changed in both, let the CRM's values go to Xero."""
        self._require_operator()
        self.env["xero.audit"]._note_each("sent", self)
        told = self._tell(Decide(self.sudo()).send_ours())
        self.env["xero.connection"]._wake()
        return told

    def action_bring_back(self):
        """Make the archived record active again, and import it."""
        self.ensure_one()
        self._require_operator()
        (self.partner_id or self.product_id).action_unarchive()
        return self.action_retry()

    def _tell(self, retry):
        """What a retry did, as a notification; the screen is read again."""
        told = []
        if retry.settled:
            told.append(self.env._("%(count)s settled", count=f"{retry.settled:,}"))
        if still_open := retry.open.total():
            reasons = [
                f"{reason} ({count:,})" if len(retry.open) > 1 else reason
                for reason, count in retry.open.most_common(TOLD_REASONS)
            ]
            told.append(
                self.env._(
                    "%(count)s still open: %(reasons)s",
                    count=f"{still_open:,}",
                    reasons=" ".join(reasons),
                )
            )
        message = ", ".join(told) or self.env._("These are settled already.")
        kind = "warning" if retry.open else "success"
        action = self.env["xero.connection"]._notify(kind, message)
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action

    def action_ignore(self):
        """Say no more of these records for this reason."""
        self._require_operator()
        ignored = self.sudo().filtered(lambda line: line.state == "open")
        ignored.state = "ignored"
        self.env["xero.audit"]._note_each("ignored", ignored)
        return True

    def action_open(self):
        """Open the CRM record, or what the mirror holds where there is none."""
        self.ensure_one()
        if self.item_id or self.product_id:
            product = self.product_id or self.item_id.product_id
            return self._form_of(product or self.item_id)
        record = self.partner_id or self.person_id.partner_id
        record = record or self.contact_id.partner_id or self.contact_id
        return self._form_of(record)

    def action_open_profile(self):
        """Open the import, to mend its lines."""
        self.ensure_one()
        return self._form_of(self.profile_id)

    def action_compare(self):
        """List the CRM records that are in each other's way."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.record_name or self.reason,
            "res_model": self._target().model,
            "domain": [("id", "in", self.conflict_ids or [])],
            "context": {"active_test": False},
            "views": [(False, "list"), (False, "form")],
        }

    def _target(self):
        """A `Target` of the model that the line is about."""
        return PRODUCT if self.item_id or self.product_id else COMPANY

    def _form_of(self, record):
        if not record:
            raise UserError(self.env._("There is no record to open."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _require_operator(self):
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_operator")
