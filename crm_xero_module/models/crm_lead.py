# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from ..services.sales.overdue import (
    overdue_of,
    overdue_partners,
    said_amount,
    said_days,
)

GROUP = "crm_xero_module.group_xero_user"


class CrmLead(models.Model):
    """What the customer of a lead or an opportunity has not paid in time."""

    _inherit = "crm.lead"

    xero_is_overdue = fields.Boolean(
        string="Customer overdue in Xero",
        compute="_compute_xero_overdue",
        search="_search_xero_is_overdue",
        groups=GROUP,
    )
    xero_overdue = fields.Char(
        string="Overdue in Xero",
        compute="_compute_xero_overdue",
        groups=GROUP,
        help="What the customer has not paid in time, and since how many days.",
    )
    xero_overdue_note = fields.Text(
        compute="_compute_xero_overdue_note",
        groups=GROUP,
        help="A line for each organisation that the customer is overdue with.",
    )

    @api.depends("partner_id")
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_xero_overdue(self):
        overdue = overdue_of(self.partner_id._origin)
        for lead in self:
            rows = overdue.get(lead.partner_id._origin.id, [])
            lead.xero_is_overdue = bool(rows)
            lead.xero_overdue = " · ".join(
                f"{said_amount(self.env, row)}, "
                f"{said_days(self.env, row['overdue_days'])}"
                for row in rows
            )

    @api.depends("partner_id")
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_xero_overdue_note(self):
        overdue = overdue_of(self.partner_id._origin)
        for lead in self:
            rows = overdue.get(lead.partner_id._origin.id, [])
            lead.xero_overdue_note = "\n".join(
                lead._xero_sentence(row, is_only=len(rows) == 1) for row in rows
            )

    def _xero_sentence(self, row, is_only):
        told = {
            # Whoever sees the opportunity sees whose it is.
            "customer": self.partner_id.sudo().commercial_partner_id.display_name,
            "amount": said_amount(self.env, row),
            "overdue": said_days(self.env, row["overdue_days"]),
        }
        if is_only:
            return self.env._("%(customer)s owes %(amount)s, %(overdue)s.", **told)
        return self.env._(
            "%(customer)s owes %(amount)s to %(organisation)s, %(overdue)s.",
            organisation=row["organisation"],
            **told,
        )

    @api.model
    def _search_xero_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The field's groups keep it from being read, not from being searched by.
        self.env["xero.connection"]._require("group_xero_user")
        overdue = Domain("partner_id", "in", overdue_partners(self.env))
        if set(value) == {True, False}:
            return Domain.TRUE
        return overdue if True in value else ~overdue

    def action_open_xero_overdue(self):
        """Open what the customer has not paid yet, in all its organisations."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_user")
        rows = overdue_of(self.partner_id).get(self.partner_id.id, [])
        contacts = [contact for row in rows for contact in row["contact_ids"]]
        return self.env["xero.connection"]._open_sales(
            self.env._("Open in Xero: %(customer)s", customer=self.partner_id.name),
            [
                ("contact_id", "in", contacts),
                ("kind", "=", "invoice"),
                ("status", "=", "AUTHORISED"),
                ("open_amount", "!=", 0),
            ],
        )
