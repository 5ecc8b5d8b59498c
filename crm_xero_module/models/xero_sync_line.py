# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


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
    contact_id = fields.Many2one("xero.contact", index=True, ondelete="set null")
    person_id = fields.Many2one(
        "xero.contact.person", index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one("res.partner", ondelete="set null")
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
    remedy = fields.Text(string="What to do")
    detail = fields.Text(string="Technical Detail")
    state = fields.Selection(
        [("open", "Open"), ("retried", "Settled"), ("ignored", "Ignored")],
        required=True,
        default="open",
        index=True,
    )
