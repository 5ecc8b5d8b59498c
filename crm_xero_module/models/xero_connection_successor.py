# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..exceptions import ConnectorError


class XeroConnection(models.Model):
    """A demo company that Xero reset is another organisation from then on: it gets a
    connection of its own, and the old one's records stay until it is deleted."""

    _inherit = "xero.connection"

    successor_id = fields.Many2one(
        "xero.connection",
        string="Replaced by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The connection to the organisation that took the place of this one.",
    )

    def action_connect_successor(self):
        """Lead to Xero's login for the organisation that took this one's place."""
        self.ensure_one()
        self._require("group_xero_administrator")
        return self._successor().action_connect()

    def _successor(self):
        """The connection for the new organisation, which brings what this one did."""
        if self.state_code != "demo_company_reset":
            raise UserError(
                self.env._("Xero has not reset this organisation: reconnect it.")
            )
        if not self.successor_id:
            # Groups and picked vendors were the old organisation's.
            chosen = {} if self.vendors in ("none", "all") else {"vendors": "none"}
            self.successor_id = self.copy(chosen)
        return self.successor_id

    def _complete(self, authorization, organisation=None):
        """Also notice that the organisation to be renewed is gone for good, or that
        it was not: to us, one that was only disconnected at Xero looks the same."""
        try:
            return super()._complete(authorization, organisation)
        except ConnectorError as error:
            if error.code == "demo_company_reset" and self.connector_ref:
                self.write({"state": "reconnect", "state_code": error.code})
            elif error.code == "organisation_taken":
                # This very consent set the one before going again.
                before = self.search([("successor_id", "in", self.ids)])
                before.write({"successor_id": False, "checked_at": False})
                self._wake()
            raise

    def _set_connected(self, remote):
        """Also let the one go whose place this takes."""
        result = super()._set_connected(remote)
        replaced = self.search(
            [("successor_id", "in", self.ids), ("state", "=", "reconnect")]
        )
        for connection in replaced:
            connection.sudo()._lead_no_longer()
            try:
                connection.action_disconnect()
            except UserError:
                # The connector does not answer: its button is there for later.
                continue
        return result

    def _lead_no_longer(self):
        """Leave feeding customers to the contacts of the successor."""
        self.env["xero.contact"].search(
            [
                ("connection_id", "=", self.id),
                ("link_state", "=", "linked"),
                ("is_leading", "=", True),
            ]
        ).is_leading = False
