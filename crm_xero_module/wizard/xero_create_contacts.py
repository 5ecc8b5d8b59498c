# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.to_xero.before_sending import check, obstacle
from ..services.to_xero.look_alikes import SCORES

# What is more is told by its number.
LISTED = 200


class XeroCreateContacts(models.TransientModel):
    """Many customers that are to be created in Xero: those that can go do so."""

    _name = "xero.create.contacts"
    _description = "Create Customers in Xero"

    partner_ids = fields.Many2many(
        "res.partner", string="Customers", context={"active_test": False}
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
    going_count = fields.Integer(compute="_compute_sheet")
    sheet = fields.Json(
        compute="_compute_sheet",
        help="What the dialog shows: goes, the names; left, who stays and why; stops.",
    )

    @api.model
    def _open(self, partners):
        """Show what would become of these customers."""
        partners._check_xero_writer()
        customers = partners.commercial_partner_id
        customers._check_xero_writer()
        destinations = customers._xero_destinations()
        one = self.create(
            {
                "partner_ids": [fields.Command.set(customers.ids)],
                "connection_id": destinations[:1].id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create in Xero"),
            "res_model": self._name,
            "res_id": one.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    @api.depends("partner_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_destination_ids(self):
        for one in self:
            one.destination_ids = one.partner_ids._xero_destinations()
            one.has_several = len(one.destination_ids) > 1

    @api.depends("partner_ids", "connection_id")
    @api.depends_context("uid", "lang")
    def _compute_sheet(self):
        for one in self:
            stop = one._stop()
            going, left, linked = one._sorted_out() if not stop else ({}, {}, 0)
            one.going_count = len(going)
            one.sheet = {
                "stops": [stop._asdict()] if stop else [],
                "goes": [partner.display_name for partner in list(going)[:LISTED]],
                "left": [
                    {"id": partner.id, "name": partner.display_name, "why": why}
                    for partner, why in list(left.items())[:LISTED]
                ],
                "linked": linked,
                "unlisted_going": max(len(going) - LISTED, 0),
                "unlisted_left": max(len(left) - LISTED, 0),
            }

    def _stop(self):
        """The `Reason` why nobody can go at all, or None."""
        problem = obstacle(self.connection_id)
        return problem and problem.told(self.env)

    def _sorted_out(self):
        """({partner: its `Checked`} of those that go, {partner: why it stays}, how many
        are in Xero already)"""
        partners = self.partner_ids._origin
        checked = check(self.connection_id, partners)
        own = self._own_people(partners)
        going, left, linked = {}, {}, 0
        for partner in partners:
            found = checked[partner.id]
            if found.contact:
                linked += 1
            elif partner in own:
                left[partner] = self.env._("It is not a customer, but your own.")
            elif why := self._why_not(partner, found):
                left[partner] = why
            else:
                going[partner] = found
        return going, left, linked

    def _own_people(self, partners):
        """Those that are a user or a company of this database."""
        companies = self.env["res.company"].sudo()
        own = companies.search([("partner_id", "in", partners.ids)]).partner_id
        return own.with_env(self.env) | partners.filtered(
            lambda partner: not partner.partner_share
        )

    def _why_not(self, partner, found):
        """Why a person has to look at this one alone, or None."""
        if found.stops:
            return found.stops[0].told(self.env).happened
        if found.entry:
            return self.env._("It is in the Outbox already.")
        if not partner.active:
            return self.env._("It is archived.")
        alike = next(
            (one for one in found.alikes if one.score >= SCORES["email"]), None
        )
        if alike:
            return self.env._(
                "Xero has “%(name)s” already: %(reasons)s.",
                name=alike.name or "",
                reasons=", ".join(alike.words(self.env)),
            )
        return None

    def action_send(self):
        """Put those that can go into the outbox; the worker sends them."""
        self.ensure_one()
        self.check_access("write")
        self.partner_ids._check_xero_writer()
        if stop := self._stop():
            raise UserError(" ".join(stop))
        going, left, _linked = self._sorted_out()
        outbox = self.env["xero.outbox"]
        for partner, found in going.items():
            built = found.body.built
            outbox._queue(
                "create_contact",
                self.connection_id,
                name=partner.display_name,
                partner=partner,
                body=built.body,
                shown=built.shown,
                built=built.built,
            )
        if going:
            self.env["xero.audit"]._note(
                "sent", self.connection_id, self.connection_id, count=len(going)
            )
        self.env["xero.connection"]._wake()
        return self._told(len(going), len(left))

    def _told(self, going, left):
        told = self.env._("%(count)s customers are on their way to Xero.", count=going)
        if left:
            more = self.env._("%(count)s were left out.", count=left)
            told = f"{told} {more}"
        answer = self.env["xero.connection"]._notify("success", f"{told} %s")
        answer["params"]["links"] = [
            {"label": self.env._("Open the Outbox"), "url": "/odoo/xero-outbox"}
        ]
        answer["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return answer
