# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger

from ..services.to_xero.outbox import OPEN_STATES


class XeroOutbox(models.Model):
    """One thing that is written to Xero: a record first, sent after the commit.

    The list of these is the audit of everything that was written: who, when, what,
    and what Xero answered. Nobody removes one by hand.
    """

    _name = "xero.outbox"
    _description = "Xero Outbox"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    subject = fields.Char(
        required=True,
        readonly=True,
        help="Of what there is one open entry at most: a kind and a record.",
    )
    connection_id = fields.Many2one(
        "xero.connection", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    kind = fields.Selection(
        [
            ("create_contact", "Create customer"),
            ("update_contact", "Update customer"),
            ("draft_invoice", "Draft invoice"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("answered", "Sent"),
            ("done", "Done"),
            ("failed", "Needs a person"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
        help="Sent: Xero has answered, and it is about to be taken over here.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    contact_id = fields.Many2one(
        "xero.contact",
        string="Xero Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    transaction_id = fields.Many2one(
        "xero.transaction",
        string="Xero Document",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    key = fields.Char(
        required=True,
        readonly=True,
        help="What the connector knows this by, however often it is sent.",
    )
    # What is sent, in Xero's words; and in a person's: [{label, value, origin}].
    body = fields.Json(readonly=True)
    shown = fields.Json(readonly=True)
    built = fields.Json(
        readonly=True, help="What the CRM held when the body was made of it."
    )
    seen = fields.Char(
        readonly=True,
        help="When the contact had last changed in Xero, as far as its body knows.",
    )
    attempts = fields.Integer(readonly=True)
    sending_until = fields.Datetime(
        readonly=True, help="Somebody sends it now, or died over it."
    )
    may_have_arrived = fields.Boolean(
        readonly=True, help="It was sent, and no answer told what became of it."
    )
    next_try_at = fields.Datetime(readonly=True)
    code = fields.Char(readonly=True, help="What keeps it from being done.")
    data = fields.Json(readonly=True, help="The details of that, for its words.")
    # What Xero did, and its record's id.
    answer = fields.Json(readonly=True)
    record = fields.Json(
        readonly=True,
        groups="base.group_no_one",
        help="Xero's record as it was answered, until it is in the mirror.",
    )
    read_at = fields.Datetime(readonly=True, help="When Xero answered.")
    is_automatic = fields.Boolean(
        string="By itself",
        readonly=True,
        help="Nobody asked for this one; it leaves the calls that are kept for people.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    done_at = fields.Datetime(readonly=True)

    _key_uniq = models.Constraint(
        "UNIQUE (key)", "Everything is sent under its own key."
    )
    # Not by its partner: Odoo's own merge of partners trips over unique indexes.
    _subject_uniq = models.UniqueIndex(
        "(connection_id, subject) WHERE state IN ('waiting', 'answered', 'failed')",
        "This is in the outbox already.",
    )
    _waiting_idx = models.Index(
        "(connection_id, next_try_at) WHERE state IN ('waiting', 'answered')"
    )

    @api.model
    def _queue(
        self,
        kind,
        connection,
        *,
        name,
        body,
        shown,
        partner=None,
        lead=None,
        contact=None,
        built=None,
        seen=None,
        automatic=False,
        failed=None,
        data=None,
    ):
        """Note what is to be written to Xero; the caller checked the rights.

        It is sent after the commit. Where the same is in the outbox and not over,
        that is what is returned, as it is.

        :param kind: of the field `kind`
        :param name: of whom or what it is, as people call it
        :param body: the contact or the invoice, in Xero's JSON
        :param shown: the same in a person's words: [{label, value, origin}]
        :param built: what the maker of the body wants to remember of the CRM
        :param seen: UpdatedDateUTC of the contact that an update was made of
        :param failed: the code of what a person decides before it is sent
        :param data: the details of that code
        """
        subject = _subject(kind, partner=partner, lead=lead, contact=contact)
        entries = self.sudo()
        open_entry = [
            ("connection_id", "=", connection.id),
            ("subject", "=", subject),
            ("state", "in", OPEN_STATES),
        ]
        if found := entries.search(open_entry, limit=1):
            return found
        values = {
            "name": name,
            "subject": subject,
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "kind": kind,
            "state": "failed" if failed else "waiting",
            "code": failed,
            "data": data,
            "partner_id": partner and partner.id,
            "lead_id": lead and lead.id,
            "contact_id": contact and contact.id,
            "key": _new_key(),
            "body": body,
            "shown": shown,
            "built": built,
            "seen": seen,
            "is_automatic": automatic,
            "user_id": self.env.uid,
        }
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return entries.create(values)
        except UniqueViolation as error:
            # Somebody did right now. Odoo tries again, and finds their entry.
            raise ConcurrencyError(subject) from error

    def _build_again(self, *, body, shown, built=None, seen=None):
        """Let this be sent instead; whether it can be.

        Not where it is being sent, or may have arrived: then only the same under the
        same key tells what became of it.
        """
        self.ensure_one()
        entry = self.sudo()
        if entry.state not in ("waiting", "failed") or not entry._is_ours_alone():
            return False
        entry.write(
            {
                "state": "waiting",
                "key": _new_key(),
                "body": body,
                "shown": shown,
                "built": built,
                "seen": seen,
                "code": False,
                "data": False,
                "next_try_at": False,
            }
        )
        return True

    def _end(self, state, code=False, data=None, **values):
        """Let it be over, or a person's; `code` and `data` say why."""
        self.write(
            {
                "state": state,
                "code": code,
                "data": data or False,
                "sending_until": False,
                "next_try_at": False,
                **values,
            }
        )

    def _linked_contact(self):
        """The contact of this organisation that the customer is, the leading first."""
        contacts = self.partner_id.sudo().xero_contact_ids.filtered(
            lambda contact: (
                contact.connection_id == self.connection_id
                and contact.link_state == "linked"
            )
        )
        return contacts.sorted(lambda contact: (not contact.is_leading, contact.id))[:1]

    def _is_ours_alone(self):
        """Whether Xero cannot have it, nor is anybody about to send it."""
        until = self.sending_until
        is_sending = until and until > fields.Datetime.now()
        return not self.may_have_arrived and not is_sending


def _subject(kind, *, partner, lead, contact):
    record = {
        "create_contact": partner,
        "update_contact": contact,
        "draft_invoice": lead,
    }[kind]
    return f"{kind},{record.id}"


def _new_key():
    return str(uuid.uuid4())
