# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..services.mirror import links


class XeroContact(models.Model):
    """Who a contact is in the CRM, changed by people."""

    _inherit = "xero.contact"

    def action_unlink_record(self):
        """Follow these contacts and their persons no longer. Where several contacts
        are one customer, the oldest of those that stay leads from now."""
        self._become_writer()
        linked = self.sudo().filtered(lambda contact: contact.link_state == "linked")
        links.pass_lead(self.env, list(linked._successions()))
        links.forget(linked._all_persons())
        links.forget(linked)
        self.env["xero.audit"]._note_each("unlinked", linked)
        return True

    def _successions(self):
        """(id that leads and goes, id that is to lead) for each partner."""
        leading = self.filtered(lambda row: row.is_leading and row.partner_id)
        for partner, leaders in leading.grouped("partner_id").items():
            others = partner.xero_contact_ids - self
            if others and not any(others.mapped("is_leading")):
                yield min(leaders.ids), min(others.ids)

    def action_lead(self):
        """Let this contact, and no other, feed its customer's fields."""
        self.ensure_one()
        self._become_writer()
        contact = self.sudo()
        if contact.link_state != "linked" or not contact.partner_id:
            raise UserError(self.env._("It is not linked to a customer."))
        others = contact.partner_id.xero_contact_ids - contact
        leaders = others.filtered("is_leading")
        if leaders:
            links.pass_lead(self.env, [(min(leaders.ids), contact.id)])
        others.filtered("is_leading").is_leading = False
        contact.is_leading = True
        told = self.env._("It leads from now.")
        self.env["xero.audit"]._note_each("linked", contact, detail=told)
        return contact._tell(contact._import_now())

    def _reset_others(self):
        links.reset(self._all_persons())

    def _all_persons(self):
        return self.with_context(active_test=False).person_ids

    def _rows_for(self, target):
        rows = {"company": self, "contact": self.person_ids}
        return rows.get(target, self.browse())
