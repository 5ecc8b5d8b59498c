# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class XeroContactPerson(models.Model):
    """The mirror of one person of a Xero contact.

    Position 0 is the contact's primary person, then come up to five more. Xero
    gives persons no id: `xero_id` is the ContactID for the primary person and
    `ContactID/k` for the others, given once and never used again.
    """

    _name = "xero.contact.person"
    _inherit = "xero.link.mixin"
    _description = "Xero Contact Person"
    _order = "contact_id, position, id"
    _rec_names_search = ["first_name", "last_name", "email"]
    _log_access = False

    contact_id = fields.Many2one(
        "xero.contact", required=True, index=True, ondelete="cascade"
    )
    # Found by the indexes below; every index costs a tenth of landing a row.
    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    xero_id = fields.Char(string="Person ID", required=True)
    position = fields.Integer()
    first_name = fields.Char()
    last_name = fields.Char()
    email = fields.Char()
    include_in_emails = fields.Boolean()
    active = fields.Boolean(default=True, help="Not active: gone from Xero.")
    change_seq = fields.Integer()
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null"
    )
    link_state = fields.Selection(
        [("unlinked", "Not linked"), ("linked", "Linked"), ("ignored", "Ignored")],
        default="unlinked",
        required=True,
    )
    applied = fields.Json(groups="crm_xero_module.group_xero_administrator")

    _connection_xero_id_uniq = models.Constraint(
        "UNIQUE (connection_id, xero_id)", "A person of Xero is mirrored once."
    )
    _change_idx = models.Index("(connection_id, change_seq)")

    @api.depends("first_name", "last_name", "email")
    def _compute_display_name(self):
        for person in self:
            names = [name for name in (person.first_name, person.last_name) if name]
            person.display_name = " ".join(names) or person.email or person.xero_id

    def _link_note(self):
        if self.link_state == "ignored" and self.sudo().contact_id.merged_to:
            return self.env._("Now a person of the contact that it was merged into.")
        return super()._link_note()

    def _rows_for(self, target):
        return self if target == "contact" else self.browse()
