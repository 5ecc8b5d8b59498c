# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..services.sales.days import today_of
from ..services.to_xero.invoice_body import (
    Line,
    contact_of,
    invoice_body,
    line_problems,
    lines_of,
    shown_body,
)
from ..services.to_xero.invoice_lines import draft_of
from ..services.to_xero.limits import Problem
from ..services.to_xero.outbox import OPEN_STATES


class XeroDraftInvoice(models.TransientModel):
    """What will be a draft invoice in Xero, before it is sent."""

    _name = "xero.draft.invoice"
    _description = "Draft Invoice in Xero"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    entry_id = fields.Many2one(
        "xero.outbox",
        readonly=True,
        ondelete="cascade",
        help="What Xero did not take, and is made again.",
    )
    entry_note = fields.Char(compute="_compute_entry_note")
    connection_id = fields.Many2one(
        "xero.connection",
        string="Organisation",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', connection_ids)]",
    )
    connection_ids = fields.Many2many(
        "xero.connection", compute="_compute_connection_ids"
    )
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Customer")
    contact_id = fields.Many2one(
        "xero.contact",
        string="Contact in Xero",
        compute="_compute_contact_id",
        store=True,
        compute_sudo=False,
        readonly=False,
        domain="[('id', 'in', contact_ids)]",
        ondelete="cascade",
    )
    contact_ids = fields.Many2many("xero.contact", compute="_compute_contact_ids")
    can_create = fields.Boolean(
        compute="_compute_problems",
        help="The customer is not in Xero, nor on its way there.",
    )
    origin = fields.Char(compute="_compute_origin")
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_line_ids",
        store=True,
        compute_sudo=False,
        readonly=False,
        ondelete="cascade",
    )
    currency_code = fields.Char(string="Currency code", related="currency_id.name")
    line_ids = fields.One2many(
        "xero.draft.invoice.line",
        "invoice_id",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        compute_sudo=False,
        readonly=False,
    )
    total = fields.Monetary(string="Total without tax", compute="_compute_total")
    problem = fields.Text(compute="_compute_problems")
    note = fields.Text(compute="_compute_problems")

    # What is proposed

    @api.model
    def _open(self, lead, entry):
        """Show what would be sent of an opportunity, or what was not taken."""
        connections = self._takers(lead)
        if entry:
            connections = entry.connection_id.with_env(self.env)
        if not connections:
            raise UserError(
                self.env._(
                    "No organisation takes draft invoices: an administrator ticks"
                    " “Draft invoices” on the connection, and connects again."
                )
            )
        draft = self.create(
            {
                "lead_id": lead.id,
                "connection_id": self._likeliest(lead, connections).id,
                "entry_id": entry.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draft invoice in Xero"),
            "res_model": self._name,
            "res_id": draft.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _takers(self, lead):
        """The organisations that a draft of an opportunity may go to."""
        companies = lead.company_id or self.env.companies
        found = self.env["xero.connection"].search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "connected"),
                ("with_invoicing", "=", True),
            ]
        )
        return found.filtered(
            lambda row: "invoices_write" in (row.granted_features or ())
        )

    def _likeliest(self, lead, connections):
        """Where the customer is, else that of the company in use."""
        return connections.sorted(
            lambda row: (
                not contact_of(row, lead.partner_id),
                row.company_id != self.env.company,
                row.id,
            )
        )[:1]

    @api.depends("lead_id", "entry_id")
    def _compute_connection_ids(self):
        for draft in self:
            chosen = draft.sudo().entry_id.connection_id
            draft.connection_ids = chosen or self._takers(draft.lead_id)

    @api.depends("connection_id")
    def _compute_contact_ids(self):
        for draft in self:
            partner = draft.partner_id
            family = partner | partner.commercial_partner_id
            draft.contact_ids = self.env["xero.contact"].search(
                [
                    ("connection_id", "=", draft.connection_id.id),
                    ("partner_id", "in", family.ids),
                ]
            )

    @api.depends("connection_id")
    def _compute_contact_id(self):
        for draft in self:
            draft.contact_id = contact_of(draft.connection_id, draft.partner_id)

    @api.depends("lead_id", "connection_id")
    def _compute_origin(self):
        for draft in self:
            draft.origin = draft_of(draft.lead_id, draft.connection_id).origin

    @api.depends("connection_id")
    def _compute_line_ids(self):
        for draft in self:
            entry = draft.sudo().entry_id
            if entry:
                draft.currency_id = draft._currency_of(entry.body["CurrencyCode"])
                lines = draft._values_of(lines_of(entry.body))
            else:
                proposed = draft_of(draft.lead_id, draft.connection_id)
                draft.currency_id = proposed.currency
                lines = proposed.lines
            draft.line_ids = [
                Command.clear(),
                *(
                    Command.create({**line, "sequence": number})
                    for number, line in enumerate(lines)
                ),
            ]

    def _currency_of(self, code):
        return self.env["res.currency"].search([("name", "=", code)], limit=1)

    def _values_of(self, lines):
        """Lines that were sent before, as this dialog has them."""
        codes = [line.item_code for line in lines if line.item_code]
        items = self.env["xero.item"].search(
            [("connection_id", "=", self.connection_id.id), ("code", "in", codes)]
        )
        by_code = {item.code: item.id for item in items}
        return [
            {
                "is_text": line.is_text,
                "item_id": by_code.get(line.item_code, False),
                "description": line.description,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "discount": line.discount,
            }
            for line in lines
        ]

    @api.depends("line_ids.amount")
    def _compute_total(self):
        for draft in self:
            draft.total = sum(draft.line_ids.mapped("amount"))

    # What keeps it

    @api.depends("entry_id")
    @api.depends_context("lang")
    def _compute_entry_note(self):
        for draft in self:
            entry = draft.sudo().entry_id
            told = filter(None, (entry.reason, entry.remedy))
            draft.entry_note = " ".join(told) if entry else False

    @api.depends(
        "connection_id",
        "contact_id",
        "currency_id",
        "line_ids.item_id",
        "line_ids.is_text",
        "line_ids.description",
        "line_ids.quantity",
        "line_ids.unit_price",
        "line_ids.discount",
    )
    @api.depends_context("lang")
    def _compute_problems(self):
        for draft in self:
            problems = draft._problems()
            told = {True: [], False: []}
            for problem in problems:
                told[problem.stops].append(" ".join(problem.told(self.env)))
            codes = {problem.code for problem in problems}
            draft.can_create = "contact_not_linked" in codes
            draft.problem = "\n".join(told[True])
            draft.note = "\n".join(told[False])

    def _problems(self):
        """What Xero would refuse, and what a person should know; `limits.Problem`s."""
        return [
            *self._contact_problems(),
            *self._currency_problems(),
            *line_problems(self._lines()),
        ]

    def _contact_problems(self):
        if not self.partner_id:
            return [Problem("invoice_customer_missing", {}, stops=True)]
        name = self.partner_id.commercial_partner_id.display_name or ""
        if self.contact_id.archived:
            return [Problem("contact_archived", {}, stops=True)]
        if self.contact_id:
            return []
        if self._create_entry():
            return [Problem("contact_on_its_way", {"customer": name})]
        return [Problem("contact_not_linked", {"customer": name}, stops=True)]

    def _create_entry(self):
        """What is in the outbox of the customer and not over."""
        family = self.partner_id | self.partner_id.commercial_partner_id
        return (
            self.env["xero.outbox"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.connection_id.id),
                    ("kind", "=", "create_contact"),
                    ("partner_id", "in", family.ids),
                    ("state", "in", OPEN_STATES),
                ],
                limit=1,
            )
        )

    def _currency_problems(self):
        code, base = self.currency_id.name, self.connection_id.base_currency
        if not code:
            return [Problem("invoice_currency_missing", {}, stops=True)]
        if code == base or not base:
            return []
        if self.contact_id.default_currency == code:
            return []
        if self.env["xero.transaction"].search_count(
            Domain("connection_id", "=", self.connection_id.id)
            & Domain("currency_code", "=", code),
            limit=1,
        ):
            return []
        return [Problem("invoice_currency_unknown", {"currency": code, "base": base})]

    def _lines(self):
        """The lines that say anything: one that was only begun is none."""
        return [
            Line(
                line.description or "",
                line.quantity,
                line.unit_price,
                line.discount,
                (line.item_id.code or "") if line.item_id else None,
                is_text=line.is_text,
            )
            for line in self.line_ids.sorted("sequence")
            if line.description or line.item_id or line.unit_price
        ]

    # Buttons

    def action_create_contact(self):
        """Show what would be sent of the customer first."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        connection = self.connection_id.id
        return partner.with_context(
            default_connection_id=connection
        ).action_create_in_xero()

    def action_send(self):
        """Note the draft in the outbox, and send it after the commit."""
        self.ensure_one()
        self.check_access("write")
        lead = self.lead_id
        lead._check_xero_drafter()
        self._check_is_whole()
        # Two people at one opportunity: the second one waits, and sees the first's.
        lead.sudo().lock_for_update()
        others = lead._xero_open_entry() - self.sudo().entry_id
        if others or lead._xero_invoices(live=True):
            return lead.action_xero_draft_invoice()
        entry = self._mended() if self.entry_id else self._queued()
        self.env["xero.audit"]._note("sent", self.connection_id, entry)
        if not entry.with_env(self.env).has_access("read"):
            self.env["xero.connection"]._wake()
            return {"type": "ir.actions.act_window_close"}
        return entry.with_env(self.env)._send_action()

    def _check_is_whole(self):
        if self.connection_id not in self.connection_ids:
            raise UserError(self.env._("This organisation takes no draft invoices."))
        if self.contact_id - self.contact_ids:
            raise UserError(self.env._("This contact is not the customer."))
        if any(
            line.item_id.connection_id != self.connection_id
            for line in self.line_ids
            if line.item_id
        ):
            raise UserError(
                self.env._("Some of the items are of another organisation.")
            )
        stops = [problem for problem in self._problems() if problem.stops]
        if stops:
            raise UserError(
                "\n".join(" ".join(problem.told(self.env)) for problem in stops)
            )

    def _built(self, reference):
        lead, connection = self.lead_id, self.connection_id
        body = invoice_body(
            self._lines(),
            contact_id=self.contact_id.xero_id or None,
            currency_code=self.currency_id.name,
            day=today_of(connection.sudo()),
            reference=reference,
            url=f"{lead.get_base_url()}/odoo/crm.lead/{lead.id}",
        )
        customer = self.contact_id.display_name or self.partner_id.display_name
        return {"body": body, "shown": shown_body(self.env, body, customer)}

    def _queued(self):
        lead = self.lead_id
        return self.env["xero.outbox"]._queue(
            "draft_invoice",
            self.connection_id,
            name=lead.name,
            partner=self.partner_id,
            lead=lead,
            contact=self.contact_id,
            **self._built(lead._xero_next_reference()),
        )

    def _mended(self):
        entry = self.sudo().entry_id
        if not entry._build_again(**self._built(entry.body["Reference"])):
            raise UserError(
                self.env._(
                    "It may be in Xero already, as an answer was lost: open it in the"
                    " Outbox, and send it again to see."
                )
            )
        return entry


class XeroDraftInvoiceLine(models.TransientModel):
    """A line of a draft invoice; one that is a text says something, and no more."""

    _name = "xero.draft.invoice.line"
    _description = "Line of a Draft Invoice in Xero"
    _order = "sequence, id"

    invoice_id = fields.Many2one(
        "xero.draft.invoice", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=100)
    is_text = fields.Boolean(string="Text")
    item_id = fields.Many2one("xero.item", string="Item in Xero", ondelete="cascade")
    description = fields.Text()
    quantity = fields.Float(digits=(16, 4), default=1)
    unit_price = fields.Float(digits=(16, 4))
    discount = fields.Float(string="Disc. %", digits=(16, 4))
    currency_id = fields.Many2one(related="invoice_id.currency_id")
    currency_code = fields.Char(string="Currency code", related="currency_id.name")
    amount = fields.Monetary(compute="_compute_amount")

    @api.depends("quantity", "unit_price", "discount", "is_text")
    def _compute_amount(self):
        for line in self:
            line.amount = Line(
                "", line.quantity, line.unit_price, line.discount, is_text=line.is_text
            ).amount

    @api.onchange("item_id")
    def _onchange_item_id(self):
        """What Xero says of the item goes where nothing is said yet."""
        item = self.item_id
        if not item:
            return
        self.description = self.description or item.description or item.name
        base = self.invoice_id.connection_id.base_currency
        if not self.unit_price and self.currency_id.name == base:
            self.unit_price = item.sale_price
