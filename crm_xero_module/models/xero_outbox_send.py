# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..exceptions import ConnectorError
from ..services.connector.client import ConnectorClient
from ..services.imports.by_hand import become_writer
from ..services.to_xero.builders import BUILDERS, CannotBuild
from ..services.to_xero.outbox import obstacle
from ..services.to_xero.send import is_due, send
from ..services.to_xero.settle import land, link_to, settle
from ..services.xero.our_numbers import next_contact_number
from ..services.xero.values import moment, record

# Of these a person may say: create it all the same.
ANYWAY_CODES = ("look_alike", "contact_number_taken")


class XeroOutbox(models.Model):
    """What people do with entries: send, retry, cancel, link instead."""

    _inherit = "xero.outbox"

    def _send_action(self):
        """The dialog that sends this, and shows what became of it."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "xero_send",
            "name": self.env._("To Xero"),
            "target": "new",
            "params": {"outbox_id": self.id},
        }

    def send_now(self):
        """Send what waits, while a person waits for it; what became of each."""
        entries = self._mine()
        waiting = entries.filtered(lambda entry: is_due(entry, by_hand=True))
        if waiting:
            try:
                with ConnectorClient.from_env(self.env) as client:
                    for entry in waiting:
                        if not send(entry, client, by_hand=True):
                            break
            except ConnectorError as error:
                # Of the settings: no call was made.
                waiting.write({"code": error.code})
        return self._told()

    def settle_now(self):
        """Take over what Xero answered, unless a run is at work; what became of it."""
        for connection, entries in self._mine().grouped("connection_id").items():
            settled = entries.filtered("record")
            try:
                if settled:
                    become_writer(connection)
            except UserError:
                # Whoever holds it will not look again by itself.
                connection._wake()
                continue
            for entry in settled.sorted("id"):
                settle(entry)
        return self._told()

    # Buttons

    def action_send(self):
        """Send this one, and show it."""
        return self._send_action()

    def action_retry(self):
        """Send what needed a person again, as the CRM is now."""
        entries = self._mine().filtered(lambda entry: entry.state == "failed")
        for entry in entries:
            entry._retry()
        self.env["xero.audit"]._note_each("sent", entries)
        return entries._after(entries.filtered(lambda entry: entry.state != "failed"))

    def action_create_anyway(self):
        """A person looked at what is alike, and wants one more."""
        entries = self._mine().filtered(
            lambda entry: entry.state == "failed" and entry.code in ANYWAY_CODES
        )
        for entry in entries.filtered(lambda one: one.code == "contact_number_taken"):
            taken = entry.body.get("ContactNumber")
            number = next_contact_number(self.env, entry.partner_id.id, [taken])
            entry.body = {**entry.body, "ContactNumber": number}
        return entries.action_retry()

    def action_cancel(self):
        """Send these no more, as far as they cannot be in Xero already."""
        entries = self._mine().filtered(
            lambda entry: entry.state in ("waiting", "failed")
        )
        over = entries.filtered(lambda entry: entry._may_be_cancelled())
        over.sudo()._end("cancelled")
        self.env["xero.audit"]._note_each("cancelled", over)
        kept = entries - over
        if not kept:
            return True
        message = self.env._(
            "%(count)s may be in Xero already, as an answer was lost: Odoo asks for it"
            " first. Send them now, and see.",
            count=len(kept),
        )
        if not over:
            raise UserError(message)
        return self.env["xero.connection"]._notify("warning", message)

    def link_instead(self, contact_xero_id):
        """Let the customer be a contact that Xero has, instead of making one.

        :param contact_xero_id: a ContactID
        """
        self.ensure_one()
        entry = self._mine()
        if entry.kind != "create_contact" or entry.state != "failed":
            raise UserError(self.env._("This is settled already."))
        if not entry.partner_id:
            raise UserError(self.env._("The customer was deleted in Odoo."))
        contact = entry._contact_of(contact_xero_id)
        become_writer(entry.connection_id)
        try:
            link_to(contact, entry.partner_id)
        except CannotBuild as problem:
            raise UserError(entry._explain(problem.code, problem.data)) from problem
        contact._import_now()
        entry._end(
            "done",
            contact_id=contact.id,
            answer={"outcome": "linked", "id": contact.xero_id},
            done_at=fields.Datetime.now(),
        )
        self.env["xero.audit"]._note("linked", contact.connection_id, contact)
        return self._told()

    # Helpers

    def _mine(self):
        """These with all rights, after a look at whose they are.

        :raise AccessError: others', who only operators see
        """
        self.check_access("read")
        return self.sudo().exists()

    def _after(self, entries):
        """Show one that is to be sent; leave many to the worker, and say so."""
        if len(self) == 1 and entries:
            return entries._send_action()
        connections = self.env["xero.connection"]
        if not self:
            return connections._notify("info", self.env._("None of these needs you."))
        if entries:
            connections._wake()
        message = self.env._(
            "%(count)s are sent by themselves now.", count=len(entries)
        )
        if left := len(self - entries):
            told = self.env._("%(count)s still need a person.", count=left)
            message = f"{message} {told}"
        action = connections._notify("info", message)
        # So that the list behind shows it.
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action

    def _retry(self):
        """Let it be sent again, or taken over again where Xero has done its part."""
        if self.record:
            self._end("answered")
        elif self.may_have_arrived:
            # Only the same under the same key tells what became of it.
            self._end("waiting")
        else:
            self._rebuild()

    def _rebuild(self):
        try:
            built = BUILDERS[self.kind](self.with_user(self.user_id))
        except CannotBuild as problem:
            self._end("failed", problem.code, problem.data)
            return
        if built is None:
            self._end("cancelled", "nothing_to_send")
            return
        self._build_again(
            body=built.body, shown=built.shown, built=built.built, seen=built.seen
        )

    def _may_be_cancelled(self):
        """Whether nothing is lost sight of: what may have arrived is asked for first,
        as long as there is somebody to ask."""
        if self.record:
            return False
        can_be_asked = self.code != "idempotency_key_reused" and (
            obstacle(self) != "not_connected"
        )
        return self._is_ours_alone() or not can_be_asked

    def _contact_of(self, contact_xero_id):
        """The mirror's row of a contact, read from Xero where it is not there."""
        connection = self.connection_id
        found = (
            self.env["xero.contact"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("xero_id", "=", contact_xero_id),
                ]
            )
        )
        if found:
            return found
        try:
            with ConnectorClient.from_env(self.env) as client:
                answer = client.get_contact(
                    connection=connection.connector_ref, contact=contact_xero_id
                )
        except ConnectorError as error:
            raise UserError(connection._explain(error)) from error
        become_writer(connection)
        read_at = moment(answer.get("read_at")) or fields.Datetime.now()
        return land(connection, "contacts", record(answer.get("contact")), read_at)
