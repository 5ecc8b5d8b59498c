"""What people send to Xero, done over HTTP as their browser does it."""

from dataclasses import dataclass
from typing import Any

from infra.demo.odoo_client import OdooClient

OVER = ("done", "failed", "cancelled")


@dataclass
class ToXero:
    """The dialogs that write to Xero.

    :param odoo: a session that is logged in
    """

    odoo: OdooClient

    def queue_customer(self, partner: int) -> int:
        """Press "Create in Xero" and the dialog's button; the entry of the outbox."""
        action = self.odoo.call("res.partner", "action_create_in_xero", [partner])
        return self._confirmed(action)

    def queue_invoice(self, lead: int) -> int:
        """Press "Draft invoice in Xero" and the dialog's button; the entry."""
        action = self.odoo.call("crm.lead", "action_xero_draft_invoice", [lead])
        return self._confirmed(action)

    def send(self, entry: int) -> dict[str, Any]:
        """Do what the open dialog does: send, then take the answer over.

        :return: what the dialog shows
        """
        (told,) = self.odoo.call("xero.outbox", "send_now", [entry])
        if told["is_answered"]:
            (told,) = self.odoo.call("xero.outbox", "settle_now", [entry])
        return told

    def entry(self, entry: int) -> dict[str, Any]:
        """What the outbox says of it."""
        fields = ["state", "code", "contact_id", "transaction_id", "attempts"]
        return self.odoo.read("xero.outbox", entry, fields)

    def _confirmed(self, action: dict[str, Any]) -> int:
        """Press the first button of a dialog that was opened."""
        dialog = action.get("res_id") or self._filled_in(action)
        sent = self.odoo.call(action["res_model"], "action_send", [dialog])
        return sent["params"]["outbox_id"]

    def _filled_in(self, action: dict[str, Any]) -> int:
        """A dialog with its own proposals, as the browser saves it."""
        model, context = action["res_model"], action.get("context") or {}
        names = list(self.odoo.call(model, "fields_get", [], ["type"]))
        values = self.odoo.call(model, "default_get", names, context=context)
        return self.odoo.call(model, "create", values, context=context)
