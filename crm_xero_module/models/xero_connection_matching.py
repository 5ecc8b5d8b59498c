# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..services.matching.who import customers


class XeroConnection(models.Model):
    """Who of the CRM is who in Xero, before imports make anybody anew."""

    _inherit = "xero.connection"

    matching = fields.Selection(
        [
            ("none", "Not needed"),
            ("offered", "Offered"),
            ("done", "Done"),
        ],
        default="none",
        required=True,
        readonly=True,
        copy=False,
        help="Where the CRM had customers before the first import, they are matched"
        " with Xero's first; until then, imports wait.",
    )
    matching_note = fields.Char(
        compute="_compute_matching_note", help="What the imports wait for, in words."
    )
    matches_of = fields.Char(
        readonly=True,
        copy=False,
        help="What the suggestions were worked out of: the mirror's contacts and the"
        " CRM's customers, as one number each.",
    )
    matches_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("matching")
    @api.depends_context("lang")
    def _compute_matching_note(self):
        offered = self.filtered(lambda connection: connection.matching == "offered")
        # Of one company, all organisations may have the same.
        counts = {
            company: connections[:1]._count_customers()
            for company, connections in offered.grouped("company_id").items()
        }
        for connection in self:
            connection.matching_note = connection in offered and self.env._(
                "The CRM has customers of its own (%(count)s). Match them with Xero's"
                " first, so that none comes twice: imports wait until you are done.",
                count=counts[connection.company_id],
            )

    def _count_customers(self):
        """How many customers the CRM has that may be in this organisation."""
        self.env["res.partner"].flush_model()
        [[count]] = self.env.execute_query(
            SQL("SELECT count(*) FROM res_partner p WHERE %s", customers(self))
        )
        return count

    def _set_connected(self, remote):
        is_new = not self.organisation_ref
        result = super()._set_connected(remote)
        if is_new and self._count_customers():
            self.matching = "offered"
        return result

    def _auto_profiles(self):
        profiles = super()._auto_profiles()
        return profiles.browse() if self.sudo().matching == "offered" else profiles

    def action_match(self):
        """Open the workbench."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_xero_module.xero_match_action"
        )
        return {**action, "context": {"connection_id": self.id}}

    def action_matching_done(self):
        """Let the imports begin: who is matched is found, and the others are new."""
        self.check_access("read")
        self._require("group_xero_operator")
        for connection in self.sudo().filtered(lambda one: one.matching == "offered"):
            connection.matching = "done"
            profiles = connection._auto_profiles()
            # The newest goes first: companies, which their persons need.
            for profile in reversed(profiles):
                profile.with_user(self.env.user)._start_run()
            self.env["xero.audit"]._note(
                "import", connection, connection, count=len(profiles)
            )
        return True

    def action_import_without_matching(self):
        """Let the imports begin with what they find by their keys alone."""
        return self.action_matching_done()
