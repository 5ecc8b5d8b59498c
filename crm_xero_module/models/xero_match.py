# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class XeroMatch(models.Model):
    """One suggestion: this Xero contact may be that customer, and why.

    Written in bulk by SQL (`services/matching/`). What a person said never to be the
    same stays here, so that it is not suggested again.
    """

    _name = "xero.match"
    _description = "Xero Match"
    _order = "score desc, id"
    _log_access = False

    connection_id = fields.Many2one(
        "xero.connection", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    contact_id = fields.Many2one(
        "xero.contact", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    score = fields.Integer(help="How sure it is, from 0 to 100.")
    rank = fields.Integer(help="1 is the contact's best suggestion.")
    is_clear = fields.Boolean(
        help="Neither the contact nor the customer has another one that is as likely:"
        " only these are accepted by the hundred."
    )
    reasons = fields.Json(help="A list of [code, value]: what the two have in common.")
    state = fields.Selection(
        [("open", "Open"), ("never", "Never")], required=True, default="open"
    )

    _pair_uniq = models.Constraint(
        "UNIQUE (contact_id, partner_id)", "Each pair is suggested once."
    )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Of customers and contacts whom the user may not see, nothing is shown."""
        if not self.env.su:
            both = Domain("partner_id", "any", []) & Domain("contact_id", "any", [])
            domain = Domain(domain) & both
        return super()._search(domain, *args, **kwargs)
