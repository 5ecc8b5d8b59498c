# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """From when on a customer counts as overdue, and who is told."""

    _inherit = "res.company"

    xero_overdue_threshold = fields.Float(
        string="Overdue from",
        digits=(16, 2),
        help="In the organisation's base currency. With 0, any overdue amount counts.",
    )
    xero_overdue_days = fields.Integer(
        string="Days of grace",
        help="Its oldest overdue invoice is more than so many days past its due date.",
    )
    xero_overdue_activity = fields.Boolean(string="Tell the salesperson")
    xero_overdue_activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity of an overdue customer",
        domain=[("res_model", "=", False)],
        ondelete="set null",
        help="A to-do by default.",
    )

    _xero_overdue_threshold_positive = models.Constraint(
        "CHECK (xero_overdue_threshold >= 0)",
        "The overdue amount to begin with cannot be negative.",
    )
    _xero_overdue_days_positive = models.Constraint(
        "CHECK (xero_overdue_days >= 0)",
        "The days of grace cannot be negative.",
    )
