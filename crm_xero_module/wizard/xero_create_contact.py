# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.imports.by_hand import become_writer
from ..services.matching.accept import link
from ..services.to_xero.before_sending import check, obstacle, other_company
from ..services.xero.deep_links import contact_url
from ..services.xero.our_numbers import next_contact_number


class XeroCreateContact(models.TransientModel):
    """A customer beside what is in Xero already: create it there, or link it."""

    _name = "xero.create.contact"
    _description = "Create a Customer in Xero"
    _rec_name = "partner_id"

    mode = fields.Selection(
        [("create", "Create"), ("link", "Link")], required=True, default="create"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    company_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Its company"
    )
    is_member = fields.Boolean(compute="_compute_is_member")
    subject = fields.Selection(
        [("company", "The company"), ("person", "This person, as a customer alone")],
        string="What to create",
        required=True,
        default="company",
    )
    connection_id = fields.Many2one(
        "xero.connection",
        string="Organisation",
        ondelete="cascade",
        domain="[('id', 'in', destination_ids)]",
    )
    destination_ids = fields.Many2many(
        "xero.connection", compute="_compute_destination_ids"
    )
    has_several = fields.Boolean(compute="_compute_destination_ids")
    once_more = fields.Boolean(
        string="Create another one although it is there",
        help="It gets a number of its own, so that Odoo tells the two apart.",
    )
    was_created_before = fields.Boolean(compute="_compute_sheet")
    can_send = fields.Boolean(compute="_compute_sheet")
    connection_stops = fields.Boolean(
        compute="_compute_sheet", help="It is the connection that keeps it from going."
    )
    entry_id = fields.Many2one("xero.outbox", compute="_compute_sheet")
    sheet = fields.Json(
        compute="_compute_sheet",
        help="What the dialog shows: rows (label, value, origin), stops and notes"
        " (happened, remedy), alikes.",
    )
    other_contact_id = fields.Many2one(
        "xero.contact",
        string="Another contact in Xero",
        domain="[('connection_id', '=', connection_id), ('partner_id', '=', False),"
        " ('merged_to', '=', False)]",
        ondelete="set null",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        partner = self.env["res.partner"].browse(values.get("partner_id"))
        destinations = partner._xero_destinations()
        chosen = values.get("connection_id")
        if chosen not in destinations.ids:
            chosen = destinations[:1].id
        return {**values, "connection_id": chosen}

    @api.depends("partner_id")
    def _compute_is_member(self):
        for one in self:
            one.is_member = one.company_partner_id != one.partner_id

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_destination_ids(self):
        for one in self:
            one.destination_ids = one.partner_id._xero_destinations()
            one.has_several = len(one.destination_ids) > 1

    @api.depends("partner_id", "subject", "connection_id", "once_more", "mode")
    @api.depends_context("uid", "lang")
    def _compute_sheet(self):
        for one in self:
            checked = one._checked()
            stops = one._stops(checked)
            one.entry_id = checked and checked.entry
            one.can_send = not stops
            one.connection_stops = bool(obstacle(one.connection_id))
            one.was_created_before = one.once_more or any(
                problem.code == "created_before" for problem in stops
            )
            one.sheet = one._sheet(checked, stops)

    # What is shown

    def _customer(self):
        """The partner that is to be a contact in Xero."""
        if self.is_member and self.subject == "company":
            return self.company_partner_id
        return self.partner_id

    def _checked(self):
        """Its `Checked`, None where it has no organisation to go to."""
        customer, connection = self._customer()._origin, self.connection_id._origin
        if not customer or not connection:
            return None
        return check(connection, customer, once_more=self.once_more)[customer.id]

    def _stops(self, checked):
        in_the_way = obstacle(self.connection_id)
        found = checked.stops if checked else []
        return [in_the_way, *found] if in_the_way else found

    def _sheet(self, checked, stops):
        if not checked:
            return {"stops": self._told(stops)}
        visible = self._visible(checked.alikes)
        notes = [problem for problem in checked.body.problems if not problem.stops]
        return {
            "name": self._customer().display_name or "",
            "organisation": self.connection_id.display_name,
            "rows": checked.body.shown,
            "stops": self._told(stops),
            "notes": self._told(notes),
            "alikes": [
                self._alike(alike, visible[alike.contact_id])
                for alike in checked.alikes
                if alike.contact_id in visible
            ],
            "hidden": len(checked.alikes) - len(visible),
            "is_linked": bool(checked.contact),
            "on_its_way": bool(checked.entry) and self._on_its_way(checked.entry),
        }

    def _told(self, problems):
        return [problem.told(self.env)._asdict() for problem in problems]

    def _visible(self, alikes):
        """{id: contact of the mirror} of those that the reader may see."""
        contacts = self.env["xero.contact"].browse(one.contact_id for one in alikes)
        return {contact.id: contact for contact in contacts._filtered_access("read")}

    def _alike(self, alike, contact):
        customer = contact.sudo().partner_id.with_env(self.env)
        return {
            "id": contact.id,
            "name": contact.display_name,
            "reasons": alike.words(self.env),
            "archived": alike.archived,
            "url": contact_url(contact.connection_id.short_code, contact.xero_id),
            "customer": bool(customer)
            and {
                "id": customer.id,
                "name": customer.display_name
                if customer.has_access("read")
                else self.env._("another customer"),
            },
        }

    def _on_its_way(self, entry):
        state = dict(entry._fields["state"]._description_selection(self.env))
        reason = entry.reason or ""
        return {"state": state[entry.state], "reason": reason}

    # Buttons

    def action_send(self):
        """Note it in the outbox, and show how it goes to Xero. Pressed twice, it is
        the same entry."""
        self.ensure_one()
        self.check_access("write")
        customer = self._customer()
        (self.partner_id | customer)._check_xero_writer()
        checked = self._checked()
        if stops := self._stops(checked):
            told = [problem.told(self.env) for problem in stops]
            raise UserError("\n".join(" ".join(reason) for reason in told))
        body = checked.body
        if self.once_more:
            self._number_anew(customer, checked)
        built = body.built
        entry = self.env["xero.outbox"]._queue(
            "create_contact",
            self.connection_id,
            name=customer.display_name,
            partner=customer,
            body=built.body,
            shown=built.shown,
            built=built.built,
        )
        self._take_up(entry)
        self.env["xero.audit"]._note("sent", self.connection_id, entry)
        if entry.state == "failed" and not entry._build_again(
            body=built.body, shown=built.shown, built=built.built
        ):
            # It may be in Xero already: the same goes again, under its key.
            entry._retry()
        return entry._send_action()

    def _take_up(self, entry):
        """See to an entry that nobody asked for; somebody else's is theirs.

        :raise UserError: another person asked for it
        """
        if entry.with_env(self.env).has_access("read"):
            return
        if not entry.is_automatic:
            raise UserError(
                self.env._(
                    "%(user)s sends this customer to Xero already. They, or a Xero"
                    " operator, see to it in the Outbox.",
                    user=entry.user_id.name,
                )
            )
        entry.user_id = self.env.user

    def _number_anew(self, customer, checked):
        taken = [
            value
            for alike in checked.alikes
            for kind, value in alike.reasons
            if kind == "number"
        ]
        number = next_contact_number(self.env, customer.id, taken)
        checked.body.contact["ContactNumber"] = number

    def action_link(self, contact_id=None):
        """Let the customer be a contact that is in Xero already."""
        self.ensure_one()
        self.check_access("write")
        customer = self._customer()
        (self.partner_id | customer)._check_xero_writer()
        contact = self._chosen(contact_id)
        if other := other_company(contact.connection_id, customer):
            raise UserError(" ".join(other[0].told(self.env)))
        entry = self._entry_to_end()
        become_writer(self.connection_id.sudo())
        if not link(self.env(su=True), [(contact.id, customer.id)]):
            raise UserError(
                self.env._(
                    "“%(contact)s” is another customer's here already.",
                    contact=contact.display_name,
                )
            )
        self.env["xero.audit"]._note("linked", self.connection_id, contact)
        told = contact.sudo()._import_now()
        if entry:
            entry._end(
                "done",
                contact_id=contact.id,
                answer={"outcome": "linked", "id": contact.xero_id},
                done_at=fields.Datetime.now(),
            )
        return contact._tell(
            self.env._(
                "“%(customer)s” is “%(contact)s” in Xero now. %(told)s",
                customer=customer.display_name,
                contact=contact.display_name,
                told=told,
            )
        )

    def _chosen(self, contact_id):
        """The contact of this organisation that is to be linked."""
        contact = self.env["xero.contact"].browse(contact_id) or self.other_contact_id
        if not contact:
            raise UserError(self.env._("Choose a contact first."))
        contact.check_access("read")
        if contact.connection_id != self.connection_id:
            raise UserError(self.env._("It is in another organisation."))
        return contact

    def _entry_to_end(self):
        """What is in the outbox of it, and needs nothing more once it is linked.

        :raise UserError: it may get to Xero
        """
        entry = self.entry_id.sudo()
        if entry and (entry.state != "failed" or not entry._is_ours_alone()):
            raise UserError(
                self.env._(
                    "It is on its way to Xero already: see in the Outbox what becomes"
                    " of it first."
                )
            )
        return entry

    def action_open_connection(self):
        """Where an administrator lets Odoo write to Xero, or connects."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.connection",
            "res_id": self.connection_id.id,
            "views": [[False, "form"]],
        }
