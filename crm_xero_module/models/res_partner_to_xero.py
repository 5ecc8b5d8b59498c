# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..services.to_xero.outbox import OPEN_STATES


class ResPartner(models.Model):
    """What people do to have a customer in Xero: create it there, or link it."""

    _inherit = "res.partner"

    xero_can_create = fields.Boolean(
        compute="_compute_xero_contact_count",
        groups="crm_xero_module.group_xero_user",
        help="It is not in Xero, and there is an organisation that it could go to.",
    )

    def action_create_in_xero(self):
        """Show what would be sent of this customer, or of several, before it is."""
        if len(self) > 1:
            return self.env["xero.create.contacts"]._open(self)
        return self._open_xero_dialog("create")

    def action_link_to_xero(self):
        """Choose the contact of Xero that this customer is."""
        return self._open_xero_dialog("link")

    def _open_xero_dialog(self, mode):
        self.ensure_one()
        self._check_xero_writer()
        name = self.env._("Create in Xero")
        if mode == "link":
            name = self.env._("Link to a contact in Xero")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "xero.create.contact",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_connection_id": self.env.context.get("default_connection_id"),
                "default_mode": mode,
                "dialog_size": "extra-large",
            },
        }

    def _check_xero_writer(self):
        self.env["xero.connection"]._require("group_xero_user")
        self.check_access("write")

    def _xero_destinations(self):
        """The organisations that these customers may go to, those first where none of
        them is yet."""
        connections = self.env["xero.connection"].search(
            [
                ("state", "in", ("connected", "reconnect")),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        for partner in self.commercial_partner_id:
            if partner.company_id:
                connections = connections.filtered(
                    lambda one, company=partner.company_id: one.company_id == company
                )
        linked = self._xero_linked_connections()
        own = self.env.company
        return connections.sorted(
            lambda one: (one in linked, one.company_id != own, one.name, one.id)
        )

    def _xero_linked_connections(self):
        return (
            self.env["xero.contact"]
            .sudo()
            .search(
                [
                    (
                        "partner_id.commercial_partner_id",
                        "in",
                        self.commercial_partner_id.ids,
                    )
                ]
            )
            .connection_id.with_env(self.env)
        )

    # What the Xero tab asks for

    def xero_on_its_way(self):
        """What of this customer is on its way to Xero, or failed to get there."""
        self._check_xero_reader()
        # Who may see the customer is told, whoever sent it.
        entries = (
            self.env["xero.outbox"]
            .sudo()
            .search(
                [
                    (
                        "partner_id.commercial_partner_id",
                        "=",
                        self.commercial_partner_id.id,
                    ),
                    ("state", "in", OPEN_STATES),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        )
        own = entries.with_env(self.env)._filtered_access("read")
        states = dict(entries._fields["state"]._description_selection(self.env))
        kinds = dict(entries._fields["kind"]._description_selection(self.env))
        return [
            {
                "id": entry.id,
                "kind": kinds[entry.kind],
                "organisation": entry.connection_id.display_name,
                "state": entry.state,
                "state_name": states[entry.state],
                "reason": entry.reason,
                "remedy": entry.remedy,
                "can_open": entry in own,
            }
            for entry in entries
        ]
