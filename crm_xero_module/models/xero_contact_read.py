# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..exceptions import ConnectorError
from ..services.connector.client import ConnectorClient
from ..services.imports.by_hand import become_writer
from ..services.to_xero.settle import land
from ..services.xero.values import moment, record


class XeroContact(models.Model):
    """A contact that a person wants to have as Xero has it now."""

    _inherit = "xero.contact"

    def action_read_again(self):
        """Read this contact from Xero, and let the imports go over it."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_operator")
        contact = self.sudo()
        # Asked before the lock is taken: nothing waits for Xero behind it.
        answer = contact._ask_xero()
        connection = contact.connection_id
        become_writer(connection)
        before = contact.change_seq
        self.env["xero.audit"]._note("sync", connection, contact)
        read_at = moment(answer.get("read_at")) or fields.Datetime.now()
        row = land(connection, "contacts", record(answer.get("contact")), read_at)
        if row.change_seq == before:
            return self._tell(self.env._("Nothing has changed in Xero."))
        return self._tell(row._import_now())

    def _ask_xero(self):
        connection = self.connection_id
        if not connection.connector_ref:
            raise UserError(self.env._("Connect to Xero first."))
        try:
            with ConnectorClient.from_env(self.env) as client:
                return client.get_contact(
                    connection=connection.connector_ref, contact=self.xero_id
                )
        except ConnectorError as error:
            raise UserError(connection._explain(error)) from error
