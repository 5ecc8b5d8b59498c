# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.imports.scope import scope_of
from .xero_connection_vendors import VENDOR_FIELDS

SCOPE_FIELDS = (
    "target",
    "which",
    "which_items",
    "group_ids",
    "picked_ids",
    "status",
    "changed_since",
)


class XeroImportProfile(models.Model):
    """Which of Xero's contacts or items an import profile looks at."""

    _inherit = "xero.import.profile"

    which = fields.Selection(
        [
            ("customers", "Customers"),
            ("vendors", "Vendors"),
            ("groups", "Contact groups"),
            ("picked", "Hand-picked"),
        ],
        required=True,
        default="customers",
        help="Vendors come as far as the connection lets them.",
    )
    which_items = fields.Selection(
        [("all", "All"), ("sold", "Sold"), ("purchased", "Purchased")],
        string="Items",
        required=True,
        default="all",
    )
    group_ids = fields.Many2many(
        "xero.contact.group",
        "xero_import_profile_group_rel",
        "profile_id",
        "group_id",
        string="Contact Groups",
    )
    picked_ids = fields.Many2many(
        "xero.contact",
        "xero_import_profile_contact_rel",
        "profile_id",
        "contact_id",
        string="Picked Contacts",
        copy=True,
    )
    status = fields.Selection(
        [
            ("active", "Active"),
            ("archived", "Archived"),
            ("all", "Active and archived"),
        ],
        string="In Xero",
        required=True,
        default="active",
    )
    changed_since = fields.Date(string="Changed in Xero since")
    record_count = fields.Integer(
        string="Records", compute="_compute_record_count", help="How many match."
    )

    @api.depends(
        *SCOPE_FIELDS,
        "connection_id.profile_ids.which",
        "connection_id.profile_ids.auto_run",
        *(f"connection_id.{name}" for name in VENDOR_FIELDS),
    )
    def _compute_record_count(self):
        for profile in self:
            is_ready = profile.connection_id and profile.target
            profile.record_count = scope_of(profile).count() if is_ready else 0

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(SCOPE_FIELDS):
            self._look_again()
        return result

    def _look_again(self):
        """Let the next sync or run look at all of the mirror: who matches now may
        have been passed over before."""
        self.sudo().position = 0
