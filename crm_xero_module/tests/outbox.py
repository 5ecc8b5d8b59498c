# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of the outbox share."""

from datetime import timedelta

from odoo.addons.crm_xero_module.services.xero.our_numbers import contact_number

WRITES = ["contacts_write", "invoices_write"]


class OutboxCase:
    """For a test case beside `XeroCase`: an organisation that may be written to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        features = [*cls.connector.features, *WRITES]
        cls.connection.granted_features = features

    def setUp(self):
        super().setUp()
        self.connector.features = self.connector.features + WRITES

    def customer(self, name="Bayside Club", **values):
        """A customer of the CRM that Xero does not have."""
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, "email": "club@example.com", **values}
        )

    def queue(self, partner, env=None, **values):
        """The entry that creates a customer in Xero."""
        body = {
            "Name": partner.name,
            "ContactNumber": contact_number(self.env, partner.id),
            "EmailAddress": partner.email or "",
        }
        held = {"name": partner.name, "email": partner.email}
        entry = (env or self.env)["xero.outbox"]._queue(
            "create_contact",
            self.connection,
            name=partner.name,
            partner=partner,
            body=body,
            shown=[{"label": "Name", "value": partner.name, "origin": ""}],
            built={str(partner.id): held},
            **values,
        )
        self.env.flush_all()
        return entry

    def queue_invoice(self, partner, lead, **values):
        """The entry that drafts an invoice of an opportunity."""
        contact = partner.xero_contact_ids
        body = {
            "Contact": {"ContactID": contact.xero_id} if contact else {},
            "Reference": f"ODOO-test-{lead.id}-1",
            "LineItems": [],
        }
        return self.env["xero.outbox"]._queue(
            "draft_invoice",
            self.connection,
            name=lead.name,
            partner=partner,
            lead=lead,
            body=body,
            shown=[],
            **values,
        )

    def rpc(self, entry, method, *args, user=None):
        """Call a method as the browser does: in a request of its own."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=user or self.env.uid, su=False)
            answer = getattr(entry.with_env(env), method)(*args)
        self.env.invalidate_all()
        return answer

    def press(self, entry, user=None):
        """What the dialog does: send, take over, tell."""
        [told] = self.rpc(entry, "send_now", user=user)
        if told["is_answered"]:
            [told] = self.rpc(entry, "settle_now", user=user)
        return told

    def later(self, **delta):
        """Let time pass for the outbox."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE xero_outbox
               SET sending_until = sending_until - %(d)s::interval,
                   next_try_at = next_try_at - %(d)s::interval
            """,
            {"d": str(timedelta(**(delta or {"days": 1})))},
        )
        self.env.invalidate_all()

    def linked(self, partner):
        """The contacts of Xero that a customer is."""
        return [
            (contact.xero_id, contact.is_leading)
            for contact in partner.xero_contact_ids.sorted("xero_id")
            if contact.link_state == "linked"
        ]
