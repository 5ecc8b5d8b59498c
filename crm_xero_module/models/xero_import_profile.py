# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class XeroImportProfile(models.Model):
    """A saved import: which Xero records become which CRM records, and how."""

    _name = "xero.import.profile"
    _description = "Xero Import Profile"
    _order = "connection_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(string="Title", required=True, translate=True)
    sequence = fields.Integer(default=10)
    connection_id = fields.Many2one(
        "xero.connection",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    target = fields.Selection(
        [("company", "CRM Company"), ("contact", "CRM Contact")],
        string="Target (CRM)",
        required=True,
        default="company",
    )
    source = fields.Selection(
        [("organisation", "Organisation"), ("contact", "Contact")],
        string="Source (Xero)",
        required=True,
        default="organisation",
    )
    mode = fields.Selection(
        [
            ("import", "Import"),
            ("import_update", "Import & Update"),
            ("update", "Update"),
        ],
        required=True,
        default="import_update",
    )
    key_mapping = fields.Many2one(
        "xero.import.mapping", compute="_compute_key_mapping", string="Key"
    )
    active = fields.Boolean(default=True)
    auto_run = fields.Boolean(string="Run after each sync", default=True)
    run_as = fields.Many2one(
        "res.users",
        string="Runs as",
        required=True,
        default=lambda self: self.env.user,
        help="The import has this user's rights, no more.",
    )
    position = fields.Integer(
        readonly=True,
        copy=False,
        help="The last change of the mirror that this profile has seen.",
    )
    mapping_ids = fields.One2many("xero.import.mapping", "profile_id", copy=True)
    last_sync_id = fields.Many2one(
        "xero.sync", string="Last Run", readonly=True, copy=False, ondelete="set null"
    )

    def _compute_key_mapping(self):
        for profile in self:
            profile.key_mapping = profile.mapping_ids.filtered("is_key")[:1]
