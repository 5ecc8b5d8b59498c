# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

VENDOR_FIELDS = ("vendors", "vendor_group_ids", "vendor_ids")
# In Xero's sense: flags are set by the first invoice or bill only.
SUPPLIERS = [("is_supplier", "=", True), ("is_customer", "=", False)]


class XeroConnection(models.Model):
    """Which of Xero's vendors may become CRM records: none, unless chosen.

    Who is a CRM record already goes on being followed as customers are, whatever is
    chosen later.
    """

    _inherit = "xero.connection"

    vendors = fields.Selection(
        [
            ("none", "None"),
            ("all", "All"),
            ("groups", "By contact group"),
            ("picked", "Picked one by one"),
        ],
        required=True,
        default="none",
        help="Contacts that only sell to you. Customers come whatever is chosen here.",
    )
    vendor_group_ids = fields.Many2many(
        "xero.contact.group",
        "xero_connection_vendor_group_rel",
        "connection_id",
        "group_id",
        string="Vendor Groups",
        copy=False,
        help="Vendors that are in any of these contact groups of Xero.",
    )
    vendor_ids = fields.Many2many(
        "xero.contact",
        "xero_connection_vendor_rel",
        "connection_id",
        "contact_id",
        string="Picked Vendors",
        copy=False,
    )
    vendor_count = fields.Integer(
        string="Chosen Vendors",
        compute="_compute_vendor_count",
        help="Vendors, not archived in Xero, that come by this choice.",
    )

    @api.depends(*VENDOR_FIELDS)
    def _compute_vendor_count(self):
        for connection in self:
            chosen = connection._chosen_vendors()
            connection.vendor_count = (
                self.env["xero.contact"].search_count(chosen) if chosen else 0
            )

    def _chosen_vendors(self):
        """The vendors that come, as a domain; None where there are none."""
        chosen = {
            "all": [],
            "groups": [("group_ids", "in", self.vendor_group_ids._origin.ids)],
            "picked": [("id", "in", self.vendor_ids._origin.ids)],
        }.get(self.vendors)
        if chosen is None or not self._origin:
            return None
        of_connection = [("connection_id", "=", self._origin.id)]
        return [*of_connection, ("archived", "=", False), *SUPPLIERS, *chosen]

    @api.constrains("vendor_group_ids", "vendor_ids")
    def _check_vendors_are_of_connection(self):
        for connection in self:
            chosen = (connection.vendor_group_ids, connection.vendor_ids)
            if any(records.connection_id - connection for records in chosen):
                raise ValidationError(
                    self.env._("These vendors are of another Xero organisation.")
                )

    def write(self, vals):
        if not any(name in vals for name in VENDOR_FIELDS):
            return super().write(vals)
        before = {connection: connection.vendors for connection in self}
        result = super().write(vals)
        for connection in self:
            if (before[connection] == "none") != (connection.vendors == "none"):
                connection._switch_vendor_profiles(connection.sudo().profile_ids)
            connection._look_again_at_vendors()
        return result

    def _switch_vendor_profiles(self, profiles):
        """The imports of vendors follow each sync where any vendor is wanted."""
        of_vendors = profiles.filtered(lambda profile: profile.which == "vendors")
        of_vendors.auto_run = self.vendors != "none"

    def _look_again_at_vendors(self):
        """Imports that take vendors begin anew: those chosen now landed long ago."""
        self.sudo().profile_ids.filtered(
            lambda profile: profile.which != "customers"
        )._look_again()

    def action_open_vendors(self):
        """The vendors that come by the present choice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_contact_action"
        )
        return dict(
            action,
            name=self.env._("Chosen vendors"),
            path=False,
            domain=self._chosen_vendors() or [("id", "in", [])],
            context={},
        )
